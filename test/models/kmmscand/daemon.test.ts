/** The life of the daemon: verdicts of every version, necessity of every fix, exact sizes, shortest runs. */
import { describe, expect, test } from "vitest";
import { daemon } from "../../../models/kmmscand/daemon/daemon.ts";
import { build, judge, runOf } from "./build.ts";
import { describeCounts, describeVersions } from "./versions.ts";

const scanner = ["S10", "A06", "A06.mms_to_scan", "B03", "L05", "L06", "L06.wake", "L06.kept"];

describeVersions(daemon, {
  violates: {
    v0: scanner,
    v1: [...scanner, "S13.migrator", "A08", "L06.migrator"],
    v3: ["S10", "S13", ...scanner.slice(1), "S13.migrator", "A08", "L06.migrator"],
    fixed: [],
  },
  scopeOf: (restores) => (restores.some((id) => id === "S13" || id === "L05") ? {} : { stops: 0 }),
});
describeCounts(daemon, { naive: 1_000, most: 10_000 });

test("v2 lives as v3 does", () => {
  expect(build(daemon, "v2")).toEqual(build(daemon, "v3"));
});

describe("the shortest run of v0 that shows", () => {
  const result = judge(build(daemon, "v0", { parameters: { stops: 0 } }));

  test("D53: with an empty scan list nothing ever sleeps", () => {
    const found = result.properties.find(({ id }) => id === "B03")?.counterexample;
    const loop = found?.steps.slice(found.loopStart ?? 0).map(({ event }) => event);
    expect(loop).toContain("kmmscand.workless");
    expect(runOf(result, "B03").filter((step) => /^(?:sysfs|task)/.test(step))).toEqual([]);
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
    expect(run.slice(-3)).toEqual(["kmmscand.test", "sysfs.need_wakeup", "kmmscand.clear"]);
  });
});

describe("D57 on its own, all wake-ups working:", () => {
  const cured = { sleepsInterruptibly: true, scanSleepBounded: true };

  test("a new scan_sleep_ms is overtaken by the deadline of the old one", () => {
    const result = judge(build(daemon, "v3", { features: cured, parameters: { stops: 0 } }));
    const run = runOf(result, "L06").filter((step) => /^sysfs|\.read|kmmscand\.expire/.test(step));
    expect(run.length).toBeGreaterThan(0);
    expect(result.properties.find(({ id }) => id === "L06")?.verdict).toBe("violated");
  });
});
