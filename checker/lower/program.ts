/**
 * The packed program: JavaScript text that expands a packed state into its successors and judges states, generated from
 * the checked model's trees. One function an actor instance, a switch on its program point, guards in order.
 *
 * The text calls what its user defines: `emit(step, n0, n1, ...)` for a successor, `failed(property, step)` for a false
 * assertion, `broken(step)` for a write outside a sort; and it marks `taken[step]` and `reached[property]`.
 */
import {
  type ExprData,
  flatten,
  type Model,
  type Property,
  type Step,
  type System,
  substitute,
} from "../../models/language/index.ts";
import { lowerEffects } from "./effect.ts";
import { Block, readText } from "./emit.ts";
import { type Environment, lower, stateEnvironment } from "./expression.ts";
import { type Layout, layOut, type Range, type Slot } from "./layout.ts";
import { constant, type IntNode, not, yes } from "./node.ts";
import { lengthOf, partOf, type Symbolic, toCode, truth } from "./value.ts";

/** A model lowered: its flattened form, its layout, and text that works on packed states. */
export interface Program {
  readonly system: System;
  readonly layout: Layout;
  /** Most successors that a state can have. */
  readonly maxSuccessors: number;
  /** `w0, w1, ...`: the parameters of every generated function. */
  readonly words: string;
  /** Definitions of `expand(w0, w1, ...)` and the functions it calls, with the given properties' assertions. */
  readonly expandText: (properties: readonly Property[]) => string;
  /** Definition of a function `name(w0, w1, ...)` that is true in the states in which the closed condition is. */
  readonly conditionText: (name: string, condition: ExprData) => string;
  /** Definitions that condition texts call. `expandText` has them already. */
  readonly helperText: string;
}

/** Lowers a model that has passed the check. */
export function lowerModel(model: Model): Program {
  const system = flatten(model);
  const layout = layOut(system);
  const env = stateEnvironment(system, layout);
  const words = Array.from({ length: layout.words }, (_, i) => `w${i}`).join(", ");
  return {
    system,
    layout,
    maxSuccessors: maxSuccessors(system),
    words,
    expandText: (properties) => expandText(system, env, words, properties),
    conditionText: (name, condition) => {
      const block = new Block();
      const node = truth(lower(condition, env));
      block.use(node);
      return `function ${name}(${words}) {\n${block.declarations()}return ${block.bool(node)};\n}\n`;
    },
    helperText: popcountText,
  };
}

/** The sum over instances of the most events that one program point offers. */
function maxSuccessors(system: System): number {
  return system.instances.reduce((sum, instance, position) => {
    const events = instance.points.map((_, point) => {
      const here = system.steps.filter((step) => step.instance === position && step.from === point);
      return new Set(here.map((step) => step.event)).size;
    });
    return sum + Math.max(0, ...events);
  }, 0);
}

function expandText(
  system: System,
  env: Environment,
  words: string,
  properties: readonly Property[],
): string {
  const functions = system.instances.map((instance, position) => {
    const cases = instance.points.map((_, point) => {
      const steps = system.steps.filter((step) => step.instance === position && step.from === point);
      if (steps.length === 0) return "";
      return `case ${point}: {\n${pointText(steps, env, properties)}break;\n}\n`;
    });
    const point = readText(env.layout.points[position]!);
    return `function expand${position}(${words}) {\nswitch (${point}) {\n${cases.join("")}}\n}\n`;
  });
  const calls = system.instances.map((_, position) => `expand${position}(${words});\n`);
  return `${popcountText}${functions.join("")}function expand(${words}) {\n${calls.join("")}}\n`;
}

const popcountText = `function popcount(x) {
x -= (x >>> 1) & 0x55555555;
x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
`;

/** The steps of one program point: a chain of alternatives for each event. */
function pointText(steps: readonly Step[], env: Environment, properties: readonly Property[]): string {
  const block = new Block();
  const guards = steps.map((step) => (step.guard === null ? yes : truth(lower(step.guard, env))));
  for (const guard of guards) block.use(guard);
  let text = block.declarations();
  const events = [...new Set(steps.map((step) => step.event))];
  for (const event of events) {
    let prefix = "";
    for (const [i, step] of steps.entries()) {
      const guard = guards[i]!;
      if (step.event !== event || guard.op === "false") continue;
      const body = `{\n${stepText(step, env, properties, block)}}\n`;
      // What follows an alternative that is always enabled is never taken.
      if (guard.op === "true") {
        text += prefix + body;
        break;
      }
      text += `${prefix}if (${block.bool(guard)}) ${body}`;
      prefix = "else ";
    }
  }
  return text;
}

