/** The target node: verdicts of every version, necessity of every fix, exact sizes, shortest runs. */
import { describe, expect, test } from "vitest";
import { targetNode } from "../../../models/kmmscand/target-node/target-node.ts";
import { build, judge, runOf, violated } from "./build.ts";
import { describeCounts, describeVersions } from "./versions.ts";

const all = ["S15", "S15.task", "S15.room", "A11"];

describeVersions(targetNode, {
  violates: {
    v0: [...all, "A08.store"],
    v1: [...all, "A08", "A08.store", "A03.target"],
    v3: [...all, "A08", "A08.store"],
    fixed: [],
  },
});
describeCounts(targetNode, { naive: 1_300, most: 90_000 });

test.each(["p1", "v2"] as const)("%s chooses as v1 does", (patch) => {
  expect(build(targetNode, patch)).toEqual(build(targetNode, "v1"));
});

test("D67: v1 takes the node with the most folios, v3 the one with the most accesses", () => {
  expect(runOf(judge(build(targetNode, "v1")), "A03.target").slice(1)).toEqual([
    ...["kmmscand.start", "kmmscand.idle_node0", "kmmscand.accessed_dram"],
    ...["kmmscand.choose", "kmmscand.reset"],
  ]);
});

test.each(["v0", "v1", "v3"] as const)(
  "D68: %s promotes for a process that is bound to the slow tier",
  (patch) => {
    const run = runOf(judge(build(targetNode, patch)), "A11");
    expect(run).toContain("owner.bind");
    expect(run).not.toContain("owner.unbind");
    const features = { ownerPolicyAsked: true };
    const without = violated(judge(build(targetNode, patch))).filter((id) => id !== "A11");
    expect(violated(judge(build(targetNode, patch, { features })))).toEqual(without);
  },
);

describe("v0", () => {
  const result = judge(build(targetNode, "v0"));

  test("D75: stores a node without memory, and promotes to it", () => {
    expect(runOf(result, "A08.store")).toEqual(["sysfs.store_memoryless"]);
    expect(runOf(result, "S15")).toHaveLength(7);
  });

  test("D77: goes on promoting to node 0 whoever moves, and fails when it is full", () => {
    expect(runOf(result, "S15.task")).toContain("owner.run_dram");
    const full = runOf(result, "S15.room");
    expect(full).toContain("memory.fill");
    expect(full.at(-1)).toBe("kmmscand.fail");
  });

  test("needs no store to promote to a node 0 of a slower tier", () => {
    const slow = judge(build(targetNode, "v0", { parameters: { node0: 0 } }));
    expect(runOf(slow, "S15").filter((step) => step.startsWith("sysfs"))).toEqual([]);
  });
});

describe("v3", () => {
  const checked = { storedNodeChecked: true };

  test("D76: promotes the first batch to node 0 whatever sysfs says", () => {
    const run = runOf(judge(build(targetNode, "v3", { features: checked })), "A08");
    expect([run[0], ...run.slice(-2)]).toEqual([
      ...["sysfs.store_dram", "kmmmigrated.take", "kmmmigrated.promote"],
    ]);
    expect(run).not.toContain("kmmscand.choose");
  });

  test("D76: with a checked store it is a node that went offline that nobody looks at", () => {
    expect(runOf(judge(build(targetNode, "v3", { features: checked })), "S15")).toContain("memory.offline");
    const both = { ...checked, destinationChecked: true };
    expect(violated(judge(build(targetNode, "v3", { features: both })))).toEqual([
      ...["S15.task", "S15.room", "A11", "A08"],
    ]);
  });
});
