/**
 * The flattened form of a model: actor instances with their program points and one entry for each step, `self` and
 * choices replaced by individuals. The reference evaluator, the XState composition and the packed program all start
 * from it, so they agree on names and on order.
 */
import type { Effect } from "./effect.ts";
import type { ExprData, Range } from "./expr.ts";
import type { Actor, Emission, Model } from "./model.ts";
import { sizeOf } from "./sort.ts";

/** An actor instance: `owner(mm0)`. */
export interface Instance {
  readonly name: string;
  readonly actor: Actor;
  /** The individual it stands for; null for the only instance of its actor. */
  readonly self: number | null;
  readonly points: readonly string[];
  readonly initial: number;
}

/** One way to leave a program point, closed: no bound name is left. */
export interface Step {
  /** Position in {@link System.steps}. */
  readonly index: number;
  /** Position of its instance in {@link System.instances}. */
  readonly instance: number;
  /** Event type of the composed machine: `owner(mm0).exit:lock` or, with a choice, `app(mm0).touch(folio1)`. */
  readonly event: string;
  /** Step name without instance and choices. */
  readonly name: string;
  /** Program points, as positions in the instance's `points`. */
  readonly from: number;
  readonly to: number;
  readonly guard: ExprData | null;
  /** Guards of the alternatives before it under the same event, which must be false; null there means always true. */
  readonly unless: readonly (ExprData | null)[];
  readonly effects: readonly Effect[];
  readonly description: string;
  readonly why: string | null;
  readonly emits: Emission | null;
  readonly bindings: Bindings;
  /** What the step may count on by itself; null where only its actor does. */
  readonly fairness: "weak" | "strong" | null;
}

/** Names bound to individuals: `self`, choices. */
export type Bindings = Readonly<Record<string, { readonly of: string; readonly value: number }>>;

export interface System {
  readonly model: Model;
  readonly instances: readonly Instance[];
  readonly steps: readonly Step[];
}

/** Places the instances of every actor side by side. The model must have passed the check. */
export function flatten(model: Model): System {
  const instances: Instance[] = [];
  const steps: Step[] = [];
  for (const actor of model.actors) {
    const selves =
      actor.forEach === undefined
        ? [null]
        : Array.from({ length: sizeOf(model.identities, actor.forEach) }, (_, self) => self);
    for (const self of selves) {
      const name = self === null ? actor.name : `${actor.name}(${actor.forEach}${self})`;
      const points = Object.keys(actor.config.states);
      instances.push({ name, actor, self, points, initial: points.indexOf(actor.config.initial) });
      addSteps(model, steps, instances.length - 1, name, actor, self, points);
    }
  }
  return { model, instances, steps };
}

function addSteps(
  model: Model,
  steps: Step[],
  instance: number,
  instanceName: string,
  actor: Actor,
  self: number | null,
  points: readonly string[],
): void {
  const own: Bindings =
    self === null || actor.forEach === undefined ? {} : { self: { of: actor.forEach, value: self } };
  points.forEach((point, from) => {
    for (const [name, alternatives] of Object.entries(actor.config.states[point]?.on ?? {})) {
      const choices = alternatives[0]?.meta?.choose ?? {};
      for (const choice of combinations(model, choices)) {
        const bindings = { ...own, ...choice };
        const suffix = Object.values(choice).map(({ of, value }) => `${of}${value}`);
        const event = `${instanceName}.${name}${suffix.length === 0 ? "" : `(${suffix.join(",")})`}`;
        const before: (ExprData | null)[] = [];
        for (const t of alternatives) {
          const guard = t.guard === undefined ? null : substitute(t.guard.params, bindings);
          steps.push({
            index: steps.length,
            instance,
            event,
            name,
            from,
            to: t.target === undefined ? from : points.indexOf(t.target),
            guard,
            unless: [...before],
            effects: (t.actions ?? []).flatMap(({ params }) =>
              params.map((e) => substituteEffect(e, bindings)),
            ),
            description: t.description,
            why: t.meta?.why ?? null,
            emits: t.meta?.emits === undefined ? null : substituteEmission(t.meta.emits, bindings),
            bindings,
            fairness: t.meta?.fairness ?? null,
          });
          before.push(guard);
        }
      }
    }
  });
}

