/**
 * The text by which several threads expand one block of states together. A block consists of portions, runs of successive states
 * that members take in turn. Whoever takes a portion expands it and *offers* the successors, in their order. The leader alone
 * *enters* what is offered, portion after portion, in the index and the arena, as if it had expanded all of them itself; where
 * nothing is offered it takes a portion like the others. So no word of the index has two writers, and every state gets the number and
 * the parent that one thread gives it, whoever was faster.
 *
 * The time of entering bounds how many threads are worth their while, so the other members take what they can of it: they
 * look their candidates up as well and offer only those that are in no slot yet. They may miss states of which the leader
 * has not told yet, as it does after each portion; those it finds itself. The leader does not look up what it offers to itself, as it will
 * when it enters it. New states are judged once all are entered, by all members.
 *
 * When the index grows, each member clears and fills a part of it on its own (`reindex-text.ts`).
 *
 * The index that all read without a lock is that of Laarman, van de Pol and Weber, "Boosting multi-core reachability performance with
 * shared hash tables" (2010), with a single writer: there, whoever finds a state first enters it by compare-and-set, and numbers
 * depend on the race.
 */
import type { Program } from "../lower/program.ts";
import { batch } from "./batch.ts";
import { indexInText } from "./probe.ts";

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
  /** States before the block. */
  known: 6,
  slots: 7,
  /** States that are entered; the leader counts on while others read it. */
  entered: 8,
  /** The next portion that nobody has begun. */
  begun: 9,
  /** The next run of new states that nobody has begun to judge. */
  judged: 10,
  length: 11,
} as const;

export const command = { stop: 0, expand: 1, reindex: 2 } as const;

/** Looks at what it waits for before a thread goes to sleep: some tens of microseconds, what the others usually still need. */
const spins = 20_000;
/** Milliseconds of sleep after which a member looks whether another one died. */
const nap = 1000;

/** States of a portion, at least: their candidates fill some batches. */
const leastOfPortion = 256;
/** States that a member judges before it looks for more. */
const turn = 16 * batch;
/** States that a member expands before it joins, so that its code is compiled by then. */
const rehearsed = 128 * batch;
/** Words of a page of memory. */
const page = 1024;

