/**
 * Effects in TLA+: each write defines a new value, so what a step does is a chain of LET definitions. A value outside its
 * sort is found by the invariant SORTS; a write at none, which TLA+ would not notice, by an assertion.
 */
import {
  type Effect,
  type ExprData,
  elementSort,
  type Sort,
  sizeOf,
  sortOf,
} from "../../../models/language/index.ts";
import { bindName, type Environment, found, type Part, partText } from "./environment.ts";
import { bracketed, expressionText } from "./expression.ts";

/** What the effects of a step come to. */
export interface Outcome {
  readonly definitions: readonly Definition[];
  /** Conditions of which each must be true. */
  readonly asserted: readonly string[];
  readonly env: Environment;
}

interface Definition {
  readonly name: string;
  readonly text: string;
}

/** Effects under conditions, one after the other. */
export function effectOutcome(
  effects: readonly Effect[],
  env: Environment,
  under: readonly string[] = [],
): Outcome {
  let outcome: Outcome = { definitions: [], asserted: [], env };
  for (const effect of effects)
    outcome = then(outcome, one(effect, { ...env, current: outcome.env.current }, under));
  return outcome;
}

function then(before: Outcome, next: Outcome): Outcome {
  return {
    definitions: [...before.definitions, ...next.definitions],
    asserted: [...before.asserted, ...next.asserted],
    env: { ...before.env, current: next.env.current },
  };
}

function one(effect: Effect, env: Environment, under: readonly string[]): Outcome {
  const text = (expr: ExprData, sort?: Sort) => expressionText(expr, env, sort);
  const write = (target: ExprData, to: (old: string, sort: Sort) => string) =>
    writeOutcome(target, to, env, under);
  switch (effect.kind) {
    case "assign":
      return write(effect.target, (_, sort) => text(effect.value, sort));
    case "append":
      return write(effect.list, (old, sort) => `Append(${old}, ${text(effect.value, itemOf(sort))})`);
    case "pop":
      return write(effect.list, (old) => `IF ${old} = <<>> THEN <<>> ELSE Tail(${old})`);
    case "remove":
      return write(effect.list, (old, sort) => `Without(${old}, ${text(effect.value, itemOf(sort))})`);
    case "drop": {
      const name = env.names.take(effect.as);
      const sort = elementSort({ elements: effect.list }, env.scope);
      const gone = bracketed(expressionText(effect.where, bindName(env, effect.as, sort, name)));
      return write(effect.list, (old) => `SelectSeq(${old}, LAMBDA ${name} : ~${gone})`);
    }
    case "clear":
      return write(effect.list, () => "<<>>");
    case "splice": {
      const from = bracketed(text(effect.from));
      const moved = write(effect.to, (old) => `${old} \\o ${from}`);
      const after = { ...env, current: moved.env.current };
      return then(
        moved,
        writeOutcome(effect.from, () => "<<>>", after, under),
      );
    }
    case "include":
    case "exclude": {
      const sign = effect.kind === "include" ? "\\cup" : "\\";
      return write(effect.set, (old, sort) => {
        const of: Sort = { kind: "id", of: sort.kind === "set" ? sort.of : "", nullable: true };
        return `${old} ${sign} {${text(effect.value, of)}}`;
      });
    }
    case "when": {
      const test = bracketed(text(effect.test));
      const yes = effectOutcome(effect.then, env, [...under, test]);
      const no = effectOutcome(effect.else, env, [...under, `~${test}`]);
      return merged(test, yes, no, env);
    }
    case "each":
      return loop(effect, env, under);
  }
}

function itemOf(list: Sort): Sort {
  return list.kind === "list" ? list.of : list;
}

/** `test ? yes : no`, variable by variable. */
function merged(test: string, yes: Outcome, no: Outcome, env: Environment): Outcome {
  const current: Record<string, string> = { ...env.current };
  const definitions = [...yes.definitions, ...no.definitions];
  for (const name of Object.keys(env.current)) {
    const [a, b] = [found(yes.env.current, name), found(no.env.current, name)];
    if (a === b) continue;
    current[name] = env.names.take(found(env.names.variables, name));
    definitions.push({ name: current[name], text: `IF ${test} THEN ${a} ELSE ${b}` });
  }
  return { definitions, asserted: [...yes.asserted, ...no.asserted], env: { ...env, current } };
}

