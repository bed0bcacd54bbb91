/** The document that `simulate --size --json` prints, and its text. */
import type { Assumption, CostRow, Work } from "../../traces/synthesize/index.ts";
import { seconds } from "./numbers.ts";
import type { Style } from "./style.ts";
import { table } from "./table.ts";
import { wrap } from "./wrap.ts";

export interface CostReport {
  readonly tool: "kmmcheck";
  readonly version: string;
  readonly command: "simulate";
  readonly patch: "v0" | "v1" | "v2" | "v3";
  readonly workload: "abench";
  /** Nothing in the rows was measured, except `published`. */
  readonly simulated: true;
  readonly assumptions: readonly Assumption[];
  /** What `published` of the rows is: seconds of these runs. */
  readonly publishedSource: string;
  readonly rows: readonly CostRow[];
}

export const PUBLISHED_SOURCE =
  "cover letter of v1: abench -m 2 -d 1 -i 512 on 6.14-rc6, two nodes, 512 CPUs; patched is v1 with NUMAB1";

export function costText(report: CostReport, { width, style }: { width: number; style: Style }): string {
  const columns = [
    { title: "size" },
    { title: "side" },
    { title: "scans", right: true },
    { title: "faults", right: true },
    { title: "migration", right: true },
    { title: "sum", right: true },
    { title: "of run", right: true },
    { title: "promoted", right: true },
    { title: "published", right: true },
  ] as const;
  const line = (size: string, side: string, work: Work, run: number): readonly string[] => [
    size,
    side,
    seconds(work.scanMs / 1000),
    work.faultMs === 0 ? "-" : seconds(work.faultMs / 1000),
    seconds(work.migrateMs / 1000),
    seconds(work.totalMs / 1000),
    `${((work.totalMs / run) * 0.1).toFixed(2)} %`,
    work.promotedMs === null ? "not all" : seconds(work.promotedMs / 1000),
    `${run.toFixed(2)} s`,
  ];
  const rows = report.rows.flatMap(({ size, numab2, daemon, published }) => [
    line(size, "NUMAB2", numab2, published.numab2),
    line("", report.patch, daemon, published.patched),
  ]);
  const assumed = report.assumptions.map(({ name, value, unit, what, source }) => [
    name,
    `${value} ${unit}`,
    `${what} (${source})`,
  ]);
  const assumptionColumns = [
    { title: "assumption" },
    { title: "value", right: true },
    { title: "of what, and from where", fill: true },
  ] as const;
  const text = (words: string): readonly string[] => wrap(words, width);
  return [
    ...text(
      `A simulation of abench, not a measurement: pages that ${report.patch} and NUMAB2 would handle, times the costs assumed below.`,
    ).map(style.strong),
    "",
    ...table(columns, rows, { width, heading: style.faint }),
    "",
    ...text(
      "NUMAB2 spends its time in the process itself, the daemon in threads of its own. Promoted: when the last page was. Published: how long the whole benchmark took, which is all that was published; of run is the simulated sum as a part of it.",
    ),
    ...text(`Published times: ${report.publishedSource}.`),
    "",
    ...table(assumptionColumns, assumed, { width, heading: style.faint }),
    "",
  ].join("\n");
}
