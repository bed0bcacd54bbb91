/** What names mean in an expression, and the sort of a well-formed one. */
import type { ExprData } from "./expr.ts";
import type { Identities, Sort } from "./sort.ts";

export interface Scope {
  readonly identities: Identities;
  readonly variables: Readonly<Record<string, { readonly sort: Sort }>>;
  /** Sorts of bound names. */
  readonly bound: Readonly<Record<string, Sort>>;
}

const boolean: Sort = { kind: "bool" };
const integer: Sort = { kind: "int", min: -(2 ** 31), max: 2 ** 31 - 1 };

/** The sort with which a range binds its name. */
export function elementSort(
  range: { readonly of: string } | { readonly elements: ExprData },
  scope: Scope,
): Sort {
  if ("of" in range) return { kind: "id", of: range.of, nullable: false };
  const whole = sortOf(range.elements, scope);
  if (whole.kind === "list") return whole.of;
  return { kind: "id", of: whole.kind === "set" ? whole.of : "", nullable: false };
}

/** A scope in which `name` is bound as well. */
export function bind(scope: Scope, name: string, sort: Sort): Scope {
  return { ...scope, bound: { ...scope.bound, [name]: sort } };
}

/**
 * The sort of a well-formed expression; `expected` is the sort that its surroundings ask for, which gives bare literals
 * (enumeration values, none, records) theirs. For an ill-formed expression the answer is meaningless: check first.
 */
export function sortOf(expr: ExprData, scope: Scope, expected?: Sort): Sort {
  switch (expr.kind) {
    case "int":
      return { kind: "int", min: expr.value, max: expr.value };
    case "enum":
      return expected?.kind === "enum" ? expected : { kind: "enum", values: [expr.value] };
    case "id":
      return { kind: "id", of: expr.of, nullable: false };
    case "none":
      return expected?.kind === "id"
        ? { ...expected, nullable: true }
        : { kind: "id", of: "", nullable: true };
    case "var":
      return scope.variables[expr.name]?.sort ?? boolean;
    case "bound":
      return scope.bound[expr.name] ?? boolean;
    case "get": {
      const array = sortOf(expr.array, scope);
      return array.kind === "array" ? array.of : boolean;
    }
    case "field": {
      const record = sortOf(expr.record, scope);
      return (record.kind === "record" ? record.fields[expr.field] : undefined) ?? boolean;
    }
    case "record": {
      if (expected?.kind === "record") return expected;
      const fields = Object.entries(expr.fields).map(([name, value]) => [name, sortOf(value, scope)]);
      return { kind: "record", fields: Object.fromEntries(fields) };
    }
    case "if": {
      const yes = sortOf(expr.then, scope, expected);
      const no = sortOf(expr.else, scope, expected ?? yes);
      if (yes.kind === "id" && no.kind === "id") {
        return { kind: "id", of: yes.of === "" ? no.of : yes.of, nullable: yes.nullable || no.nullable };
      }
      if (yes.kind === "int" && no.kind === "int") {
        return { kind: "int", min: Math.min(yes.min, no.min), max: Math.max(yes.max, no.max) };
      }
      return expr.then.kind === "enum" ? no : yes;
    }
    case "head":
    case "next": {
      const list = sortOf(expr.list, scope);
      if (list.kind !== "list") return boolean;
      return list.of.kind === "id" ? { ...list.of, nullable: true } : list.of;
    }
    case "add":
    case "sub":
    case "mul":
    case "div":
    case "mod":
    case "min":
    case "max":
    case "count":
    case "length":
    case "size":
      return integer;
    default:
      return boolean;
  }
}
