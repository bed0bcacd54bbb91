/** A search between two blocks, as it is stored and gone on with. */

/**
 * Everything that a breadth-first search knows between two blocks, apart from its two large arrays. The index is not
 * among it: it is made anew from the states.
 */
export interface Snapshot {
  /** 32-bit words of a state. */
  readonly words: number;
  readonly states: number;
  readonly expanded: number;
  /** Number of the first state of each level, and of the one after the last of the current level. */
  readonly levels: readonly number[];
  readonly levelEnd: number;
  /** Number of the state after the block that was begun; `expanded` where it was finished. */
  readonly blockEnd: number;
  /** Slots of the index. */
  readonly slots: number;
  readonly transitions: number;
  readonly errors: number;
  /** Seconds that were spent. */
  readonly seconds: number;
  /** Positions of the steps that were taken, and of the properties whose premise was true. */
  readonly taken: readonly number[];
  readonly reached: readonly number[];
  /** What `findings.ts` says of the marks of one thread, for all threads together. */
  readonly marks: readonly number[];
}

/** The states and their births (`births.ts`), without the room behind them. */
export type SnapshotArrays = readonly [arena: Int32Array, births: Int32Array];

/** Where and when a search is stored. */
export interface Checkpoints {
  /** Seconds between two; the search is stored at its end as well, unless nothing is left to do. */
  readonly everySeconds: number;
  /** The arrays are only to be read, and change once it returns. */
  readonly save: (snapshot: Snapshot, arrays: SnapshotArrays) => void;
}

/** What a search goes on from. */
export interface Resumption {
  readonly snapshot: Snapshot;
  /** Fills both arrays, which have the lengths that the snapshot says. */
  readonly fill: (arrays: SnapshotArrays) => void;
}

/** True where the numbers of a snapshot can be those of a search over so many steps and properties. */
export function isSound(
  snapshot: Snapshot,
  most: { readonly steps: number; readonly marks: number },
): boolean {
  const { words, states, expanded, levels, levelEnd, blockEnd, slots, taken, reached, marks } = snapshot;
  const ascends = (numbers: readonly number[]) =>
    numbers.every((n, i) => i === 0 || (numbers[i - 1] as number) < n);
  const sizes = [words, states, expanded, levelEnd, blockEnd, slots, snapshot.transitions, snapshot.errors];
  return (
    sizes.every((n) => Number.isSafeInteger(n) && n >= 0) &&
    Number.isInteger(Math.log2(slots)) &&
    states <= 0.75 * slots &&
    expanded <= blockEnd &&
    blockEnd <= levelEnd &&
    levelEnd <= states &&
    levels[0] === 0 &&
    ascends([...levels, levelEnd]) &&
    expanded >= (levels.at(-1) ?? 0) &&
    taken.every((step) => step < most.steps) &&
    reached.every((property) => property < most.marks) &&
    marks.length === most.marks
  );
}

/** Positions of the bytes that are not 0. */
export function positionsOf(bytes: Uint8Array): readonly number[] {
  return [...bytes.keys()].filter((i) => bytes[i] !== 0);
}
