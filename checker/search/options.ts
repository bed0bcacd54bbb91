/** What search to make. Options are read before the checker is loaded, so this must not bring it along. */

/** Bytes of the largest array of a bit state set: its bits are numbered with 32 bits. */
export const largestBitArray = 2 ** 29;

/** How states are remembered. */
export type StoreOptions =
  /** In full; nothing is left out. */
  | { readonly kind: "exact" }
  /** As signatures of so many bits, 8 to 64. */
  | { readonly kind: "hash-compact"; readonly bits: number }
  /** As so many bits, 1 to 16, in one array of so many bytes, a power of two up to 2^29. */
  | { readonly kind: "bitstate"; readonly hashes: number; readonly bytes: number };

export type SearchOptions =
  /** Every state, the nearest first. */
  | { readonly order: "bfs" }
  /** Every state, the deepest first; once for each seed, which shuffles the steps and chooses the hash functions. */
  | {
      readonly order: "dfs";
      readonly store: StoreOptions;
      /** Empty: once, in the model's order. */
      readonly seeds: readonly number[];
      /** Deeper states are not expanded; null for no limit. */
      readonly maxDepth: number | null;
    }
  /** Runs of at most `maxDepth` steps drawn at random, `walks` for each seed. */
  | {
      readonly order: "random";
      readonly seeds: readonly number[];
      readonly walks: number;
      readonly maxDepth: number;
    };
