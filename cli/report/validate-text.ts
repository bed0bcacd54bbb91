/** The text of a validation: the health of the logs first, one line a property, then the violations with their lines. */
import type {
  LogProgress,
  LogReport,
  PropertyReport,
  ValidateReport,
  Violation,
} from "../../traces/validate.ts";
import { escapeAll } from "./escape.ts";
import { bytes, count, counted } from "./numbers.ts";
import { type Style, verdictText } from "./style.ts";
import { table } from "./table.ts";
import { tally } from "./tally.ts";
import { labelled, padStart, wrap } from "./wrap.ts";

export interface ValidateTextOptions {
  readonly width: number;
  readonly style: Style;
}

/** Kinds of violations shown for each property; `--json` has all. */
const MOST_SHOWN = 5;
const LABEL = 14;

export function validateText(raw: ValidateReport, options: ValidateTextOptions): string {
  const report = escapeAll(raw);
  const lines = [
    ...healthTable(report.logs, options),
    "",
    ...propertyTable(report.properties, options),
    ...report.properties.filter(({ verdict }) => verdict === "violated").flatMap((p) => violated(p, options)),
    "",
    ...closing(report, options),
  ];
  return `${lines.join("\n")}\n`;
}

/** One line about a log that is being read; `rate` is in events a second, null if not known yet. */
export function progressText({ log, events, violated }: LogProgress, rate: number | null): string {
  const speed = rate === null ? "" : `, ${count(Math.round(rate))}/s`;
  const found = violated.map(({ id, count: times }) => (times > 1 ? `${id} (${count(times)} times)` : id));
  const state = found.length === 0 ? "nothing violated so far" : `violated: ${found.join(", ")}`;
  return escapeAll(`${log}: ${counted(events, "event")}${speed}, ${state}`);
}

function healthTable(logs: readonly LogReport[], { width, style }: ValidateTextOptions): readonly string[] {
  return table(
    [
      { title: "log", fill: true },
      { title: "format" },
      { title: "patch" },
      { title: "lines", right: true },
      { title: "events", right: true },
      { title: "lost", right: true },
      { title: "skipped", right: true },
    ],
    logs.map((log) => [
      log.name,
      log.format,
      log.patch ?? "?",
      count(log.lines),
      count(log.events),
      log.lost === null ? "unknown" : count(log.lost),
      count(log.skipped),
    ]),
    { width, indent: 2, heading: style.faint, notes: (row) => healthNotes(logs[row], width, style) },
  );
}

/** What is not right with a log, under its line. */
function healthNotes(log: LogReport | undefined, width: number, style: Style): readonly string[] {
  if (log === undefined) return [];
  const cpus = Object.entries(log.lostByCpu).filter(([, n]) => n > 0);
  const notes = [
    ...(log.startsMidStream && !log.notes.some((note) => note.includes("mid-stream"))
      ? ["the log starts mid-stream: what happened before is unknown"]
      : []),
    ...(cpus.length === 0
      ? []
      : [`lost by CPU: ${cpus.map(([cpu, n]) => `${cpu}: ${count(n)}`).join(", ")}`]),
    ...log.notes,
    ...log.skippedExamples.slice(0, 2).map(({ line, text }) => `line ${line} not understood: ${text.trim()}`),
  ];
  const facts = wrap(healthFacts(log), width - 4, 2).map((line) => style.faint(`    ${line}`));
  return [
    ...facts,
    ...notes.flatMap((note) => wrap(`! ${note}`, width - 4, 2).map((line) => style.unsure(`    ${line}`))),
  ];
}

/** What holds of a log whether it is good or not. */
function healthFacts(log: LogReport): string {
  const clock = { seconds: "clock in seconds", ticks: "clock in ticks", none: "no times" }[log.clock];
  const begins = {
    true: "begins with a mm_enter",
    false: "begins after mms were entered",
    null: "no daemon event",
  };
  return [
    clock,
    ...(log.skew === null || log.skew === 0 ? [] : [`skew up to ${microseconds(log.skew)} us`]),
    ...(log.pointerClass === "none" ? [] : [`${log.pointerClass} pointers`]),
    ...(log.cpus.length === 0 ? [] : [counted(log.cpus.length, "CPU")]),
    ...(log.daemonPid === null ? [] : [`daemon pid ${log.daemonPid}`]),
    begins[`${log.beginsWithEnter}`],
  ].join(", ");
}

