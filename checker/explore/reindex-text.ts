/** The text that enters states anew after the index grew and was cleared. */
import { batch } from "./batch.ts";
import { touchText } from "./touch-text.ts";

/**
 * A function of this name that enters the states `from` up to `to`. It uses `hashes` from `base` on.
 *
 * @param words - 32-bit words of a state
 * @param enter - statements that enter state `s` with hash `h` into the first free slot from `i` on
 */
export function reindexText(name: string, words: number, enter: string): string {
  const stored = Array.from({ length: words }, (_, i) => `arena[p + ${i}]`).join(", ");
  return `function ${name}(from, to) {
for (let first = from; first < to; first += ${batch}) {
const last = Math.min(to, first + ${batch}), end = base + last - first;
for (let s = first, k = base; s < last; s++, k++) {
const p = s * ${words};
hashes[k] = hash(${stored});
}
{
const x = index, h = hashes, m = mask;
${touchText("base", "end", (k) => `x[h[${k}] & m]`)}
}
for (let s = first, k = base; s < last; s++, k++) {
const h = hashes[k];
let i = h & mask, home = i;
${enter}
}
}
}`;
}
