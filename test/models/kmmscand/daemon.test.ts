/** The life of the daemon: verdicts of every version, necessity of every fix, exact sizes, shortest runs. */
import { describe, expect, test } from "vitest";
import { daemon } from "../../../models/kmmscand/daemon/daemon.ts";
import { build, judge, runOf } from "./build.ts";
import { edit, takenOut } from "./edit.ts";
import { describeCounts, describeVersions } from "./versions.ts";

const always = ["S10", "A06", "A06.mms_to_scan", "B03", "L06", "L06.wake", "L06.kept"];

const noStop = ["L05.asked", "L05.woken", "S13.stopped"];
const noStopper = ["L05.returns", "L05.migrator", "L05.ended"];

// Nobody stops the threads here, so that is judged where docs/findings.md is checked.
describeVersions(daemon, {
  scope: { stops: 0 },
  violates: {
    v0: always,
    v1: [...always, "S13.migrator", "A08", "L06.migrator", "L06.woken"],
    v3: [...always, "A08", "L06.migrator", "L06.woken"],
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

test("p1 lives as v1 does, v2 as v3", () => {
  expect(build(daemon, "p1")).toEqual(build(daemon, "v1"));
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

describe("D57 on its own, all wake-ups working:", () => {
  const cured = { sleepsInterruptibly: true, scanSleepBounded: true };

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
