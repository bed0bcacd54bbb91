/** Every complaint of the load-time check, with the exact place. */
import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { checkModel, type Effect, type ExprData, type Model } from "../../../models/language/index.ts";
import { everyConstruct } from "./every-construct.ts";
import { withValueAt } from "./json-pointer.ts";

const v = (name: string): ExprData => ({ kind: "var", name });
const bound = (name: string): ExprData => ({ kind: "bound", name });
const int = (value: number): ExprData => ({ kind: "int", value });
const none: ExprData = { kind: "none" };
const yes: ExprData = { kind: "bool", value: true };
const word = (value: string): ExprData => ({ kind: "enum", value });
const set = (target: ExprData, value: ExprData): Effect => ({ kind: "assign", target, value });

const touch = "/actors/0/config/states/run/on/touch/0";
const exit = "/actors/0/config/states/run/on/exit/0";
const guard = `${exit}/guard/params`;
const effect = `${exit}/actions/0/params/0`;

/** What is said, what is put where, and where it is found wrong: there, at a place inside, or elsewhere. */
type Case = readonly [
  said: string,
  pointer: string,
  value: unknown,
  inside?: string | { readonly at: string },
];

/** The copy with those parts of the original that it has not changed. */
function madeOf(original: Model, copy: Model): Model {
  const kept = <T>(own: T, other: T): T => (isDeepStrictEqual(own, other) ? own : other);
  return {
    ...copy,
    identities: kept(original.identities, copy.identities),
    variables: kept(original.variables, copy.variables),
    actors: copy.actors.map((actor, i) => kept(original.actors[i] ?? actor, actor)),
  };
}

function expectComplaints(cases: readonly Case[]): void {
  for (const [said, pointer, value, inside = ""] of cases) {
    const path = typeof inside === "string" ? `${pointer}${inside}` : inside.at;
    test(`${said}, at ${path}`, () => {
      const broken: Model = withValueAt(everyConstruct, pointer, value);
      const found = checkModel(broken);
      expect(found.map(({ path, message }) => [path, message])).toEqual([[path, said]]);
      expect(checkModel(madeOf(everyConstruct, broken), everyConstruct)).toEqual(found);
    });
  }
}

test("a model with every construct has no diagnostics", () => {
  expect(checkModel(everyConstruct)).toEqual([]);
});

describe("names and identities", () => {
  expectComplaints([
    ['"a b" is not a name: letters, digits and _ : / + - after a letter or _', "/name", "a b"],
    ["identity zone has 0 individuals, but 1 to 30 are possible", "/identities/zone", 0],
    ["identity zone has 31 individuals, but 1 to 30 are possible", "/identities/zone", 31],
    ["identity zone has 1.5 individuals, but 1 to 30 are possible", "/identities/zone", 1.5],
    ['"a.b" is not a name: letters, digits and _ : / + - after a letter or _', "/identities/a.b", 1],
    ["constructor cannot be a name, since every object has it", "/identities/constructor", 1],
    [
      "__proto__ cannot be a name, since every object has it",
      "/variables/__proto__",
      { sort: { kind: "bool" }, initial: false, doc: "" },
    ],
  ]);
});

