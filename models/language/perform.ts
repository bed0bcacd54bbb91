/** The reference evaluator of effects: what a step does to the variables. */
import type { Effect } from "./effect.ts";
import {
  type Context,
  type Environment,
  evaluate,
  type Local,
  type Locals,
  type Path,
  sortIn,
  valuesOf,
} from "./evaluate.ts";
import type { ExprData, Range } from "./expr.ts";
import { describeSort, type Value } from "./sort.ts";
import { inOrder, misfit, same } from "./value.ts";

/** A write outside its sort: an error of the model, found while running it. */
export class ModelError extends Error {
  override readonly name = "ModelError";
}

/** The context after the effects, done in order. Throws {@link ModelError} for a write outside its sort. */
export function perform(effects: readonly Effect[], env: Environment, locals: Locals = {}): Context {
  let context = env.context;
  for (const effect of effects) context = performOne(effect, { ...env, context }, locals);
  return context;
}

function performOne(effect: Effect, env: Environment, locals: Locals): Context {
  const value = (e: ExprData, inner: Locals = locals) => evaluate(e, env, inner);
  const list = (e: ExprData) => value(e) as readonly Value[];
  const write = (place: ExprData, to: Value) => writeAt(place, to, env, locals);
  switch (effect.kind) {
    case "assign":
      return write(effect.target, value(effect.value));
    case "append":
      return write(effect.list, [...list(effect.list), value(effect.value)]);
    case "pop":
      return write(effect.list, list(effect.list).slice(1));
    case "remove": {
      const elements = list(effect.list);
      const gone = value(effect.value);
      const found = elements.findIndex((e) => same(e, gone));
      return write(effect.list, found < 0 ? elements : elements.toSpliced(found, 1));
    }
    case "drop": {
      const kept = valuesOf({ elements: effect.list }, env, locals).filter(
        (local) => !value(effect.where, { ...locals, [effect.as]: local }),
      );
      return write(
        effect.list,
        kept.map((local) => local.value),
      );
    }
    case "clear":
      return write(effect.list, []);
    case "splice": {
      const context = write(effect.to, [...list(effect.to), ...list(effect.from)]);
      return writeAt(effect.from, [], { ...env, context }, locals);
    }
    case "include":
    case "exclude": {
      const elements = (value(effect.set) as readonly number[]).filter((e) => e !== value(effect.value));
      const added = effect.kind === "include" ? [value(effect.value) as number] : [];
      if (added[0] === null) throw new ModelError("none was put into a set");
      return write(
        effect.set,
        [...elements, ...added].sort((a, b) => a - b),
      );
    }
    case "when":
      return perform(value(effect.test) ? effect.then : effect.else, env, locals);
    case "each": {
      let context = env.context;
      for (const local of turnsOf(effect.in, env, locals)) {
        context = perform(effect.do, { ...env, context }, { ...locals, [effect.as]: local });
      }
      return context;
    }
  }
}

/** What the name of a loop stands for in each turn, settled when the loop starts. Elements of a list are places. */
function turnsOf(range: Range, env: Environment, locals: Locals): readonly Local[] {
  const turns = valuesOf(range, env, locals);
  if ("of" in range || turns.length === 0 || sortIn(range.elements, env, locals).kind !== "list")
    return turns;
  const list = placeOf(range.elements, env, locals);
  return turns.map(({ sort }, i) => ({ sort, place: [...list, i] }));
}

/** The path of a place. */
function placeOf(place: ExprData, env: Environment, locals: Locals): Path {
  switch (place.kind) {
    case "var":
      return [place.name];
    case "bound":
      return (locals[place.name] as { readonly place: Path }).place;
    case "get": {
      const index = evaluate(place.index, env, locals);
      if (index === null) throw new ModelError("an array was written at none");
      return [...placeOf(place.array, env, locals), index as number];
    }
    case "field":
      return [...placeOf(place.record, env, locals), place.field];
    default:
      throw new Error("an expression that is not a place is written: the model was not checked");
  }
}

function writeAt(place: ExprData, value: Value, env: Environment, locals: Locals): Context {
  const path = placeOf(place, env, locals);
  const sort = sortIn(place, env, locals);
  const wrong = misfit(value, sort, env.scope.identities);
  if (wrong !== null) throw new ModelError(`${path.join(".")} cannot hold ${wrong} (${describeSort(sort)})`);
  return replace(env.context, path, inOrder(value, sort)) as Context;
}

function replace(whole: Value, [key, ...rest]: Path, value: Value): Value {
  if (key === undefined) return value;
  if (Array.isArray(whole))
    return whole.with(key as number, replace(whole[key as number] as Value, rest, value));
  const object = whole as Record<string, Value>;
  return { ...object, [key]: replace(object[key as string] as Value, rest, value) };
}
