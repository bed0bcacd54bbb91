/**
 * The text by which several threads expand one block of states together. A block goes through three phases, with a barrier
 * after each:
 *
 * 1. *produce*: each member expands its share of the block, a run of successive states, and keeps the successors that the
 *    index does not know, as candidates. Nobody writes to the index meanwhile.
 * 2. *own*: each member takes the candidates whose hashes fall into its part of the index, in the order in which one
 *    thread would have found them. A new state enters the index under a provisional number beyond the known ones; any
 *    further candidate like it is not new.
 * 3. *settle*: each member goes through the candidates that it kept, gives the new ones their final numbers, which
 *    follow from how many new ones every member found, stores and judges them.
 *
 * No two members ever write the same slot, so no compare-and-set is needed; a word of `births` at the border of two shares is
 * the only one that two of them write. Every state gets the number, the parent and
 * the judgement that one thread gives it.
 */
import type { Program } from "../lower/program.ts";
import { batch } from "./batch.ts";
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
  length: 8,
} as const;

export const command = { stop: 0, expand: 1, reindex: 2 } as const;

/** Looks at the barrier before a thread goes to sleep: some microseconds, what the others usually still need. */
const spins = 3000;
/** Milliseconds of sleep after which a member looks whether another one died. */
const nap = 1000;

/** Definitions of `join`, `lead`, `leadReindex`, `dismiss` and `serve`. */
export function crewText(program: Program): string {
  const { words } = program.layout;
  const each = (f: (i: number) => string, separator = " ") =>
    Array.from({ length: words }, (_, i) => f(i)).join(separator);
  const equal = (array: string) => each((i) => `${array}[p + ${i}] === n${i}`, " && ");
  const next = each((i) => `n${i}`, ", ");
  return `let control = null, memory = null, counts = null, lengths = null, lists = null, chosen = null, totals = null;
let member = 0, members = 1, room = 0, rings = 1, lengthOf = null, ownerOf = null, owned = null;
function join(shared, as) {
({ control, counts, lengths, lists, chosen, totals, candidates, hashes, sources, members, room, rings } = shared);
memory = { arena: new Int32Array(shared.arena), births: new Int32Array(shared.births), index: new Int32Array(shared.index) };
member = as;
// Not shared: words that several threads write would wander between their caches.
lengthOf = new Int32Array(members);
// In turn, so that what is new when the index grows falls to all of them.
ownerOf = Uint8Array.from({ length: rings }, (_, r) => r % members);
owned = ownerOf.map((o) => (o === member ? 1 : 0));
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
function produce(from, to) {
lengthOf.fill(0);
let kept = base;
for (at = from; at < to; at++) {
if (pending > kept + ${batch}) kept = sift(kept);
expandOne();
}
sift(kept);
lengths.set(lengthOf, member * members);
}
function sift(first) {
touch(first);
const mine = member * members;
let kept = first;
for (let k = first; k < pending; k++) {
${each((i) => `const n${i} = candidates[k * ${words} + ${i}];`)}
const h = hashes[k];
let i = h & mask;
let known = false;
for (;;) {
const e = index[i];
if (e === 0) break;
if (((e ^ h) & tags) === 0) {
const p = ((e & mask) - 1) * ${words};
if (${equal("arena")}) { known = true; break; }
}
i = (i & ~ring) | ((i + 1) & ring);
}
if (known) continue;
${each((i) => `candidates[kept * ${words} + ${i}] = n${i};`)}
hashes[kept] = h;
sources[kept] = sources[k];
chosen[kept] = i;
const o = ownerOf[(h & mask) >>> ringShift];
lists[(mine + o) * room + lengthOf[o]++] = kept++;
}
pending = kept;
return kept;
}
function own() {
for (let w = 0; w < members; w++) {
const of = w * members + member, start = of * room, end = start + lengths[of];
let fresh = 0;
for (let first = start; first < end; first += ${batch}) {
const last = Math.min(end, first + ${batch});
{
const x = index, c = chosen, l = lists;
${touchText("first", "last", (j) => `x[c[l[${j}]]]`)}
}
for (let j = first; j < last; j++) {
const k = lists[j], h = hashes[k];
${each((i) => `const n${i} = candidates[k * ${words} + ${i}];`)}
let i = chosen[k], slot = i;
for (;;) {
const e = index[i];
if (e === 0) { index[i] = (h & tags) | (states + 1 + k); slot = i; fresh++; break; }
if (((e ^ h) & tags) === 0 && (e & mask) > states) {
const p = ((e & mask) - 1 - states) * ${words};
if (${equal("candidates")}) { slot = -1; break; }
}
i = (i & ~ring) | ((i + 1) & ring);
}
chosen[k] = slot;
}
}
counts[of] = fresh;
}
}
function settle() {
let number = states, word = -1, bits = 0;
for (let i = 0; i < member * members; i++) number += counts[i];
for (let k = base; k < pending; k++) {
const slot = chosen[k];
if (slot < 0) continue;
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
index[slot] = (hashes[k] & tags) | (number + 1);
judge(number, ${next});
number++;
}
if (bits !== 0) Atomics.or(births, word, bits);
}
function work() {
const from = control[${control.from}], to = control[${control.to}];
states = control[${control.known}];
if (mask + 1 !== control[${control.slots}]) follow();
const share = Math.ceil((to - from) / members);
base = pending = member * share * ${program.maxSuccessors};
produce(Math.min(to, from + member * share), Math.min(to, from + (member + 1) * share));
barrier();
own();
barrier();
settle();
totals[2 * member] = transitions;
totals[2 * member + 1] = errors;
barrier();
base = pending = 0;
}
function lead(from, to, known) {
control[${control.from}] = from; control[${control.to}] = to; control[${control.known}] = known;
control[${control.command}] = ${command.expand};
barrier();
work();
states = known;
for (let i = 0; i < members * members; i++) states += counts[i];
return states;
}
function follow() {
attach({ arena: memory.arena, births: memory.births, index: memory.index, slots: control[${control.slots}], rings });
}
function refill() {
follow();
base = member * room;
for (let r = 0; r < rings; r++) if (owned[r] === 1) index.fill(0, r * (ring + 1), (r + 1) * (ring + 1));
reindex(control[${control.known}], owned);
base = 0;
barrier();
}
function leadReindex(slots, known) {
control[${control.slots}] = slots; control[${control.known}] = known;
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
