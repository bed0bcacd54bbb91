import { expect, test } from "vitest";
import { changeText } from "../../cli/change-text.ts";
import { sortOfPlace, valueAt, valueText } from "../../cli/value-text.ts";
import {
  arrayOf,
  bool,
  declare,
  id,
  idOrNone,
  int,
  listOf,
  type Model,
  record,
  setOf,
  type Value,
} from "../../models/language/index.ts";

const entry = record({ mm: idOrNone("mm"), folio: idOrNone("folio"), stale: bool });
const { variables } = declare({
  lock: { sort: idOrNone("mm"), initial: null, doc: "" },
  queue: { sort: listOf(entry, 4), initial: [], doc: "" },
  order: { sort: listOf(id("mm"), 4), initial: [], doc: "" },
  walked: { sort: setOf("folio"), initial: [], doc: "" },
  flight: { sort: entry, initial: { mm: null, folio: null, stale: false }, doc: "" },
  users: { sort: arrayOf("mm", int(0, 3)), initial: [0, 0], doc: "" },
  slot: { sort: arrayOf("mm", entry), initial: [], doc: "" },
});
const model: Model = {
  name: "m",
  title: "m",
  identities: { mm: 2, folio: 2 },
  variables,
  actors: [],
  properties: [],
};

const e = (mm: number | null, folio: number | null, stale = false): Value => ({ mm, folio, stale });

test.each([
  ["lock", null, 1, "lock: none -> mm1"],
  ["users[mm1]", 0, 2, "users[mm1]: 0 -> 2"],
  ["users", [0, 0], [0, 1], "users: mm0: 0, mm1: 0 -> mm0: 0, mm1: 1"],
  ["queue", [], [e(0, 1)], "queue: + {mm: mm0, folio: folio1}"],
  ["queue", [e(0, 1), e(1, 0)], [e(1, 0)], "queue: - {mm: mm0, folio: folio1}"],
  ["queue", [e(0, 1)], [], "queue: - {mm: mm0, folio: folio1}"],
  ["queue", [e(0, 1, true)], [], "queue: - {mm: mm0, folio: folio1, stale}"],
  ["queue", [e(0, 1), e(0, 0)], [e(null, 1), e(null, 0)], "queue[0].mm: mm0 -> none, [1].mm: mm0 -> none"],
  ["queue", [e(0, 1), e(1, 0)], [], "queue: [{mm: mm0, folio: folio1}, {mm: mm1, folio: folio0}] -> []"],
  ["order", [0, 1], [1, 0], "order: [mm0, mm1] -> [mm1, mm0]"],
  ["order", [1, 1], [1], "order: - mm1"],
  ["walked", [0], [0, 1], "walked: + folio1"],
  ["walked", [0, 1], [], "walked: - folio0, folio1"],
  ["walked", [0], [1], "walked: - folio0, + folio1"],
  ["flight", e(null, null), e(0, 1), "flight.mm: none -> mm0, .folio: none -> folio1"],
  ["slot[mm0]", e(0, 1), e(0, 1, true), "slot[mm0].stale: false -> true"],
  ["slot[mm0].mm", 0, null, "slot[mm0].mm: mm0 -> none"],
  ["unheard[of].this", 1, "x", "unheard[of].this: 1 -> x"],
] as const)("%s: %j -> %j", (name, before, after, text) => {
  expect(changeText({ name, before, after }, model)).toBe(text);
});

test("finds places by their names", () => {
  const context = { users: [3, 4], slot: [e(0, 1)], queue: [e(1, 0)] };
  expect(valueAt("users[mm1]", context)).toBe(4);
  expect(valueAt("slot[mm0].folio", context)).toBe(1);
  expect(valueAt("queue[0].mm", context)).toBe(1);
  expect([valueAt("users[mm7]", context), valueAt("none", context), valueAt("users.x", context)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(sortOfPlace("slot[mm0].stale", model)).toEqual({ kind: "bool" });
  expect(sortOfPlace("slot.x", model)).toBeNull();
});

test("shows a value that does not fit its sort as it is", () => {
  expect(valueText(3, { kind: "list", of: { kind: "bool" }, capacity: 1 })).toBe("[3]");
  expect(valueText("odd", { kind: "record", fields: {} })).toBe('"odd"');
});
