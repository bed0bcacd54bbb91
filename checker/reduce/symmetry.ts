/**
 * Which identities are interchangeable: exchanging two of their individuals everywhere, in a state and in the names of
 * steps, turns runs into runs (scalarsets, Ip and Dill 1996).
 *
 * The language has few ways to tell individuals apart, and each is looked for: a literal, a start that prefers one, the
 * default of a sort that cannot be none (individual 0), and a loop whose turns depend on their order.
 */
import {
  bind,
  defaultValue,
  type Effect,
  type ExprData,
  elementSort,
  type Model,
  type Property,
  type Scope,
  type Sort,
  same,
  sizeOf,
  sortOf,
  type Value,
} from "../../models/language/index.ts";
import { turnsCommute } from "./turns.ts";
import { conditionsOf, partsOfEffect, partsOfExpr } from "./walk.ts";

/** Why the individuals of the identity cannot be exchanged in the model or in the properties; null where they can. */
export function whyNotInterchangeable(
  model: Model,
  properties: readonly Property[],
  kind: string,
): string | null {
  const scope: Scope = { identities: model.identities, variables: model.variables, bound: {} };
  for (const [name, { sort, initial }] of Object.entries(model.variables)) {
    if (!isInvariant(initial, sort, scope, kind)) return `${name} does not start the same for every ${kind}`;
  }
  for (const actor of model.actors) {
    const own = actor.forEach === undefined ? scope : bind(scope, "self", individual(actor.forEach));
    for (const point of Object.values(actor.config.states)) {
      for (const alternatives of Object.values(point.on ?? {})) {
        const choices = Object.entries(alternatives[0]?.meta?.choose ?? {});
        const inner = choices.reduce((to, [name, of]) => bind(to, name, individual(of)), own);
        for (const { guard, actions = [] } of alternatives) {
          const effects = actions.flatMap(({ params }) => params);
          const why =
            (guard === undefined ? null : inExpr(guard.params, inner, kind)) ??
            inEffects(effects, inner, kind);
          if (why !== null) return `a step of ${actor.name} ${why}`;
        }
      }
    }
  }
  for (const property of properties) {
    const bound = assertedScope(model, property, scope);
    for (const condition of conditionsOf(property)) {
      const why = inExpr(condition, bound, kind);
      if (why !== null) return `${property.id} ${why}`;
    }
  }
  return null;
}

function individual(of: string): Sort {
  return { kind: "id", of, nullable: false };
}

/** What an assertion may name besides variables; the check has seen to it that it means the same at each of its steps. */
function assertedScope(model: Model, property: Property, scope: Scope): Scope {
  if (property.kind !== "assertion") return scope;
  let all = scope;
  for (const { actor: name, steps } of property.on) {
    const actor = model.actors.find((a) => a.name === name);
    if (actor?.forEach !== undefined) all = bind(all, "self", individual(actor.forEach));
    for (const point of Object.values(actor?.config.states ?? {})) {
      for (const step of steps) {
        const choices = point.on?.[step]?.[0]?.meta?.choose ?? {};
        for (const [choice, of] of Object.entries(choices)) all = bind(all, choice, individual(of));
      }
    }
  }
  return all;
}

/** True where no exchange of individuals changes the value. */
function isInvariant(value: Value, sort: Sort, scope: Scope, kind: string): boolean {
  const inside = (part: Value, of: Sort) => isInvariant(part, of, scope, kind);
  switch (sort.kind) {
    case "id":
      return sort.of !== kind || value === null;
    case "set": {
      const members = (value as readonly Value[]).length;
      return sort.of !== kind || members === 0 || members === sizeOf(scope.identities, kind);
    }
    case "list":
      return (value as readonly Value[]).every((element) => inside(element, sort.of));
    case "array": {
      const elements = value as readonly Value[];
      const equal = sort.index !== kind || elements.every((e) => same(e, elements[0] as Value));
      return equal && elements.every((element) => inside(element, sort.of));
    }
    case "record":
      return Object.entries(sort.fields).every(([name, field]) =>
        inside((value as Record<string, Value>)[name] as Value, field),
      );
    default:
      return true;
  }
}

/** What in an expression tells individuals apart. */
function inExpr(expr: ExprData, scope: Scope, kind: string): string | null {
  const where = (inner: ExprData, to: Scope) => inExpr(inner, to, kind);
  switch (expr.kind) {
    case "id":
      return expr.of === kind ? `names ${kind}${expr.value}` : null;
    case "exists":
    case "forall":
    case "count": {
      const inner = bind(scope, expr.as, elementSort(expr.in, scope));
      return ("elements" in expr.in ? where(expr.in.elements, scope) : null) ?? where(expr.where, inner);
    }
    case "head":
    case "next": {
      const list = sortOf(expr.list, scope);
      const prefers = list.kind === "list" && list.of.kind !== "id" && prefersOne(list.of, scope, kind);
      if (prefers) return `reads ${kind}0 where a list has no such element`;
      break;
    }
    case "get": {
      const index = sortOf(expr.index, scope);
      const nullable = expr.index.kind === "none" || (index.kind === "id" && index.nullable);
      if (nullable && prefersOne(sortOf(expr, scope), scope, kind))
        return `reads ${kind}0 where an array is read at none`;
      break;
    }
  }
  return firstOf(partsOfExpr(expr), (part) => where(part, scope));
}

function prefersOne(sort: Sort, scope: Scope, kind: string): boolean {
  return !isInvariant(defaultValue(sort, scope.identities), sort, scope, kind);
}

function inEffects(effects: readonly Effect[], scope: Scope, kind: string): string | null {
  return firstOf(effects, (effect) => inEffect(effect, scope, kind));
}

function inEffect(effect: Effect, scope: Scope, kind: string): string | null {
  if (effect.kind === "drop") {
    const inner = bind(scope, effect.as, elementSort({ elements: effect.list }, scope));
    return inExpr(effect.list, scope, kind) ?? inExpr(effect.where, inner, kind);
  }
  const { exprs, effects } = partsOfEffect(effect);
  const why = firstOf(exprs, (expr) => inExpr(expr, scope, kind));
  if (why !== null) return why;
  if (effect.kind !== "each") return inEffects(effects, scope, kind);
  const element = elementSort(effect.in, scope);
  const isList = "elements" in effect.in && sortOf(effect.in.elements, scope).kind === "list";
  if (!isList && element.kind === "id" && element.of === kind && !turnsCommute(effect)) {
    return `loops over ${kind} in an order that may matter`;
  }
  return inEffects(effects, bind(scope, effect.as, element), kind);
}

function firstOf<T>(items: readonly T[], why: (item: T) => string | null): string | null {
  for (const item of items) {
    const found = why(item);
    if (found !== null) return found;
  }
  return null;
}
