/**
 * Successors are collected and looked up in batches. A look-up misses the cache twice, in the index and in the arena;
 * touching all of a batch first lets the processor wait for many misses at once instead of one after the other.
 */
export const batch = 256;
