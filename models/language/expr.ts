/**
 * Expressions as data, and the typed constructors that build them.
 *
 * {@link ExprData} is what a JSON model contains; {@link Expr} is the same data with a compile-time tag. Reading is
 * total: `head` of an empty list, `next` of the last element and an array read at none give the default value of their
 * sort (none for a nullable individual).
 */
import type { Arr, Bool, Enum, Id, IdSet, Int, List, Rec } from "./sort.ts";

/** What a quantifier ranges over: all individuals of an identity, or the elements of a list or set. */
export type Range = { readonly of: string } | { readonly elements: ExprData };

export type CompareKind = "lt" | "le" | "gt" | "ge";
export type ArithmeticKind = "add" | "sub" | "mul" | "div" | "mod" | "min" | "max";
export type QuantifierKind = "exists" | "forall" | "count";

/**
 * An expression as plain data. `div` truncates and gives 0 for a divisor of 0; `mod` has the sign of the dividend and
 * gives 0 for a divisor of 0. Integers are 32-bit ones.
 */
export type ExprData =
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "int"; readonly value: number }
  | { readonly kind: "enum"; readonly value: string }
  | { readonly kind: "id"; readonly of: string; readonly value: number }
  | { readonly kind: "none" }
  | { readonly kind: "var"; readonly name: string }
  | { readonly kind: "bound"; readonly name: string }
  | { readonly kind: "get"; readonly array: ExprData; readonly index: ExprData }
  | { readonly kind: "field"; readonly record: ExprData; readonly field: string }
  | { readonly kind: "record"; readonly fields: Readonly<Record<string, ExprData>> }
  | { readonly kind: "not"; readonly of: ExprData }
  | { readonly kind: "and" | "or"; readonly of: readonly ExprData[] }
  | { readonly kind: "eq" | "ne"; readonly left: ExprData; readonly right: ExprData }
  | { readonly kind: CompareKind; readonly left: ExprData; readonly right: ExprData }
  | { readonly kind: ArithmeticKind; readonly left: ExprData; readonly right: ExprData }
  | { readonly kind: "if"; readonly test: ExprData; readonly then: ExprData; readonly else: ExprData }
  | { readonly kind: QuantifierKind; readonly as: string; readonly in: Range; readonly where: ExprData }
  | { readonly kind: "length"; readonly list: ExprData }
  | { readonly kind: "head"; readonly list: ExprData }
  | { readonly kind: "next"; readonly list: ExprData; readonly after: ExprData }
  | { readonly kind: "contains"; readonly list: ExprData; readonly value: ExprData }
  | { readonly kind: "includes"; readonly set: ExprData; readonly value: ExprData }
  | { readonly kind: "size"; readonly set: ExprData }
  | {
      readonly kind: "at";
      readonly actor: string;
      readonly self?: ExprData;
      readonly points: readonly string[];
    };

declare const tag: unique symbol;

/** An expression whose sort TypeScript knows. */
export type Expr<T> = ExprData & { readonly [tag]?: (t: T) => T };

/** JavaScript values that stand for a literal of the sort. */
export type Literal<T> = T extends Bool
  ? boolean
  : T extends Int
    ? number
    : T extends Enum<infer V>
      ? V
      : T extends Id<string>
        ? null
        : never;

/** An expression or a literal. */
export type Operand<T> = Expr<T> | Literal<T>;

/** Turns a literal into data; expressions pass through. */
export function operand(value: ExprData | boolean | number | string | null): ExprData {
  if (value === null) return { kind: "none" };
  switch (typeof value) {
    case "boolean":
      return { kind: "bool", value };
    case "number":
      return { kind: "int", value };
    case "string":
      return { kind: "enum", value };
    default:
      return value;
  }
}

const data = operand as (value: unknown) => ExprData;

/** The individual `value` of an identity. */
export const individual = <const N extends string>(of: N, value: number): Expr<Id<N>> => ({
  kind: "id",
  of,
  value,
});

/** The actor instance's own identity, replaced at composition. */
export const self = <const N extends string>(_of: N): Expr<Id<N>> => ({ kind: "bound", name: "self" });

/** The individual chosen by a step with `choose: { name: of }`. */
export const chosen = <const N extends string>(name: string, _of: N): Expr<Id<N>> => ({
  kind: "bound",
  name,
});

export const get = <N extends string, E>(array: Expr<Arr<N, E>>, index: Expr<Id<N>>): Expr<E> => ({
  kind: "get",
  array,
  index,
});

export const field = <F, K extends keyof F & string>(of: Expr<Rec<F>>, name: K): Expr<F[K]> => ({
  kind: "field",
  record: of,
  field: name,
});

/** A record; its fields and their sorts are those of the place where it stands. */
export const recordOf = <F>(fields: NoInfer<{ readonly [K in keyof F]: Operand<F[K]> }>): Expr<Rec<F>> => ({
  kind: "record",
  fields: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, data(value)])),
});

