/** The model that logs are compared with: its size, and what holds of it, in each version. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { lifeOfOneMm } from "../../../models/kmmscand/one-mm/life.ts";
import { oneMm } from "../../../models/kmmscand/one-mm/one-mm.ts";
import { flatten } from "../../../models/language/index.ts";
import { modelOf } from "../../../traces/conform/conformance.ts";
import { build, judge, runOf, violated } from "./build.ts";

test.each([
  ["v0", 507, 1258, ["S13", "A10", "L01.visit", "L04.exit", "S06"]],
  ["p1", 746, 3498, ["A10", "A10.exit", "S06.cleaned"]],
  ["v1", 746, 3498, ["A10", "A10.exit", "S06.cleaned"]],
  ["v2", 3086, 12819, ["A10", "A10.exit"]],
  ["v3", 1768, 7413, ["A10", "A10.exit"]],
] as const)("%s has %i states, and violates what it must", (patch, states, transitions, ids) => {
  const result = judge(build(oneMm, patch));
  expect(result.statistics).toMatchObject({ states, transitions });
  expect(violated(result)).toEqual(ids);
  expect(result.properties.filter(({ vacuous }) => vacuous)).toEqual([]);
});

test.each([
  ["v0", 322, 824],
  ["p1", 456, 2141],
  ["v1", 456, 2141],
  ["v2", 1844, 7717],
  ["v3", 1083, 4574],
] as const)("a log of %s is followed through %i states", (patch, states, transitions) => {
  expect(judge(build(lifeOfOneMm, patch)).statistics).toMatchObject({ states, transitions });
});

test("without task names in its events v0 does not die of a cleared owner", () => {
  const features = { eventsWithoutTask: true };
  expect(violated(judge(build(oneMm, "v0", { features })))).toEqual(["A10", "S06"]);
  expect(runOf(judge(build(oneMm, "v0")), "S13").at(-1)).toBe("kmmscand.oops");
});

test("D06: in v0 entries that a visit queues after the exit has cleaned the list outlive the slot", () => {
  const run = runOf(judge(build(oneMm, "v0")), "S06");
  const at = (step: string) => run.indexOf(step);
  expect(at("owner.cleaned")).toBeGreaterThan(0);
  expect(at("kmmscand.accessed")).toBeGreaterThan(at("owner.cleaned"));
  expect(run.at(-1)).toBe("kmmscand.collect");
  const features = { collectCleansQueue: true };
  expect(violated(judge(build(oneMm, "v0", { features })))).not.toContain("S06");
});

test.each([["p1"], ["v1"]] as const)("D09: an exit of %s does not wait for the entry in flight", (patch) => {
  const run = runOf(judge(build(oneMm, patch)), "S06.cleaned");
  expect(run.at(-1)).toMatch(/^(?:owner\.cleaned|kmmscand\.collect)/);
  expect(run).toContain("kmmmigrated.take");
});

/** The actor without what it notes for properties. */
function withoutHistory<T>(data: T): T {
  if (Array.isArray(data)) {
    const kept = data.filter(
      (one) => JSON.stringify(one?.target ?? null) !== '{"kind":"var","name":"traced"}',
    );
    return kept.map(withoutHistory) as T;
  }
  if (typeof data !== "object" || data === null) return data;
  const fields = Object.entries(data).map(([name, value]) => [name, withoutHistory(value)]);
  return Object.fromEntries(
    fields.filter(([name, value]) => name !== "actions" || value[0].params.length > 0),
  );
}

describe("D81", () => {
  const mended = { startTracedOnceDue: true, exitTracedIfListed: true };

  test.each([["v0"], ["p1"], ["v1"], ["v2"], ["v3"]] as const)(
    "%s shows a start that the gate stops",
    (patch) => {
      const run = runOf(judge(build(oneMm, patch)), "A10");
      const steps = run.map((event) => event.split(".")[1]);
      expect(steps.filter((step) => ["start", "not_due", "end"].includes(step ?? ""))).toEqual([
        "start",
        "not_due",
        "start",
      ]);
      const without = judge(build(oneMm, patch, { features: { startTracedOnceDue: true } }));
      expect(violated(without)).toEqual(violated(judge(build(oneMm, patch))).filter((id) => id !== "A10"));
    },
  );

  test.each([["p1"], ["v1"], ["v2"], ["v3"]] as const)(
    "%s shows the exit of an mm without a slot",
    (patch) => {
      expect(runOf(judge(build(oneMm, patch)), "A10.exit").filter((event) => /mmgrab/.test(event))).toEqual(
        [],
      );
      const features = { exitTracedIfListed: true };
      const others = patch === "p1" || patch === "v1" ? ["S06.cleaned"] : [];
      expect(violated(judge(build(oneMm, patch, { features })))).toEqual(["A10", ...others]);
      expect(violated(judge(build(oneMm, patch, { features: mended })))).toEqual(others);
    },
  );
});

test("a log is followed through the same steps, of which nothing is asked", () => {
  for (const patch of oneMm.patches) {
    const { properties, ...asked } = build(oneMm, patch);
    expect(properties.length).toBeGreaterThan(20);
    const { traced, ...variables } = asked.variables;
    expect(traced?.history).toBe(true);
    const followed = { ...asked, variables, actors: asked.actors.map(withoutHistory), properties: [] };
    expect(withoutHistory(build(lifeOfOneMm, patch))).toEqual(followed);
    expect(modelOf(patch)).toEqual(build(lifeOfOneMm, patch));
  }
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
