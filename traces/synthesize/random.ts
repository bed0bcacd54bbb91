/** Numbers that a seed decides, the same on every machine. */

export interface Random {
  /** A whole number from `from` to `to`, both included. */
  readonly int: (from: number, to: number) => number;
  /** True once in `n` times. */
  readonly oneIn: (n: number) => boolean;
}

/** Xorshift over 32 bits (Marsaglia 2003, shifts 13, 17, 5), its state spread from the seed. */
export function createRandom(seed: number): Random {
  let state = (Math.imul((seed % 2 ** 32) | 0, 0x9e3779b1) ^ 0x5bd1e995) | 0 || 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  for (let i = 0; i < 8; i++) next();
  const int = (from: number, to: number): number => from + Math.floor((next() / 2 ** 32) * (to - from + 1));
  return { int, oneIn: (n) => int(1, n) === 1 };
}
