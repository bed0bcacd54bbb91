/**
 * The reference evaluator: the meaning of expressions and effects, written to be obvious rather than fast. The packed
 * program and XState are compared with it.
 */
import type { Effect } from "./effect.ts";
import type { ExprData } from "./expr.ts";
import { type Scope, sortOf } from "./scope.ts";
import { defaultValue, describeSort, type Sort, sizeOf, type Value } from "./sort.ts";

/** Values of all variables. */
export type Context = Readonly<Record<string, Value>>;

/** What an evaluation may read: variables, and for properties the program points. */
export interface Environment {
  readonly scope: Scope;
  readonly context: Context;
  /** True where the instance of the actor stands at one of the points; absent in guards and effects. */
  readonly standsAt?: (actor: string, self: number | null, points: readonly string[]) => boolean;
}

/** A write outside its sort: an error of the model, found while running it. */
export class ModelError extends Error {
  override readonly name = "ModelError";
}

/** Bound names: a quantifier's or loop's current value with its sort, and its place where it may be written. */
type Locals = Readonly<Record<string, { readonly value: Value; readonly sort: Sort; readonly place?: Path }>>;

/** A place in the context: variable, then indices and field names. */
type Path = readonly (string | number)[];

/** The value of an expression. `expected` gives the sort of a bare literal. */
export function evaluate(expr: ExprData, env: Environment, locals: Locals = {}): Value {
  const go = (e: ExprData) => evaluate(e, env, locals);
  const num = (e: ExprData) => go(e) as number;
  switch (expr.kind) {
    case "bool":
    case "int":
    case "enum":
    case "id":
      return expr.value;
    case "none":
      return null;
    case "var":
      return env.context[expr.name] as Value;
    case "bound":
      return (locals[expr.name] as { value: Value }).value;
    case "get": {
      const index = go(expr.index);
      if (index === null) return defaultValue(sort(expr, env, locals), env.scope.identities);
      return (go(expr.array) as readonly Value[])[index as number] as Value;
    }
    case "field":
      return (go(expr.record) as Record<string, Value>)[expr.field] as Value;
    case "record":
      return Object.fromEntries(Object.entries(expr.fields).map(([name, value]) => [name, go(value)]));
    case "not":
      return !go(expr.of);
    case "and":
      return expr.of.every((e) => go(e));
    case "or":
      return expr.of.some((e) => go(e));
    case "eq":
      return same(go(expr.left), go(expr.right));
    case "ne":
      return !same(go(expr.left), go(expr.right));
    case "lt":
      return num(expr.left) < num(expr.right);
    case "le":
      return num(expr.left) <= num(expr.right);
    case "gt":
      return num(expr.left) > num(expr.right);
    case "ge":
      return num(expr.left) >= num(expr.right);
    case "add":
      return num(expr.left) + num(expr.right);
    case "sub":
      return num(expr.left) - num(expr.right);
    case "mul":
      return num(expr.left) * num(expr.right) + 0;
    case "div": {
      const by = num(expr.right);
      return by === 0 ? 0 : Math.trunc(num(expr.left) / by) + 0;
    }
    case "mod": {
      const by = num(expr.right);
      return by === 0 ? 0 : (num(expr.left) % by) + 0;
    }
    case "min":
      return Math.min(num(expr.left), num(expr.right));
    case "max":
      return Math.max(num(expr.left), num(expr.right));
    case "if":
      return go(expr.test) ? go(expr.then) : go(expr.else);
    case "exists":
    case "forall":
    case "count": {
      const hits = range(expr.in, env, locals).map(
        (local) => evaluate(expr.where, env, { ...locals, [expr.as]: local }) as boolean,
      );
      if (expr.kind === "exists") return hits.some((hit) => hit);
      if (expr.kind === "forall") return hits.every((hit) => hit);
      return hits.filter((hit) => hit).length;
    }
    case "length":
      return (go(expr.list) as readonly Value[]).length;
    case "head": {
      const first = (go(expr.list) as readonly Value[])[0];
      return first === undefined ? defaultValue(sort(expr, env, locals), env.scope.identities) : first;
    }
    case "next": {
      const list = go(expr.list) as readonly Value[];
      const after = go(expr.after);
      const found = list.findIndex((e) => same(e, after));
      const following = found < 0 ? undefined : list[found + 1];
      return following === undefined
        ? defaultValue(sort(expr, env, locals), env.scope.identities)
        : following;
    }
    case "contains": {
      const value = go(expr.value);
      return (go(expr.list) as readonly Value[]).some((e) => same(e, value));
    }
    case "includes":
      return (go(expr.set) as readonly Value[]).includes(go(expr.value));
    case "size":
      return (go(expr.set) as readonly Value[]).length;
    case "at": {
      if (env.standsAt === undefined) throw new Error("a program point was read outside a property");
      return env.standsAt(expr.actor, expr.self === undefined ? null : num(expr.self), expr.points);
    }
  }
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
      const kept = range({ elements: effect.list }, env, locals).filter(
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
      const locals0 = range(effect.in, env, locals);
      let context = env.context;
      for (const local of locals0) {
        // The element may have been written by an earlier turn: read it again at its place.
        const current = local.place === undefined ? local : { ...local, value: readAt(local.place, context) };
        context = perform(effect.do, { ...env, context }, { ...locals, [effect.as]: current });
      }
      return context;
    }
  }
}

