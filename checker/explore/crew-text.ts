/**
 * The text by which several threads expand one block of states together. A block consists of portions, runs of successive states
 * that members take in turn, and goes through two phases, with a barrier after each:
 *
 * 1. *produce*: each portion is expanded. A successor that is in no slot enters the index by compare-and-set, under a provisional
 *    number beyond the known ones: its place among the candidates of all portions, which stand in the order in which one thread
 *    would have found them. Where two portions find the same state, the one whose place comes first has it in the end,
 *    whoever was faster.
 * 2. *settle*: of each portion, the candidates that were kept and that no other portion took are given their final numbers, which
 *    follow from how many every portion has, are stored and judged.
 *
 * So every state gets the number, the parent and the judgement that one thread gives it; only its slot may be another one. The
 * index is the shared hash table of Laarman, van de Pol and Weber, "Boosting multi-core reachability performance with shared
 * hash tables" (2010), with numbers that do not depend on the race. A word of `births` at the border of two portions is the only
 * other one that two members write.
 */
import type { Program } from "../lower/program.ts";
import { batch } from "./batch.ts";
import { homeOf, indexInText, nextSlot } from "./probe.ts";
import { reindexText } from "./reindex-text.ts";
import { touchText } from "./touch-text.ts";

/** Words of the control block. */
export const control = {
  /** Counts the barriers that were passed; what waiting members wait for. */
  generation: 0,
  /** Members that have arrived at the next barrier. */
  arrived: 1,
  /** Not 0 once a member ended before its time: its number, counted from 1. */
  dead: 2,
  /** What the members are to do, see {@link command}. */
  command: 3,
  from: 4,
  to: 5,
  known: 6,
  slots: 7,
  /** The next portion that nobody has begun: to produce, to settle, to enter anew. */
  produced: 8,
  settled: 9,
  reentered: 10,
  length: 11,
} as const;

export const command = { stop: 0, expand: 1, reindex: 2 } as const;

/** Looks at the barrier before a thread goes to sleep: some tens of microseconds, what the others usually still need. */
const spins = 20_000;
/** Milliseconds of sleep after which a member looks whether another one died. */
const nap = 1000;

/** States that a member enters anew before it looks for more. */
const turn = 64 * batch;

