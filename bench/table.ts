/** The report as plain text of 80 columns. */
import { median, ratio } from "./arithmetic.ts";
import type { Measured } from "./run.ts";

/** One comparison: the first row is ours, the others are set in relation to it. */
export interface Section {
  readonly title: string;
  /** What is counted by the second, and how many of the rows' amounts make one of it: "MB" and 1e6. */
  readonly unit: { readonly name: string; readonly size: number };
  readonly rows: readonly Measured[];
  /** Rows have different amounts: rates are compared instead of times. */
  readonly byRate: boolean;
  /** What is missing, and why; and what a reader must know. */
  readonly notes: readonly string[];
}

export interface Report {
  readonly node: string;
  readonly processors: number;
  /** Load of the last minute before and after. */
  readonly load: readonly [before: number, after: number];
  readonly repetitions: number;
  readonly sections: readonly Section[];
}

/** Ratio of a row to ours by wall clock and by CPU time: above 1, ours is faster. */
export function ratiosOf(section: Section, row: Measured): readonly [wall: number, cpu: number] {
  const [ours] = section.rows;
  if (ours === undefined) return [Number.NaN, Number.NaN];
  const scale = section.byRate ? ours.amount / row.amount : 1;
  return [ratio(row.seconds, ours.seconds) * scale, ratio(row.cpu, ours.cpu) * scale];
}

export function reportText(report: Report): string {
  const { node, processors, load, repetitions, sections } = report;
  const [before, after] = load;
  const lines = [
    `Node.js ${node}, ${processors} processors, load ${before.toFixed(1)} before and ${after.toFixed(1)} after.`,
    `Medians of ${repetitions}, run in turn. The last two columns are a row's time, or its CPU`,
    "time, divided by that of the first row: above 1, the first row is faster.",
  ];
  if (Math.max(before, after) > 0.75 * processors) {
    lines.push("Others used this machine meanwhile: go by CPU time, and measure again when it is idle.");
  }
  return `${[...lines, ...sections.flatMap(sectionLines)].join("\n")}\n`;
}

function sectionLines(section: Section): readonly string[] {
  const { title, unit, rows, notes } = section;
  const cells = [["", `${unit.name}/s`, "seconds", "CPU s", "MB", "wall", "CPU"]];
  for (const [k, row] of rows.entries()) {
    const seconds = median(row.seconds);
    const memory = median(row.memory) / 1e6;
    const [wall, cpu] = ratiosOf(section, row);
    cells.push([
      row.name,
      threeDigits(row.amount / unit.size / seconds),
      seconds.toFixed(2),
      median(row.cpu).toFixed(2),
      memory === 0 ? "-" : memory.toFixed(0),
      k === 0 ? "1" : threeDigits(wall),
      k === 0 ? "1" : threeDigits(cpu),
    ]);
  }
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((line) => line[column]!.length)));
  const table = cells.map((line) =>
    line
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
      .join("  ")
      .trimEnd(),
  );
  return ["", title, ...table.map((line) => `  ${line}`), ...notes.map((note) => `  ${note}`)];
}

/** Three digits that count: 1234, 123, 12.3, 1.23, 0.0123. */
export function threeDigits(value: number): string {
  if (!Number.isFinite(value) || value <= 0) return "-";
  const before = Math.floor(Math.log10(value)) + 1;
  return value.toFixed(Math.max(0, 3 - before));
}