describe("variables", () => {
  const sort = "/variables/fresh";
  const fresh = (of: unknown, initial: unknown) => ({ sort: of, initial, doc: "" });
  expectComplaints([
    ["int 3..1 is not a range of 32-bit integers", sort, fresh({ kind: "int", min: 3, max: 1 }, 0), "/sort"],
    [
      "int 0..0.5 is not a range of 32-bit integers",
      sort,
      fresh({ kind: "int", min: 0, max: 0.5 }, 0),
      "/sort",
    ],
    ["int 0..0 is not a range of 32-bit integers", sort, fresh({ kind: "int", min: -0, max: 0 }, 0), "/sort"],
    [
      "int 0..2147483648 is not a range of 32-bit integers",
      sort,
      fresh({ kind: "int", min: 0, max: 2 ** 31 }, 0),
      "/sort",
    ],
    [
      "int -1..2147483647 has more than 2^31 values",
      sort,
      fresh({ kind: "int", min: -1, max: 2 ** 31 - 1 }, 0),
      "/sort",
    ],
    ["an enumeration has no values", sort, fresh({ kind: "enum", values: [] }, "a"), "/sort"],
    [
      'the value "a" is there twice',
      sort,
      fresh({ kind: "enum", values: ["a", "a"] }, "a"),
      "/sort/values/1",
    ],
    ["unknown identity zone", sort, fresh({ kind: "id", of: "zone", nullable: false }, 0), "/sort/of"],
    ["unknown identity toString", sort, fresh({ kind: "set", of: "toString" }, []), "/sort/of"],
    [
      "unknown identity zone",
      sort,
      fresh({ kind: "array", index: "zone", of: { kind: "bool" } }, []),
      "/sort/index",
    ],
    [
      "a list has capacity 0, but 1 to 30 are possible",
      sort,
      fresh({ kind: "list", of: { kind: "bool" }, capacity: 0 }, []),
      "/sort/capacity",
    ],
    [
      "a list has capacity 31, but 1 to 30 are possible",
      sort,
      fresh({ kind: "list", of: { kind: "bool" }, capacity: 31 }, []),
      "/sort/capacity",
    ],
    [
      "a list has elements that are a list of up to 1 bool, not scalars, sets or records",
      sort,
      fresh({ kind: "list", of: { kind: "list", of: { kind: "bool" }, capacity: 1 }, capacity: 1 }, []),
      "/sort/of",
    ],
    [
      "field x is a list of up to 1 bool, not a scalar or set",
      sort,
      fresh({ kind: "record", fields: { x: { kind: "list", of: { kind: "bool" }, capacity: 1 } } }, {}),
      "/sort/fields/x",
    ],
    [
      "valueOf cannot be a name, since every object has it",
      sort,
      fresh({ kind: "record", fields: { valueOf: { kind: "bool" } } }, {}),
      "/sort/fields/valueOf",
    ],
    ["flag cannot start as 1: it is bool", "/variables/flag/initial", 1],
    ["n cannot start as 4: it is int 0..3", "/variables/n/initial", 4],
    ["n cannot start as -0: it is int 0..3", "/variables/n/initial", -0],
    ['color cannot start as "blue": it is one of red, green', "/variables/color/initial", "blue"],
    ["mm cannot start as none: it is mm", "/variables/mm/initial", null],
    ["mm cannot start as 2: it is mm", "/variables/mm/initial", 2],
    [
      "folios cannot start as [1,0], which does not ascend: it is set of folio",
      "/variables/folios/initial",
      [1, 0],
    ],
    [
      "folios cannot start as [1,1], which does not ascend: it is set of folio",
      "/variables/folios/initial",
      [1, 1],
    ],
    ["folios cannot start as 3: it is set of folio", "/variables/folios/initial", [3]],
    ["list cannot start as 3 elements: it is list of up to 2 mm", "/variables/list/initial", [0, 1, 0]],
    [
      "queues cannot start as [[]]: it is array over mm of list of up to 2 record {mm: mm, n: int 0..3}",
      "/variables/queues/initial",
      [[]],
    ],
    [
      "entry cannot start as a record without n: it is record {mm: mm, n: int 0..3}",
      "/variables/entry/initial",
      { mm: 0 },
    ],
    [
      "entry cannot start as a record with x: it is record {mm: mm, n: int 0..3}",
      "/variables/entry/initial",
      { mm: 0, n: 0, x: 0 },
    ],
    [
      "entry cannot start as 7 in n: it is record {mm: mm, n: int 0..3}",
      "/variables/entry/initial",
      { mm: 0, n: 7 },
    ],
    ["entry cannot start as []: it is record {mm: mm, n: int 0..3}", "/variables/entry/initial", []],
  ]);
});

