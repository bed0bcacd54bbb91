/** History variables: properties read them, nothing that happens depends on them. */
import { expect, test } from "vitest";
import { check } from "../../../checker/check.ts";
import {
  actor,
  add,
  append,
  type Bool,
  bool,
  checkModel,
  declare,
  type Effect,
  type Expr,
  eachElement,
  int,
  listOf,
  lt,
  type Model,
  point,
  set,
  step,
  when,
} from "../../../models/language/index.ts";

const { variables, v } = declare({
  n: { sort: int(0, 3), initial: 0, doc: "memory" },
  queue: { sort: listOf(int(0, 3), 2), initial: [], doc: "memory" },
  seen: { sort: bool, initial: false, doc: "history", history: true },
  sum: { sort: int(0, 9), initial: 0, doc: "history", history: true },
  past: { sort: listOf(int(0, 3), 2), initial: [], doc: "history", history: true },
});

function model(effects: readonly Effect[], guard?: Expr<Bool>): Model {
  const go = step("go", "go", { do: effects, ...(guard === undefined ? {} : { when: guard }) });
  const walker = actor({ name: "walker", doc: "walks", initial: "a", points: { a: point(go) } });
  const property = { id: "P", kind: "invariant", title: "", says: "too far", holds: lt(v.n, 1) } as const;
  return { name: "toy", title: "", identities: {}, variables, actors: [walker], properties: [property] };
}

const here = "/actors/0/config/states/a/on/go/0";

test.each([
  ["a guard", model([], v.seen), `${here}/guard/params`],
  ["a value", model([set(v.n, v.sum)]), `${here}/actions/0/params/0`],
  ["an appended value", model([append(v.queue, v.sum)]), `${here}/actions/0/params/0`],
  ["a condition around a write", model([when(v.seen, [set(v.n, 1)])]), `${here}/actions/0/params/0/then/0`],
  [
    "an element of a history list",
    model([eachElement(v.past, "e", (e) => [set(v.n, e)])]),
    `${here}/actions/0/params/0/do/0`,
  ],
])("%s may not read one", (_, toy, path) => {
  expect(checkModel(toy).map((diagnostic) => diagnostic.path)).toEqual([path]);
});

test("history may depend on memory and on history", () => {
  const effects = [
    set(v.sum, add(v.sum, v.n)),
    when(v.seen, [set(v.sum, 0)], [set(v.seen, true)]),
    eachElement(v.queue, "e", (e) => [set(v.sum, e)]),
  ];
  expect(checkModel(model(effects))).toEqual([]);
});

test("counterexamples leave it out of what a step changes, not out of the states", () => {
  const toy = model([set(v.n, 1), set(v.seen, true)], lt(v.n, 1));
  const [property] = check(toy, { now: () => 0 }).properties;
  expect(property?.counterexample?.steps[0]?.changes.map(({ name }) => name)).toEqual(["n"]);
  expect(property?.counterexample?.final.context["seen"]).toBe(true);
});
