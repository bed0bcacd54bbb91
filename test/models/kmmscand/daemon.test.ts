/** The life of the daemon: verdicts of every version, necessity of every fix, exact sizes, shortest runs. */
import { describe, expect, test } from "vitest";
import type { Patch } from "../../../models/entry.ts";
import { daemon } from "../../../models/kmmscand/daemon/daemon.ts";
import { build, judge, runOf } from "./build.ts";
import { edit, takenOut } from "./edit.ts";
import { describeCounts, describeVersions } from "./versions.ts";

const requests = ["A06", "A06.mms_to_scan", "B03", "L06", "A08.soon", "L06.wake", "L06.kept"];
const always = ["S10", "S13.group", ...requests];
const sinceP1 = ["S10", "S13.group", "S13.nodeinfo", ...requests];

const noStop = ["L05.asked", "L05.woken", "S13.stopped"];
const noStopper = ["L05.returns", "L05.migrator", "L05.ended"];

// Nobody stops the threads here, so that is judged where docs/findings.md is checked.
describeVersions(daemon, {
  scope: { stops: 0 },
  violates: {
    v0: always,
    v1: [...sinceP1, "S13.migrator", "A08", "L06.migrator", "L06.woken"],
    v3: [...sinceP1, "A08", "L06.migrator", "L06.woken"],
    fixed: [],
  },
  vacuous: {
    v0: ["S13", "L05", ...noStop, "L05.returns"],
    v1: ["S13", ...noStopper],
    v3: ["S13", "L05", "S13.migrator", ...noStop, ...noStopper],
    fixed: ["S13", "S13.migrator", ...noStopper],
  },
  // Without a store the model is small, and most fixes show their worth there.
  scopeOf: (restores) => {
    const stores = restores.some((id) => /^A0|^L05/.test(id)) ? 1 : 0;
    return { stores, stops: restores.some((id) => /^S13$|^L05/.test(id)) ? 1 : 0 };
  },
});
describeCounts(daemon, { naive: 1_000, most: 10_000 });

test("p1 lives as v1 does, but for nodes without memory, and v2 as v3", () => {
  const features = { nodeinfoOfPossibleNodes: true };
  expect(build(daemon, "p1", { features })).toEqual(build(daemon, "v1"));
  expect(build(daemon, "p1")).not.toEqual(build(daemon, "v1"));
  expect(build(daemon, "v2")).toEqual(build(daemon, "v3"));
});

describe("the shortest run of v0 that shows", () => {
  const result = judge(build(daemon, "v0", { parameters: { stops: 0 } }));

  test("D53: with an empty scan list nothing ever sleeps", () => {
    const found = result.properties.find(({ id }) => id === "B03")?.counterexample;
    const loop = found?.steps.slice(found.loopStart ?? 0).map(({ event }) => event);
    expect(loop).toContain("kmmscand.workless");
    expect(runOf(result, "B03").filter((step) => /^(?:sysfs\.(?!idle)|task)/.test(step))).toEqual([]);
  });

  test("D56: the wake-up passes a scanner in TASK_UNINTERRUPTIBLE by", () => {
    expect(runOf(result, "L06.wake").filter((step) => /prepare|schedule|\.wake/.test(step))).toEqual([
      "kmmscand.prepare",
      "kmmscand.schedule",
      expect.stringMatching(/^(?:sysfs|task)\.wake$/),
    ]);
  });

  test("D57: need_wakeup is set between its test and its clearing", () => {
    const run = runOf(result, "L06.kept");
    const last = run.lastIndexOf("kmmscand.test");
    expect(run.slice(last).filter((step) => /\.(?:test|need_wakeup|clear)$/.test(step))).toEqual([
      ...["kmmscand.test", "sysfs.need_wakeup", "kmmscand.clear"],
    ]);
  });
});

describe("D35: nodeinfo is missing", () => {
  const init = (patch: Patch, features = {}) =>
    runOf(
      judge(build(daemon, patch, { features, parameters: { stores: 0, stops: 0 } })),
      "S13.nodeinfo",
    ).filter((step) => step.startsWith("init.nodeinfo"));

  test("where its allocation fails, in v1 and v3", () => {
    expect([init("v1"), init("v3")]).toEqual([["init.nodeinfo_fails"], ["init.nodeinfo_fails"]]);
  });

  test("in p1 also of a node without memory", () => {
    expect(init("p1", { nodeinfoFailureReported: true })).toEqual(["init.nodeinfo_memoryless"]);
    expect(init("v1", { nodeinfoFailureReported: true })).toEqual([]);
  });
});

test("D34: stopping a thread that was never started ends in an oops, whatever the loop for scan_enabled tests", () => {
  const features = { disabledLoopTestsStop: true };
  const result = judge(build(daemon, "v3", { features, parameters: { stores: 0 } }));
  const found = result.properties.find(({ id }) => id === "L05.returns")?.counterexample;
  expect(
    found?.steps.map(({ event }) => event).filter((event) => /fails$/.test(event)).length,
  ).toBeGreaterThan(0);
  const cured = judge(
    build(daemon, "v3", { features: { ...features, startTestsNewTask: true }, parameters: { stores: 0 } }),
  );
  expect(cured.properties.find(({ id }) => id === "L05.returns")?.verdict).toBe("holds");
});

describe("D57 on its own, all wake-ups working:", () => {
  const cured = { sleepsInterruptibly: true, scanSleepHasMin: true, scanSleepHasMax: true };

  test("a new scan_sleep_ms is overtaken by the deadline of the old one", () => {
    const whole = build(daemon, "v3", { features: cured, parameters: { stops: 0 } });
    const properties = whole.properties.filter(({ id }) => id === "L06");
    const model = edit({ ...whole, properties }, [{ actor: "task", step: "alloc", change: takenOut }]);
    const run = runOf(judge(model), "L06").filter((step) =>
      /sysfs\.(?!idle)|\.read$|kmmscand\.expire/.test(step),
    );
    expect(run.slice(-6)).toEqual([
      "kmmscand.read",
      ...[expect.stringMatching(/^sysfs.sleep_/), "sysfs.expire", "sysfs.wake"],
      "kmmscand.expire",
    ]);
  });
});
