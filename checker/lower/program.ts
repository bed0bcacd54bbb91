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
  isAbout,
  type Model,
  type Property,
  type Step,
  type System,
  substitute,
} from "../../models/language/index.ts";
import { lowerEffects } from "./effect.ts";
import { Block, readText } from "./emit.ts";
import { type Environment, lower, stateEnvironment } from "./expression.ts";
import { type Layout, layOut } from "./layout.ts";
import { not, yes } from "./node.ts";
import { truth } from "./value.ts";
import { pointWrite, variableWrites, wordText } from "./write.ts";

/** A model lowered: its flattened form, its layout, and text that works on packed states. */
export interface Program {
  readonly system: System;
  readonly layout: Layout;
  /** What expressions mean in a packed state. */
  readonly env: Environment;
  /** Most successors that a state can have. */
  readonly maxSuccessors: number;
  /** `w0, w1, ...`: the parameters of every generated function. */
  readonly words: string;
  /** Definitions of `expand(w0, w1, ...)` and the functions it calls, with the given properties' assertions. */
  readonly expandText: (properties: readonly Property[], frame?: Frame) => string;
  /** Definition of a function `name(w0, w1, ...)` that is true in the states in which the closed condition is. */
  readonly conditionText: (name: string, condition: ExprData) => string;
  /** Definitions that condition texts call. `expandText` has them already. */
  readonly helperText: string;
  /** Present where the program is a reduction of another one: it has fewer states, or takes fewer steps. */
  readonly reduced?: Reduced;
}

/** What a reduced program came from. */
export interface Reduced {
  /** The program with every state and every step. */
  readonly full: Program;
  /**
   * An expression: the function from the words of a state to an array of those of the state that stands for it; null where
   * every state stands for itself. It calls helper texts.
   */
  readonly standIn: string | null;
}

/** What stands around the steps of `expand`. */
export interface Frame {
  /** Name of the function that gets the successors. */
  readonly emit: string;
  /** Text before the calls of all instances; it may return. */
  readonly first: string;
}

/** The same text for the same properties, printed once: who searches a graph also reads it. */
export function remembered(
  print: (properties: readonly Property[]) => string,
): (properties: readonly Property[]) => string {
  const texts = new WeakMap<readonly Property[], string>();
  return (properties) => {
    const text = texts.get(properties) ?? print(properties);
    texts.set(properties, text);
    return text;
  };
}

/** Lowers a model that has passed the check. */
export function lowerModel(model: Model): Program {
  const system = flatten(model);
  const layout = layOut(system);
  const env = stateEnvironment(system, layout);
  const words = Array.from({ length: layout.words }, (_, i) => `w${i}`).join(", ");
  const plain = remembered((properties) =>
    expandText({ env, words, properties, frame: { emit: "emit", first: "" } }),
  );
  return {
    system,
    layout,
    env,
    maxSuccessors: maxSuccessors(system),
    words,
    expandText: (properties, frame) =>
      frame === undefined ? plain(properties) : expandText({ env, words, properties, frame }),
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

/** What the text of every step depends on. */
interface Setting {
  readonly env: Environment;
  readonly words: string;
  readonly properties: readonly Property[];
  readonly frame: Frame;
}

function expandText(setting: Setting): string {
  const { env, words, frame } = setting;
  const { system } = env;
  const functions = system.instances.map((instance, position) => {
    const cases = instance.points.map((_, point) => {
      const steps = system.steps.filter((step) => step.instance === position && step.from === point);
      if (steps.length === 0) return "";
      return `case ${point}: {\n${pointText(steps, setting)}break;\n}\n`;
    });
    const point = readText(env.layout.points[position]!);
    return `function expand${position}(${words}) {\nswitch (${point}) {\n${cases.join("")}}\n}\n`;
  });
  const calls = system.instances.map((_, position) => `expand${position}(${words});\n`);
  return `${popcountText}${functions.join("")}function expand(${words}) {\n${frame.first}${calls.join("")}}\n`;
}

const popcountText = `function popcount(x) {
x -= (x >>> 1) & 0x55555555;
x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
`;

/** The steps of one program point: a chain of alternatives for each event. */
function pointText(steps: readonly Step[], setting: Setting): string {
  const { env } = setting;
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
      const body = `{\n${stepText(step, setting, block)}}\n`;
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

function stepText(step: Step, { env, properties, frame }: Setting, outer: Block): string {
  const block = new Block(outer);
  const asserted = properties.flatMap((property, k) => {
    if (property.kind !== "assertion") return [];
    const actor = env.system.instances[step.instance]!.actor.name;
    if (!isAbout(property, actor, step.name)) return [];
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
  taken += `taken[${step.index}] = 1;\n${frame.emit}(${[step.index, ...successor].join(", ")});\n`;
  // A step that is an error is not taken, so nothing is asserted of it.
  if (error.op === "false") return declarations + taken;
  return `${declarations}if (${block.bool(error)}) broken(${step.index});\nelse {\n${taken}}\n`;
}
