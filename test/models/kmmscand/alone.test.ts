/** Defects of which docs/findings.md tells a run that shows no other one. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { ExploreReport } from "../../../cli/report/explore-report.ts";
import { kmmscandModels } from "../../../models/kmmscand/index.ts";
import { kmmcheck, memoryHost } from "../../cli/support/memory-host.ts";

const page = readFileSync(new URL("../../../docs/findings.md", import.meta.url), "utf8");
const told = [...page.matchAll(/^(D\d\d) alone: `kmmcheck ([^`]+)`, (\d+) steps\./gm)].map(
  ([, defect = "", command = "", steps = ""]) => ({ defect, command, steps: Number(steps) }),
);

test("are those that share their properties with others", () => {
  expect(told.map(({ defect }) => defect)).toEqual([
    ...["D02", "D04", "D13", "D43", "D46", "D49", "D51", "D50"],
    ...["D52", "D53", "D54", "D59", "D61", "D63", "D65", "D66"],
  ]);
});

test.each(told)("$defect: $command", async ({ defect, command, steps }) => {
  const host = { ...memoryHost(), catalogue: async () => kmmscandModels };
  const { out } = await kmmcheck(`${command} --json`, host);
  const { properties } = JSON.parse(out) as ExploreReport;
  const violated = properties.filter(({ verdict }) => verdict === "violated");
  expect(violated.map(({ counterexample }) => counterexample?.steps.length)).toEqual([steps]);
  const named = violated.flatMap(({ defects }) => defects);
  expect(named).toEqual([defect]);
});
