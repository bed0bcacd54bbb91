/** Values of a model as Promela expressions: scalars are code, composites are made of their parts. */
import type { Sort } from "../../../models/language/index.ts";
import { and, atom, type Code, choose, constant, infix } from "./code.ts";
import { baseOf, type Shape } from "./columns.ts";

/** An index: known, or code. */
export type Index = Code;

export type Symbolic =
  | { readonly kind: "scalar"; readonly sort: Sort; readonly code: Code }
  | { readonly kind: "record"; readonly sort: Sort; readonly fields: Readonly<Record<string, Symbolic>> }
  | {
      readonly kind: "list";
      readonly sort: Sort & { readonly kind: "list" };
      readonly length: Code;
      readonly at: (index: Index) => Symbolic;
    }
  | {
      readonly kind: "array";
      readonly sort: Sort & { readonly kind: "array" };
      readonly size: number;
      readonly at: (index: Index) => Symbolic;
    };

/** The variable or array element of a scalar. */
export function columnAt(shape: Shape & { readonly kind: "scalar" }, offset: Index): string {
  return shape.indexed ? `${shape.column}[${offset.text}]` : shape.column;
}

/** Position of element `index` of the array that is itself element `offset`. */
export function inside(offset: Index, size: number, index: Index): Index {
  return infix("+", infix("*", offset, constant(size)), index);
}

export function lengthAt(list: Shape & { readonly kind: "list" }, offset: Index): Code {
  return atom(columnAt(list.length, offset));
}

/** The value that is stored there. */
export function valueAt(shape: Shape, offset: Index): Symbolic {
  switch (shape.kind) {
    case "scalar": {
      const stored = atom(columnAt(shape, offset));
      const code = infix("+", stored, constant(baseOf(shape.sort)));
      return { kind: "scalar", sort: shape.sort, code };
    }
    case "record": {
      const fields = Object.entries(shape.fields).map(([name, of]) => [name, valueAt(of, offset)]);
      return { kind: "record", sort: shape.sort, fields: Object.fromEntries(fields) };
    }
    case "list":
      return {
        kind: "list",
        sort: shape.sort,
        length: lengthAt(shape, offset),
        at: (index) => valueAt(shape.of, inside(offset, shape.sort.capacity, index)),
      };
    case "array":
      return {
        kind: "array",
        sort: shape.sort,
        size: shape.size,
        at: (index) => valueAt(shape.of, inside(offset, shape.size, index)),
      };
  }
}

/** `test ? a : b`, part by part. */
export function either(test: Code, a: Symbolic, b: Symbolic): Symbolic {
  if (test.value !== null) return test.value === 0 ? b : a;
  if (a.kind === "scalar" && b.kind === "scalar") return { ...a, code: choose(test, a.code, b.code) };
  if (a.kind === "record" && b.kind === "record") {
    const fields = Object.entries(a.fields).map(([name, part]) => [
      name,
      either(test, part, b.fields[name] ?? part),
    ]);
    return { ...a, fields: Object.fromEntries(fields) };
  }
  if (a.kind === "list" && b.kind === "list") {
    return {
      ...a,
      length: choose(test, a.length, b.length),
      at: (index) => either(test, a.at(index), b.at(index)),
    };
  }
  if (a.kind === "array" && b.kind === "array") {
    return { ...a, at: (index) => either(test, a.at(index), b.at(index)) };
  }
  throw new Error("two values of different sorts: the model was not checked");
}

/** Equality of two values of one sort. */
export function equal(a: Symbolic, b: Symbolic): Code {
  if (a.kind === "scalar" && b.kind === "scalar") return infix("==", a.code, b.code);
  if (a.kind === "record" && b.kind === "record") {
    return and(Object.entries(a.fields).map(([name, part]) => equal(part, b.fields[name] ?? part)));
  }
  if (a.kind === "list" && b.kind === "list") {
    // Beyond their ends all lists are alike.
    const parts = indices(a.sort.capacity).map((i) => equal(a.at(i), b.at(i)));
    return and([infix("==", a.length, b.length), ...parts]);
  }
  if (a.kind === "array" && b.kind === "array") {
    return and(indices(a.size).map((i) => equal(a.at(i), b.at(i))));
  }
  throw new Error("two values of different sorts: the model was not checked");
}

/** `0, 1, ...` as constants. */
export function indices(size: number): readonly Code[] {
  return Array.from({ length: size }, (_, i) => constant(i));
}
