import { expect, test } from "vitest";
import type { ModelsReport } from "../../cli/report/models-report.ts";
import { kmmcheck } from "./support/memory-host.ts";

test("lists versions, parameters and properties", async () => {
  await expect((await kmmcheck("models")).out).toMatchFileSnapshot("../fixtures/cli/models.txt");
});

test("shows with --features what tells the versions apart", async () => {
  const { out } = await kmmcheck("models --features");
  await expect(out).toMatchFileSnapshot("../fixtures/cli/models-features.txt");
});

test("shows with --features what a feature of one model restores", async () => {
  const { out } = await kmmcheck("models exit-race --features");
  await expect(out).toMatchFileSnapshot("../fixtures/cli/models-features-one.txt");
});

test("tells of each feature which versions have it, in all models that know it", async () => {
  const { out } = await kmmcheck("models --json");
  const { models, features } = JSON.parse(out) as ModelsReport;
  for (const { name, models: uses } of features) {
    for (const { model, patches, lacking } of uses) {
      const own = models.find((m) => m.name === model);
      expect(own?.features.find((f) => f.name === name)?.patches).toEqual(patches);
      expect([...patches, ...lacking].toSorted()).toEqual(own?.patches.toSorted());
    }
  }
  expect(features.length).toBeGreaterThan(0);
});

test("shows one model", async () => {
  const { out } = await kmmcheck("models turns");
  expect(out).toMatch(/^turns: /);
  expect(out).not.toContain("exit-race");
});
