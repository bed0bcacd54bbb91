/**
 * From which state each state was found first, in two bits a state.
 *
 * A breadth-first search expands states in the order of their numbers, so no state's parent has a smaller number than the
 * parent of the state before it. Bit `s + parent(s)` set for each state `s` tells a list that never falls (Elias, "Efficient
 * storage and retrieval by content and address of static files", 1974): the bits ascend, and the one of `s` is the `s`-th.
 */

import { InternalError } from "../internal-error.ts";

/** Words of 32 bits for so many states; their parents are among them. */
export function birthWords(states: number): number {
  return Math.ceil(states / 16);
}

/** Words between two entries of the directory. */
const stride = 64;

/** Makes a function from the number of a state to its parent's. The initial state is its own parent. */
export function parentsOf(births: Int32Array, states: number): (state: number) => number {
  const words = birthWords(states);
  const before = new Uint32Array(Math.ceil(words / stride));
  let ones = 0;
  for (let w = 0; w < words; w++) {
    if (w % stride === 0) before[w / stride] = ones;
    ones += bitsOf(births[w] ?? 0);
  }
  return (state) => {
    let [low, high] = [0, before.length];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((before[middle] ?? 0) <= state) low = middle;
      else high = middle;
    }
    let left = state - (before[low] ?? 0);
    for (let w = low * stride; w < words; w++) {
      let word = births[w] ?? 0;
      const here = bitsOf(word);
      if (left >= here) {
        left -= here;
        continue;
      }
      for (; left > 0; left--) word &= word - 1;
      return w * 32 + (31 - Math.clz32(word & -word)) - state;
    }
    throw new InternalError(`state ${state} has no parent`);
  };
}

/** How many bits of the word are set. */
function bitsOf(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
