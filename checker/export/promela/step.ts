/** The processes of a Promela text: one for each instance of an actor, each step a `d_step` with its guard. */
import {
  type Instance,
  isAbout,
  type Property,
  type Step,
  type System,
  substitute,
} from "../../../models/language/index.ts";
import { commentText } from "../names.ts";
import { and, atom, type Code, infix, no, not, or, yes } from "./code.ts";
import { effectStatements } from "./effect.ts";
import { condition } from "./expression.ts";
import type { RunFairness } from "./fairness.ts";
import type { Names } from "./names.ts";
import type { Environment } from "./operation.ts";
import type { Notes } from "./place.ts";
import { type Statement, statementLines, when } from "./statement.ts";

export interface ProcessOptions {
  readonly system: System;
  readonly names: Names;
  readonly processes: readonly string[];
  readonly env: Environment;
  readonly scratch: (position: number) => Code;
  /** The macro that says of a step whether the assertion holds, by the property's id. */
  readonly assertions: ReadonlyMap<string, string>;
  /** Null where no property is about runs. */
  readonly fairness: RunFairness | null;
  /** True where every step starts with the macro `BEGIN`. */
  readonly begins: boolean;
  /** True where every step ends with the macro `END`. */
  readonly ends: boolean;
}

export interface Processes {
  readonly text: string;
  /** Some step can be an error of the model. */
  readonly fallible: boolean;
}

export function processTexts(options: ProcessOptions): Processes {
  let fallible = false;
  const noteFailure = () => {
    fallible = true;
  };
  const texts = options.system.instances.map((instance, position) => {
    const steps = options.system.steps.filter((step) => step.instance === position);
    return processText(instance, options.processes[position] ?? "", steps, options, noteFailure);
  });
  const some = texts.some((text) => text !== "") ? texts : ["active proctype nobody() { end: false }\n"];
  return { text: some.filter((text) => text !== "").join("\n"), fallible };
}

function processText(
  instance: Instance,
  name: string,
  steps: readonly Step[],
  options: ProcessOptions,
  noteFailure: () => void,
): string {
  const { actor } = instance;
  const possible = steps.filter((step) => enabled(step, options.env).value !== 0);
  if (possible.length === 0) return "";
  const idle = options.fairness?.idles === true && actor.fairness === "none";
  const lines = possible.flatMap((step) => stepLines(instance, step, options, noteFailure));
  return [
    `/* ${commentText(instance.name)}: ${commentText(actor.doc)}`,
    `   Fairness: ${actor.fairness === "none" ? "none; it may stop at any point" : actor.fairness}. */`,
    `active proctype ${name}() {`,
    "end:",
    "  do",
    ...(idle ? ["#ifdef RUNS", "  :: d_step { !halted -> idle = true }", "#endif"] : []),
    ...lines,
    "  od",
    "}",
    "",
  ].join("\n");
}

/** The guard, where no alternative before it is possible. */
export function enabled({ guard, unless }: Step, env: Environment): Code {
  const holds = (expr: Step["guard"]) => (expr === null ? yes : condition(expr, env));
  return and([holds(guard), ...unless.map((before) => not(holds(before)))]);
}

function stepLines(
  instance: Instance,
  step: Step,
  options: ProcessOptions,
  noteFailure: () => void,
): readonly string[] {
  const { names, env, system } = options;
  let used = 0;
  let canFail = false;
  const notes: Notes = {
    scratch: () => options.scratch(used++),
    mayFail: () => {
      canFail = true;
    },
  };
  const here = names.pointOf(instance);
  const from = instance.points[step.from] ?? "";
  const to = instance.points[step.to] ?? "";
  const asserted = assertedOf(step, instance, system.model.properties).map(
    ({ id, holds, premise }): Statement => {
      const code = (expr: typeof holds) => condition(substitute(expr, step.bindings), env);
      const unasked = premise === undefined ? no : not(code(premise));
      return { kind: "macro", text: `${options.assertions.get(id)}(${or([unasked, code(holds)]).text})` };
    },
  );
  const effects = effectStatements(step.effects, { ...env, places: {}, notes });
  const moved = step.to === step.from ? [] : [`${here} = ${names.point(instance.actor.name, to).text}`];
  if (canFail) noteFailure();
  const guard = and([infix("==", atom(here), names.point(instance.actor.name, from)), enabled(step, env)]);
  const chosen = Object.entries(step.bindings).filter(([name]) => name !== "self");
  const choice = chosen.map(([name, { of, value }]) => `${name} ${of}${value}`).join(", ");
  const label = `${from}: ${step.name}${choice === "" ? "" : ` (${choice})`}`;
  const body: readonly Statement[] = [
    ...(options.begins ? [{ kind: "macro", text: "BEGIN" } as const] : []),
    ...asserted,
    ...effects,
    ...(canFail ? when(atom("broken"), ["give_up()"], moved) : moved),
    ...turnOf(step, options.fairness),
    ...(options.ends ? [{ kind: "macro", text: "END" } as const] : []),
  ];
  return [
    `  :: /* ${commentText(label)}. ${commentText(step.description)} */`,
    "     d_step {",
    `       ${guard.text} ->`,
    ...statementLines(body, "       "),
    "     }",
  ];
}

/** Whose turn it was, where a strongly fair actor waits for its own. */
function turnOf({ instance }: Step, fairness: RunFairness | null): readonly Statement[] {
  const { strong = [] } = fairness ?? {};
  if (strong.length === 0) return [];
  const who = strong.indexOf(instance);
  return [{ kind: "macro", text: `TURN(${who < 0 ? strong.length : who})` }];
}

type Assertion = Property & { readonly kind: "assertion" };

/** The assertions that are made of a step. */
function assertedOf(step: Step, { actor }: Instance, properties: readonly Property[]): readonly Assertion[] {
  return properties.filter(
    (property): property is Assertion =>
      property.kind === "assertion" && isAbout(property, actor.name, step.name),
  );
}
