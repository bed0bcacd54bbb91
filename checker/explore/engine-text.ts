/** The text of the explorer: one loop over packed states, with the lowered program's functions beside it. */
import type { ExprData, Property } from "../../models/language/index.ts";
import type { Program } from "../lower/program.ts";

/**
 * Successors are collected and looked up in batches. A look-up misses the cache twice, in the index and in the arena;
 * touching all of a batch first lets the processor wait for many misses at once instead of one after the other.
 */
export const batch = 1024;

/**
 * The engine as JavaScript text, to be made a function of `taken` and `reached` (byte arrays, one byte a step and a
 * property). States are numbered in the order in which they are found; number `s` stands in `arena` at `s * words`.
 */
export function engineText(program: Program, properties: readonly Property[]): string {
  const { words } = program.layout;
  const capacity = batch + program.maxSuccessors + 1;
  const each = (f: (i: number) => string, separator = ", ") =>
    Array.from({ length: words }, (_, i) => f(i)).join(separator);
  const next = each((i) => `n${i}`);
  const stored = (at: string) => each((i) => `arena[${at} + ${i}]`);
  return `"use strict";
let arena, parents, index, mask = 0;
let states = 0, transitions = 0, errors = 0, depth = 0, at = 0, levelEnd = 0;
let found = 0;
let pending = 0, sink = 0;
const candidates = new Int32Array(${capacity * words}), hashes = new Int32Array(${capacity}), sources = new Uint32Array(${capacity});
const levels = [0], failures = [], stuck = [], brokenSteps = [];
function failed(property, step) {
if (failures[property] === undefined) { failures[property] = { state: at, step }; found++; }
}
function broken(step) {
errors++;
if (brokenSteps.length === 0) { brokenSteps.push({ state: at, step }); found++; }
}
function hash(${next}) {
let h = 0x9e3779b9 | 0;
${each((i) => `h = Math.imul(h ^ n${i}, 0x85ebca6b); h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35); h ^= h >>> 16;`, "\n")}
return h;
}
function emit(step, ${next}) {
transitions++;
const k = pending++;
${each((i) => `candidates[k * ${words} + ${i}] = n${i};`, " ")}
hashes[k] = hash(${next});
sources[k] = at;
}
function flush() {
let touched = 0;
for (let k = 0; k < pending; k++) touched ^= index[hashes[k] & mask];
for (let k = 0; k < pending; k++) {
const t = index[hashes[k] & mask];
if (t !== 0) touched ^= arena[(t - 1) * ${words}];
}
sink = touched;
for (let k = 0; k < pending; k++) {
${each((i) => `const n${i} = candidates[k * ${words} + ${i}];`, " ")}
let i = hashes[k] & mask;
let known = false;
for (;;) {
const t = index[i];
if (t === 0) break;
const p = (t - 1) * ${words};
if (${each((i) => `arena[p + ${i}] === n${i}`, " && ")}) { known = true; break; }
i = (i + 1) & mask;
}
if (!known) insert(i, sources[k], ${next});
}
pending = 0;
}
function insert(i, source, ${next}) {
const p = states * ${words};
${each((k) => `arena[p + ${k}] = n${k};`, " ")}
parents[states] = source;
index[i] = ++states;
judge(states - 1, ${next});
}
${judgeText(program, properties)}
${program.expandText(properties)}
return {
attach(a, p, x) { arena = a; parents = p; index = x; mask = x.length - 1; },
begin(${next}) { insert(hash(${next}) & mask, 0, ${next}); levelEnd = 1; },
reindex() {
for (let first = 0; first < states; first += ${batch}) {
const size = Math.min(${batch}, states - first);
let touched = 0;
for (let k = 0; k < size; k++) {
const p = (first + k) * ${words};
const h = hash(${stored("p")});
hashes[k] = h;
touched ^= index[h & mask];
}
sink = touched;
for (let k = 0; k < size; k++) {
let i = hashes[k] & mask;
while (index[i] !== 0) i = (i + 1) & mask;
index[i] = first + k + 1;
}
}
},
run(stop, room) {
for (; at < stop; at++) {
if (at === levelEnd || at === states || pending > ${batch}) flush();
if (at === states || states > room) break;
if (at === levelEnd) { depth++; levelEnd = states; levels.push(at); }
const before = transitions + errors;
const p = at * ${words};
expand(${stored("p")});
if (transitions + errors === before) halted(at, ${stored("p")});
}
flush();
return at < states;
},
find(${next}) {
let i = hash(${next}) & mask;
for (;;) {
const t = index[i];
if (t === 0) return -1;
const p = (t - 1) * ${words};
if (${each((k) => `arena[p + ${k}] === n${k}`, " && ")}) return t - 1;
i = (i + 1) & mask;
}
},
counts() { return { states, transitions, errors, depth, expanded: at, frontier: states - at, found }; },
findings() { return { failures, stuck, broken: brokenSteps }; },
levels() { return levels; },
};
`;
}

