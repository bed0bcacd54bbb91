/** What a reader and the rest of kmmcheck rely on, whatever the model's states are. */
import { describe, expect, test } from "vitest";
import { catalogue, findModel } from "../../../models/index.ts";
import { kmmscandModels } from "../../../models/kmmscand/index.ts";
import { system } from "../../../models/kmmscand/system/system.ts";
import { checkModel, flatten } from "../../../models/language/index.ts";
import { build } from "./build.ts";

/** Every combination of the parameters' least and greatest values, and each of them among the defaults. */
function combinations(parameters: typeof system.parameters): readonly Record<string, number>[] {
  const usual = Object.fromEntries(
    Object.entries(parameters).map(([name, { default: value }]) => [name, value]),
  );
  const single = Object.entries(parameters).flatMap(([name, { min, max }]) =>
    [min, max].map((value) => ({ ...usual, [name]: value })),
  );
  let corners: Record<string, number>[] = [{}];
  for (const [name, { min, max }] of Object.entries(parameters))
    corners = corners.flatMap((one) => [...new Set([min, max])].map((value) => ({ ...one, [name]: value })));
  return [usual, ...single, ...corners];
}

describe.each(kmmscandModels)("$name", (entry) => {
  test.each(entry.patches)("is well formed on %s for every size", (patch) => {
    for (const parameters of combinations(entry.parameters)) {
      expect(checkModel(build(entry, patch, { parameters }))).toEqual([]);
    }
  });

  test.each(entry.features)("is well formed with $name switched over", ({ name, patches }) => {
    for (const patch of entry.patches) {
      const features = { [name]: !(patches as readonly string[]).includes(patch) };
      expect(checkModel(build(entry, patch, { features }))).toEqual([]);
    }
  });

  test("says what each step does in at most 60 characters", () => {
    for (const patch of entry.patches) {
      const long = flatten(build(entry, patch)).steps.filter(({ description }) => description.length > 60);
      expect(long.map(({ description }) => description)).toEqual([]);
    }
  });

  test("restores with its features exactly the properties that name defects, be it none with a number", () => {
    const ids = (patch: (typeof entry.patches)[number]) => build(entry, patch).properties;
    const named = ids("fixed").filter(({ defects }) => defects !== undefined);
    const restored = new Set(entry.features.flatMap(({ restores }) => restores));
    expect([...restored].sort()).toEqual(named.map(({ id }) => id).sort());
    const closed = new Set(entry.features.flatMap(({ closes }) => closes));
    for (const { defects = [] } of named.filter((property) => property.defects?.length)) {
      expect(defects.some((defect) => closed.has(defect))).toBe(true);
    }
  });
});

test("names program points after kernel functions, as function:step", () => {
  const points = flatten(build(system, "v0")).instances.flatMap((instance) => instance.points);
  expect(points.filter((point) => !/^[a-z_]+:[a-z_0-9]+$/.test(point))).toEqual([]);
});

test("the catalogue finds its models by name", () => {
  expect(catalogue.map(({ name }) => findModel(name)?.name)).toEqual(catalogue.map(({ name }) => name));
  expect(catalogue[0]?.name).toBe("system");
  expect(findModel("sytem")).toBeUndefined();
});