function microseconds(ns: number): string {
  return String(Math.round(ns / 100) / 10);
}

function propertyTable(
  properties: readonly PropertyReport[],
  { width, style }: ValidateTextOptions,
): readonly string[] {
  const rows = properties.map((p) => [p.verdict, p.id, p.count === 0 ? "" : count(p.count), p.title]);
  return table(
    [
      { title: "verdict", paint: (line, row) => verdictText(style, properties[row]?.verdict ?? "", line) },
      { title: "id" },
      { title: "times", right: true },
      { title: "property", fill: true },
    ],
    rows,
    {
      width,
      indent: 2,
      heading: style.faint,
      notes: (row) => reasonLines(properties[row], width).map(style.faint),
    },
  );
}

/** Why a property holds or is undecided, under its line; a violation is quoted further down. */
function reasonLines(property: PropertyReport | undefined, width: number): readonly string[] {
  if (property === undefined || property.verdict === "violated") return [];
  const text = property.vacuous ? `vacuous: ${property.reason}` : property.reason;
  return wrap(text, width - 6, 2).map((line) => `      ${line}`);
}

function violated(property: PropertyReport, options: ValidateTextOptions): readonly string[] {
  const { width, style } = options;
  const times = counted(property.count, "time");
  const shown = property.violations.slice(0, MOST_SHOWN);
  const left = property.violations.length - shown.length;
  return [
    "",
    ...wrap(`${property.id} violated: ${property.title} (${times})`, width, 2).map(style.bad),
    ...shown.flatMap((violation) => quoted(violation, options)),
    ...(left === 0 ? [] : ["", `  and ${counted(left, "more kind")} of violation; --json lists them`]),
  ];
}

/** One kind of violation: where, what was expected and seen, and the lines around it with the offending one marked. */
function quoted(violation: Violation, { width, style }: ValidateTextOptions): readonly string[] {
  const { source } = violation;
  const place =
    source === undefined ? "" : ` (${source.log ?? "line"}${source.log === null ? " " : ":"}${source.line})`;
  const where = `${violation.log}:${violation.line}${place}: ${violation.event}`;
  const when = violation.time === null ? "" : ` at ${violation.time}`;
  const more = violation.count > 1 ? ` (${count(violation.count)} of this kind)` : "";
  const lines = violation.context;
  const digits = Math.max(0, ...lines.map(({ line }) => String(line).length));
  const margin = Math.min(...lines.map(({ text }) => text.length - text.trimStart().length));
  return [
    "",
    ...wrap(`${where} by ${violation.actor}${when}${more}`, width - 2, 2).map((line) =>
      style.strong(`  ${line}`),
    ),
    ...wrap(violation.message, width - 4).map((line) => `    ${line}`),
    ...lines.map(({ line, text }) => {
      const offending = line === violation.line;
      const whole = `  ${offending ? ">" : " "} ${padStart(String(line), digits)} | ${text.slice(margin)}`;
      return offending ? style.bad(whole) : style.faint(whole);
    }),
  ];
}

function closing(report: ValidateReport, { width, style }: ValidateTextOptions): readonly string[] {
  const line = (label: string, text: string) => labelled(label, text, { width, indent: LABEL });
  const size = report.logs.reduce((sum, log) => sum + log.bytes, 0);
  return [
    verdictText(style, report.verdict, line("verdict", tally(report.verdict, report.properties))),
    ...(report.interrupted ? [style.unsure(line("  cut short", "stopped before the end of the logs"))] : []),
    line("  read", `${counted(report.logs.length, "log")}, ${bytes(size)}`),
    ...report.logs
      .filter(({ beside }) => beside.length > 0)
      .map(({ beside }) => line("  beside it", [...beside].sort().join(", "))),
  ];
}
