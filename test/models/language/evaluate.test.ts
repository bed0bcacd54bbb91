/** What expressions mean, case by case. */
import { describe, expect, test } from "vitest";
import {
  add,
  and,
  arrayOf,
  bool,
  type Context,
  contains,
  count,
  countElements,
  declare,
  div,
  type ExprData,
  eq,
  evaluate,
  everyElement,
  exists,
  field,
  forall,
  get,
  greatest,
  head,
  id,
  idOrNone,
  includes,
  individual,
  int,
  isNone,
  least,
  length,
  listOf,
  mod,
  mul,
  ne,
  next,
  oneOf,
  operand,
  or,
  record,
  recordOf,
  setOf,
  size,
  someElement,
  sub,
  type Variable,
} from "../../../models/language/index.ts";
import { variable } from "./toys.ts";

const { variables, v } = declare({
  n: variable(int(-3, 3), -2),
  none: variable(idOrNone("mm"), null),
  mm: variable(idOrNone("mm"), 1),
  set: variable(setOf("mm"), [0, 1]),
  empty: variable(setOf("mm"), []),
  list: variable(listOf(id("mm"), 3), [1, 0, 1]),
  no_ids: variable(listOf(id("mm"), 3), []),
  no_numbers: variable(listOf(int(-3, 3), 3), []),
  no_words: variable(listOf(oneOf("x", "y"), 3), []),
  no_records: variable(listOf(record({ mm: id("mm"), ok: bool }), 3), []),
  entries: variable(listOf(record({ mm: id("mm"), ok: bool }), 3), [
    { mm: 0, ok: true },
    { mm: 1, ok: false },
  ]),
  flags: variable(arrayOf("mm", bool), [true, true]),
  owners: variable(arrayOf("mm", idOrNone("mm")), [1, null]),
  numbers: variable(arrayOf("mm", int(-3, 3)), [1, 2]),
});

function evaluated(expr: ExprData): unknown {
  const context: Context = Object.fromEntries(
    Object.entries(variables as Readonly<Record<string, Variable>>).map(([name, { initial }]) => [
      name,
      initial,
    ]),
  );
  return evaluate(expr, { scope: { identities: { mm: 2 }, variables, bound: {} }, context });
}

const number = (value: number) => operand(value);

describe("arithmetic", () => {
  test.each([
    ["7 / 2", div(7, 2), 3],
    ["-7 / 2", div(-7, 2), -3],
    ["7 / -2", div(7, -2), -3],
    ["7 / 0", div(7, 0), 0],
    ["0 / -2", div(0, -2), 0],
    ["-1 / 2", div(-1, 2), 0],
    ["7 mod 3", mod(7, 3), 1],
    ["-7 mod 3", mod(-7, 3), -1],
    ["7 mod -3", mod(7, -3), 1],
    ["-6 mod 3", mod(-6, 3), 0],
    ["7 mod 0", mod(7, 0), 0],
    ["0 * -2", mul(0, -2), 0],
    ["-2 + 3", add(v.n, 3), 1],
    ["-2 - 3", sub(v.n, 3), -5],
    ["min", least(2, -2), -2],
    ["max", greatest(2, -2), 2],
  ])("%s", (_, expr, value) => {
    // toBe tells 0 from -0, which must never appear.
    expect(evaluated(expr)).toBe(value);
  });
});

describe("reading is total", () => {
  test.each([
    ["the head of an empty list of individuals is none", head(v.no_ids), null],
    ["the head of an empty list of integers is the least one", head(v.no_numbers), -3],
    ["the head of an empty list of an enumeration is its first value", head(v.no_words), "x"],
    ["the head of an empty list of records has defaults", head(v.no_records), { mm: 0, ok: false }],
    [
      "the element behind the last is the default",
      next(v.entries, recordOf({ mm: individual("mm", 1), ok: false })),
      { mm: 0, ok: false },
    ],
    ["the element behind one that is absent is none", next(v.no_ids, v.mm), null],
    ["the element behind the first occurrence counts", next(v.list, individual("mm", 1)), 0],
    ["an array at none has the default", get(v.flags, v.none), false],
    ["an array of integers at none has the least one", get(v.numbers, v.none), -3],
    ["an array at an element of an array", get(v.owners, get(v.owners, individual("mm", 0))), null],
    ["a set does not include none", includes(v.set, v.none), false],
    ["a list of individuals does not contain none", contains(v.list, null), false],
  ])("%s", (_, expr, value) => {
    expect(evaluated(expr)).toEqual(value);
  });
});

describe("quantifiers", () => {
  test.each([
    ["some individual", exists("mm", "m", (m) => eq(m, v.mm)), true],
    ["every individual", forall("mm", "m", (m) => includes(v.set, m)), true],
    ["count of individuals", count("mm", "m", (m) => eq(m, v.mm)), 1],
    ["some element", someElement(v.list, "m", (m) => eq(m, v.mm)), true],
    ["every element of an empty list", everyElement(v.no_ids, "m", (m) => ne(m, m)), true],
    ["count of elements", countElements(v.list, "m", (m) => eq(m, v.mm)), 2],
    [
      "an inner name hides an outer one",
      count("mm", "m", (m) =>
        and(
          isNone(v.none),
          exists("mm", "m", () => eq(m, individual("mm", 1))),
        ),
      ),
      2,
    ],
    [
      "elements of a set",
      { kind: "count", as: "m", in: { elements: v.set }, where: { kind: "bool", value: true } } as ExprData,
      2,
    ],
  ])("%s", (_, expr, value) => {
    expect(evaluated(expr)).toBe(value);
  });
});

describe("the rest", () => {
  test.each([
    ["no conjuncts", and(), true],
    ["no disjuncts", or(), false],
    ["length", length(v.list), 3],
    ["size", size(v.set), 2],
    ["field", field(head(v.entries), "ok"), true],
    [
      "records are equal whatever the order of their fields",
      eq(head(v.entries), { kind: "record", fields: { ok: operand(true), mm: individual("mm", 0) } }),
      true,
    ],
    ["an integer literal", number(5), 5],
    ["unequal sets", ne(v.set, v.empty), true],
  ])("%s", (_, expr, value) => {
    expect(evaluated(expr)).toBe(value);
  });
});