/** Definitions of `join`, `lead`, `leadReindex`, `dismiss` and `serve`. */
export function crewText(program: Program): string {
  const { words } = program.layout;
  const each = (f: (i: number) => string, separator = " ") =>
    Array.from({ length: words }, (_, i) => f(i)).join(separator);
  const offer = (k: string) => `${each((i) => `oc[to * ${words} + ${i}] = c[${k} * ${words} + ${i}];`)}
os[to] = s[${k}];
to++;`;
  return `let control = null, memory = null, offered = null, offeredCandidates = null, offeredSources = null, totals = null, allSpilled = null;
let member = 0, members = 1, portions = 0, size = 0, prepared = 0;
function join(shared, as) {
({ control, offered, offeredCandidates, offeredSources, totals, members } = shared);
memory = { arena: new Int32Array(shared.arena), births: new Int32Array(shared.births), index: ${indexInText("shared.index")} };
member = as;
allSpilled = shared.spilled;
spilled = allSpilled[member];
if (member !== 0) remember(${each((i) => `memory.arena[${i}]`, ", ")});
}
// What its leader has expanded already, so all that is noted of these states is noted before; the index may be made anew meanwhile.
function rehearse() {
follow();
const to = Math.min(control[${control.to}], ${rehearsed});
states = to;
for (at = 0; at < to; at++) {
if (pending > ${batch}) { lookUp(); pending = 0; }
expandOne();
}
pending = transitions = errors = 0;
}
function waitWhile(array, at, value) {
for (let i = 0; i < ${spins}; i++) if (Atomics.load(array, at) !== value) return;
while (Atomics.load(array, at) === value) {
if (Atomics.load(control, ${control.dead}) !== 0) throw new Error("a member of the crew died");
Atomics.wait(array, at, value, ${nap});
}
}
function barrier() {
const generation = Atomics.load(control, ${control.generation});
if (Atomics.add(control, ${control.arrived}, 1) < members - 1) {
waitWhile(control, ${control.generation}, generation);
return;
}
Atomics.store(control, ${control.arrived}, 0);
Atomics.add(control, ${control.generation}, 1);
Atomics.notify(control, ${control.generation});
}
// Long portions first, as states of one portion have more successors in common; short ones last, as others wait for the last one.
function firstOf(portion) {
const left = portions - portion;
return size - Math.floor((size * left * left) / (portions * portions));
}
function firstPlace(portion) {
return firstOf(portion) * ${program.maxSuccessors};
}
// Offered: 0, or how many candidates, counted from 1.
function produce(portion, from, to) {
const first = firstPlace(portion);
let end = first;
for (at = from; at < to; at++) {
if (pending > ${batch}) end = offer(end);
expandOne();
}
end = offer(end);
Atomics.store(offered, portion, end - first + 1);
if (member !== 0) Atomics.notify(offered, portion);
}
function offer(to) {
const c = candidates, s = sources, oc = offeredCandidates, os = offeredSources;
if (member === 0) {
for (let k = 0, end = pending; k < end; k++) {
${offer("k")}
}
} else {
states = Atomics.load(control, ${control.entered});
if (member === 1) ready(states + size);
for (let j = 0, count = lookUp(); j < count; j++) {
const k = fresh[j];
${offer("k")}
}
}
pending = 0;
return to;
}
// Memory that nobody has written to takes the leader longer than all else. Whatever stands there stays, on all processors whose caches agree.
function ready(to) {
if (prepared < states) prepared = states;
for (const end = Math.min(to, Math.floor(arena.length / ${words})); prepared < end; prepared += ${Math.max(1, Math.floor(page / words))}) Atomics.compareExchange(arena, prepared * ${words}, 0, 0);
}
function enter(portion) {
const c = candidates, h = hashes, s = sources, oc = offeredCandidates, os = offeredSources;
for (let first = firstPlace(portion), end = first + offered[portion] - 1; first < end; first += ${batch}) {
const count = Math.min(end - first, ${batch});
for (let k = 0; k < count; k++) {
${each((i) => `const n${i} = oc[(first + k) * ${words} + ${i}]; c[k * ${words} + ${i}] = n${i};`)}
h[k] = hash(${each((i) => `n${i}`, ", ")});
s[k] = os[first + k];
}
pending = count;
flush();
}
Atomics.store(control, ${control.entered}, states);
}
function work() {
const from = control[${control.from}], to = control[${control.to}], known = control[${control.known}];
states = known;
if (mask + 1 !== slotsNow()) follow();
size = to - from;
portions = Math.min(offered.length, Math.ceil(size / ${leastOfPortion}));
let entered = 0;
for (;;) {
if (member === 0) while (entered < portions && Atomics.load(offered, entered) !== 0) enter(entered++);
const portion = Atomics.add(control, ${control.begun}, 1);
if (portion >= portions) break;
produce(portion, from + firstOf(portion), from + firstOf(portion + 1));
}
if (member === 0) {
for (; entered < portions; entered++) {
waitWhile(offered, entered, 0);
enter(entered);
}
}
totals[2 * member] = transitions;
totals[2 * member + 1] = errors;
barrier();
const end = states = control[${control.entered}];
for (;;) {
const first = known + ${turn} * Atomics.add(control, ${control.judged}, 1);
if (first >= end) break;
for (let s = first, last = Math.min(end, first + ${turn}); s < last; s++) {
const p = s * ${words};
judge(s, ${each((i) => `arena[p + ${i}]`, ", ")});
}
}
barrier();
}
function lead(from, to, known) {
control[${control.from}] = from; control[${control.to}] = to; control[${control.known}] = control[${control.entered}] = known;
control[${control.begun}] = 0; control[${control.judged}] = 0;
offered.fill(0);
control[${control.command}] = ${command.expand};
barrier();
judging = false;
work();
judging = true;
return states;
}
function slotsNow() {
return control[${control.slots}] >>> 0;
}
function follow() {
attach({ arena: memory.arena, births: memory.births, index: memory.index, slots: slotsNow() });
}
// The second half is new memory, which takes longer to clear.
function refill() {
follow();
const slots = mask + 1, known = control[${control.known}];
const part = (of, n) => Math.min(of, n * Math.ceil(of / members / 16) * 16);
for (const half of [0, slots / 2]) index.fill(0, half + part(slots / 2, member), half + part(slots / 2, member + 1));
spilled[0] = 0;
barrier();
reindex(known, part(slots, member), part(slots, member + 1));
barrier();
if (member === 0) for (const list of allSpilled) enterSpilled(list, known);
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
rehearse();
for (;;) {
barrier();
if (control[${control.command}] === ${command.stop}) return;
if (control[${control.command}] === ${command.expand}) work();
else refill();
}
}
`;
}
