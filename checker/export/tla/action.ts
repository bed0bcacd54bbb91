/** Steps as actions of TLA+: `self` and choices are parameters, an actor is the disjunction of its steps. */
import type { Actor, Model, TransitionData } from "../../../models/language/index.ts";
import { commentText } from "../names.ts";
import { effectOutcome } from "./effect.ts";
import { bindName, type Environment, found } from "./environment.ts";
import { besideEquals, bracketed, conjuncts, expressionText } from "./expression.ts";
import { quoted } from "./sort.ts";

/** One step of an actor, with its alternatives' guards. */
export interface Action {
  readonly actor: string;
  readonly step: string;
  /** Name of the operator, and how it is applied: `owner_touch(self, folio)`. */
  readonly call: string;
  /** Quantifiers over the parameters, without that over `self`: `\E folio \in Folio : `. */
  readonly parameters: readonly { readonly name: string; readonly of: string }[];
  /** The environment inside. */
  readonly env: Environment;
  readonly fairness: "weak" | "strong" | null;
  readonly lines: readonly string[];
}

/** The names of parameters: `self` and the choices of all steps. */
export function parameterNames(model: Model, env: Environment): Readonly<Record<string, string>> {
  const choices = model.actors.flatMap(({ config }) =>
    Object.values(config.states).flatMap(({ on }) =>
      Object.values(on ?? {}).flatMap(([first]) => Object.keys(first?.meta?.choose ?? {})),
    ),
  );
  return Object.fromEntries(["self", ...new Set(choices)].map((name) => [name, env.names.take(name)]));
}

export function actionsOf(
  actor: Actor,
  env: Environment,
  parameters: Readonly<Record<string, string>>,
): readonly Action[] {
  const self = actor.forEach === undefined ? [] : [{ name: "self", of: actor.forEach }];
  return Object.entries(actor.config.states).flatMap(([point, { on }]) =>
    Object.entries(on ?? {}).flatMap(([step, alternatives]) => {
      const choices = Object.entries(alternatives[0]?.meta?.choose ?? {});
      const chosen = choices.map(([name, of]) => ({ name, of }));
      const inner = [...self, ...chosen].reduce(
        (at, { name, of }) =>
          bindName(at, name, { kind: "id", of, nullable: false }, found(parameters, name)),
        env,
      );
      return alternatives.map((transition, i): Action => {
        const before = alternatives.slice(0, i);
        const name = env.names.take(`${actor.name}_${step}`);
        const names = [...self, ...chosen].map((parameter) => found(parameters, parameter.name));
        const call = names.length === 0 ? name : `${name}(${names.join(", ")})`;
        return {
          actor: actor.name,
          step,
          call,
          parameters: chosen.map((parameter) => ({
            name: found(parameters, parameter.name),
            of: parameter.of,
          })),
          env: inner,
          fairness: transition.meta?.fairness ?? null,
          lines: [
            `\\* ${commentText(`${point}: ${step}. ${transition.description}`)}`,
            `${call} ==`,
            ...body(actor, point, transition, before, inner),
            "",
          ],
        };
      });
    }),
  );
}

function body(
  actor: Actor,
  point: string,
  transition: TransitionData,
  before: readonly TransitionData[],
  env: Environment,
): readonly string[] {
  const { variables, points } = env.names;
  const place = found(points, actor.name);
  const self = actor.forEach === undefined ? null : found(env.bound, "self");
  const here = self === null ? place : `${place}[${String(self)}]`;
  const guards = [
    `${here} = ${quoted(point)}`,
    ...(transition.guard === undefined ? [] : conjuncts(transition.guard.params, env)),
    ...before.map(({ guard }) =>
      guard === undefined ? "FALSE" : `~${bracketed(expressionText(guard.params, env))}`,
    ),
  ];
  const effects = (transition.actions ?? []).flatMap(({ params }) => params);
  const outcome = effectOutcome(effects, env);
  const to = transition.target ?? point;
  const moved = self === null ? quoted(to) : `[${place} EXCEPT ![${String(self)}] = ${quoted(to)}]`;
  const changed = Object.keys(variables).filter((name) => outcome.env.current[name] !== env.current[name]);
  const kept = [
    ...Object.entries(variables).flatMap(([name, text]) => (changed.includes(name) ? [] : [text])),
    ...Object.values(points).filter((text) => text !== place || to === point),
  ];
  const { definitions, primed } = inlined(
    outcome.definitions,
    changed.map((name) => [found(variables, name), found(outcome.env.current, name)]),
    outcome.asserted,
  );
  const results = [
    ...outcome.asserted.map((condition) => `Assert(${condition}, "an array is written at none")`),
    ...primed.map(([name, text]) => `${name}' = ${besideEquals(text)}`),
    ...(to === point ? [] : [`${place}' = ${moved}`]),
    ...(kept.length === 0 ? [] : [`UNCHANGED <<${kept.join(", ")}>>`]),
  ];
  const list = (all: readonly string[], indent: string) => all.map((line) => `${indent}/\\ ${line}`);
  if (definitions.length === 0) return list([...guards, ...results], "  ");
  return [
    ...list(guards, "  "),
    ...definitions.map(({ name, text }, i) => `${i === 0 ? "  /\\ LET" : "        "} ${name} == ${text}`),
    ...list(results, "     ").map((line, i) => (i === 0 ? line.replace(/^ {5}/, "     IN ") : `   ${line}`)),
  ];
}

interface Definition {
  readonly name: string;
  readonly text: string;
}

/** Definitions that are used once, for the next state, are written there. */
function inlined(
  definitions: readonly Definition[],
  primed: readonly (readonly [string, string])[],
  asserted: readonly string[],
): { readonly definitions: readonly Definition[]; readonly primed: readonly (readonly [string, string])[] } {
  const uses = (name: string) =>
    [...definitions.map(({ text }) => text), ...asserted].filter((text) =>
      new RegExp(`\\b${name}\\b`).test(text),
    ).length;
  const once = new Map(definitions.filter(({ name }) => uses(name) === 0).map((d) => [d.name, d.text]));
  return {
    definitions: definitions.filter(({ name }) => !once.has(name)),
    primed: primed.map(([name, text]) => [name, once.get(text) ?? text]),
  };
}