/** Definitions of `join`, `lead`, `leadReindex`, `dismiss` and `serve`. */
export function crewText(program: Program): string {
  const { words } = program.layout;
  const each = (f: (i: number) => string, separator = " ") =>
    Array.from({ length: words }, (_, i) => f(i)).join(separator);
  const equal = (array: string) => each((i) => `${array}[p + ${i}] === n${i}`, " && ");
  const next = each((i) => `n${i}`, ", ");
  // Whoever sees the entry compares with this.
  const keep = `${each((i) => `candidates[kept * ${words} + ${i}] = n${i};`)} stolen[kept] = 0;`;
  return `let control = null, memory = null, entered = null, lost = null, chosen = null, stolen = null, totals = null;
let member = 0, members = 1, portions = 1, size = 0;
function join(shared, as) {
({ control, entered, lost, chosen, stolen, totals, candidates, hashes, sources, members, portions } = shared);
memory = { arena: new Int32Array(shared.arena), births: new Int32Array(shared.births), index: ${indexInText("shared.index")} };
member = as;
if (member !== 0) remember(${each((i) => `memory.arena[${i}]`, ", ")});
}
function barrier() {
const generation = Atomics.load(control, ${control.generation});
if (Atomics.add(control, ${control.arrived}, 1) === members - 1) {
Atomics.store(control, ${control.arrived}, 0);
Atomics.add(control, ${control.generation}, 1);
Atomics.notify(control, ${control.generation});
return;
}
for (let i = 0; i < ${spins}; i++) if (Atomics.load(control, ${control.generation}) !== generation) return;
while (Atomics.load(control, ${control.generation}) === generation) {
if (Atomics.load(control, ${control.dead}) !== 0) throw new Error("a member of the crew died");
Atomics.wait(control, ${control.generation}, generation, ${nap});
}
}
// Portions become smaller and smaller, so that all members are done at about the same time.
function firstOf(portion) {
const left = portions - portion;
return size - Math.floor((size * left * left) / (portions * portions));
}
function firstPlace(portion) {
return firstOf(portion) * ${program.maxSuccessors};
}
function portionOf(place) {
let portion = 0;
while (firstPlace(portion + 1) <= place) portion++;
return portion;
}
function produce(portion, from, to) {
base = pending = firstPlace(portion);
let kept = base;
for (at = from; at < to; at++) {
if (pending > kept + ${batch}) kept = sift(kept);
expandOne();
}
entered[portion] = sift(kept) - base;
}
function sift(first) {
touch(first);
let kept = first;
for (let k = first; k < pending; k++) {
${each((i) => `const n${i} = candidates[k * ${words} + ${i}];`)}
const h = hashes[k], entry = (h & tags) | (states + 1 + kept);
let i = places[k - first], home = ${homeOf("i", "h")}, e = index[i], known = false;
for (;;) {
if (e === 0) {
${keep}
e = Atomics.compareExchange(index, i, 0, entry);
if (e === 0) break;
}
if (((e ^ h) & tags) === 0) {
const number = (e & mask) - 1;
if (number < states) {
const p = number * ${words};
if (${equal("arena")}) { known = true; break; }
} else {
const place = number - states;
if (place < base || place >= kept) {
// Not before this are the words of another portion sure to be seen.
const now = Atomics.load(index, i);
if (now !== e) { e = now; continue; }
}
const p = place * ${words};
if (${equal("candidates")}) {
if (place < kept) { known = true; break; }
${keep}
const was = Atomics.compareExchange(index, i, e, entry);
if (was !== e) { e = was; continue; }
stolen[place] = 1;
Atomics.add(lost, portionOf(place), 1);
break;
}
}
}
${nextSlot()}
e = index[i];
}
if (known) continue;
hashes[kept] = h;
sources[kept] = sources[k];
chosen[kept] = i;
kept++;
}
pending = kept;
return kept;
}
function settle(portion, number) {
const start = firstPlace(portion), end = start + entered[portion];
let word = -1, bits = 0;
for (let first = start; first < end; first += ${batch}) {
const last = Math.min(end, first + ${batch});
{
const x = index, c = chosen;
${touchText("first", "last", (k) => `x[c[${k}]]`)}
}
for (let k = first; k < last; k++) {
if (stolen[k] === 1) continue;
${each((i) => `const n${i} = candidates[k * ${words} + ${i}];`)}
const p = number * ${words};
${each((i) => `arena[p + ${i}] = n${i};`)}
const b = number + sources[k];
if (b >>> 5 !== word) {
if (bits !== 0) Atomics.or(births, word, bits);
word = b >>> 5;
bits = 0;
}
bits |= 1 << b;
index[chosen[k]] = (hashes[k] & tags) | (number + 1);
judge(number, ${next});
number++;
}
}
if (bits !== 0) Atomics.or(births, word, bits);
}
function work() {
const from = control[${control.from}], to = control[${control.to}], known = control[${control.known}];
states = known;
if (mask + 1 !== slotsNow()) follow();
size = to - from;
for (;;) {
const portion = Atomics.add(control, ${control.produced}, 1);
if (portion >= portions) break;
produce(portion, from + firstOf(portion), from + firstOf(portion + 1));
}
barrier();
let number = known, counted = 0;
for (;;) {
const portion = Math.min(portions, Atomics.add(control, ${control.settled}, 1));
for (; counted < portion; counted++) number += entered[counted] - lost[counted];
if (portion === portions) break;
settle(portion, number);
}
states = number;
totals[2 * member] = transitions;
totals[2 * member + 1] = errors;
barrier();
base = pending = 0;
}
function lead(from, to, known) {
control[${control.from}] = from; control[${control.to}] = to; control[${control.known}] = known;
control[${control.produced}] = 0; control[${control.settled}] = 0;
lost.fill(0);
control[${control.command}] = ${command.expand};
barrier();
work();
return states;
}
function slotsNow() {
return control[${control.slots}] >>> 0;
}
function follow() {
attach({ arena: memory.arena, births: memory.births, index: memory.index, slots: slotsNow() });
}
${reindexText(
  "reenter",
  words,
  `for (const entry = (h & tags) | (s + 1); index[i] !== 0 || Atomics.compareExchange(index, i, 0, entry) !== 0; ) { ${nextSlot()} }`,
)}
function refill() {
follow();
const known = control[${control.known}], part = Math.ceil((mask + 1) / members);
index.fill(0, member * part, Math.min(mask + 1, (member + 1) * part));
barrier();
base = member * ${batch};
for (;;) {
const first = ${turn} * Atomics.add(control, ${control.reentered}, 1);
if (first >= known) break;
reenter(first, Math.min(known, first + ${turn}));
}
base = 0;
barrier();
}
function leadReindex(slots, known) {
control[${control.slots}] = slots; control[${control.known}] = known;
control[${control.reentered}] = 0;
control[${control.command}] = ${command.reindex};
barrier();
refill();
}
function dismiss() {
control[${control.command}] = ${command.stop};
barrier();
}
function serve() {
for (;;) {
barrier();
if (control[${control.command}] === ${command.stop}) return;
if (control[${control.command}] === ${command.expand}) work();
else refill();
}
}
`;
}
