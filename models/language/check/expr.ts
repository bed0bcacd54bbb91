/** The check of expressions. */
import type { ExprData, Range } from "../expr.ts";
import { integer } from "../int-range.ts";
import { own } from "../own.ts";
import { bind, elementSort, sortOf } from "../scope.ts";
import { describeSort, type Sort } from "../sort.ts";
import { type Ask, checkIdentity, checkName, pointerName, report, reportUnknown } from "./ask.ts";
import { checkAt } from "./at.ts";
import { boolean, loosened, suits } from "./suits.ts";

/** Checks an expression and that its sort suits `wanted` (null: any). Returns its sort; null where it has none. */
export function checkExpr(expr: ExprData, wanted: Sort | null, path: string, ask: Ask): Sort | null {
  const before = ask.found.length;
  checkInside(expr, wanted, path, ask);
  if (ask.found.length > before) return null;
  const sort = sortOf(expr, ask.scope, wanted ?? undefined);
  if (wanted === null || suits(sort, wanted)) return sort;
  report(ask, path, `${describeSort(sort)} stands where ${describeSort(wanted)} is needed`);
  return null;
}

/** Checks an expression that must be of some kind of sort. */
export function checkKind(expr: ExprData, kind: Sort["kind"], path: string, ask: Ask): Sort | null {
  const sort = checkExpr(expr, null, path, ask);
  if (sort === null || sort.kind === kind) return sort;
  report(ask, path, `${describeSort(sort)} stands where ${kind === "array" ? "an" : "a"} ${kind} is needed`);
  return null;
}

function checkInside(expr: ExprData, wanted: Sort | null, path: string, ask: Ask): void {
  const { scope } = ask;
  const go = (e: ExprData, want: Sort | null, at: string) => checkExpr(e, want, `${path}/${at}`, ask);
  const kindOf = (e: ExprData, kind: Sort["kind"], at: string) => checkKind(e, kind, `${path}/${at}`, ask);
  switch (expr.kind) {
    case "bool":
    case "int":
    case "enum":
    case "none":
    case "id":
      checkLiteral(expr, wanted, path, ask);
      return;
    case "var":
      if (own(scope.variables, expr.name) === undefined)
        reportUnknown(ask, path, "variable", expr.name, scope.variables);
      return;
    case "bound":
      if (own(scope.bound, expr.name) === undefined)
        reportUnknown(ask, path, "bound name", expr.name, scope.bound);
      return;
    case "get": {
      const array = kindOf(expr.array, "array", "array");
      go(
        expr.index,
        array?.kind === "array" ? { kind: "id", of: array.index, nullable: true } : null,
        "index",
      );
      return;
    }
    case "field": {
      const record = kindOf(expr.record, "record", "record");
      if (record?.kind === "record" && own(record.fields, expr.field) === undefined)
        reportUnknown(ask, path, "field", expr.field, record.fields);
      return;
    }
    case "record":
      checkRecord(expr, wanted, path, ask);
      return;
    case "not":
      go(expr.of, boolean, "of");
      return;
    case "and":
    case "or":
      expr.of.forEach((e, i) => {
        go(e, boolean, `of/${i}`);
      });
      return;
    case "eq":
    case "ne": {
      // A bare literal has no sort of its own: it takes that of the other side.
      const literal = expr.left.kind === "enum" || expr.left.kind === "none" || expr.left.kind === "record";
      const [first, second] = literal ? (["right", "left"] as const) : (["left", "right"] as const);
      const sort = go(expr[first], null, first);
      if (sort !== null) go(expr[second], loosened(sort), second);
      return;
    }
    case "if": {
      go(expr.test, boolean, "test");
      const yes = go(expr.then, wanted, "then");
      if (yes !== null) go(expr.else, wanted ?? loosened(yes), "else");
      return;
    }
    case "exists":
    case "forall":
    case "count": {
      const inner = checkRange(expr.in, expr.as, path, ask);
      if (inner !== null) checkExpr(expr.where, boolean, `${path}/where`, inner);
      return;
    }
    case "length":
    case "head":
      kindOf(expr.list, "list", "list");
      return;
    case "next":
    case "contains": {
      const list = kindOf(expr.list, "list", "list");
      const [element, at] = expr.kind === "next" ? [expr.after, "after"] : [expr.value, "value"];
      if (list?.kind === "list") go(element, loosened(list.of), at);
      return;
    }
    case "includes": {
      const set = kindOf(expr.set, "set", "set");
      if (set?.kind === "set") go(expr.value, { kind: "id", of: set.of, nullable: true }, "value");
      return;
    }
    case "size":
      kindOf(expr.set, "set", "set");
      return;
    case "at": {
      const self = checkAt(expr, path, ask);
      if (self !== null && expr.self !== undefined) go(expr.self, self, "self");
      return;
    }
    case "lt":
    case "le":
    case "gt":
    case "ge":
      go(expr.left, integer, "left");
      go(expr.right, integer, "right");
      return;
    default: {
      const left = go(expr.left, integer, "left");
      const right = go(expr.right, integer, "right");
      if (left !== null && right !== null) checkWidth(expr, path, ask);
    }
  }
}

