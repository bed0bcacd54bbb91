/**
 * Entropy to decisions. A random model is drawn from a list of numbers by ordinary code; fast-check shrinks the list, and
 * since 0 is always the simplest choice and an exhausted list yields zeros, a shorter list is a smaller model.
 */

/** A number from 0 to `choices - 1`. */
export type Draw = (choices: number) => number;

export function drawFrom(entropy: readonly number[]): Draw {
  let position = 0;
  return (choices) => (choices <= 1 ? 0 : (entropy[position++] ?? 0) % choices);
}

/** One of the values; the first is the simplest. */
export function pick<T>(draw: Draw, values: readonly T[]): T {
  const value = values[draw(values.length)];
  if (value === undefined) throw new Error("nothing to pick from");
  return value;
}

/** True once in `times`; false when the entropy is exhausted. */
export function rarely(draw: Draw, times: number): boolean {
  return draw(times) === times - 1;
}

export function repeat<T>(times: number, make: (index: number) => T): readonly T[] {
  return Array.from({ length: times }, (_, index) => make(index));
}