function writeOutcome(
  target: ExprData,
  to: (old: string, sort: Sort) => string,
  env: Environment,
  under: readonly string[],
): Outcome {
  const { part, asserted } = partOf(target, env, under);
  const value = to(partText(part, env), sortOf(target, env.scope));
  const whole = found(env.current, part.root);
  const name = env.names.take(found(env.names.variables, part.root));
  const text = part.way === "" ? value : `[${whole} EXCEPT !${part.way} = ${value}]`;
  return {
    definitions: [{ name, text }],
    asserted,
    env: { ...env, current: { ...env.current, [part.root]: name } },
  };
}

/** The part that a place is, and that no index on the way is none. */
function partOf(
  place: ExprData,
  env: Environment,
  under: readonly string[],
): { readonly part: Part; readonly asserted: readonly string[] } {
  switch (place.kind) {
    case "var":
      return { part: { root: place.name, way: "" }, asserted: [] };
    case "bound": {
      const part = found(env.bound, place.name);
      if (typeof part === "string") break;
      return { part, asserted: [] };
    }
    case "get": {
      const { part, asserted } = partOf(place.array, env, under);
      const array = sortOf(place.array, env.scope);
      const of = array.kind === "array" ? array.index : "";
      const wanted: Sort = { kind: "id", of, nullable: true };
      const index = expressionText(place.index, env, wanted);
      const given = sortOf(place.index, env.scope, wanted);
      const there = `${bracketed(index)} # ${found(env.names.nones, of)}`;
      const condition = under.length === 0 ? there : `${under.join(" /\\ ")} => ${there}`;
      const nullable = given.kind === "id" && given.nullable;
      return {
        part: { root: part.root, way: `${part.way}[${index}]` },
        asserted: nullable ? [...asserted, condition] : asserted,
      };
    }
    case "field": {
      const { part, asserted } = partOf(place.record, env, under);
      return { part: { root: part.root, way: `${part.way}.${env.names.field(place.field)}` }, asserted };
    }
  }
  throw new Error("an expression that is not a place is written: the model was not checked");
}

/** The turns of a loop, one after the other; which there are is settled when it starts. */
function loop(
  effect: Effect & { readonly kind: "each" },
  env: Environment,
  under: readonly string[],
): Outcome {
  const sort = elementSort(effect.in, env.scope);
  const turns = (size: number, test: (i: number) => string | null, bound: (i: number) => string | Part) => {
    let outcome: Outcome = { definitions: [], asserted: [], env };
    for (let i = 0; i < size; i++) {
      const here = bindName({ ...env, current: outcome.env.current }, effect.as, sort, bound(i));
      const condition = test(i);
      const turn = effectOutcome(effect.do, here, condition === null ? under : [...under, condition]);
      const nothing: Outcome = { definitions: [], asserted: [], env: here };
      outcome = then(outcome, condition === null ? turn : merged(condition, turn, nothing, here));
    }
    return { ...outcome, env: { ...env, current: outcome.env.current } };
  };
  if ("of" in effect.in)
    return turns(
      sizeOf(env.scope.identities, effect.in.of),
      () => null,
      (i) => `${i}`,
    );
  const { elements } = effect.in;
  const whole = bracketed(expressionText(elements, env));
  const collection = sortOf(elements, env.scope);
  if (collection.kind !== "list") {
    const size = sizeOf(env.scope.identities, collection.kind === "set" ? collection.of : "");
    return turns(
      size,
      (i) => `(${i} \\in ${whole})`,
      (i) => `${i}`,
    );
  }
  const { part } = partOf(elements, env, under);
  const element = (i: number): Part => ({ root: part.root, way: `${part.way}[${i + 1}]` });
  return turns(collection.capacity, (i) => `(${i + 1} <= Len(${whole}))`, element);
}
