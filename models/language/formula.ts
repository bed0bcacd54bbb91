/**
 * Linear temporal logic as data. A formula speaks of a run: an infinite sequence of states, where a run that ends stays
 * in its last state. `next` is what is true one step later, so at an end it is what is true there.
 */
import type { Expr, ExprData } from "./expr.ts";
import type { Property } from "./model.ts";
import type { Bool } from "./sort.ts";

/** A formula as plain data. */
export type Formula =
  /** True where the expression is true in the run's first state; program points may be read. */
  | { readonly kind: "state"; readonly holds: ExprData }
  | { readonly kind: "not" | "next" | "eventually" | "always"; readonly of: Formula }
  | { readonly kind: "and" | "or"; readonly of: readonly Formula[] }
  | { readonly kind: BinaryKind; readonly left: Formula; readonly right: Formula };

export type UnaryKind = "not" | "next" | "eventually" | "always";
export type BinaryKind = "implies" | "until" | "release" | "weakUntil";

const unary =
  (kind: UnaryKind) =>
  (of: Formula): Formula => ({ kind, of });
const binary =
  (kind: BinaryKind) =>
  (left: Formula, right: Formula): Formula => ({ kind, left, right });

/** Constructors of formulas: `ltl.always(ltl.implies(ltl.state(asked), ltl.eventually(ltl.state(lit))))`. */
export const ltl = {
  state: (holds: Expr<Bool>): Formula => ({ kind: "state", holds }),
  not: unary("not"),
  and: (...of: readonly Formula[]): Formula => ({ kind: "and", of }),
  or: (...of: readonly Formula[]): Formula => ({ kind: "or", of }),
  implies: binary("implies"),
  next: unary("next"),
  eventually: unary("eventually"),
  always: unary("always"),
  /** The right one becomes true, and the left one is true until then. */
  until: binary("until"),
  /** The right one is true up to and including where the left one is, for ever where that never is. */
  release: binary("release"),
  /** {@link ltl.until}, or the left one is true for ever. */
  weakUntil: binary("weakUntil"),
} as const;

/** The condition p of `always (p implies ...)`; null for other formulas. */
export function antecedentOf(formula: Formula): ExprData | null {
  if (formula.kind !== "always" || formula.of.kind !== "implies") return null;
  const { left } = formula.of;
  return left.kind === "state" ? left.holds : null;
}

/** What a property says of whole runs, a response spelt out; null where it speaks of states and steps. */
export function runFormula(property: Property): Formula | null {
  if (property.kind === "ltl") return property.formula;
  if (property.kind !== "leadsTo") return null;
  return ltl.always(ltl.implies(ltl.state(property.from), ltl.eventually(ltl.state(property.to))));
}