/** `judge(state, n0, ...)` for invariants and goals, `halted(state, n0, ...)` for states without a step. */
function judgeText(program: Program, properties: readonly Property[]): string {
  const { words } = program;
  let functions = "";
  let judge = "";
  let halted = "";
  const condition = (name: string, expr: ExprData) => {
    functions += program.conditionText(name, expr);
    return `${name}(${words})`;
  };
  properties.forEach((property, k) => {
    switch (property.kind) {
      case "invariant": {
        const holds = condition(`holds${k}`, property.holds);
        judge += `if (failures[${k}] === undefined && !${holds}) {\nfailures[${k}] = { state, step: -1 }; found++;\n}\n`;
        const premise = property.premise === undefined ? "true" : condition(`premise${k}`, property.premise);
        judge += `if (reached[${k}] === 0 && ${premise}) reached[${k}] = 1;\n`;
        return;
      }
      case "reachable": {
        const goal = condition(`goal${k}`, property.goal);
        judge += `if (failures[${k}] === undefined && ${goal}) failures[${k}] = { state, step: -1 };\n`;
        return;
      }
      case "deadlock": {
        const final = condition(`final${k}`, property.final);
        halted += `reached[${k}] = 1;\nif (stuck[${k}] === undefined && !${final}) { stuck[${k}] = { state }; found++; }\n`;
        return;
      }
      case "assertion":
      case "leadsTo":
        return;
    }
  });
  return `${functions}function judge(state, ${words}) {\n${judge}}\nfunction halted(state, ${words}) {\n${halted}}\n`;
}

/** The methods of the engine. */
export interface Engine {
  readonly attach: (arena: Int32Array, parents: Uint32Array, index: Uint32Array) => void;
  readonly begin: (...words: readonly number[]) => void;
  /** Fills a new, empty index. */
  readonly reindex: () => void;
  /** Expands states up to number `stop`, while at most `room` states are stored. False where none is left. */
  readonly run: (stop: number, room: number) => boolean;
  /** The number of a packed state; -1 where it was not found. */
  readonly find: (...words: readonly number[]) => number;
  readonly counts: () => Counts;
  readonly findings: () => Findings;
  /** The number of the first state of each level. */
  readonly levels: () => readonly number[];
}

export interface Counts {
  readonly states: number;
  readonly transitions: number;
  readonly errors: number;
  readonly depth: number;
  readonly expanded: number;
  readonly frontier: number;
  /** Violations found so far. */
  readonly found: number;
}

export interface Finding {
  readonly state: number;
  /** Step that fails in the state; -1 where the state itself is the finding. */
  readonly step: number;
}

export interface Findings {
  /** By position of the property; for a reachability goal the state that reaches it. */
  readonly failures: readonly (Finding | undefined)[];
  readonly stuck: readonly ({ readonly state: number } | undefined)[];
  /** First write outside a sort. */
  readonly broken: readonly Finding[];
}

/** Compiles the engine. The text comes from the model's trees alone: names of a model never reach it. */
export function compileEngine(
  program: Program,
  properties: readonly Property[],
  taken: Uint8Array,
  reached: Uint8Array,
): Engine {
  return new Function("taken", "reached", engineText(program, properties))(taken, reached) as Engine;
}
