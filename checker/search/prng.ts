/** Seeded random numbers: the same seed gives the same numbers on every machine. */

/** A stream of random numbers. */
export interface Random {
  /** A whole number from 0 to `n - 1`, each equally likely; `n` is at least 1. */
  readonly below: (n: number) => number;
  /** 32 random bits, as an unsigned number. */
  readonly bits: () => number;
}

/** Stream number `stream` of a seed: xoshiro128** (Blackman and Vigna 2018), its state filled by splitmix32. */
export function randomOf(seed: number, stream = 0): Random {
  const fill = splitmix(mix(seed) ^ mix(stream + 0x9e3779b9) ^ mix(Math.floor(seed / 2 ** 32) + 1));
  let [a, b, c, d] = [fill(), fill(), fill(), fill()];
  const bits = () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotate(d, 11);
    return result;
  };
  return {
    bits,
    below: (n) => {
      // The last incomplete round of remainders would make small numbers more likely.
      const rounds = 2 ** 32 - (2 ** 32 % n);
      for (;;) {
        const drawn = bits();
        if (drawn < rounds) return drawn % n;
      }
    },
  };
}

function rotate(x: number, by: number): number {
  return (x << by) | (x >>> (32 - by));
}

function splitmix(state: number): () => number {
  return () => {
    state = (state + 0x9e3779b9) | 0;
    return mix(state);
  };
}

/** Spreads 32 bits over 32 bits; one to one. */
export function mix(x: number): number {
  let h = x | 0;
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return h ^ (h >>> 15);
}
