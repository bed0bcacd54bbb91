/**
 * The text of loops that read memory before it is needed. A processor waits for many misses of its caches at once, but only
 * for those that it reaches within a few hundred instructions, and only where none of them needs the outcome of another
 * one. So these loops do nothing else, and take eight places a turn.
 */
const unrolled = 8;

/**
 * A statement that reads a word for each `k` from `first` up to `end`.
 *
 * @param word - the text of what is read; it is a function of the text of `k`, and should name constants of the function
 *   around it rather than variables outside, which are loaded anew in each turn
 */
export function touchText(first: string, end: string, word: (k: string) => string): string {
  const words = Array.from({ length: unrolled }, (_, i) => word(`(k + ${i})`)).join(" ^ ");
  return `{
let touched = 0, k = ${first};
for (const stop = ${end} - ${unrolled}; k <= stop; k += ${unrolled}) touched ^= ${words};
for (const stop = ${end}; k < stop; k++) touched ^= ${word("k")};
sink = touched;
}`;
}
