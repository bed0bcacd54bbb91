/** The model that logs are compared with: its size, and what holds of it, in each version. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { oneMm } from "../../../models/kmmscand/one-mm/one-mm.ts";
import { flatten } from "../../../models/language/index.ts";
import { build, judge, runOf, violated } from "./build.ts";

test.each([
  ["v0", 322, 824, ["S13"]],
  ["p1", 456, 2141, []],
  ["v1", 456, 2141, []],
  ["v2", 1844, 7717, []],
  ["v3", 1083, 4574, []],
] as const)("%s has %i states, and violates what it must", (patch, states, transitions, ids) => {
  const result = judge(build(oneMm, patch));
  expect(result.statistics).toMatchObject({ states, transitions });
  expect(violated(result)).toEqual(ids);
  expect(result.properties.filter(({ vacuous }) => vacuous)).toEqual([]);
});

test("without task names in its events v0 does not die of a cleared owner", () => {
  const features = { eventsWithoutTask: true };
  expect(violated(judge(build(oneMm, "v0", { features })))).toEqual([]);
  expect(runOf(judge(build(oneMm, "v0")), "S13").at(-1)).toBe("kmmscand.oops");
});

test("program points are named after functions of the version", () => {
  for (const [patch, scanner] of [
    ["v1", "kmmscand"],
    ["v2", "kscand"],
  ] as const) {
    const points = flatten(build(oneMm, patch)).instances.flatMap((instance) => instance.points);
    expect(points.filter((point) => !/^[a-z_]+:[a-z_0-9]+$/.test(point))).toEqual([]);
    expect(points).toContain(`${scanner}_scan_mm_slot:walk`);
    expect(points).toContain(`__${scanner}_exit:mmput_lookup`);
  }
});

test("models/kmmscand/README.md and docs/conform.md tell these sizes", () => {
  const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
  expect(read("models/kmmscand/README.md")).toContain(
    "322 states for v0, 456 for v1 and p1, 1,844 for v2, 1,083 for v3",
  );
  expect(read("docs/conform.md").replaceAll(/\s+/g, " ")).toContain(
    "13 beliefs for v0, 50 for v1, 291 for v2, 364 for v3",
  );
});
