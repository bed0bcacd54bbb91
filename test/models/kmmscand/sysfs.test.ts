/** The settings: verdicts of every version, necessity of every fix, exact sizes, shortest runs. */
import { expect, test } from "vitest";
import { sysfs } from "../../../models/kmmscand/sysfs/sysfs.ts";
import { build, judge, runOf, violated } from "./build.ts";
import { describeCounts, describeVersions } from "./versions.ts";

const inheriting = ["A08", "A08.period"];

describeVersions(sysfs, {
  violates: {
    v0: inheriting,
    p1: inheriting,
    v1: inheriting,
    v2: [...inheriting, "A09"],
    v3: [...inheriting, "A09"],
    fixed: [],
  },
});
describeCounts(sysfs, { naive: 600, most: 10_000 });

test("D71: v3 scans the child of a process that has turned its scans off", () => {
  expect(runOf(judge(build(sysfs, "v3")), "A09")).toEqual([
    ...["owner(mm0).prctl_0", "owner(mm0).fork(mm1)", "kmmscand.scan(mm1)"],
  ]);
});

test("D71 takes a fork: the process itself is not scanned", () => {
  expect(violated(judge(build(sysfs, "v3", { parameters: { mms: 1 } })))).toEqual(inheriting);
});

test("D75: a refused store of target_node ends the sleep all the same, that of scan_enabled does not", () => {
  expect(runOf(judge(build(sysfs, "v0")), "A08")).toEqual([
    ...["sysfs.node", "sysfs.node_refused", "sysfs.einval"],
  ]);
});

test("an mm that was there before the store keeps its period; exec takes the new one", () => {
  const run = runOf(judge(build(sysfs, "v3")), "A08.period");
  expect(run.toSorted()).toEqual(["kmmscand.scan(mm0)", "kmmscand.scan(mm0)", "sysfs.period_greatest"]);
});
