/** The edges of an explored graph, recomputed from its states by the same packed program; those of small graphs once. */
import type { ExprData, Property } from "../../models/language/index.ts";
import type { Exploration } from "../explore/explore.ts";
import type { Meter } from "../explore/meter.ts";
import type { Program } from "../lower/program.ts";
import { knownEdges } from "./known-edges.ts";

/** Edges out of one state: position in the buffers below `count`. */
export interface SuccessorReader {
  /** Fills the buffers with the successors of a state and returns how many there are. */
  readonly read: (state: number) => number;
  readonly targets: Uint32Array;
  readonly steps: Uint32Array;
}

type MakeReader = (
  arena: Int32Array,
  targets: Uint32Array,
  steps: Uint32Array,
  packed: Int32Array,
  find: Exploration["find"],
  /** Called with the position of each property that a step falsifies. */
  failed: (property: number) => void,
) => (state: number) => number;

/** Compiled once for each exploration: many properties read the same graph. */
const compiled = new WeakMap<Exploration, MakeReader>();

/**
 * A reader of the edges of a complete exploration.
 *
 * @param meter - asked at every reading whether to go on; null for work that is not to be given up
 */
export function successorReader(exploration: Exploration, meter: Meter | null = null): SuccessorReader {
  const { compute, targets, steps } = makeReader(exploration, () => {});
  const edges = knownEdges(exploration, meter);
  const read = (state: number) => {
    meter?.poll();
    const known = edges.read(state, steps, targets);
    if (known >= 0) return known;
    const count = compute(state);
    edges.add(state, count, steps, targets);
    return count;
  };
  return { read, targets, steps };
}

/** Of the states from `from` up to `to` those in which a step falsifies the assertion, which is property number `k`. */
export function failingStates(
  exploration: Exploration,
  k: number,
  meter: Meter,
  from: number,
  to: number,
): readonly number[] {
  let fails = false;
  const { compute } = makeReader(exploration, (property) => {
    fails ||= property === k;
  });
  const found: number[] = [];
  for (let state = from; state < to; state++) {
    meter.poll();
    fails = false;
    compute(state);
    if (fails) found.push(state);
  }
  return found;
}

function makeReader(exploration: Exploration, failed: (property: number) => void) {
  const { program, properties, arena, find } = exploration;
  const make = compiled.get(exploration) ?? compileReader(program, properties);
  compiled.set(exploration, make);
  const targets = new Uint32Array(Math.max(1, program.maxSuccessors));
  const steps = new Uint32Array(targets.length);
  const packed = new Int32Array(program.layout.words);
  return { compute: make(arena, targets, steps, packed, find, failed), targets, steps };
}

/** The text is that of the search, with what it asserts. */
function compileReader(program: Program, properties: readonly Property[]): MakeReader {
  const { words } = program.layout;
  const each = (f: (i: number) => string) => Array.from({ length: words }, (_, i) => f(i)).join(", ");
  const text = `"use strict";
let count = 0;
const taken = { }, reached = { };
function broken(step) {}
function emit(step, ${each((i) => `n${i}`)}) {
${Array.from({ length: words }, (_, i) => `packed[${i}] = n${i};`).join(" ")}
steps[count] = step;
targets[count++] = find(packed);
}
${program.expandText(properties)}
return (state) => {
count = 0;
const p = state * ${words};
expand(${each((i) => `arena[p + ${i}]`)});
return count;
};
`;
  return new Function("arena", "targets", "steps", "packed", "find", "failed", text) as MakeReader;
}

/** States of one piece of a pass over all of them: between two looks at the limits. */
const piece = 1 << 15;

/**
 * One byte a state, of those from `from` up to `to`: 1 where the condition is true. Its bytes are taken from the meter.
 */
export function classify(
  exploration: Exploration,
  condition: ExprData,
  meter: Meter,
  from = 0,
  to = exploration.counts.states,
): Uint8Array {
  const { program, arena } = exploration;
  const { words } = program.layout;
  const read = Array.from({ length: words }, (_, i) => `arena[s * ${words} + ${i}]`).join(", ");
  const text = `"use strict";
${program.helperText}
${program.conditionText("holds", condition)}
return (first, end) => {
for (let s = first; s < end; s++) if (holds(${read})) out[s - ${from}] = 1;
};
`;
  meter.take(to - from);
  const out = new Uint8Array(to - from);
  const run = new Function("arena", "out", text)(arena, out) as (first: number, end: number) => void;
  for (let first = from; first < to; first += piece) {
    if (first > from) meter.look();
    run(first, Math.min(to, first + piece));
  }
  return out;
}
