/** `simulate --size`: the costs on stated assumptions, and what it does not take. */
import { expect, test } from "vitest";
import { kmmcheck } from "./support/memory-host.ts";
import { complaints } from "./support/schemas.ts";

test("the table says that it is a simulation and puts published times beside it", async () => {
  const { out, code } = await kmmcheck("simulate --workload abench --size 8G --patch v1");
  expect(code).toBe(0);
  expect(out).toMatch(/^A simulation of abench, not a measurement/);
  expect(out).toMatch(/8G +NUMAB2 .* 134\.33 s\n +v1 .* 120\.52 s\n/);
  expect(out).toContain("migrateNs");
  expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
});

test("the document keeps to its schema, and an assumption is told as given", async () => {
  const { out } = await kmmcheck("simulate --size all --assume faultNs=0 --json");
  const report = JSON.parse(out) as {
    readonly rows: readonly { readonly size: string; readonly numab2: { readonly faultMs: number } }[];
    readonly assumptions: readonly { readonly name: string; readonly source: string }[];
  };
  expect(complaints("simulate-cost-report", report)).toEqual([]);
  expect(report.rows.map(({ size, numab2 }) => [size, numab2.faultMs])).toEqual([
    ["8G", 0],
    ["16G", 0],
    ["32G", 0],
    ["64G", 0],
  ]);
  expect(report.assumptions.find(({ name }) => name === "faultNs")).toMatchObject({ source: "given" });
});

test.each([
  ["--size 8", "unknown size 8; did you mean 8G?"],
  ["--size 8G --assume faultNS=1", "unknown assumption faultNS; did you mean faultNs?"],
  ["--size 8G --assume faultNs", '--assume faultNs takes a whole number of ns from 0 to 1000000, not ""'],
  ["--size 8G --assume numaScanPeriodMs=0", "of ms from 1 to 1000000, not "],
  ["--size 8G --workload idle", "--size is of the workload abench, not idle"],
  ["--size 8G --format itf", "--size"],
  ["--assume faultNs=1", "--assume"],
])("`%s` is refused in one sentence", async (line, message) => {
  const { err, out, code } = await kmmcheck(`simulate ${line}`);
  expect(out).toBe("");
  expect(err).toContain(message);
  expect(err.trim().split("\n")).toHaveLength(1);
  expect(code).toBe(2);
});
