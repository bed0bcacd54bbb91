/** The tables of docs/design-space.md: each row is what its command gives. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { ExploreReport } from "../../../cli/report/explore-report.ts";
import { kmmscandModels } from "../../../models/kmmscand/index.ts";
import { kmmcheck, memoryHost } from "../../cli/support/memory-host.ts";

const file = new URL("../../../docs/design-space.md", import.meta.url);
const page = readFileSync(file, "utf8");
const row = /^\| ([^|]+) \| `kmmcheck ([^|]+)` \| ([^|]*) \| ([^|]*) \| ([^|]*) \|$/gm;
const rows = [...page.matchAll(row)].map(([, choice = "", command = "", ...told]) => ({
  choice,
  command,
  told: told.map((cell) => cell.trim()),
}));

/** Violated properties with the lengths of their runs, the longest queue, the states of the full graph. */
async function measure(command: string): Promise<readonly string[]> {
  const host = { ...memoryHost(), catalogue: async () => kmmscandModels };
  const { out } = await kmmcheck(`${command} --coverage --reduce none --json`, host);
  const { properties, statistics, coverage } = JSON.parse(out) as ExploreReport;
  const violated = properties.flatMap(({ id, counterexample: run }) =>
    run === null ? [] : [`${id} (${run.steps.length})`],
  );
  const unused = coverage.detail?.values.unused ?? [];
  const lists = ["migrate_list", "slot_list[]"].filter((list) =>
    unused.some((value) => value.startsWith(`length(${list})`)),
  );
  const shortest = lists.map((list) => unused.filter((value) => value.startsWith(`length(${list})`)).length);
  const queue = /migration/.test(command) ? `${2 - Math.min(...shortest, lists.length === 2 ? 2 : 0)}` : "-";
  return [violated.join(", ") || "none", queue, `${statistics.states}`];
}

test.each(rows)("$choice: $command", async ({ command, told }) => {
  expect(await measure(command)).toEqual(told);
});

test("has rows", () => {
  expect(rows.length).toBeGreaterThan(8);
});
