/** Operations on translated values, and what a translation needs to know. */
import { type ExprData, type Scope, type Sort, sizeOf, sortOf } from "../../../models/language/index.ts";
import { and, type Code, choose, constant, infix, no, or, yes } from "./code.ts";
import type { Shape } from "./columns.ts";
import type { Constants } from "./literal.ts";
import { equal, indices, type Symbolic } from "./value.ts";

/** What names mean. */
export interface Environment {
  readonly scope: Scope;
  readonly constants: Constants;
  readonly shapes: Readonly<Record<string, Shape>>;
  readonly bound: Readonly<Record<string, Symbolic>>;
  /** True where the instance of the actor is at one of the points. */
  readonly standsAt: (actor: string, self: Code | null, points: readonly string[]) => Code;
}

type ListValue = Symbolic & { readonly kind: "list" };

export const boolean: Sort = { kind: "bool" };

/** The entry of a name that the check has found to be there. */
export function found<T>(of: Readonly<Record<string, T>>, name: string): T {
  const entry = Object.hasOwn(of, name) ? of[name] : undefined;
  if (entry === undefined) throw new Error(`${name} is unknown: the model was not checked`);
  return entry;
}

export function scalar(code: Code, sort: Sort = boolean): Symbolic {
  return { kind: "scalar", sort, code };
}

/** The code of a scalar value. */
export function codeOf(value: Symbolic): Code {
  if (value.kind !== "scalar") throw new Error("a scalar was expected: the model was not checked");
  return value.code;
}

export function listOf(value: Symbolic): ListValue {
  if (value.kind !== "list") throw new Error("a list was expected: the model was not checked");
  return value;
}

/** The identity of a set's members. */
export function memberOf({ sort }: Symbolic): string {
  return sort.kind === "set" ? sort.of : "";
}

/** True where an individual is none. */
export function isNone({ sort, ...value }: Symbolic, { identities, none }: Constants): Code {
  if (sort.kind !== "id" || !("code" in value)) return no;
  const size = sizeOf(identities, sort.of);
  if (value.code.value !== null) return value.code.value === size ? yes : no;
  return sort.nullable ? infix("==", value.code, constant(size, none(sort.of))) : no;
}

/** Bit `member` of a set: 0 or 1. That of none is 0, since no mask is that wide. */
export function bit(set: Code, member: Code): Code {
  const one = infix("&", infix(">>", set, member), constant(1));
  return one.value === null ? one : infix("!=", one, constant(0));
}

/** Some element of the list is equal to the value. */
export function isIn(list: ListValue, value: Symbolic): Code {
  return or(
    indices(list.sort.capacity).map((i) => and([infix("<", i, list.length), equal(list.at(i), value)])),
  );
}

/** Position of the first element that is equal to the value; the capacity where there is none. */
export function positionIn(list: ListValue, value: Symbolic): Code {
  return indices(list.sort.capacity).reduceRight(
    (rest, i) => choose(and([infix("<", i, list.length), equal(list.at(i), value)]), i, rest),
    constant(list.sort.capacity),
  );
}

type Arithmetic = ExprData & { readonly kind: "add" | "sub" | "mul" | "div" | "mod" | "min" | "max" };

/** Division by 0 gives 0; C leaves it open, and the least integer modulo -1 as well. */
export function arithmetic(expr: Arithmetic, left: Code, right: Code, scope: Scope): Code {
  const divisor = () => {
    const sort = sortOf(expr.right, scope);
    return sort.kind === "int" ? sort : { min: -1, max: 1 };
  };
  switch (expr.kind) {
    case "add":
      return infix("+", left, right);
    case "sub":
      return infix("-", left, right);
    case "mul":
      return infix("*", left, right);
    case "min":
      return choose(infix("<", left, right), left, right);
    case "max":
      return choose(infix("<", left, right), right, left);
    case "div":
    case "mod": {
      const { min, max } = divisor();
      const empty = [
        ...(min <= 0 && max >= 0 ? [infix("==", right, constant(0))] : []),
        ...(expr.kind === "mod" && min <= -1 && max >= -1 ? [infix("==", right, constant(-1))] : []),
      ];
      // A known divisor of 0 must not be divided by, not even here.
      if (right.value === 0) return constant(0);
      return choose(or(empty), constant(0), infix(expr.kind === "div" ? "/" : "%", left, right));
    }
  }
}
