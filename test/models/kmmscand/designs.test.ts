/** Designs other than that of `fixed`: they hold every property, and need each of their features. */
import { describe, expect, test } from "vitest";
import type { Design, ModelEntry } from "../../../models/entry.ts";
import { kmmscandModels } from "../../../models/kmmscand/index.ts";
import { build, judge, violated } from "./build.ts";

const designs = kmmscandModels.flatMap((entry) =>
  (entry.designs ?? []).map((design): [string, ModelEntry, Design] => [entry.name, entry, design]),
);

/** The smallest sizes at which the design shows what a feature restores. */
function sizesFor(restores: readonly string[]): Readonly<Record<string, number>> {
  const least = { folios: 1, queue: 1, stores: 0 };
  if (restores.includes("B05")) return { ...least, queue: 2 };
  if (restores.includes("L05")) return { ...least, stores: 1 };
  return restores.length === 1 && /^L0[34]$/.test(restores[0] ?? "") ? { ...least, mms: 2 } : least;
}

test("there is one", () => {
  expect(designs.length).toBeGreaterThan(0);
});

describe.each(designs)("%s", (_, entry, design) => {
  const { features, parameters, restores } = design;
  const fixes = entry.features.filter(
    ({ name, patches }) => patches.includes("fixed") && !(name in features),
  );

  test(`${design.name} holds every property, none of them vacuously`, () => {
    const { verdict, properties } = judge(build(entry, "fixed", { features, parameters }));
    expect(verdict).toBe("holds");
    expect(properties.filter(({ vacuous }) => vacuous)).toEqual([]);
  });

  test("names features that fixed has", () => {
    const names = fixes.map(({ name }) => name);
    expect(Object.keys(restores).filter((name) => !names.includes(name))).toEqual([]);
  });

  test.each(fixes)("without $name violates exactly what it says", ({ name }) => {
    const restored = restores[name] ?? [];
    const model = build(entry, "fixed", {
      features: { ...features, [name]: false },
      parameters: sizesFor(restored),
    });
    expect(violated(judge(model)).toSorted()).toEqual(restored.toSorted());
  });

  test("closes with them the defects that fixed closes without need", () => {
    const idle = fixes.filter(({ restores: ids, closes }) => closes.length > 0 && ids.length === 0);
    const needed = idle.filter(({ name }) => restores[name] !== undefined);
    expect(needed.map(({ name }) => name)).toEqual(
      idle.map(({ name }) => name).filter((name) => name !== "dirtyDropsOwnEntry"),
    );
  });
});
