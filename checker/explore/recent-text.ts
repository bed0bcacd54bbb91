/**
 * The text of a small cache of states that were met lately. States found within one level meet again soon, by the other order of
 * the same two steps: two of five successors of `kmm` 2,3,2 and half of
 * those of `system` need not be looked up in the index, which misses every cache.
 *
 * The cache says of a state only that it was emitted before, by this thread. So it is in the index by then, or among the candidates
 * that are looked up before this one; either way a second one is none that one thread would keep. Members of a crew take portions in
 * ascending order, and each has a cache of its own.
 */

/** Bytes of the cache, at most: it is to stay in the second cache of a processor, beside what else the search needs. */
const bytes = 1 << 16;

/** Texts for states of so many words. */
export function recentText(words: number): {
  /** Definitions, one of them `remember`, by which the cache is filled with a state that is known. */
  readonly definitions: string;
  /** Statements that leave the function where the state `n0`, `n1`... with hash `h` was met lately, and note it elsewhere. */
  readonly leaveIfRecent: string;
} {
  const bits = Math.floor(Math.log2(bytes / (4 * words)));
  const each = (f: (i: number) => string, separator = " ") =>
    Array.from({ length: words }, (_, i) => f(i)).join(separator);
  const note = each((i) => `recent[q + ${i}] = n${i};`);
  return {
    definitions: `const recent = new Int32Array(${words << bits});
function remember(${each((i) => `n${i}`, ", ")}) {
for (let q = 0; q < ${words << bits}; q += ${words}) { ${note} }
}`,
    leaveIfRecent: `const q = (h >>> ${32 - bits}) * ${words};
if (${each((i) => `recent[q + ${i}] === n${i}`, " && ")}) return;
${note}`,
  };
}
