/**
 * The text that looks up a batch of candidates. What the processor can wait for at once is touched before it is needed, and
 * what it could not guess is done without a branch: whether a slot is free, and whether a candidate is known, are
 * even odds, and a wrong guess costs as much as ten instructions. So each loop puts what it finds on one of two lists, by adding
 * the outcome to the length of one.
 */
import { nextSlot } from "./probe.ts";
import { touchText } from "./touch-text.ts";

/** Texts for states of so many words and batches of at most `capacity` candidates. */
export function lookUpText(
  words: number,
  capacity: number,
): {
  /** What `lookUp` writes to. */
  readonly definitions: string;
  /**
   * `lookUp()` tells which of the `pending` candidates are states with numbers up to `states`. It returns how many it did not find, and
   * lists these, ascending, in `fresh`. They may be known all the same, behind a state with the same hash. `places` has for each
   * candidate the first slot of its way that is free or has its hash.
   */
  readonly lookUp: string;
} {
  const array = (name: string) => `${name} = new Int32Array(${capacity})`;
  const differs = Array.from({ length: words }, (_, i) => `a[p + ${i}] !== c[q + ${i}]`).join(" || ");
  return {
    definitions: `const ${["places", "fresh", "hits", "hitOf"].map(array).join(", ")};`,
    lookUp: `function lookUp() {
const x = index, a = arena, h = hashes, c = candidates, m = mask, t = tags, n = states, end = pending, at = places, left = fresh, of = hitOf;
${touchText("0", "end", (k) => `x[h[${k}] & m]`)}
const later = hits;
let rest = 0;
for (let k = 0; k < end; k++) {
const g = h[k], i = g & m, e = x[i], d = (e ^ g) & t;
at[k] = i;
later[rest] = k;
rest += ((e | -e) & (d | -d)) >>> 31;
}
for (let j = 0; j < rest; j++) {
const k = later[j], g = h[k];
let i = g & m, home = i, e = 0;
do { ${nextSlot("m")} e = x[i]; } while (e !== 0 && ((e ^ g) & t) !== 0);
at[k] = i;
}
let found = 0, count = 0;
for (let k = 0; k < end; k++) {
const number = x[at[k]] & m, hit = (-number & (number - n - 1)) >>> 31;
hits[found] = number - 1;
of[found] = k;
found += hit;
left[count] = k;
count += hit ^ 1;
}
${touchText("0", "found", (k) => `a[later[${k}] * ${words}]`)}
for (let j = 0; j < found; j++) {
const k = of[j], p = hits[j] * ${words}, q = k * ${words};
if (${differs}) {
let i = count++;
for (; i > 0 && left[i - 1] > k; i--) left[i] = left[i - 1];
left[i] = k;
}
}
return count;
}`,
  };
}
