/** The schema of model files accepts what the language has, and nothing else. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { catalogue, checkModel, featuresOf, flatten, type Model } from "../../../models/index.ts";
import { anyModel, smallModel } from "../../arbitrary/model.ts";
import { exploreNaively } from "../../oracle/naive-explorer.ts";
import { runs } from "../../runs.ts";
import { everyConstruct } from "./every-construct.ts";
import { withValueAt } from "./json-pointer.ts";
import { schemaComplaints } from "./model-schema.ts";

const shipped = catalogue.flatMap((entry) =>
  (entry.patches.length === 0 ? [null] : entry.patches).map((patch) => {
    const defaults = Object.entries(entry.parameters).map(([name, parameter]) => [name, parameter.default]);
    const parameters = Object.fromEntries(defaults);
    const model = entry.build({ patch, features: featuresOf(entry, patch), parameters });
    return [`${entry.name} ${patch ?? ""}`.trim(), model] as const;
  }),
);

test.each(shipped)("%s is well-formed and fits the schema, as it is and as JSON", (_, model) => {
  expect(checkModel(model)).toEqual([]);
  expect(schemaComplaints(model)).toEqual([]);
  expect(schemaComplaints(JSON.parse(JSON.stringify(model)))).toEqual([]);
});

test("random models fit the schema", () => {
  expect(schemaComplaints(everyConstruct)).toEqual([]);
  fc.assert(
    fc.property(anyModel, (model) => {
      expect(schemaComplaints(model)).toEqual([]);
    }),
    runs(100),
  );
});

test("a model that went through JSON explores the same", () => {
  fc.assert(
    fc.property(smallModel(200), (model) => {
      const again = JSON.parse(JSON.stringify(model)) as Model;
      const states: string[] = [];
      const statesAgain: string[] = [];
      const counts = exploreNaively(flatten(model), (state) => states.push(JSON.stringify(state)));
      expect(exploreNaively(flatten(again), (state) => statesAgain.push(JSON.stringify(state)))).toEqual(
        counts,
      );
      expect(statesAgain).toEqual(states);
    }),
    runs(15),
  );
});

describe("the schema refuses", () => {
  const run = "/actors/0/config/states/run/on/exit/0";
  test.each([
    ["another key of a model", "/extra", 1],
    ["a model without identities", "/identities", undefined],
    ["another kind of sort", "/variables/n/sort/kind", "float"],
    ["a sort with a key of another", "/variables/flag/sort/min", 0],
    ["a sort without one of its keys", "/variables/n/sort/max", undefined],
    ["a bound that is no integer", "/variables/n/sort/max", 1.5],
    ["another kind of expression", `${run}/guard/params/kind`, "equals"],
    ["an expression without one of its parts", `${run}/guard/params/left`, undefined],
    ["an expression with a part too many", `${run}/guard/params/middle`, { kind: "none" }],
    ["an expression that is a string", `${run}/guard/params/left`, "cursor"],
    [
      "a range with two meanings",
      "/properties/0/holds/in",
      { of: "mm", elements: { kind: "var", name: "list" } },
    ],
    ["another kind of effect", `${run}/actions/0/params/0/kind`, "let"],
    ["another kind of guard", `${run}/guard/type`, "closure"],
    ["a step without words", `${run}/description`, undefined],
    ["a step without alternatives", "/actors/0/config/states/run/on/exit", []],
    ["another fairness", "/actors/0/fairness", "fierce"],
    ["an environment that is neither true nor false", "/actors/0/environment", "yes"],
    ["another kind of property", "/properties/0/kind", "always"],
    ["another kind of formula", "/properties/5/formula/kind", "globally"],
    ["a formula without one of its parts", "/properties/5/formula/of/left", undefined],
    ["a formula that is an expression", "/properties/5/formula", { kind: "bool", value: true }],
    ["a property with a key of another", "/properties/0/goal", { kind: "bool", value: true }],
    ["a model without actors", "/actors", []],
  ])("%s", (_, pointer, value) => {
    expect(schemaComplaints(withValueAt(everyConstruct, pointer, value))).not.toEqual([]);
  });
});
