/**
 * The text of the engine: one search over packed states, with the lowered program's functions beside it. One thread runs
 * it alone, or several run it as a crew on shared memory (`crew.ts`), with the same numbers for the same states.
 */
import type { Property } from "../../models/language/index.ts";
import type { Program } from "../lower/program.ts";
import { batch } from "./batch.ts";
import { crewText } from "./crew-text.ts";
import { judgeText } from "./judge-text.ts";
import { lookUpText } from "./look-up-text.ts";
import { homeOf, nextSlot } from "./probe.ts";
import { recentText } from "./recent-text.ts";
import { reindexText } from "./reindex-text.ts";

/**
 * The engine as JavaScript text, to be made a function of `taken` and `reached` (byte arrays, one byte a step and a
 * property) and `marks` (see `findings.ts`).
 *
 * States are numbered in the order in which they are found; number `s` stands in `arena` at `s * words`, and `births` says
 * from which state it was found (`births.ts`). An entry of the
 * index is 0, or a number counted from 1 in the bits that number slots, and above them the bits of the state's hash that
 * did not choose the slot: a look-up leaves the index only for a state whose hash is equal in full.
 */
export function engineText(program: Program, properties: readonly Property[]): string {
  const { words } = program.layout;
  const capacity = batch + program.maxSuccessors + 1;
  const each = (f: (i: number) => string, separator = ", ") =>
    Array.from({ length: words }, (_, i) => f(i)).join(separator);
  const next = each((i) => `n${i}`);
  const stored = (at: string) => each((i) => `arena[${at} + ${i}]`);
  const candidate = (k: string) => each((i) => `const n${i} = candidates[${k} * ${words} + ${i}];`, " ");
  const equal = (array: string) => each((i) => `${array}[p + ${i}] === n${i}`, " && ");
  const recent = recentText(words);
  const look = lookUpText(words, capacity);
  return `"use strict";
let arena, births, index, mask = 0, tags = 0;
let states = 0, transitions = 0, errors = 0, at = 0;
let pending = 0, sink = 0;
let judging = true, spilled = [0];
const candidates = new Int32Array(${capacity * words}), hashes = new Int32Array(${capacity}), sources = new Uint32Array(${capacity});
${look.definitions}
${recent.definitions}
function failed(property, step) {
if (marks[property] === 0) { marks[property] = at + 1; marks[${properties.length} + property] = step + 1; }
}
function broken(step) {
errors++;
if (marks[${3 * properties.length}] === 0) { marks[${3 * properties.length}] = at + 1; marks[${3 * properties.length + 1}] = step + 1; }
}
function hash(${next}) {
let h = 0x9e3779b9 | 0;
${each((i) => `h = Math.imul(h ^ n${i}, 0x85ebca6b); h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35); h ^= h >>> 16;`, "\n")}
return h;
}
function emit(step, ${next}) {
transitions++;
const h = hash(${next});
${recent.leaveIfRecent}
const k = pending++;
${each((i) => `candidates[k * ${words} + ${i}] = n${i};`, " ")}
hashes[k] = h;
sources[k] = at;
}
${look.lookUp}
function flush() {
for (let j = 0, count = lookUp(); j < count; j++) {
const k = fresh[j];
${candidate("k")}
const h = hashes[k];
let i = places[k], home = ${homeOf("i", "h")};
let known = false;
for (;;) {
const e = index[i];
if (e === 0) break;
if (((e ^ h) & tags) === 0) {
const p = ((e & mask) - 1) * ${words};
if (${equal("arena")}) { known = true; break; }
}
${nextSlot()}
}
if (!known) insert(i, h, sources[k], ${next});
}
pending = 0;
}
function insert(i, h, source, ${next}) {
const p = states * ${words};
${each((k) => `arena[p + ${k}] = n${k};`, " ")}
const b = states + source;
births[b >>> 5] |= 1 << b;
index[i] = (h & tags) | ++states;
if (judging) judge(states - 1, ${next});
}
function expandOne() {
const before = transitions + errors;
const p = at * ${words};
expand(${stored("p")});
if (transitions + errors === before) halted(at, ${stored("p")});
}
${judgeText(program, properties)}
${program.expandText(properties)}
function attach(memory) {
arena = memory.arena; births = memory.births; index = memory.index;
mask = memory.slots - 1; tags = ~mask;
}
${reindexText(words)}
${crewText(program)}
return {
attach, reindex,
begin(${next}) {
const h = hash(${next});
remember(${next});
insert(h & mask, h, 0, ${next});
},
run(from, to, known) {
states = known;
for (at = from; at < to; at++) {
if (pending > ${batch}) flush();
expandOne();
}
flush();
return states;
},
find(state) {
${each((i) => `const n${i} = state[${i}];`, " ")}
const h = hash(${next});
let i = h & mask, home = i;
for (;;) {
const e = index[i];
if (e === 0) return -1;
if (((e ^ h) & tags) === 0) {
const p = ((e & mask) - 1) * ${words};
if (${equal("arena")}) return (e & mask) - 1;
}
${nextSlot()}
}
},
transitions() { return transitions; },
errors() { return errors; },
join, lead, leadReindex, dismiss, serve,
};
`;
}
