/**
 * The scalar intermediate form: integer and boolean operations on bit ranges of a packed state. Every operation is total,
 * so that the order of evaluation does not matter and shared nodes can be computed once. Each integer node knows bounds
 * of its value, which removes most range checks.
 */
import type { Range } from "./layout.ts";

export type BinaryOp =
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "mod"
  | "min"
  | "max"
  | "shl"
  | "shr"
  | "bitand"
  | "bitor";
export type CompareOp = "eq" | "ne" | "lt" | "le";

/** An integer-valued node with inclusive bounds. */
export type IntNode =
  | { readonly op: "const"; readonly value: number; readonly lo: number; readonly hi: number }
  | { readonly op: "read"; readonly range: Range; readonly lo: number; readonly hi: number }
  | {
      readonly op: BinaryOp;
      readonly left: IntNode;
      readonly right: IntNode;
      readonly lo: number;
      readonly hi: number;
    }
  /** `into` with `bits` bits from bit `at` up replaced by `value`. */
  | {
      readonly op: "insert";
      readonly into: IntNode;
      readonly at: IntNode;
      readonly bits: number;
      readonly value: IntNode;
      readonly lo: number;
      readonly hi: number;
    }
  | { readonly op: "popcount"; readonly of: IntNode; readonly lo: number; readonly hi: number }
  | { readonly op: "fromBool"; readonly of: BoolNode; readonly lo: 0; readonly hi: 1 }
  | {
      readonly op: "ite";
      readonly test: BoolNode;
      readonly yes: IntNode;
      readonly no: IntNode;
      readonly lo: number;
      readonly hi: number;
    };

export type BoolNode =
  | { readonly op: "true" }
  | { readonly op: "false" }
  /** A one-bit integer read as a boolean. */
  | { readonly op: "nonzero"; readonly of: IntNode }
  | { readonly op: CompareOp; readonly left: IntNode; readonly right: IntNode }
  | { readonly op: "not"; readonly of: BoolNode }
  | { readonly op: "and" | "or"; readonly left: BoolNode; readonly right: BoolNode };

export const yes: BoolNode = { op: "true" };
export const no: BoolNode = { op: "false" };

export function constant(value: number): IntNode {
  return { op: "const", value, lo: value, hi: value };
}

export function read(range: Range): IntNode {
  if (range.bits === 0) return constant(0);
  return { op: "read", range, lo: 0, hi: 2 ** range.bits - 1 };
}

/** Arithmetic on two constants, in JavaScript numbers: exact below 2^53. */
function fold(op: BinaryOp, a: number, b: number): number {
  switch (op) {
    case "add":
      return a + b;
    case "sub":
      return a - b;
    case "mul":
      return a * b;
    case "div":
      return b === 0 ? 0 : Math.trunc(a / b) + 0;
    case "mod":
      return b === 0 ? 0 : (a % b) + 0;
    case "min":
      return Math.min(a, b);
    case "max":
      return Math.max(a, b);
    case "shl":
      return a << b;
    case "shr":
      return a >>> b;
    case "bitand":
      return a & b;
    case "bitor":
      return a | b;
  }
}

export function binary(op: BinaryOp, left: IntNode, right: IntNode): IntNode {
  if (left.op === "const" && right.op === "const") return constant(fold(op, left.value, right.value));
  if (right.op === "const" && right.value === 0 && ["add", "sub", "shl", "shr", "bitor"].includes(op))
    return left;
  if (left.op === "const" && left.value === 0 && (op === "add" || op === "bitor")) return right;
  if (op === "mul") {
    if (right.op === "const" && right.value === 1) return left;
    if (left.op === "const" && left.value === 1) return right;
  }
  if (
    op === "bitand" &&
    right.op === "const" &&
    left.lo >= 0 &&
    isMask(right.value) &&
    left.hi <= right.value
  ) {
    return left;
  }
  return { op, left, right, ...bounds(op, left, right) };
}

function isMask(value: number): boolean {
  return value >= 0 && (value & (value + 1)) === 0;
}

