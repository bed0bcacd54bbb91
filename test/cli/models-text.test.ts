import { expect, test } from "vitest";
import type { ModelsReport } from "../../cli/report/models-report.ts";
import { catalogue } from "../../models/index.ts";
import { kmmcheck, memoryHost } from "./support/memory-host.ts";
import { complaints } from "./support/schemas.ts";

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
    for (const { model, patches, lacking, inapplicable } of uses) {
      const own = models.find((m) => m.name === model);
      expect(own?.features.find((f) => f.name === name)?.patches).toEqual(patches);
      expect([...patches, ...lacking, ...inapplicable].toSorted()).toEqual(own?.patches.toSorted());
    }
  }
  expect(features.length).toBeGreaterThan(0);
});

test("tells a version that lacks a feature from one to which it does not apply", async () => {
  const host = { ...memoryHost(), catalogue: async () => catalogue };
  const { out } = await kmmcheck("models --features", host);
  const marks = (name: string) => new RegExp(`^${name} +(.*?) +D`, "m").exec(out)?.[1]?.split(/ +/);
  expect(marks("firstVisitMarksOnly")).toEqual([".", ".", ".", ".", "-", "x"]);
  expect(marks("stretchedPeriodClamped")).toEqual([".", ".", ".", ".", "-", "x"]);
  expect(marks("ownFlags")).toEqual(["-", "-", "-", "-", "-", "x"]);
  const one = (await kmmcheck("models throttle --features", host)).out;
  expect(one.replaceAll(/\s+/g, " ")).toContain("does not compound; does not apply to v0, p1, v1, v2");
  const json = JSON.parse((await kmmcheck("models throttle --json", host)).out) as ModelsReport;
  expect(complaints("models-report", json)).toEqual([]);
  const clamped = json.features.find(({ name }) => name === "stretchedPeriodClamped");
  expect(clamped?.models[0]).toMatchObject({
    lacking: ["v3"],
    inapplicable: ["v0", "p1", "v1", "v2"],
  });
});

test("shows one model", async () => {
  const { out } = await kmmcheck("models turns");
  expect(out).toMatch(/^turns: /);
  expect(out).not.toContain("exit-race");
});