describe("actors and steps", () => {
  expectComplaints([
    [
      "unknown identity zone",
      "/actors/2",
      { ...everyConstruct.actors[1], name: "third", forEach: "zone" },
      "/forEach",
    ],
    ["there are two of the actor single", "/actors/2", { ...everyConstruct.actors[1] }],
    [
      "actor single starts at nowhere, which is not one of its program points",
      "/actors/1/config/initial",
      "nowhere",
    ],
    [
      "actor single starts at constructor, which is not one of its program points",
      "/actors/1/config/initial",
      "constructor",
    ],
    [
      '"a.b" is not a name: letters, digits and _ : / + - after a letter or _',
      "/actors/1/config/states/a.b",
      {},
    ],
    [
      "final point done has steps",
      "/actors/1/config/states/done",
      { type: "final", on: { go: [{ description: "" }] } },
    ],
    [
      '"go on" is not a name: letters, digits and _ : / + - after a letter or _',
      "/actors/1/config/states/idle/on/go on",
      [{ description: "" }],
    ],
    ["step go has no alternatives", "/actors/1/config/states/idle/on/go", []],
    ["step exit goes to nowhere, which is not a program point of owner", `${exit}/target`, "nowhere"],
    ["unknown identity zone", `${touch}/meta/choose/g`, "zone"],
    [
      '"g,h" is not a name: letters, digits and _ : / + - after a letter or _',
      `${touch}/meta/choose/g,h`,
      "mm",
    ],
    [
      "the alternatives of exit choose different individuals",
      "/actors/0/config/states/run/on/exit/1/meta",
      { choose: { f: "folio" } },
      "/choose",
    ],
    [
      "step touch stands for 13122 events, but at most 5000 are possible",
      `${touch}/meta/choose`,
      Object.fromEntries(["f", "b", "c", "d", "e", "g", "h", "i"].map((name) => [name, "folio"])),
    ],
    ["unknown variable m", `${touch}/meta/emits/args/x`, v("m")],
    ["unknown bound name f", guard, { kind: "includes", set: v("folios"), value: bound("f") }, "/value"],
  ]);

  test("a model without actors is refused", () => {
    const [first] = checkModel({ ...everyConstruct, actors: [], properties: [] });
    expect(first).toEqual({ path: "/actors", message: "a model has no actors" });
  });
});