function bounds(op: BinaryOp, l: IntNode, r: IntNode): { readonly lo: number; readonly hi: number } {
  const corners = () => {
    const all = [fold(op, l.lo, r.lo), fold(op, l.lo, r.hi), fold(op, l.hi, r.lo), fold(op, l.hi, r.hi)];
    return { lo: Math.min(...all), hi: Math.max(...all) };
  };
  switch (op) {
    case "add":
    case "sub":
    case "mul":
    case "min":
    case "max":
      return corners();
    case "div": {
      const far = Math.max(Math.abs(l.lo), Math.abs(l.hi));
      if (l.lo >= 0 && r.lo >= 1) return { lo: Math.trunc(l.lo / r.hi), hi: Math.trunc(l.hi / r.lo) };
      return { lo: -far, hi: far };
    }
    case "mod": {
      const far = Math.max(0, Math.max(Math.abs(r.lo), Math.abs(r.hi)) - 1);
      return { lo: l.lo < 0 ? -far : 0, hi: l.hi > 0 ? far : 0 };
    }
    case "shr": {
      const most = Math.min(2 ** 32 - 1, l.hi);
      return { lo: 0, hi: r.op === "const" ? most >>> r.value : most };
    }
    case "shl":
      return { lo: 0, hi: Math.min(2 ** 31 - 1, l.hi * 2 ** r.hi) };
    case "bitand":
      return { lo: 0, hi: Math.min(l.hi, r.hi) };
    case "bitor":
      return { lo: 0, hi: 2 ** Math.min(31, 32 - Math.clz32(Math.min(2 ** 31, Math.max(l.hi, r.hi)))) - 1 };
  }
}

export function insert(into: IntNode, at: IntNode, bits: number, value: IntNode): IntNode {
  if (bits === 0) return into;
  if (into.op === "const" && at.op === "const" && value.op === "const") {
    const mask = (2 ** bits - 1) << at.value;
    return constant((into.value & ~mask) | (value.value << at.value));
  }
  return { op: "insert", into, at, bits, value, lo: 0, hi: 2 ** 31 - 1 };
}

/** The `bits` bits of `of` from bit `at` up. */
export function extract(of: IntNode, at: IntNode, bits: number): IntNode {
  if (bits === 0) return constant(0);
  return binary("bitand", binary("shr", of, at), constant(2 ** bits - 1));
}

export function popcount(of: IntNode, most: number): IntNode {
  return { op: "popcount", of, lo: 0, hi: most };
}

export function ite(test: BoolNode, a: IntNode, b: IntNode): IntNode {
  if (test.op === "true" || a === b) return a;
  if (test.op === "false") return b;
  if (a.op === "const" && b.op === "const" && a.value === b.value) return a;
  return { op: "ite", test, yes: a, no: b, lo: Math.min(a.lo, b.lo), hi: Math.max(a.hi, b.hi) };
}

export function fromBool(of: BoolNode): IntNode {
  if (of.op === "true") return constant(1);
  if (of.op === "false") return constant(0);
  if (of.op === "nonzero") return of.of;
  return { op: "fromBool", of, lo: 0, hi: 1 };
}

/** A one-bit integer as a boolean. */
export function nonzero(of: IntNode): BoolNode {
  if (of.op === "const") return of.value === 0 ? no : yes;
  if (of.op === "fromBool") return of.of;
  return { op: "nonzero", of };
}

export function compare(op: CompareOp, left: IntNode, right: IntNode): BoolNode {
  if (left.hi < right.lo) return op === "eq" ? no : yes;
  if (left.lo > right.hi) return op === "ne" ? yes : no;
  if (op === "le" && left.hi <= right.lo) return yes;
  if (op === "lt" && left.lo >= right.hi) return no;
  if (left.op === "const" && right.op === "const") return op === "eq" || op === "le" ? yes : no;
  return { op, left, right };
}

export function not(of: BoolNode): BoolNode {
  switch (of.op) {
    case "true":
      return no;
    case "false":
      return yes;
    case "not":
      return of.of;
    case "eq":
      return { ...of, op: "ne" };
    case "ne":
      return { ...of, op: "eq" };
    default:
      return { op: "not", of };
  }
}

export function and(left: BoolNode, right: BoolNode): BoolNode {
  if (left.op === "false" || right.op === "false") return no;
  if (left.op === "true") return right;
  if (right.op === "true") return left;
  return { op: "and", left, right };
}

export function or(left: BoolNode, right: BoolNode): BoolNode {
  if (left.op === "true" || right.op === "true") return yes;
  if (left.op === "false") return right;
  if (right.op === "false") return left;
  return { op: "or", left, right };
}

/** `test ? a : b` on booleans. */
export function iteBool(test: BoolNode, a: BoolNode, b: BoolNode): BoolNode {
  if (a === b) return a;
  return or(and(test, a), and(not(test), b));
}
