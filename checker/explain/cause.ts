/** Which part of a condition makes it true or false, and with which values. */
import {
  type Environment,
  type ExprData,
  environmentOf,
  evaluate,
  type Locals,
  type State,
  type System,
  sortIn,
  substitute,
  type Value,
  valuesOf,
} from "../../models/language/index.ts";
import type { Cause, Span } from "../result.ts";

/** More than this many causes explain nothing. */
const most = 8;

/** The smallest parts of a closed condition that make it what it is in the state, in the order of the text. */
export function causesOf(system: System, state: State, condition: ExprData): readonly Cause[] {
  const found = new Map<string, Cause>();
  for (const cause of causes(condition, { system, state, env: environmentOf(system, state), locals: {} })) {
    found.set(JSON.stringify([cause.condition, cause.where]), cause);
  }
  return [...found.values()].slice(0, most);
}

/** {@link causesOf} of a condition that is true in all states of a span, one after the other or here and there in a loop. */
export function causesThrough(
  system: System,
  states: readonly State[],
  condition: ExprData,
  span: Span,
): readonly Cause[] {
  const [first, ...others] = states.map((state) => causesOf(system, state, condition));
  if (first === undefined) return [];
  const names = (causes: readonly Cause[]) =>
    JSON.stringify(causes.map((one) => [one.condition, one.value, one.where]));
  const isSame = others.every((causes) => names(causes) === names(first));
  const told = isSame ? [first, ...others] : states.map((state) => [wholeCause(system, state, condition)]);
  return (told[0] ?? []).map((cause, k) => {
    const rest = told.slice(1).flatMap((causes) => causes[k] ?? []);
    const lasting = <T>(of: (cause: Cause) => readonly T[]) =>
      of(cause).filter((one) =>
        rest.every((other) => of(other).some((o) => JSON.stringify(o) === JSON.stringify(one))),
      );
    const operands = lasting((one) => one.operands);
    return { ...cause, operands, stands: lasting((one) => one.stands), span };
  });
}

/** A condition as it stands, where different parts of it decide at different times. */
function wholeCause(system: System, state: State, condition: ExprData): Cause {
  const here: Here = { system, state, env: environmentOf(system, state), locals: {} };
  return condition.kind === "not"
    ? wholeCause(system, state, condition.of)
    : leaf(condition, truth(condition, here), here);
}

interface Here {
  readonly system: System;
  readonly state: State;
  readonly env: Environment;
  readonly locals: Locals;
}

function causes(expr: ExprData, here: Here): readonly Cause[] {
  const value = truth(expr, here);
  const all = (parts: readonly ExprData[]) => parts.flatMap((part) => causes(part, here));
  const those = (parts: readonly ExprData[], wanted: boolean) =>
    parts.filter((part) => truth(part, here) === wanted);
  switch (expr.kind) {
    case "not":
      return causes(expr.of, here);
    case "and":
      if (expr.of.length === 0) return [leaf(expr, value, here)];
      return value ? all(expr.of) : all(those(expr.of, false));
    case "or":
      if (expr.of.length === 0) return [leaf(expr, value, here)];
      return value ? all(those(expr.of, true).slice(0, 1)) : all(expr.of);
    case "if":
      return [...causes(expr.test, here), ...causes(truth(expr.test, here) ? expr.then : expr.else, here)];
    case "exists":
    case "forall": {
      const cases = valuesOf(expr.in, here.env, here.locals).map((local) =>
        // An individual is put in the name's place, so that the text speaks of mm0 and not of x.
        local.sort.kind === "id" && typeof local.value === "number"
          ? { part: substitute(expr.where, { [expr.as]: { of: local.sort.of, value: local.value } }), here }
          : { part: expr.where, here: { ...here, locals: { ...here.locals, [expr.as]: local } } },
      );
      if (cases.length === 0) return [leaf(expr, value, here)];
      const decisive = cases.filter((one) => truth(one.part, one.here) === value);
      const enough = value === (expr.kind === "exists") ? decisive.slice(0, 1) : decisive;
      return enough.flatMap((one) => causes(one.part, one.here));
    }
    default:
      return [leaf(expr, value, here)];
  }
}

function truth(expr: ExprData, { env, locals }: Here): boolean {
  return evaluate(expr, env, locals) as boolean;
}

function leaf(condition: ExprData, value: boolean, here: Here): Cause {
  const { env, locals } = here;
  const names = Object.entries(locals).filter(([name]) => mentions(condition, name));
  return {
    condition,
    value,
    where: names.flatMap(([name, local]) =>
      "value" in local ? [{ name, value: local.value, sort: local.sort }] : [],
    ),
    operands: operandsOf(condition).map((expr) => ({
      expr,
      value: evaluate(expr, env, locals),
      sort: sortIn(expr, env, locals),
    })),
    stands: standsOf(condition, here),
  };
}

/** What a comparison compares; literals speak for themselves. */
function operandsOf(expr: ExprData): readonly ExprData[] {
  const sides = ((): readonly ExprData[] => {
    switch (expr.kind) {
      case "eq":
      case "ne":
      case "lt":
      case "le":
      case "gt":
      case "ge":
        return [expr.left, expr.right];
      case "contains":
        return [expr.list, expr.value];
      case "includes":
        return [expr.set, expr.value];
      case "exists":
      case "forall":
        return "of" in expr.in ? [] : [expr.in.elements];
      default:
        return [];
    }
  })();
  const shown = sides.filter((side) => !isLiteral(side));
  return [...shown, ...[expr, ...shown].flatMap(indicesIn)];
}

/** Indices and list positions that a place depends on, where they are not literals. */
function indicesIn(expr: ExprData): readonly ExprData[] {
  switch (expr.kind) {
    case "get":
      return [...indicesIn(expr.array), ...(isLiteral(expr.index) ? [] : [expr.index])];
    case "field":
      return indicesIn(expr.record);
    default:
      return [];
  }
}

function isLiteral(expr: ExprData): boolean {
  return ["bool", "int", "enum", "id", "none", "bound"].includes(expr.kind);
}

function mentions(expr: ExprData, name: string): boolean {
  return JSON.stringify(expr).includes(JSON.stringify({ kind: "bound", name }));
}

function standsOf(expr: ExprData, { system, state, env, locals }: Here): Cause["stands"] {
  if (expr.kind !== "at") return [];
  const self: Value = expr.self === undefined ? null : evaluate(expr.self, env, locals);
  return system.instances.flatMap((instance, i) =>
    instance.actor.name === expr.actor && instance.self === self
      ? [{ actor: instance.name, point: instance.points[state.points[i] ?? 0] ?? "" }]
      : [],
  );
}