describe("expressions", () => {
  expectComplaints([
    ["unknown variable nope", guard, { kind: "not", of: v("nope") }, "/of"],
    ["unknown variable constructor", guard, v("constructor")],
    ["unknown bound name x", guard, { kind: "eq", left: bound("x"), right: none }, "/left"],
    ["int 0..3 stands where bool is needed", guard, v("n")],
    ["-0 is not an integer", guard, { kind: "lt", left: int(-0), right: v("n") }, "/left"],
    ["0.5 is not an integer", guard, { kind: "lt", left: int(0.5), right: v("n") }, "/left"],
    [
      "this can be 2147483648, which is not a 32-bit integer",
      guard,
      { kind: "lt", left: int(2 ** 31), right: v("n") },
      "/left",
    ],
    [
      "this can be 2147483648, which is not a 32-bit integer",
      guard,
      { kind: "lt", left: { kind: "add", left: v("big"), right: int(1) }, right: v("n") },
      "/left",
    ],
    [
      "this can be -6442450941, which is not a 32-bit integer",
      guard,
      { kind: "lt", left: { kind: "mul", left: v("big"), right: int(-3) }, right: v("n") },
      "/left",
    ],
    [
      'the value "red" stands where no enumeration is needed',
      guard,
      { kind: "eq", left: v("n"), right: word("red") },
      "/right",
    ],
    ["unknown value blue", guard, { kind: "eq", left: v("color"), right: word("blue") }, "/right"],
    ["unknown value blue", guard, { kind: "eq", left: word("blue"), right: v("color") }, "/left"],
    ["none stands where no individual is needed", guard, { kind: "eq", left: v("n"), right: none }, "/right"],
    [
      "unknown identity zone",
      guard,
      { kind: "eq", left: v("cursor"), right: { kind: "id", of: "zone", value: 0 } },
      "/right",
    ],
    [
      "there is no mm2",
      guard,
      { kind: "eq", left: v("cursor"), right: { kind: "id", of: "mm", value: 2 } },
      "/right",
    ],
    [
      "folio stands where mm or none is needed",
      guard,
      { kind: "eq", left: v("cursor"), right: { kind: "id", of: "folio", value: 0 } },
      "/right",
    ],
    ["bool stands where int is needed", guard, { kind: "lt", left: v("n"), right: v("flag") }, "/right"],
    [
      "int 0..3 stands where an array is needed",
      guard,
      { kind: "get", array: v("n"), index: v("mm") },
      "/array",
    ],
    [
      "int 0..3 stands where mm or none is needed",
      guard,
      { kind: "eq", left: { kind: "get", array: v("queues"), index: v("n") }, right: none },
      "/left/index",
    ],
    ["unknown field x", guard, { kind: "field", record: v("entry"), field: "x" }],
    [
      "bool stands where a record is needed",
      guard,
      { kind: "field", record: v("flag"), field: "x" },
      "/record",
    ],
    [
      "a record stands where no record is needed",
      guard,
      { kind: "eq", left: v("n"), right: { kind: "record", fields: {} } },
      "/right",
    ],
    [
      "field n is missing",
      guard,
      { kind: "eq", left: v("entry"), right: { kind: "record", fields: { mm: v("mm") } } },
      "/right",
    ],
    [
      "unknown field x",
      guard,
      {
        kind: "eq",
        left: v("entry"),
        right: { kind: "record", fields: { mm: v("mm"), n: v("n"), x: v("n") } },
      },
      "/right/fields/x",
    ],
    [
      "bool stands where int is needed",
      guard,
      { kind: "eq", left: v("entry"), right: { kind: "record", fields: { mm: v("mm"), n: v("flag") } } },
      "/right/fields/n",
    ],
    ["int 0..3 stands where bool is needed", guard, { kind: "and", of: [yes, v("n")] }, "/of/1"],
    ["int 0..3 stands where bool is needed", guard, { kind: "or", of: [v("n")] }, "/of/0"],
    [
      "int 0..3 stands where bool is needed",
      guard,
      { kind: "if", test: v("n"), then: yes, else: yes },
      "/test",
    ],
    ["mm stands where bool is needed", guard, { kind: "if", test: yes, then: yes, else: v("mm") }, "/else"],
    [
      "list of up to 3 mm stands where list of up to 2 mm is needed",
      guard,
      { kind: "eq", left: v("list"), right: v("wide") },
      "/right",
    ],
    ["unknown identity zone", guard, { kind: "exists", as: "z", in: { of: "zone" }, where: yes }, "/in/of"],
    [
      "int 0..3 has no elements",
      guard,
      { kind: "forall", as: "z", in: { elements: v("n") }, where: yes },
      "/in/elements",
    ],
    [
      "toString cannot be a name, since every object has it",
      guard,
      { kind: "exists", as: "toString", in: { of: "mm" }, where: yes },
      "/as",
    ],
    [
      "int 0..3 stands where bool is needed",
      guard,
      { kind: "exists", as: "z", in: { of: "mm" }, where: v("n") },
      "/where",
    ],
    [
      "int 0..3 stands where a list is needed",
      guard,
      { kind: "eq", left: { kind: "length", list: v("n") }, right: int(0) },
      "/left/list",
    ],
    [
      "int 0..3 stands where a list is needed",
      guard,
      { kind: "eq", left: { kind: "head", list: v("n") }, right: int(0) },
      "/left/list",
    ],
    [
      "bool stands where mm or none is needed",
      guard,
      { kind: "contains", list: v("list"), value: v("flag") },
      "/value",
    ],
    [
      "bool stands where mm or none is needed",
      guard,
      { kind: "eq", left: { kind: "next", list: v("list"), after: v("flag") }, right: none },
      "/left/after",
    ],
    [
      "list of up to 2 mm stands where a set is needed",
      guard,
      { kind: "includes", set: v("list"), value: v("mm") },
      "/set",
    ],
    [
      "mm stands where folio or none is needed",
      guard,
      { kind: "includes", set: v("folios"), value: v("mm") },
      "/value",
    ],
    [
      "bool stands where a set is needed",
      guard,
      { kind: "eq", left: { kind: "size", set: v("flag") }, right: int(0) },
      "/left/set",
    ],
    ["a program point is read outside a property", guard, { kind: "at", actor: "single", points: ["idle"] }],
  ]);
});

