/** The exact set: every state is stored and compared in full, and remembers the state it was found from. */
import type { Hasher } from "./hasher.ts";
import { load, type Visited } from "./visited.ts";

/** An exact set with what it stores; number `s` stands in `arena` at `s * words`. */
export interface ExactSet extends Visited {
  readonly arena: () => Int32Array;
  readonly parents: () => Uint32Array;
  /** The number of a packed state; -1 where it is not in the set. */
  readonly find: (state: Int32Array) => number;
}

const firstSlots = 2 ** 14;

export function exactSet(hasher: Hasher): ExactSet {
  const { words, hashes } = hasher;
  let index = new Uint32Array(firstSlots);
  let arena = new Int32Array(Math.floor(firstSlots * load) * words);
  let parents = new Uint32Array(Math.floor(firstSlots * load));
  let count = 0;
  const same = (number: number, states: Int32Array, at: number) => {
    const p = number * words;
    for (let i = 0; i < words; i++) if (arena[p + i] !== states[at + i]) return false;
    return true;
  };
  /** The slot of the state, or the free one where it belongs; a slot holds the number of a state plus 1. */
  const slotOf = (states: Int32Array, at: number) => {
    hasher.hash(states, at);
    const mask = index.length - 1;
    let i = (hashes[0] ?? 0) & mask;
    for (let t = index[i] ?? 0; t !== 0 && !same(t - 1, states, at); t = index[i] ?? 0) i = (i + 1) & mask;
    return i;
  };
  const bytes = () => index.byteLength + arena.byteLength + parents.byteLength;
  return {
    add(states, at, parent) {
      const slot = slotOf(states, at);
      if (index[slot] !== 0) return -1;
      for (let i = 0; i < words; i++) arena[count * words + i] = states[at + i] ?? 0;
      parents[count] = parent;
      index[slot] = ++count;
      return count - 1;
    },
    count: () => count,
    room: () => parents.length - count,
    grow(most) {
      // The old arrays stand beside the new ones for a while.
      if (bytes() * 3 > most) return false;
      const states = Math.floor(index.length * 2 * load);
      const [oldArena, oldParents] = [arena, parents];
      arena = new Int32Array(states * words);
      arena.set(oldArena);
      parents = new Uint32Array(states);
      parents.set(oldParents);
      index = new Uint32Array(index.length * 2);
      for (let s = 0; s < count; s++) index[freeSlot(s)] = s + 1;
      return true;
    },
    bytes,
    omissions: () => 0,
    arena: () => arena,
    parents: () => parents,
    find: (state) => (index[slotOf(state, 0)] ?? 0) - 1,
  };

  /** Where a state that is stored and in no slot yet belongs. */
  function freeSlot(number: number): number {
    hasher.hash(arena, number * words);
    const mask = index.length - 1;
    let i = (hashes[0] ?? 0) & mask;
    while (index[i] !== 0) i = (i + 1) & mask;
    return i;
  }
}
