/** What a model is, as plain data. */

import type { Effect } from "./effect.ts";
import type { Expr, ExprData } from "./expr.ts";
import type { Formula } from "./formula.ts";
import type { Identities, Sort, SortOf, Value } from "./sort.ts";

/** A shared variable: kernel memory, or a history variable that a property needs. */
export interface Variable {
  readonly sort: Sort;
  readonly initial: Value;
  readonly doc: string;
  /**
   * True for a variable that is no memory of the modelled code: properties read it, guards and other variables do not
   * depend on it, and counterexamples leave it out.
   */
  readonly history?: boolean;
}

/** An observable event that a step shows: the name of a trace event and its arguments in the state before the step. */
export interface Emission {
  readonly event: string;
  readonly args: Readonly<Record<string, ExprData>>;
}

/** One atomic step, in the form of an XState transition. */
export interface TransitionData {
  /** The program point after the step; the same point where absent. */
  readonly target?: string;
  readonly guard?: { readonly type: "holds"; readonly params: ExprData };
  readonly actions?: readonly { readonly type: "update"; readonly params: readonly Effect[] }[];
  /** What the kernel does here, in its own words. */
  readonly description: string;
  readonly meta?: {
    /** Why the step matters, shown in counterexamples. */
    readonly why?: string;
    readonly emits?: Emission;
    /** Individuals the step may choose: name to identity. One event for each combination. */
    readonly choose?: Readonly<Record<string, string>>;
    /** What the step itself may count on, beside its actor: for each instance and choice by itself. */
    readonly fairness?: Exclude<Fairness, "none">;
  };
}

/** A program point, in the form of an XState state: the first enabled alternative of a named step is taken. */
export interface PointData {
  readonly description?: string;
  readonly type?: "final";
  readonly on?: Readonly<Record<string, readonly TransitionData[]>>;
}

/**
 * What an instance of an actor may count on. `weak`: it moves if from some point on it always can. `strong`: it moves
 * again and again if again and again it can. `none`: it may stop as long as another one moves (environment).
 */
export type Fairness = "weak" | "strong" | "none";

/** An actor: an XState machine configuration whose guards and effects are data. */
export interface Actor {
  readonly name: string;
  readonly doc: string;
  /** One instance for each individual of this identity; one instance in all where absent. */
  readonly forEach?: string;
  readonly fairness: Fairness;
  /**
   * True for what the modelled code does not decide: programs, the machine, other parts of the kernel. An edit of it is no
   * mistake of the code.
   */
  readonly environment?: boolean;
  readonly config: { readonly initial: string; readonly states: Readonly<Record<string, PointData>> };
}

interface PropertyBase {
  /** Public id (`S04`). */
  readonly id: string;
  readonly title: string;
  /** What a violation means, in one sentence. */
  readonly says: string;
  /** Defects of the posted code that break it (`D01`). */
  readonly defects?: readonly string[];
}

/** A property of a model. */
export type Property =
  /** True in every reachable state. `premise` makes vacuity visible. */
  | (PropertyBase & { readonly kind: "invariant"; readonly holds: ExprData; readonly premise?: ExprData })
  /** True whenever one of the named steps is taken, evaluated in the state before it; `self` and choices are bound. */
  | (PropertyBase & {
      readonly kind: "assertion";
      readonly on: readonly { readonly actor: string; readonly steps: readonly string[] }[];
      readonly holds: ExprData;
      readonly premise?: ExprData;
    })
  /** Whenever `from` is true, `to` becomes true later or at once, under the actors' fairness. */
  | (PropertyBase & { readonly kind: "leadsTo"; readonly from: ExprData; readonly to: ExprData })
  /** The formula is true of every run that is fair to the actors. */
  | (PropertyBase & { readonly kind: "ltl"; readonly formula: Formula })
  /** From every reachable state, or every one that satisfies `from`, some state that satisfies `goal` is reachable (AG EF). */
  | (PropertyBase & { readonly kind: "alwaysPossible"; readonly from?: ExprData; readonly goal: ExprData })
  /** Some reachable state satisfies `goal`. */
  | (PropertyBase & { readonly kind: "reachable"; readonly goal: ExprData })
  /** Every state without a step satisfies `final`. */
  | (PropertyBase & { readonly kind: "deadlock"; readonly final: ExprData });

/** A closed model: everything an explorer, an interpreter or an exporter needs. */
export interface Model {
  readonly name: string;
  readonly title: string;
  readonly identities: Identities;
  readonly variables: Readonly<Record<string, Variable>>;
  readonly actors: readonly Actor[];
  readonly properties: readonly Property[];
}

type Declared<V extends Readonly<Record<string, { readonly sort: Sort }>>> = {
  readonly [K in keyof V]: V[K]["sort"] extends SortOf<infer T> ? Expr<T> : never;
};

/**
 * Declares variables and gives a typed handle for each.
 *
 * @returns `variables` for the model, and `v` with one expression a variable: `v.mm_lock`; to read one that was not
 *   declared throws a ReferenceError
 */
export function declare<V extends Readonly<Record<string, Variable>>>(
  variables: V,
): { readonly variables: V; readonly v: Declared<V> } {
  const handles = Object.fromEntries(Object.keys(variables).map((name) => [name, { kind: "var", name }]));
  return { variables, v: new Proxy(handles, { get: handleOf }) as unknown as Declared<V> };
}

/** In plain JavaScript a misspelt variable would be undefined, and a guard that is undefined is none. */
function handleOf(handles: object, name: string | symbol): unknown {
  if (typeof name === "symbol" || name in handles || name === "toJSON" || name === "then") {
    return Reflect.get(handles, name);
  }
  throw new ReferenceError(`unknown variable ${name}; declared are ${Object.keys(handles).join(", ")}`);
}