function checkLiteral(expr: ExprData, wanted: Sort | null, path: string, ask: Ask): void {
  switch (expr.kind) {
    case "int":
      if (!Number.isInteger(expr.value) || Object.is(expr.value, -0)) {
        report(ask, path, `${Object.is(expr.value, -0) ? "-0" : expr.value} is not an integer`);
      }
      checkWidth(expr, path, ask);
      return;
    case "enum":
      if (wanted?.kind !== "enum") {
        report(ask, path, `the value "${expr.value}" stands where no enumeration is needed`);
      } else if (!wanted.values.includes(expr.value)) {
        reportUnknown(ask, path, "value", expr.value, wanted.values);
      }
      return;
    case "none":
      if (wanted?.kind !== "id") report(ask, path, "none stands where no individual is needed");
      return;
    case "id": {
      const size = own(ask.scope.identities, expr.of);
      if (size === undefined) checkIdentity(ask, expr.of, path);
      else if (
        !Number.isInteger(expr.value) ||
        Object.is(expr.value, -0) ||
        expr.value < 0 ||
        expr.value >= size
      )
        report(ask, path, `there is no ${expr.of}${Object.is(expr.value, -0) ? "-0" : expr.value}`);
    }
  }
}

/** Reports an integer expression that may leave the 32-bit integers. */
function checkWidth(expr: ExprData, path: string, ask: Ask): void {
  const sort = sortOf(expr, ask.scope);
  if (sort.kind !== "int" || (sort.min >= integer.min && sort.max <= integer.max)) return;
  const extreme = sort.max > integer.max ? sort.max : sort.min;
  report(ask, path, `this can be ${extreme}, which is not a 32-bit integer`);
}

function checkRecord(
  expr: ExprData & { readonly kind: "record" },
  wanted: Sort | null,
  path: string,
  ask: Ask,
): void {
  if (wanted?.kind !== "record") {
    report(ask, path, "a record stands where no record is needed");
    return;
  }
  for (const [name, value] of Object.entries(expr.fields)) {
    const at = `${path}/fields/${pointerName(name)}`;
    const field = own(wanted.fields, name);
    if (field === undefined) reportUnknown(ask, at, "field", name, wanted.fields);
    else checkExpr(value, loosened(field), at, ask);
  }
  for (const name of Object.keys(wanted.fields)) {
    if (own(expr.fields, name) === undefined) report(ask, path, `field ${name} is missing`);
  }
}

/** Checks what a quantifier or loop at `path` ranges over; the result has its name bound. */
export function checkRange(range: Range, as: string, path: string, ask: Ask): Ask | null {
  const before = ask.found.length;
  checkName(ask, as, `${path}/as`);
  if ("of" in range) {
    checkIdentity(ask, range.of, `${path}/in/of`);
  } else {
    const whole = checkExpr(range.elements, null, `${path}/in/elements`, ask);
    if (whole !== null && whole.kind !== "list" && whole.kind !== "set") {
      report(ask, `${path}/in/elements`, `${describeSort(whole)} has no elements`);
    }
  }
  if (ask.found.length > before) return null;
  return { ...ask, scope: bind(ask.scope, as, elementSort(range, ask.scope)) };
}
