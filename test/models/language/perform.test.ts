/** What effects do, case by case, and which of them are errors of the model. */
import { describe, expect, test } from "vitest";
import {
  add,
  append,
  arrayOf,
  bool,
  type Context,
  checkModel,
  clear,
  count,
  declare,
  drop,
  type Effect,
  each,
  eachElement,
  enabledSteps,
  eq,
  exclude,
  field,
  flatten,
  get,
  head,
  id,
  idOrNone,
  include,
  individual,
  initialState,
  int,
  length,
  listOf,
  ModelError,
  not,
  pop,
  record,
  recordOf,
  remove,
  set,
  setOf,
  splice,
  takeStep,
  when,
} from "../../../models/language/index.ts";
import { oneStep, variable } from "./toys.ts";

const entry = record({ n: int(0, 3), done: bool });
const { variables, v } = declare({
  n: variable(int(0, 3), 1),
  sum: variable(int(0, 9), 0),
  at: variable(idOrNone("mm"), null),
  none: variable(idOrNone("folio"), null),
  mine: variable(id("mm"), 0),
  set: variable(setOf("folio"), [1]),
  list: variable(listOf(id("folio"), 3), [2, 0, 2]),
  short: variable(listOf(id("folio"), 2), [1]),
  numbers: variable(listOf(int(0, 3), 3), [1, 2, 3]),
  entries: variable(listOf(entry, 2), [
    { n: 0, done: false },
    { n: 1, done: false },
  ]),
  queues: variable(arrayOf("mm", listOf(id("folio"), 2)), [[0], [1]]),
  flags: variable(arrayOf("mm", bool), [false, false]),
});
const mm = (value: number) => individual("mm", value);
const folio = (value: number) => individual("folio", value);

/** The context after one step with the effects, which must be well-formed. */
function contextAfter(effects: readonly Effect[]): Context {
  const model = oneStep(variables, effects);
  expect(checkModel(model)).toEqual([]);
  const system = flatten(model);
  const state = initialState(system);
  const [step] = enabledSteps(system, state);
  if (step === undefined) throw new Error("the step is not enabled");
  return takeStep(system, state, step).context;
}

