/** The edges of an explored graph, recomputed from its states by the same packed program. */
import type { ExprData } from "../../models/language/index.ts";
import type { Exploration } from "../explore/explore.ts";
import type { Program } from "../lower/program.ts";

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
) => (state: number) => number;

/** Compiled once for each program: many properties read the same graph. */
const compiled = new WeakMap<Program, MakeReader>();

/** A reader of the edges of a complete exploration. */
export function successorReader(exploration: Exploration): SuccessorReader {
  const { program, arena, find } = exploration;
  const make = compiled.get(program) ?? compileReader(program);
  compiled.set(program, make);
  const targets = new Uint32Array(Math.max(1, program.maxSuccessors));
  const steps = new Uint32Array(targets.length);
  const packed = new Int32Array(program.layout.words);
  return { read: make(arena, targets, steps, packed, find), targets, steps };
}

function compileReader(program: Program): MakeReader {
  const { words } = program.layout;
  const each = (f: (i: number) => string) => Array.from({ length: words }, (_, i) => f(i)).join(", ");
  const text = `"use strict";
let count = 0;
const taken = { };
function broken(step) {}
function emit(step, ${each((i) => `n${i}`)}) {
${Array.from({ length: words }, (_, i) => `packed[${i}] = n${i};`).join(" ")}
steps[count] = step;
targets[count++] = find(packed);
}
${program.expandText([])}
return (state) => {
count = 0;
const p = state * ${words};
expand(${each((i) => `arena[p + ${i}]`)});
return count;
};
`;
  return new Function("arena", "targets", "steps", "packed", "find", text) as MakeReader;
}

/** One byte a state: 1 where the condition is true. */
export function classify(exploration: Exploration, condition: ExprData): Uint8Array {
  const { program, arena, counts } = exploration;
  const { words } = program.layout;
  const read = Array.from({ length: words }, (_, i) => `arena[s * ${words} + ${i}]`).join(", ");
  const text = `"use strict";
${program.helperText}
${program.conditionText("holds", condition)}
for (let s = 0; s < states; s++) if (holds(${read})) out[s] = 1;
return out;
`;
  const run = new Function("arena", "states", "out", text);
  return run(arena, counts.states, new Uint8Array(counts.states)) as Uint8Array;
}
