/** One daemon that mends the series: the features of fixed do not contradict each other from model to model. */
import { describe, expect, test } from "vitest";
import { kmmscandModels } from "../../../models/kmmscand/index.ts";
import { build, judge, violated } from "./build.ts";

const models = kmmscandModels.filter(({ patches }) => patches.includes("fixed"));
const inFixed = (model: (typeof models)[number]) =>
  model.features.filter(({ patches }) => patches.includes("fixed")).map(({ name }) => name);
const set = new Set(models.flatMap(inFixed));

/** The whole system mends the design of v0: one thread, and one access that makes a folio hot. */
const designOfV0 = ["separateMigrateThread", "secondAccess"];

/** Sizes at which the whole system is explored within seconds. */
const sizes: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  system: { folios: 1, queue: 1 },
};

test("a feature is in fixed in each model that knows it, or in none, but for the design", () => {
  const apart = models.flatMap((model) => {
    const own = inFixed(model);
    const lacking = model.features.filter(({ name }) => set.has(name) && !own.includes(name));
    return lacking.map(({ name }) => `${model.name} ${name}`);
  });
  expect(apart).toEqual(designOfV0.map((name) => `system ${name}`));
});

test("it closes every defect that a feature closes", () => {
  const closed = models.flatMap(({ features }) =>
    features.filter(({ name }) => set.has(name)).flatMap(({ closes }) => closes),
  );
  const all = models.flatMap(({ features }) => features.flatMap(({ closes }) => closes));
  expect(all.filter((defect) => !closed.includes(defect))).toEqual([]);
});

describe("the features of fixed of all models together", () => {
  test.each(models)("violate nothing in $name", (model) => {
    const features = Object.fromEntries(model.features.map(({ name }) => [name, set.has(name)]));
    const result = judge(build(model, "fixed", { features, parameters: sizes[model.name] ?? {} }));
    expect(violated(result)).toEqual([]);
    expect(result.verdict).toBe("holds");
  });
});
