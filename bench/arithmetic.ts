/** What the tables compute from what was measured. */

/** The middle value; the mean of the two middle ones where their number is even, NaN where there is none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  return upper === undefined || lower === undefined ? Number.NaN : (upper + lower) / 2;
}

/**
 * The middle of the ratios `theirs / ours`, repetition by repetition: what ran one right after the other is compared, so
 * that a load that comes and goes weighs on both.
 */
export function ratio(theirs: readonly number[], ours: readonly number[]): number {
  const pairs = Math.min(theirs.length, ours.length);
  return median(Array.from({ length: pairs }, (_, i) => (theirs[i] ?? 0) / (ours[i] ?? 0)));
}
