/** The sets of states that a search has seen: exact, as signatures, or as bits. */

import type { Hasher } from "./hasher.ts";
import { bitstateChance, compactionOmissions } from "./omission.ts";
import { mix } from "./prng.ts";

/** A set of packed states. */
export interface Visited {
  /** Adds a state and gives its number, from 0; -1 where it is in the set or taken for one that is. */
  readonly add: (states: Int32Array, at: number, parent: number) => number;
  /** States that were added. */
  readonly count: () => number;
  /** States that can be added before the set has to grow. */
  readonly room: () => number;
  /** Makes room; false where that would take more than `most` bytes. */
  readonly grow: (most: number) => boolean;
  readonly bytes: () => number;
  /** Expected number of states that were left out because they were taken for others; 0 for an exact set. */
  readonly omissions: () => number;
}

/** A hash table is at most this full. */
export const load = 0.75;
const firstSlots = 2 ** 14;

/**
 * Hash compaction: of each state a signature of `bits` bits (1 to 64), compared in full. Two states with the same signature
 * are taken for one.
 */
export function compactSet(hasher: Hasher, bits: number): Visited {
  const { hashes } = hasher;
  const lowMask = bits >= 32 ? -1 : 2 ** bits - 1;
  const highMask = bits >= 64 ? -1 : bits > 32 ? 2 ** (bits - 32) - 1 : 0;
  const highs = (slots: number) => {
    if (bits <= 32) return new Uint8Array(0);
    return bits <= 40 ? new Uint8Array(slots) : new Uint32Array(slots);
  };
  let low = new Uint32Array(firstSlots);
  let high = highs(firstSlots);
  let count = 0;
  const slotOf = (l: number, h: number) => mix(l ^ Math.imul(h, 0x9e3779b1)) & (low.length - 1);
  /** The slot of a signature, or the free one where it belongs. Signature 0 marks a free slot. */
  const find = (l: number, h: number) => {
    let i = slotOf(l, h);
    while ((low[i] !== 0 || (high[i] ?? 0) !== 0) && (low[i] !== l || (high[i] ?? 0) !== h))
      i = (i + 1) & (low.length - 1);
    return i;
  };
  const bytes = () => low.byteLength + high.byteLength;
  return {
    add(states, at) {
      hasher.hash(states, at);
      let l = ((hashes[0] ?? 0) & lowMask) >>> 0;
      const h = ((hashes[1] ?? 0) & highMask) >>> 0;
      if (l === 0 && h === 0) l = 1;
      const i = find(l, h);
      if (low[i] === l && (high[i] ?? 0) === h) return -1;
      low[i] = l;
      if (h !== 0) high[i] = h;
      return count++;
    },
    count: () => count,
    room: () => Math.floor(low.length * load) - count,
    grow(most) {
      if (bytes() * 3 > most) return false;
      const [oldLow, oldHigh] = [low, high];
      low = new Uint32Array(oldLow.length * 2);
      high = highs(low.length);
      for (let k = 0; k < oldLow.length; k++) {
        const [l, h] = [oldLow[k] ?? 0, oldHigh[k] ?? 0];
        if (l === 0 && h === 0) continue;
        const i = find(l, h);
        low[i] = l;
        if (h !== 0) high[i] = h;
      }
      return true;
    },
    bytes,
    omissions: () => compactionOmissions(count, bits),
  };
}

/**
 * Bit state hashing: a state sets `hashes` bits of one array of `bytes` bytes (a power of two), and is taken for known where
 * all of them are set already. It never grows.
 */
export function bitSet(hasher: Hasher, hashes: number, bytes: number): Visited {
  const array = new Uint32Array(bytes / 4);
  const size = bytes * 8;
  const lastBit = (size - 1) | 0;
  const numbers = hasher.hashes;
  let [count, set, expected] = [0, 0, 0];
  return {
    add(states, at) {
      hasher.hash(states, at);
      const chance = bitstateChance(set, size, hashes);
      let place = numbers[0] ?? 0;
      let step = (numbers[1] ?? 0) | 1;
      const before = set;
      for (let i = 0; i < hashes; i++) {
        const bit = (place & lastBit) >>> 0;
        const [word, mask] = [bit >>> 5, 1 << (bit & 31)];
        const old = array[word] ?? 0;
        if ((old & mask) === 0) {
          array[word] = old | mask;
          set++;
        }
        // Differences that change themselves: two states that meet once do not go on together.
        place = (place + step) | 0;
        step = (step + (numbers[2] ?? 0)) | 0;
      }
      if (set === before) return -1;
      expected += chance;
      return count++;
    },
    count: () => count,
    room: () => Number.POSITIVE_INFINITY,
    grow: () => true,
    bytes: () => array.byteLength,
    omissions: () => expected,
  };
}
