/**
 * How likely a search without exact states has left a state out.
 *
 * Both estimates add up, over the states that were stored, the chance with which a new state at that moment would have been
 * taken for a known one; the probability of at least one omission is then `1 - exp(-sum)`. A state that is left out
 * may hide others behind it, so these are probabilities of any omission, not shares of the graph.
 */

/**
 * Expected omissions of hash compaction with signatures of `bits` bits after `states` states: the sum over `i < states` of
 * `i / 2^bits` (Wolper and Leroy 1993; Stern and Dill 1995, without ordered hashing).
 */
export function compactionOmissions(states: number, bits: number): number {
  return (states * (states - 1)) / 2 / 2 ** bits;
}

/** Chance that a new state finds all its `hashes` bits set where `set` of `size` bits are (Bloom 1970; Holzmann 1998). */
export function bitstateChance(set: number, size: number, hashes: number): number {
  return (set / size) ** hashes;
}

/** Probability that at least one state was left out, from the expected number of omissions. */
export function omissionProbability(expected: number): number {
  return -Math.expm1(-expected);
}
