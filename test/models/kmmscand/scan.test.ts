/** The way through the address spaces: verdicts of every version, necessity of every fix, exact sizes, shortest runs. */
import { expect, test } from "vitest";
import { scan } from "../../../models/kmmscand/scan/scan.ts";
import { build, judge, runOf } from "./build.ts";
import { describeCounts, describeVersions } from "./versions.ts";

describeVersions(scan, {
  violates: {
    v0: ["A05.resume", "B01", "B02", "L02"],
    p1: ["A05.list", "A05.resume", "B01", "B02", "L02"],
    v1: ["L02.again", "B01.budget", "A05", "A05.resume", "B01", "B02", "L02"],
    v2: ["L02.again", "B01.budget", "A05.resume", "B01", "B02", "L02"],
    v3: ["L02.again", "B01.budget", "A05.resume", "B01", "B02", "L02"],
    fixed: [],
  },
});
describeCounts(scan, { naive: 250, most: 10_000 });

/** The VMAs of the address space in which a page is never reached. */
function layoutOf(features: Readonly<Record<string, boolean>>): readonly string[] {
  const run = runOf(judge(build(scan, "fixed", { features })), "L02");
  return run
    .filter((step) => step.startsWith("application."))
    .map((step) => step.replace(/application\.(\w+).*/, "$1"));
}

test("D40: what lies behind a hole is never reached", () => {
  expect(layoutOf({ holesPassed: false })).toContain("hole");
});

test("D41: what lies behind an unpopulated tail or a filtered VMA is never reached", () => {
  expect(layoutOf({ resumesWhereItStopped: false }).some((shape) => /tail|filtered/.test(shape))).toBe(true);
});

test("D41: v3 visits pages again before it comes to those behind a tail", () => {
  const run = runOf(judge(build(scan, "v3")), "L02.again");
  expect(run).toContain("application.tail");
  const [walk, visit] = run.slice(-2);
  expect(walk).toBe("kmmscand.walk");
  expect(["kmmscand.hot", "kmmscand.cold"]).toContain(visit);
});

test("D42: v1 stores an address of the other mm for a VMA that it has passed over", () => {
  const run = runOf(judge(build(scan, "v1")), "A05");
  expect(run.slice(-2)).toEqual(["kmmscand.filtered", "kmmscand.stop"]);
});

test("p1 leaves the entries of a VMA behind which it extends the scan for the next mm", () => {
  const run = runOf(judge(build(scan, "p1")), "A05.list");
  const last = run.lastIndexOf("kmmscand.extend");
  expect(run.slice(last + 1)).toContain("kmmscand.pick");
  expect(run.slice(last).filter((step) => /stop|next/.test(step))).toHaveLength(1);
  const spliced = judge(build(scan, "p1", { features: { splicedBeforeExtension: true } }));
  expect(spliced.properties.find(({ id }) => id === "A05.list")).toMatchObject({
    verdict: "holds",
    vacuous: false,
  });
});

test("the second mm alone makes D42 and D48 possible", () => {
  const parameters = { mms: 1 };
  const alone = judge(build(scan, "v1", { parameters, features: { listSplicedAtEnd: false } }));
  expect(alone.properties.find(({ id }) => id === "A05.list")?.verdict).toBe("holds");
});