describe("effects", () => {
  test.each<[string, readonly Effect[], Partial<Context>]>([
    ["see the ones before them", [set(v.n, 2), set(v.sum, add(v.n, v.n))], { n: 2, sum: 4 }],
    ["append to the tail", [append(v.short, folio(0))], { short: [1, 0] }],
    ["pop the head", [pop(v.list)], { list: [0, 2] }],
    ["pop nothing from an empty list", [clear(v.short), pop(v.short)], { short: [] }],
    ["remove the first occurrence", [remove(v.list, folio(2))], { list: [0, 2] }],
    ["remove nothing that is absent", [remove(v.list, folio(1))], { list: [2, 0, 2] }],
    ["drop every element that fits", [drop(v.list, "f", (f) => eq(f, folio(2)))], { list: [0] }],
    [
      "splice to the tail and empty the source",
      [pop(v.list), splice(v.short, v.list)],
      { list: [0, 2, 1], short: [] },
    ],
    ["include once", [include(v.set, folio(0)), include(v.set, folio(1))], { set: [0, 1] }],
    ["exclude", [exclude(v.set, folio(1)), exclude(v.set, folio(2))], { set: [] }],
    ["exclude none without harm", [exclude(v.set, head(v.list)), exclude(v.set, v.none)], { set: [1] }],
    ["write at an index", [set(get(v.flags, mm(1)), true)], { flags: [false, true] }],
    ["take the first branch", [when(eq(v.n, 1), [set(v.sum, 1)], [set(v.sum, 2)])], { sum: 1 }],
    ["take the second branch", [when(eq(v.n, 2), [set(v.sum, 1)], [set(v.sum, 2)])], { sum: 2 }],
    [
      "loop over individuals",
      [each("mm", "m", (m) => [set(get(v.flags, m), not(get(v.flags, m)))])],
      { flags: [true, true] },
    ],
    [
      "loop over elements in order",
      [eachElement(v.numbers, "k", (k) => [set(v.sum, add(v.sum, k))])],
      { sum: 6 },
    ],
    [
      "write the element of a loop",
      [eachElement(v.entries, "e", (e) => [set(field(e, "done"), eq(field(e, "n"), 1))])],
      {
        entries: [
          { n: 0, done: false },
          { n: 1, done: true },
        ],
      },
    ],
    [
      "see the element of a loop as it is, not as it was",
      [
        eachElement(v.entries, "e", (e) => [
          set(field(e, "n"), add(field(e, "n"), 1)),
          set(field(e, "n"), add(field(e, "n"), 1)),
        ]),
      ],
      {
        entries: [
          { n: 2, done: false },
          { n: 3, done: false },
        ],
      },
    ],
    [
      "see in a turn what the turn before wrote",
      [eachElement(v.numbers, "k", (k) => [set(v.n, k), set(k, 0)])],
      { n: 3, numbers: [0, 0, 0] },
    ],
    [
      "loop over the set as it was when the loop started",
      [
        {
          kind: "each",
          as: "f",
          in: { elements: v.set },
          do: [exclude(v.set, { kind: "bound", name: "f" }), include(v.set, folio(2))],
        },
      ],
      { set: [2] },
    ],
    [
      "loop over the list of an array at none zero times",
      [eachElement(get(v.queues, v.at), "f", () => [set(v.n, 3)])],
      { n: 1 },
    ],
    [
      "count what they changed",
      [
        set(get(v.flags, mm(0)), true),
        set(
          v.sum,
          count("mm", "m", (m) => get(v.flags, m)),
        ),
      ],
      { sum: 1 },
    ],
    ["use the length of now", [append(v.short, folio(0)), set(v.sum, length(v.short))], { sum: 2 }],
    [
      "move a list to another of the same array",
      [splice(get(v.queues, mm(0)), get(v.queues, mm(1)))],
      { queues: [[], [1, 0]] },
    ],
  ])("%s", (_, effects, expected) => {
    expect(contextAfter(effects)).toMatchObject(expected);
  });

  test("keep the fields of a record in the order of its sort", () => {
    const written: Effect = {
      kind: "assign",
      target: v.entries,
      value: v.entries,
    };
    const backwards: Effect = {
      kind: "append",
      list: v.entries,
      value: {
        kind: "record",
        fields: { done: { kind: "bool", value: true }, n: { kind: "int", value: 2 } },
      },
    };
    const { entries } = contextAfter([pop(v.entries), written, backwards]);
    expect(JSON.stringify(entries)).toBe('[{"n":1,"done":false},{"n":2,"done":true}]');
  });
});

describe("an error of the model is", () => {
  test.each<[string, readonly Effect[], string]>([
    ["an integer above its range", [set(v.n, add(v.n, 3))], "n cannot hold 4 (int 0..3)"],
    ["an integer below its range", [set(v.n, -1)], "n cannot hold -1 (int 0..3)"],
    ["none where an individual is needed", [set(v.mine, v.at)], "mine cannot hold none (mm)"],
    [
      "an append to a full list",
      [append(v.list, folio(1))],
      "list cannot hold 4 elements (list of up to 3 folio)",
    ],
    [
      "a splice that does not fit",
      [splice(v.list, v.short)],
      "short cannot hold 4 elements (list of up to 2 folio)",
    ],
    ["a write at none", [set(get(v.flags, v.at), true)], "an array was written at none"],
    ["a pop at none", [pop(get(v.queues, v.at))], "an array was written at none"],
    ["none in a set", [clear(v.list), include(v.set, head(v.list))], "none was put into a set"],
    [
      "none in a list",
      [clear(v.list), append(v.short, head(v.list))],
      "short cannot hold none (list of up to 2 folio)",
    ],
    [
      "a field outside its range",
      [pop(v.entries), append(v.entries, recordOf({ n: 4, done: true }))],
      "entries cannot hold 4 in n (list of up to 2 record {n: int 0..3, done: bool})",
    ],
  ])("%s", (_, effects, message) => {
    expect(() => contextAfter(effects)).toThrow(new ModelError(message));
  });

  test("not what a branch that is not taken would write", () => {
    expect(contextAfter([when(eq(v.n, 2), [set(v.n, 9)])])).toMatchObject({ n: 1 });
  });
});
