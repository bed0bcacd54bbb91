import { expect, test } from "vitest";
import { checkModel, flatten } from "../../../models/language/index.ts";
import { exploreNaively } from "../../oracle/naive-explorer.ts";
import { counter, toggle } from "./toys.ts";

test("a toggle has two states and two transitions", () => {
  expect(checkModel(toggle())).toEqual([]);
  expect(exploreNaively(flatten(toggle()))).toEqual({
    states: 2,
    transitions: 2,
    depth: 1,
    stuck: 0,
    errors: 0,
  });
});

test.each([0, 1, 7])("a counter to %i has one state more and ends", (n) => {
  expect(checkModel(counter(n))).toEqual([]);
  expect(exploreNaively(flatten(counter(n)))).toEqual({
    states: n + 1,
    transitions: n,
    depth: n,
    stuck: 1,
    errors: 0,
  });
});
