/** The tables of docs/design-space.md: each row is what its command gives. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { ExploreReport } from "../../../cli/report/explore-report.ts";
import { kmmscandModels } from "../../../models/kmmscand/index.ts";
import { migration } from "../../../models/kmmscand/migration/migration.ts";
import { pte } from "../../../models/kmmscand/pte/pte.ts";
import { system } from "../../../models/kmmscand/system/system.ts";
import type { Property } from "../../../models/language/index.ts";
import { kmmcheck, memoryHost } from "../../cli/support/memory-host.ts";
import { build, judge } from "./build.ts";

const file = new URL("../../../docs/design-space.md", import.meta.url);
const page = readFileSync(file, "utf8");
const row = /^\| ([^|]+) \| `kmmcheck ([^|]+)` \| ([^|]*) \| ([^|]*) \| ([^|]*) \| ([^|]*) \|$/gm;
const rows = [...page.matchAll(row)].map(([, choice = "", command = "", ...told]) => ({
  choice,
  command,
  told: told.map((cell) => cell.trim()),
}));

/** Violated properties with the lengths of their runs, the steps from access to promotion, the longest queue, all states. */
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
  const queue = /migration/.test(command)
    ? `${2 - Math.min(...shortest, lists.length === 2 ? 2 : 0)}`
    : counted(command, unused);
  const ways = properties.flatMap(({ distance }) => distance ?? []);
  const steps = ways.map(({ least, most }) => `${least} to ${most}`).join(", ") || "-";
  return [violated.join(", ") || "none", steps, queue, `${statistics.states}`];
}

/** The largest number of entries in `throttle`, which counts them up to one more than there is room for. */
function counted(command: string, unused: readonly string[]): string {
  const [, room] = /queue=(\d+)/.exec(command) ?? [];
  if (room === undefined) return "-";
  const taken = Array.from({ length: Number(room) + 2 }, (_, n) => n).filter(
    (n) => !unused.includes(`queue = ${n}`),
  );
  const most = Math.max(...taken);
  return most > Number(room) ? `over ${room}` : `${most}`;
}

test.each(rows)("$choice: $command", async ({ command, told }) => {
  expect(await measure(command)).toEqual(told);
});

test.each([migration, system, pte])(
  "$name: the longest way to a promotion has no bound, chosen as may be",
  (entry) => {
    const model = build(entry, "fixed", entry === system ? { parameters: { folios: 1 } } : {});
    const properties = model.properties.flatMap((property): readonly Property[] =>
      property.kind === "alwaysPossible" && property.from !== undefined
        ? [{ ...property, kind: "leadsTo", from: property.from, to: property.goal }]
        : [],
    );
    const [longest] = judge({ ...model, properties }).properties;
    expect(longest).toMatchObject({ kind: "leadsTo", verdict: "violated" });
  },
);

test("has rows", () => {
  expect(rows.length).toBeGreaterThan(8);
});
