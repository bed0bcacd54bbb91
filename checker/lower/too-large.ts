/** Models whose text would be too large: quantifiers and loops are printed once for each turn. */

/** The model cannot be printed; the message says why in one sentence. */
export class TooLarge extends Error {
  override readonly name = "TooLarge";
}

/** Most turns of quantifiers and loops that stand within each other; the models of the catalogue have at most 36. */
const mostTurns = 10_000;

/**
 * Turns of everything around, and of one more quantifier or loop in it.
 *
 * @throws TooLarge where they are too many
 */
export function turnsWithin(around: number, turns: number): number {
  const all = around * turns;
  if (all <= mostTurns) return all;
  const [given, most] = [all.toLocaleString("en"), mostTurns.toLocaleString("en")];
  throw new TooLarge(
    `quantifiers or loops within each other have ${given} turns, but at most ${most} are possible`,
  );
}