export const not = (of: Expr<Bool>): Expr<Bool> => ({ kind: "not", of });
export const and = (...of: readonly Expr<Bool>[]): Expr<Bool> => ({ kind: "and", of });
export const or = (...of: readonly Expr<Bool>[]): Expr<Bool> => ({ kind: "or", of });
/** `premise` implies `conclusion`. A property of this form is vacuous where its premise is never true. */
export const implies = (premise: Expr<Bool>, conclusion: Expr<Bool>): Expr<Bool> => ({
  kind: "or",
  of: [{ kind: "not", of: premise }, conclusion],
});

export const eq = <T>(left: Expr<T>, right: Operand<NoInfer<T>>): Expr<Bool> => ({
  kind: "eq",
  left,
  right: data(right),
});
export const ne = <T>(left: Expr<T>, right: Operand<NoInfer<T>>): Expr<Bool> => ({
  kind: "ne",
  left,
  right: data(right),
});
/** True where the enumeration has one of the values. */
export const is = <V extends string>(of: Expr<Enum<V>>, ...values: readonly NoInfer<V>[]): Expr<Bool> => {
  const tests = values.map((value): ExprData => ({ kind: "eq", left: of, right: { kind: "enum", value } }));
  const [only] = tests;
  return tests.length === 1 && only !== undefined ? only : { kind: "or", of: tests };
};
export const isNone = <N extends string>(of: Expr<Id<N>>): Expr<Bool> => ({
  kind: "eq",
  left: of,
  right: { kind: "none" },
});

const compare =
  (kind: CompareKind) =>
  (left: Operand<Int>, right: Operand<Int>): Expr<Bool> => ({ kind, left: data(left), right: data(right) });
export const lt = compare("lt");
export const le = compare("le");
export const gt = compare("gt");
export const ge = compare("ge");

const arithmetic =
  (kind: ArithmeticKind) =>
  (left: Operand<Int>, right: Operand<Int>): Expr<Int> => ({ kind, left: data(left), right: data(right) });
export const add = arithmetic("add");
export const sub = arithmetic("sub");
export const mul = arithmetic("mul");
/** Truncating division. */
export const div = arithmetic("div");
export const mod = arithmetic("mod");
export const least = arithmetic("min");
export const greatest = arithmetic("max");

export const choose = <T>(test: Expr<Bool>, yes: Expr<T>, no: Operand<NoInfer<T>>): Expr<T> => ({
  kind: "if",
  test,
  then: yes,
  else: data(no),
});

const quantifier =
  <R>(kind: QuantifierKind) =>
  <const N extends string>(of: N, as: string, where: (x: Expr<Id<N>>) => Expr<Bool>): Expr<R> => ({
    kind,
    as,
    in: { of },
    where: where({ kind: "bound", name: as }),
  });
/** Some individual satisfies the condition; `as` names it in the data. */
export const exists = quantifier<Bool>("exists");
export const forall = quantifier<Bool>("forall");
export const count = quantifier<Int>("count");

const over =
  <R>(kind: QuantifierKind) =>
  <E>(list: Expr<List<E>>, as: string, where: (x: Expr<E>) => Expr<Bool>): Expr<R> => ({
    kind,
    as,
    in: { elements: list },
    where: where({ kind: "bound", name: as }),
  });
/** Some element of the list satisfies the condition. */
export const someElement = over<Bool>("exists");
export const everyElement = over<Bool>("forall");
export const countElements = over<Int>("count");

export const length = <E>(list: Expr<List<E>>): Expr<Int> => ({ kind: "length", list });
export const isEmpty = <E>(list: Expr<List<E>>): Expr<Bool> => ({
  kind: "eq",
  left: { kind: "length", list },
  right: { kind: "int", value: 0 },
});
/** The first element; none for an empty list of individuals, else the sort's default. */
export const head = <E>(list: Expr<List<E>>): Expr<E> => ({ kind: "head", list });
/** The element behind the first occurrence of `after`; none (or the default) at the end or where absent. */
export const next = <E>(list: Expr<List<E>>, after: Operand<NoInfer<E>>): Expr<E> => ({
  kind: "next",
  list,
  after: data(after),
});
export const contains = <E>(list: Expr<List<E>>, value: Operand<NoInfer<E>>): Expr<Bool> => ({
  kind: "contains",
  list,
  value: data(value),
});
export const includes = <N extends string>(set: Expr<IdSet<N>>, value: Expr<Id<N>>): Expr<Bool> => ({
  kind: "includes",
  set,
  value,
});
export const size = <N extends string>(set: Expr<IdSet<N>>): Expr<Int> => ({ kind: "size", set });

/** Properties only: the actor (its instance `of` where there is one for each individual) stands at one of the program points. */
export const at = (actor: string, points: readonly string[], of?: Expr<Id<string>> | ExprData): Expr<Bool> =>
  of === undefined ? { kind: "at", actor, points } : { kind: "at", actor, self: of, points };
