/** The packed program one state at a time: successors, and what a state or step falsifies. */
import type { ExprData, Property } from "../../models/language/index.ts";
import type { Program } from "../lower/program.ts";

/** Something that a state or step shows of a property that was still open. */
export interface Alert {
  /** Position of the property; the number of properties for a write outside a sort. */
  readonly property: number;
  /** Step that fails in the state; -1 where the state itself is meant. */
  readonly step: number;
}

export interface Stepper {
  readonly words: number;
  /** Fills `successors` and `steps` and returns how many there are; notes failing assertions and errors. */
  readonly expand: (states: Int32Array, at: number) => number;
  readonly successors: Int32Array;
  readonly steps: Uint32Array;
  /** Notes false invariants and reached goals. */
  readonly judge: (states: Int32Array, at: number) => void;
  /** Notes the state, which nothing leaves, where it is no end. */
  readonly halt: (states: Int32Array, at: number) => void;
  /** What was noted since it was emptied last. Only open properties are noted. */
  readonly alerts: Alert[];
  /** One byte a property, and one for writes outside a sort: 1 while it is looked for. */
  readonly open: Uint8Array;
  /** One byte a step: taken at least once. */
  readonly taken: Uint8Array;
  /** One byte a property: its premise was true at least once. */
  readonly reached: Uint8Array;
  /** Steps that were errors of the model. */
  readonly errors: () => number;
}

/** Compiles a stepper. The text comes from the model's trees alone: names of a model never reach it. */
export function compileStepper(program: Program, properties: readonly Property[]): Stepper {
  const { words } = program.layout;
  const most = Math.max(1, program.maxSuccessors);
  const shared = {
    words,
    successors: new Int32Array(most * words),
    steps: new Uint32Array(most),
    alerts: [] as Alert[],
    open: new Uint8Array(properties.length + 1).fill(1),
    taken: new Uint8Array(program.system.steps.length),
    reached: new Uint8Array(properties.length),
  };
  const make = new Function("shared", stepperText(program, properties));
  return { ...shared, ...make(shared) } as Stepper;
}

function stepperText(program: Program, properties: readonly Property[]): string {
  const { words } = program.layout;
  const each = (f: (i: number) => string, separator = ", ") =>
    Array.from({ length: words }, (_, i) => f(i)).join(separator);
  const stored = each((i) => `states[at + ${i}]`);
  return `"use strict";
const { successors, steps, alerts, open, taken, reached } = shared;
let count = 0, errors = 0;
function note(property, step) { if (open[property] === 1) alerts.push({ property, step }); }
function failed(property, step) { note(property, step); }
function broken(step) { errors++; note(${properties.length}, step); }
function emit(step, ${each((i) => `n${i}`)}) {
${each((i) => `successors[count * ${words} + ${i}] = n${i};`, " ")}
steps[count++] = step;
}
${program.expandText(properties)}
${judgeText(program, properties)}
return {
expand(states, at) { count = 0; expand(${stored}); return count; },
judge(states, at) { judge(${stored}); },
halt(states, at) { halted(${stored}); },
errors() { return errors; },
};
`;
}

function judgeText(program: Program, properties: readonly Property[]): string {
  const { words } = program;
  let functions = "";
  let [judge, halted] = ["", ""];
  const condition = (name: string, expr: ExprData) => {
    functions += program.conditionText(name, expr);
    return `${name}(${words})`;
  };
  properties.forEach((property, k) => {
    if (property.kind === "invariant") {
      const holds = condition(`holds${k}`, property.holds);
      judge += `if (open[${k}] === 1 && !${holds}) alerts.push({ property: ${k}, step: -1 });\n`;
      const premise = property.premise === undefined ? "true" : condition(`premise${k}`, property.premise);
      judge += `if (reached[${k}] === 0 && ${premise}) reached[${k}] = 1;\n`;
    }
    if (property.kind === "reachable") {
      judge += `if (open[${k}] === 1 && ${condition(`goal${k}`, property.goal)}) alerts.push({ property: ${k}, step: -1 });\n`;
    }
    if (property.kind === "deadlock") {
      const final = condition(`final${k}`, property.final);
      halted += `reached[${k}] = 1;\nif (open[${k}] === 1 && !${final}) alerts.push({ property: ${k}, step: -1 });\n`;
    }
  });
  return `${functions}function judge(${words}) {\n${judge}}\nfunction halted(${words}) {\n${halted}}\n`;
}
