/** What names mean in an expression, and the sort of a well-formed one. */
import type { ArithmeticKind, ExprData, Range } from "./expr.ts";
import { arithmeticRange, type IntSort, integer, intSort, union } from "./int-range.ts";
import { own } from "./own.ts";
import { type Identities, type Sort, sizeOf } from "./sort.ts";

export interface Scope {
  readonly identities: Identities;
  readonly variables: Readonly<Record<string, { readonly sort: Sort; readonly history?: boolean }>>;
  /** Sorts of bound names. */
  readonly bound: Readonly<Record<string, Sort>>;
}

type Arithmetic = ExprData & { readonly kind: ArithmeticKind };

const boolean: Sort = { kind: "bool" };

/** The sort with which a range binds its name. */
export function elementSort(range: Range, scope: Scope): Sort {
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
 * The sort of a well-formed expression, for an integer the tightest range that is known; `expected` is the sort that its
 * surroundings ask for, which gives bare literals (enumeration values, none, records) theirs. For an ill-formed
 * expression the answer is meaningless: check first.
 */
export function sortOf(expr: ExprData, scope: Scope, expected?: Sort): Sort {
  switch (expr.kind) {
    case "int":
      return intSort(expr.value, expr.value);
    case "enum":
      return expected?.kind === "enum" ? expected : { kind: "enum", values: [expr.value] };
    case "id":
      return { kind: "id", of: expr.of, nullable: false };
    case "none":
      return expected?.kind === "id"
        ? { ...expected, nullable: true }
        : { kind: "id", of: "", nullable: true };
    case "var":
      return own(scope.variables, expr.name)?.sort ?? boolean;
    case "bound":
      return own(scope.bound, expr.name) ?? boolean;
    case "get": {
      const array = sortOf(expr.array, scope);
      return array.kind === "array" ? array.of : boolean;
    }
    case "field": {
      const record = sortOf(expr.record, scope);
      return (record.kind === "record" ? own(record.fields, expr.field) : undefined) ?? boolean;
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
      return yes.kind === "int" && no.kind === "int" ? union(yes, no) : yes;
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
      return rangeOf(expr, scope);
    case "count":
      return intSort(
        0,
        "of" in expr.in ? sizeOf(scope.identities, expr.in.of) : mostOf(expr.in.elements, scope),
      );
    case "length":
      return intSort(0, mostOf(expr.list, scope));
    case "size":
      return intSort(0, mostOf(expr.set, scope));
    default:
      return boolean;
  }
}

/** What is known of arithmetic in each scope: a check asks of every operation, and each would ask of all within it again. */
const ranges = new WeakMap<Scope, WeakMap<Arithmetic, IntSort>>();

function rangeOf(expr: Arithmetic, scope: Scope): IntSort {
  let known = ranges.get(scope);
  if (known === undefined) {
    known = new WeakMap();
    ranges.set(scope, known);
  }
  const before = known.get(expr);
  if (before !== undefined) return before;
  const range = arithmeticRange(expr.kind, intOf(expr.left, scope), intOf(expr.right, scope));
  known.set(expr, range);
  return range;
}

function intOf(expr: ExprData, scope: Scope): IntSort {
  const sort = sortOf(expr, scope);
  return sort.kind === "int" ? sort : integer;
}

/** The most elements that a list or set can have. */
function mostOf(collection: ExprData, scope: Scope): number {
  const sort = sortOf(collection, scope);
  if (sort.kind === "list") return sort.capacity;
  return sort.kind === "set" ? sizeOf(scope.identities, sort.of) : 0;
}