function substituteEmission(emission: Emission, bindings: Bindings): Emission {
  return {
    event: emission.event,
    args: Object.fromEntries(
      Object.entries(emission.args).map(([name, arg]) => [name, substitute(arg, bindings)]),
    ),
  };
}

/** All ways to choose an individual for each name, in ascending order, the last name fastest. */
function combinations(model: Model, choices: Readonly<Record<string, string>>): readonly Bindings[] {
  let all: Bindings[] = [{}];
  for (const [name, of] of Object.entries(choices)) {
    const values = Array.from({ length: sizeOf(model.identities, of) }, (_, value) => value);
    all = all.flatMap((b) => values.map((value) => ({ ...b, [name]: { of, value } })));
  }
  return all;
}

/** Replaces bound names by individuals. Names bound inside (by a quantifier) hide outer ones. */
export function substitute(expr: ExprData, bindings: Bindings): ExprData {
  const go = (e: ExprData) => substitute(e, bindings);
  switch (expr.kind) {
    case "bool":
    case "int":
    case "enum":
    case "id":
    case "none":
    case "var":
      return expr;
    case "bound": {
      const individual = bindings[expr.name];
      return individual === undefined ? expr : { kind: "id", ...individual };
    }
    case "get":
      return { ...expr, array: go(expr.array), index: go(expr.index) };
    case "field":
      return { ...expr, record: go(expr.record) };
    case "record":
      return { ...expr, fields: mapValues(expr.fields, go) };
    case "not":
      return { ...expr, of: go(expr.of) };
    case "and":
    case "or":
      return { ...expr, of: expr.of.map(go) };
    case "if":
      return { ...expr, test: go(expr.test), then: go(expr.then), else: go(expr.else) };
    case "exists":
    case "forall":
    case "count": {
      const range: Range = "of" in expr.in ? expr.in : { elements: go(expr.in.elements) };
      return { ...expr, in: range, where: substitute(expr.where, without(bindings, expr.as)) };
    }
    case "length":
    case "head":
      return { ...expr, list: go(expr.list) };
    case "next":
      return { ...expr, list: go(expr.list), after: go(expr.after) };
    case "contains":
      return { ...expr, list: go(expr.list), value: go(expr.value) };
    case "includes":
      return { ...expr, set: go(expr.set), value: go(expr.value) };
    case "size":
      return { ...expr, set: go(expr.set) };
    case "at":
      return expr.self === undefined ? expr : { ...expr, self: go(expr.self) };
    default:
      return { ...expr, left: go(expr.left), right: go(expr.right) };
  }
}

/** {@link substitute} for an effect and everything in it. */
export function substituteEffect(effect: Effect, bindings: Bindings): Effect {
  const go = (e: ExprData) => substitute(e, bindings);
  switch (effect.kind) {
    case "assign":
      return { ...effect, target: go(effect.target), value: go(effect.value) };
    case "append":
    case "remove":
      return { ...effect, list: go(effect.list), value: go(effect.value) };
    case "pop":
    case "clear":
      return { ...effect, list: go(effect.list) };
    case "drop":
      return {
        ...effect,
        list: go(effect.list),
        where: substitute(effect.where, without(bindings, effect.as)),
      };
    case "splice":
      return { ...effect, from: go(effect.from), to: go(effect.to) };
    case "include":
    case "exclude":
      return { ...effect, set: go(effect.set), value: go(effect.value) };
    case "when":
      return {
        ...effect,
        test: go(effect.test),
        then: effect.then.map((e) => substituteEffect(e, bindings)),
        else: effect.else.map((e) => substituteEffect(e, bindings)),
      };
    case "each": {
      const inner = without(bindings, effect.as);
      return {
        ...effect,
        in: "of" in effect.in ? effect.in : { elements: go(effect.in.elements) },
        do: effect.do.map((e) => substituteEffect(e, inner)),
      };
    }
  }
}

function without(bindings: Bindings, name: string): Bindings {
  if (bindings[name] === undefined) return bindings;
  const { [name]: _hidden, ...rest } = bindings;
  return rest;
}

function mapValues<A, B>(of: Readonly<Record<string, A>>, f: (a: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(of).map(([name, value]) => [name, f(value)]));
}
