/** The line of progress of a search, and how much memory a search may use where nothing is said. */
import { expect, test } from "vitest";
import { check, type Progress } from "../../checker/check.ts";
import { freeMemory, memoryShare } from "../../cli/free-memory.ts";
import { progressText } from "../../cli/print.ts";
import { findModel } from "../../models/index.ts";

const at: Progress = {
  states: 123_456_789,
  transitions: 400_000_000,
  depth: 1234,
  frontier: 12_345_678,
  seconds: 100,
  memoryBytes: 3.5 * 2 ** 30,
  trend: 0.734,
  judging: null,
};

test.each<[Partial<Progress>, string]>([
  [{}, "system: 123M states, 1.2M/s, depth 1,234, queue 12M shrinking x0.73, 3.5 GiB, 100 s"],
  [
    { trend: 1.5, states: 999 },
    "system: 999 states, 10/s, depth 1,234, queue 12M growing x1.50, 3.5 GiB, 100 s",
  ],
  [
    { trend: 1.001, frontier: 1999 },
    "system: 123M states, 1.2M/s, depth 1,234, queue 2.0k steady x1.00, 3.5 GiB, 100 s",
  ],
  [{ trend: null, seconds: 0 }, "system: 123M states, depth 1,234, queue 12M, 3.5 GiB, 0 s"],
  [{ judging: "L03" }, "system: judging L03 on 123M states, 3.5 GiB, 100 s"],
])("%j", (change, line) => {
  expect(progressText("system", { ...at, ...change })).toBe(line);
});

test("the trend is that of the last levels, and judging on runs is told", () => {
  const entry = findModel("peterson");
  const seen: Progress[] = [];
  let clock = 0;
  const model = entry?.build({ patch: null, features: {}, parameters: { processes: 3 } });
  if (model === undefined) throw new Error("no model peterson");
  check(model, { now: () => (clock += 200), onProgress: (progress) => seen.push(progress) });
  // One initial state, from which each of three processes can go on.
  expect(seen.slice(0, 2).map(({ depth, trend }) => [depth, trend])).toEqual([
    [0, null],
    [1, 3],
  ]);
  expect(seen.some(({ trend }) => trend !== null && trend < 1)).toBe(true);
  expect(seen.find(({ judging }) => judging !== null)?.judging).toBe("no-starvation");
  expect(seen.at(-1)).toMatchObject({ states: 12_498, frontier: 0, trend: null });
});

test("three quarters of what is free, in the machine and in the cgroup", () => {
  expect(memoryShare({ machine: 1000, cgroup: 400 })).toBe(300);
  expect(memoryShare({ machine: 1001, cgroup: 2 ** 64 })).toBe(750);
  expect(memoryShare(freeMemory())).toBeGreaterThan(0);
});