/** The values a quantifier or loop runs through. */
function range(
  over: { readonly of: string } | { readonly elements: ExprData },
  env: Environment,
  locals: Locals,
): readonly { readonly value: Value; readonly sort: Sort; readonly place?: Path }[] {
  if ("of" in over) {
    const sort: Sort = { kind: "id", of: over.of, nullable: false };
    return Array.from({ length: sizeOf(env.scope.identities, over.of) }, (_, value) => ({ value, sort }));
  }
  const whole = sort(over.elements, env, locals);
  const of: Sort =
    whole.kind === "list"
      ? whole.of
      : { kind: "id", of: whole.kind === "set" ? whole.of : "", nullable: false };
  const elements = evaluate(over.elements, env, locals) as readonly Value[];
  const place =
    whole.kind === "list" && elements.length > 0 ? placeOf(over.elements, env, locals) : undefined;
  return elements.map((value, index) => ({
    value,
    sort: of,
    ...(place === undefined ? {} : { place: [...place, index] }),
  }));
}

function sort(expr: ExprData, env: Environment, locals: Locals): Sort {
  const bound = Object.fromEntries(Object.entries(locals).map(([name, local]) => [name, local.sort]));
  return sortOf(expr, { ...env.scope, bound: { ...env.scope.bound, ...bound } });
}

/** The path of a place; undefined where the expression is not one (it can be read, not written). */
function placeOf(place: ExprData, env: Environment, locals: Locals): Path | undefined {
  switch (place.kind) {
    case "var":
      return [place.name];
    case "bound":
      return locals[place.name]?.place;
    case "get": {
      const outer = placeOf(place.array, env, locals);
      const index = evaluate(place.index, env, locals);
      if (index === null) throw new ModelError("an array was written at none");
      return outer === undefined ? undefined : [...outer, index as number];
    }
    case "field": {
      const outer = placeOf(place.record, env, locals);
      return outer === undefined ? undefined : [...outer, place.field];
    }
    default:
      return undefined;
  }
}

function writeAt(place: ExprData, value: Value, env: Environment, locals: Locals): Context {
  const path = placeOf(place, env, locals);
  if (path === undefined) throw new Error("an expression that is not a place was written");
  const of = sort(place, env, locals);
  const wrong = misfit(value, of, env.scope.identities);
  if (wrong !== null) throw new ModelError(`${path.join(".")} cannot hold ${wrong} (${describeSort(of)})`);
  return replace(env.context as Value, path, inOrder(value, of)) as Context;
}

/** The value with the fields of its records in the sort's order, so that equal values print alike. */
function inOrder(value: Value, sort: Sort): Value {
  if (sort.kind === "record") {
    const fields = value as Record<string, Value>;
    return Object.fromEntries(Object.keys(sort.fields).map((name) => [name, fields[name] as Value]));
  }
  if (sort.kind !== "list" && sort.kind !== "array") return value;
  return (value as readonly Value[]).map((element) => inOrder(element, sort.of));
}

function readAt(path: Path, context: Context): Value {
  let at: Value = context as Value;
  for (const key of path) at = (at as Record<string, Value>)[key as string] as Value;
  return at;
}

function replace(whole: Value, [key, ...rest]: Path, value: Value): Value {
  if (key === undefined) return value;
  if (Array.isArray(whole))
    return whole.with(key as number, replace(whole[key as number] as Value, rest, value));
  const object = whole as Record<string, Value>;
  return { ...object, [key]: replace(object[key as string] as Value, rest, value) };
}

/** What does not fit into the sort, in words; null where the value fits. */
export function misfit(value: Value, sort: Sort, identities: Scope["identities"]): string | null {
  const text = () => JSON.stringify(value) ?? String(value);
  switch (sort.kind) {
    case "bool":
      return typeof value === "boolean" ? null : text();
    case "int":
      return Number.isInteger(value) && (value as number) >= sort.min && (value as number) <= sort.max
        ? null
        : text();
    case "enum":
      return typeof value === "string" && sort.values.includes(value) ? null : text();
    case "id":
      if (value === null) return sort.nullable ? null : "none";
      return Number.isInteger(value) &&
        (value as number) >= 0 &&
        (value as number) < sizeOf(identities, sort.of)
        ? null
        : text();
    case "set":
      if (!Array.isArray(value)) return text();
      return misfitElements(value, { kind: "id", of: sort.of, nullable: false }, identities);
    case "list":
      if (!Array.isArray(value)) return text();
      if (value.length > sort.capacity) return `${value.length} elements`;
      return misfitElements(value, sort.of, identities);
    case "array":
      if (!Array.isArray(value) || value.length !== sizeOf(identities, sort.index)) return text();
      return misfitElements(value, sort.of, identities);
    case "record": {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return text();
      for (const [name, of] of Object.entries(sort.fields)) {
        const field = (value as Record<string, Value>)[name];
        if (field === undefined) return `a record without ${name}`;
        const wrong = misfit(field, of, identities);
        if (wrong !== null) return `${wrong} in ${name}`;
      }
      return null;
    }
  }
}

function misfitElements(values: readonly Value[], of: Sort, identities: Scope["identities"]): string | null {
  for (const value of values) {
    const wrong = misfit(value, of, identities);
    if (wrong !== null) return wrong;
  }
  return null;
}

/** Structural equality of values. */
export function same(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((e, i) => same(e, b[i] as Value));
  const left = Object.entries(a);
  return (
    left.length === Object.keys(b).length &&
    left.every(([name, value]) => same(value, (b as Record<string, Value>)[name] as Value))
  );
}