describe("effects", () => {
  const list = v("list");
  const queue: ExprData = { kind: "get", array: v("queues"), index: v("cursor") };
  const each = (elements: ExprData, ...body: readonly Effect[]): Effect => ({
    kind: "each",
    as: "e",
    in: { elements },
    do: body,
  });
  expectComplaints([
    [
      "this is written, but it is not a variable, a part of one, or an element that a loop binds",
      effect,
      set(int(1), int(2)),
      "/target",
    ],
    [
      "this is written, but it is not a variable, a part of one, or an element that a loop binds",
      effect,
      set(bound("self"), v("mm")),
      "/target",
    ],
    [
      "this is written, but it is not a variable, a part of one, or an element that a loop binds",
      effect,
      set({ kind: "head", list }, v("mm")),
      "/target",
    ],
    [
      "this is written, but it is not a variable, a part of one, or an element that a loop binds",
      effect,
      each(list, set(bound("e"), v("mm"))),
      "/do/0/target",
    ],
    [
      "this is written, but it is not a variable, a part of one, or an element that a loop binds",
      effect,
      { kind: "each", as: "e", in: { of: "mm" }, do: [set(bound("e"), v("mm"))] },
      "/do/0/target",
    ],
    ["unknown variable nope", effect, set(v("nope"), int(2)), "/target"],
    ["bool stands where int is needed", effect, set(v("n"), v("flag")), "/value"],
    [
      "int 0..3 stands where a list is needed",
      effect,
      { kind: "append", list: v("n"), value: int(1) },
      "/list",
    ],
    ["int 1..1 stands where mm or none is needed", effect, { kind: "append", list, value: int(1) }, "/value"],
    ["int 1..1 stands where mm or none is needed", effect, { kind: "remove", list, value: int(1) }, "/value"],
    ["int 0..3 stands where a list is needed", effect, { kind: "pop", list: v("n") }, "/list"],
    ["int 0..3 stands where a list is needed", effect, { kind: "clear", list: v("n") }, "/list"],
    [
      "int 0..3 stands where a list is needed",
      effect,
      { kind: "drop", list: v("n"), as: "e", where: yes },
      "/list",
    ],
    ["mm stands where bool is needed", effect, { kind: "drop", list, as: "e", where: bound("e") }, "/where"],
    [
      "a list of up to 2 mm is spliced to a list of up to 2 record {mm: mm, n: int 0..3}",
      effect,
      { kind: "splice", from: list, to: v("entries") },
    ],
    [
      "which list this is depends on queues, which the splice writes",
      effect,
      {
        kind: "splice",
        from: {
          kind: "get",
          array: v("queues"),
          index: { kind: "field", record: { kind: "head", list: queue }, field: "mm" },
        },
        to: queue,
      },
      "/from",
    ],
    [
      "list of up to 2 mm stands where a set is needed",
      effect,
      { kind: "include", set: list, value: v("mm") },
      "/set",
    ],
    [
      "mm stands where folio or none is needed",
      effect,
      { kind: "exclude", set: v("folios"), value: v("mm") },
      "/value",
    ],
    [
      "int 0..3 stands where bool is needed",
      effect,
      { kind: "when", test: v("n"), then: [], else: [] },
      "/test",
    ],
    [
      "unknown variable nope",
      effect,
      { kind: "when", test: yes, then: [], else: [set(v("nope"), yes)] },
      "/else/0/target",
    ],
    [
      "a loop runs through a variable or a part of one",
      effect,
      each({ kind: "if", test: yes, then: list, else: list }),
      "/in/elements",
    ],
    [
      "list is written in a loop through a list of it, other than by the loop's element",
      effect,
      each(list, { kind: "pop", list }),
      "/do/0/list",
    ],
    [
      "queues is written in a loop through a list of it, other than by the loop's element",
      effect,
      each(queue, { kind: "clear", list: { kind: "get", array: v("queues"), index: v("mm") } }),
      "/do/0/list",
    ],
    [
      "cursor is written in a loop through a list that is chosen by it",
      effect,
      each(queue, set(v("cursor"), none)),
      "/do/0/target",
    ],
    [
      "entries is written in a loop through a list that is chosen by it",
      effect,
      each(v("entries"), {
        kind: "each",
        as: "f",
        in: {
          elements: {
            kind: "get",
            array: v("queues"),
            index: { kind: "field", record: bound("e"), field: "mm" },
          },
        },
        do: [set({ kind: "field", record: bound("e"), field: "mm" }, v("mm"))],
      }),
      "/do/0/do/0/target",
    ],
  ]);
});