function stepText(step: Step, env: Environment, properties: readonly Property[], outer: Block): string {
  const block = new Block(outer);
  const asserted = properties.flatMap((property, k) => {
    if (property.kind !== "assertion") return [];
    const actor = env.system.instances[step.instance]!.actor.name;
    if (!property.on.some((on) => on.actor === actor && on.steps.includes(step.name))) return [];
    const node = (expr: ExprData) => truth(lower(substitute(expr, step.bindings), env));
    return [
      {
        k,
        holds: node(property.holds),
        premise: property.premise === undefined ? yes : node(property.premise),
      },
    ];
  });
  const { variables, error } = lowerEffects(step.effects, env);
  const writes = [...pointWrite(step, env), ...variableWrites(variables, env)];
  for (const { holds, premise } of asserted) {
    block.use(holds);
    block.use(premise);
  }
  block.use(error);
  for (const { at, value } of writes) {
    block.use(at);
    block.use(value);
  }
  const declarations = block.declarations();
  let taken = "";
  for (const { k, holds, premise } of asserted) {
    const fail = holds.op === "true" ? "" : `if (${block.bool(not(holds))}) failed(${k}, ${step.index});\n`;
    taken +=
      premise.op === "true"
        ? `reached[${k}] = 1;\n${fail}`
        : `if (${block.bool(premise)}) {\nreached[${k}] = 1;\n${fail}}\n`;
  }
  const successor = Array.from({ length: env.layout.words }, (_, word) => wordText(word, writes, block));
  taken += `taken[${step.index}] = 1;\nemit(${[step.index, ...successor].join(", ")});\n`;
  // A step that is an error is not taken, so nothing is asserted of it.
  if (error.op === "false") return declarations + taken;
  return `${declarations}if (${block.bool(error)}) broken(${step.index});\nelse {\n${taken}}\n`;
}

/** A change of `bits` bits of a word, from bit `shift + at` up. */
interface Write {
  readonly word: number;
  readonly shift: number;
  readonly at: IntNode;
  readonly bits: number;
  readonly value: IntNode;
}

function pointWrite(step: Step, env: Environment): readonly Write[] {
  if (step.to === step.from) return [];
  return [wholeRange(env.layout.points[step.instance]!, constant(step.to))];
}

function variableWrites(variables: ReadonlyMap<string, Symbolic>, env: Environment): readonly Write[] {
  const writes: Write[] = [];
  for (const [name, value] of variables) {
    const before = env.variables.get(name)!;
    if (value !== before) collectWrites(env.layout.slots[name]!, before, value, env, writes);
  }
  return writes;
}

function collectWrites(
  slot: Slot,
  before: Symbolic,
  after: Symbolic,
  env: Environment,
  writes: Write[],
): void {
  if (before === after) return;
  const { identities } = env.scope;
  if (slot.form === "flat") {
    writes.push(...rangeWrites(slot.range, toCode({ ...after, sort: slot.sort }, identities)));
    return;
  }
  if (slot.length !== null) {
    const length = lengthOf(after);
    if (length !== lengthOf(before)) writes.push(wholeRange(slot.length, length));
  }
  slot.parts.forEach((part, i) => {
    collectWrites(part, partOf(before, i, identities), partOf(after, i, identities), env, writes);
  });
}

function wholeRange({ word, shift, bits }: Range, value: IntNode): Write {
  return { word, shift, at: constant(0), bits, value };
}

/** A range that was changed by insertions only is written where they are, not as a whole. */
function rangeWrites(range: Range, code: IntNode): readonly Write[] {
  const inserts: Write[] = [];
  let base = code;
  while (base.op === "insert") {
    inserts.unshift({
      word: range.word,
      shift: range.shift,
      at: base.at,
      bits: base.bits,
      value: base.value,
    });
    base = base.into;
  }
  const untouched = base.op === "read" && base.range.word === range.word && base.range.shift === range.shift;
  return untouched ? inserts : [wholeRange(range, code)];
}

/** The successor's word: constant places first, all at once, then those known only when running, in order. */
function wordText(word: number, writes: readonly Write[], block: Block): string {
  const mine = writes.filter((write) => write.word === word && write.bits > 0);
  let text = `w${word}`;
  let rest = mine;
  while (rest.length > 0) {
    const fixed = rest.findIndex((write) => write.at.op !== "const");
    const batch = fixed < 0 ? rest : rest.slice(0, fixed);
    text = batchText(text, batch, block);
    const dynamic = fixed < 0 ? undefined : rest[fixed];
    if (dynamic !== undefined) {
      const at =
        dynamic.shift === 0 ? block.int(dynamic.at) : `(${block.int(dynamic.at)} + ${dynamic.shift})`;
      const mask = 2 ** dynamic.bits - 1;
      text = `((${text} & ~(${mask} << ${at})) | (${block.int(dynamic.value)} << ${at}))`;
    }
    rest = fixed < 0 ? [] : rest.slice(fixed + 1);
  }
  return text;
}

function batchText(from: string, batch: readonly Write[], block: Block): string {
  // A later write to the same place replaces an earlier one.
  const last = new Map<number, Write>();
  let overlap = false;
  let covered = 0;
  for (const write of batch) {
    const start = write.shift + (write.at.op === "const" ? write.at.value : 0);
    const mask = maskOf(start, write.bits);
    const same = last.get(start);
    if (same !== undefined && same.bits === write.bits) last.set(start, write);
    else {
      if ((covered & mask) !== 0) overlap = true;
      last.set(start, write);
    }
    covered |= mask;
  }
  if (overlap) {
    return batch.reduce((text, write) => batchText(text, [write], block), from);
  }
  if (last.size === 0) return from;
  let bitsSet = 0;
  const terms: string[] = [];
  for (const [start, { value }] of last) {
    if (value.op === "const") bitsSet |= value.value << start;
    else terms.push(start === 0 ? block.int(value) : `(${block.int(value)} << ${start})`);
  }
  const kept = covered === -1 ? [] : [`(${from} & ${~covered})`];
  const all = [...kept, ...(bitsSet === 0 ? [] : [`${bitsSet}`]), ...terms];
  return all.length === 0 ? "0" : `(${all.join(" | ")})`;
}

function maskOf(start: number, bits: number): number {
  return bits === 32 ? -1 : (2 ** bits - 1) << start;
}
