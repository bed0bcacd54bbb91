/** The text that enters states anew after the index grew and was cleared. */
import { batch } from "./batch.ts";
import { nextSlot } from "./probe.ts";
import { touchText } from "./touch-text.ts";

/**
 * `reindex(to, low, high)` enters of the states up to `to` those whose hash chooses a slot from `low` up to `high`, into these slots
 * alone. So each thread of a crew can have a part of the index to itself. A state that finds no free slot before the end of the
 * part is put on the list `spilled`, its length in front, as far as that has room; `enterSpilled(list, to)` enters what such a list
 * has, and finds out itself what that is where the list was too short. As in `look-up-text.ts`, there is no branch on whether the
 * first slot is free.
 *
 * @param words - 32-bit words of a state
 */
export function reindexText(words: number): string {
  const stored = (array: string) => Array.from({ length: words }, (_, i) => `${array}[p + ${i}]`).join(", ");
  return `function reindex(to, low, high) {
const x = index, a = arena, m = mask, t = tags, h = hashes, numbers = sources, later = hits, top = high - 1;
for (let first = 0; first < to; first += ${batch}) {
const last = Math.min(to, first + ${batch});
let end = 0;
for (let s = first; s < last; s++) {
const p = s * ${words}, g = hash(${stored("a")}), i = g & m;
h[end] = g;
numbers[end] = s + 1;
end += (((i - low) | (top - i)) >>> 31) ^ 1;
}
${touchText("0", "end", (k) => `x[h[${k}] & m]`)}
let rest = 0;
for (let k = 0; k < end; k++) {
const g = h[k], i = g & m, e = x[i], full = (e | -e) >> 31;
x[i] = e | (((g & t) | numbers[k]) & ~full);
later[rest] = k;
rest -= full;
}
for (let j = 0; j < rest; j++) {
const k = later[j], g = h[k];
let i = g & m, home = i;
do { ${nextSlot("m")} } while (i >= low && i <= top && x[i] !== 0);
if (i >= low && i <= top) x[i] = (g & t) | numbers[k];
else spill(numbers[k] - 1);
}
}
}
function spill(state) {
const n = ++spilled[0];
if (n < spilled.length) spilled[n] = state;
}
function enterSpilled(list, to) {
const complete = list[0] < list.length, n = complete ? list[0] : to;
for (let k = 0; k < n; k++) {
const s = complete ? list[k + 1] : k, p = s * ${words}, h = hash(${stored("arena")}), entry = (h & tags) | (s + 1);
let i = h & mask, home = i;
while (index[i] !== 0 && index[i] !== entry) { ${nextSlot()} }
index[i] = entry;
}
}`;
}