describe("properties", () => {
  const invariant = "/properties/0/holds";
  expectComplaints([
    ["there are two of the property I", "/properties/1/id", "I", { at: "/properties/1" }],
    ["unknown actor nobody", invariant, { kind: "at", actor: "nobody", points: [] }, "/actor"],
    [
      "actor single has no program point nowhere",
      invariant,
      { kind: "at", actor: "single", points: ["idle", "nowhere"] },
      "/points/1",
    ],
    [
      "actor single has one instance, so no individual can be named",
      invariant,
      { kind: "at", actor: "single", self: v("mm"), points: [] },
      "/self",
    ],
    [
      "actor owner has an instance for each mm: one must be named",
      invariant,
      { kind: "at", actor: "owner", points: [] },
    ],
    [
      "mm or none stands where mm is needed",
      invariant,
      { kind: "at", actor: "owner", self: v("cursor"), points: [] },
      "/self",
    ],
    ["unknown bound name self", invariant, { kind: "eq", left: bound("self"), right: v("mm") }, "/left"],
    ["int 0..3 stands where bool is needed", "/properties/0/premise", v("n")],
    ["an assertion names no steps", "/properties/1/on", []],
    ["an assertion names no steps", "/properties/1/on/0/steps", []],
    ["unknown actor nobody", "/properties/1/on/0/actor", "nobody"],
    ["actor owner has no step sleep", "/properties/1/on/0/steps/1", "sleep"],
    ["int 0..3 stands where bool is needed", "/properties/1/holds", v("n")],
    ["unknown bound name f", "/properties/1/on/0/steps/1", "exit", { at: "/properties/1/holds/value" }],
    ["int 0..3 stands where bool is needed", "/properties/2/from", v("n")],
    ["int 0..3 stands where bool is needed", "/properties/2/to", v("n")],
    ["int 0..3 stands where bool is needed", "/properties/3/goal", v("n")],
    ["int 0..3 stands where bool is needed", "/properties/4/final", v("n")],
    ["int 0..3 stands where bool is needed", "/properties/5/formula/of/left/of/0/holds", v("n")],
    ["unknown variable nope", "/properties/5/formula/of/right/of/1/right/of/holds", v("nope")],
    [
      "a formula has 31 temporal operators, but at most 30 are possible",
      "/properties/5/formula",
      Array.from({ length: 31 }).reduce((of) => ({ kind: "next", of }), { kind: "state", holds: v("flag") }),
    ],
    [
      "a formula has 31 conditions, but at most 30 are possible",
      "/properties/5/formula",
      { kind: "or", of: Array.from({ length: 31 }, () => ({ kind: "state", holds: v("flag") })) },
    ],
    ["int 0..3 stands where bool is needed", "/properties/6/goal", v("n")],
  ]);
});

test("an unknown name comes with what was given and what is known", () => {
  const broken = withValueAt(everyConstruct, guard, v("flagg"));
  expect(checkModel(broken)[0]?.unknown).toEqual({
    given: "flagg",
    known: Object.keys(everyConstruct.variables),
  });
});

test("what stands among other variables or identities than those of a sound model is checked again", () => {
  const { n: _n, ...variables } = everyConstruct.variables;
  const identities = { ...everyConstruct.identities, spare: 2 };
  const choosing = withValueAt({ ...everyConstruct, identities }, `${touch}/meta/choose/s`, "spare");
  expect(checkModel(choosing)).toEqual([]);
  for (const [broken, from] of [
    [{ ...everyConstruct, variables }, everyConstruct],
    [{ ...choosing, identities: everyConstruct.identities }, choosing],
  ] as const) {
    const found = checkModel(broken);
    expect(found.filter(({ path }) => path.startsWith("/actors"))).not.toEqual([]);
    expect(checkModel(broken, from)).toEqual(found);
  }
});
