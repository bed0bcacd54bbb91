/**
 * The reference evaluator of expressions: their meaning, written to be obvious rather than fast. The packed program and
 * XState are compared with it.
 */
import type { ExprData, Range } from "./expr.ts";
import { bind, elementSort, type Scope, sortOf } from "./scope.ts";
import { defaultValue, type Sort, sizeOf, type Value } from "./sort.ts";
import { same } from "./value.ts";

/** Values of all variables. */
export type Context = Readonly<Record<string, Value>>;

/** What an evaluation may read: variables, and for properties the program points. */
export interface Environment {
  readonly scope: Scope;
  readonly context: Context;
  /** True where the instance of the actor stands at one of the points; absent in guards and effects. */
  readonly standsAt?: (actor: string, self: number | null, points: readonly string[]) => boolean;
}

/** A place in the context: variable, then indices and field names. */
export type Path = readonly (string | number)[];

/** What a bound name stands for: a value, or an element of a list that a loop runs through, read where it is. */
export type Local = { readonly sort: Sort } & ({ readonly value: Value } | { readonly place: Path });
export type Locals = Readonly<Record<string, Local>>;

/** The value of an expression of a checked model. */
export function evaluate(expr: ExprData, env: Environment, locals: Locals = {}): Value {
  const go = (e: ExprData) => evaluate(e, env, locals);
  const num = (e: ExprData) => go(e) as number;
  const byDefault = () => defaultValue(sortIn(expr, env, locals), env.scope.identities);
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
    case "bound": {
      const local = locals[expr.name] as Local;
      return "place" in local ? readAt(local.place, env.context) : local.value;
    }
    case "get": {
      const index = go(expr.index);
      if (index === null) return byDefault();
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
      const hits = valuesOf(expr.in, env, locals).map(
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
      return first === undefined ? byDefault() : first;
    }
    case "next": {
      const list = go(expr.list) as readonly Value[];
      const after = go(expr.after);
      const found = list.findIndex((e) => same(e, after));
      const following = found < 0 ? undefined : list[found + 1];
      return following === undefined ? byDefault() : following;
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

/** The values a quantifier or loop runs through. */
export function valuesOf(
  range: Range,
  env: Environment,
  locals: Locals,
): readonly { readonly value: Value; readonly sort: Sort }[] {
  const sort = elementSort(range, scopeWith(env, locals));
  const values =
    "of" in range
      ? Array.from({ length: sizeOf(env.scope.identities, range.of) }, (_, value) => value)
      : (evaluate(range.elements, env, locals) as readonly Value[]);
  return values.map((value) => ({ value, sort }));
}

/** The sort of an expression among bound names. */
export function sortIn(expr: ExprData, env: Environment, locals: Locals): Sort {
  return sortOf(expr, scopeWith(env, locals));
}

function scopeWith(env: Environment, locals: Locals): Scope {
  return Object.entries(locals).reduce((scope, [name, { sort }]) => bind(scope, name, sort), env.scope);
}

function readAt(path: Path, context: Context): Value {
  let at: Value = context;
  for (const key of path) at = (at as Record<string, Value>)[key as string] as Value;
  return at;
}
