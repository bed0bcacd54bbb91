/** Limits of a search, and what ends it. */
import type { Limits } from "../explore/explore.ts";
import { refusalOf } from "../explore/refusal.ts";

/** Expansions between two looks at the clock. */
const slice = 1 << 12;

/** What a search tells of itself. */
export interface Extent {
  readonly states: number;
  readonly transitions: number;
  readonly errors: number;
  readonly depth: number;
  readonly frontier: number;
  /** Violations found so far. */
  readonly found: number;
  readonly bytes: number;
}

/** Asked before each expansion; a sentence ends the search. */
export interface Watch {
  readonly why: (extent: () => Extent) => string | null;
  readonly seconds: () => number;
}

export function watchOf(limits: Limits): Watch {
  const started = limits.now();
  const seconds = () => (limits.now() - started) / 1000;
  let asked = 0;
  return {
    seconds,
    why(extent) {
      if (asked++ % slice !== 0) return null;
      const now = extent();
      limits.onProgress(
        { ...now, expanded: now.states - now.frontier },
        { seconds: seconds(), memoryBytes: now.bytes },
      );
      return refusalOf(limits);
    },
  };
}
