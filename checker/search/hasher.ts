/** Hashes of packed states. */

/** Hash functions for states of so many words. */
export interface Hasher {
  readonly words: number;
  /** Fills `hashes` with three numbers of 32 bits, as good as independent. */
  readonly hash: (states: Int32Array, at: number) => void;
  readonly hashes: Int32Array;
}

/** Compiles the hash functions that the seed chooses. */
export function compileHasher(words: number, seed: number): Hasher {
  const hashes = new Int32Array(3);
  const steps = Array.from({ length: words }, (_, i) => wordText(`states[at + ${i}]`));
  const text = `"use strict";
return (states, at) => {
let a = ${seed | 0} ^ 0x2545f491, b = ${seed | 0} ^ 0x6c8e9cf5, c = ${seed | 0} ^ 0x1b873593;
${steps.join("\n")}
hashes[0] = a ^ (a >>> 16); hashes[1] = b ^ (b >>> 15); hashes[2] = c ^ (c >>> 14);
};
`;
  return { words, hashes, hash: new Function("hashes", text)(hashes) as Hasher["hash"] };
}

/**
 * Takes a word in. Each of the three numbers takes in one of the others as well, so that together they keep 96 bits of a
 * longer state; for a given word the three change one to one.
 */
function wordText(word: string): string {
  return `{ const w = ${word};
a = Math.imul(a ^ w, 0x85ebca6b) ^ b; a = Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
b = Math.imul(b ^ w ^ (w >>> 16), 0x27d4eb2f) ^ c; b = Math.imul(b ^ (b >>> 15), 0x165667b1);
c = Math.imul(c ^ w, 0x9e3779b1) ^ a; c = Math.imul(c ^ (c >>> 16), 0x21f0aaad); a ^= a >>> 16; b ^= b >>> 14; c ^= c >>> 15; }`;
}
