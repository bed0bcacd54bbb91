/** The document that `explain --json` prints, and its text. */
import type { Avoidance, Deviation, Explanation, Span } from "../../checker/result.ts";
import { escapeAll } from "./escape.ts";
import type { ReportedProperty, ReportedStep, Subject } from "./explore-report.ts";
import { subjectLines } from "./explore-text.ts";
import { type Style, verdictText } from "./style.ts";
import { labelled, wrap } from "./wrap.ts";

/** A decisive part of a condition, in words. */
export interface ReportedCause {
  readonly condition: string;
  readonly value: boolean;
  /** Values that decide it: `mmap_lock[mm0] = mm0`, `owner(mm0) is at exit_mmap:unmap`. */
  readonly values: readonly string[];
  /** When it is so, for a property of whole runs. */
  readonly span?: Span;
}

export interface ReportedStanding {
  readonly actor: string;
  readonly point: string;
  readonly ended: boolean;
  readonly able: Explanation["actors"][number]["able"];
  readonly blocked: readonly {
    readonly event: string;
    readonly description: string;
    readonly causes: readonly ReportedCause[];
  }[];
}

export interface ReportedDeviation {
  readonly kind: Deviation["kind"];
  /** Step of the violating run, counted from 1. */
  readonly step: number;
  readonly text: string;
}

export interface ReportedAvoidance extends Omit<Avoidance, "deviations" | "steps"> {
  readonly deviations: readonly ReportedDeviation[];
  readonly steps: readonly ReportedStep[];
  /** Of these at least one would have to be so; empty where the violation shows before, and where how often is not known. */
  readonly needed: readonly string[];
  /** Where how often is not known: what is never so in the loop or at the end, or not always. */
  readonly lacking: readonly string[];
}

export interface ExplainedProperty
  extends Pick<ReportedProperty, "id" | "kind" | "title" | "says" | "defects" | "reason"> {
  readonly length: number;
  readonly loopStart: number | null;
  /** The state that is explained: the number of steps before it. */
  readonly at: number;
  /** The number of steps after which the property is false whatever follows; null where only the whole run shows it. */
  readonly shownBy: number | null;
  readonly causes: readonly ReportedCause[];
  readonly actors: readonly ReportedStanding[];
  readonly avoidance: ReportedAvoidance;
}

export interface ExplainReport extends Subject {
  readonly tool: "kmmcheck";
  readonly version: string;
  readonly command: "explain";
  readonly file: string;
  /** Version of kmmcheck that wrote the file. */
  readonly recordedBy: string;
  readonly changedFeatures: readonly string[];
  readonly verdict: "inconclusive" | "violated";
  readonly properties: readonly ExplainedProperty[];
}

interface Layout {
  readonly width: number;
  readonly style: Style;
}

export function explainText(raw: ExplainReport, layout: Layout): string {
  const report = escapeAll(raw);
  const ids = report.properties.map(({ id }) => id);
  const closing = ids.length === 0 ? "the file has no runs" : `${ids.join(", ")} violated, and explained`;
  const lines = [
    ...subjectLines(report, { ...layout, full: false }),
    ...report.properties.flatMap((property) => explained(property, layout)),
    "",
    verdictText(
      layout.style,
      report.verdict,
      labelled("verdict", `${report.verdict} (${closing})`, { width: layout.width, indent: 14 }),
    ),
  ];
  return `${lines.join("\n")}\n`;
}

function explained(property: ExplainedProperty, layout: Layout): readonly string[] {
  const { width, style } = layout;
  const known = property.defects.length === 0 ? "" : ` [${property.defects.join(", ")}]`;
  return [
    "",
    ...wrap(`${property.id} violated: ${property.title}${known}`, width, 2).map(style.bad),
    ...wrap(property.says, width - 2).map((line) => `  ${line}`),
    "",
    style.strong(`  ${placeOf(property)}`),
    ...property.causes.flatMap((cause) => causeLines(cause, "    ", layout)),
    "",
    style.strong("  Where everybody stands"),
    ...property.actors.flatMap((actor) => standingLines(actor, layout)),
    "",
    style.strong("  What would have avoided it"),
    ...avoidanceLines(property, layout),
  ];
}

function placeOf({ kind, at, shownBy, length, loopStart }: ExplainedProperty): string {
  switch (kind) {
    case "assertion":
      return `What fails at step ${length}`;
    case "leadsTo":
    case "ltl":
      if (shownBy !== null && shownBy <= length) return `What fails ${whenOf(shownBy, shownBy)}`;
      return loopStart === length
        ? `What refutes it where nothing moves any more, after step ${at}`
        : `What refutes it in the loop, which begins after step ${loopStart}`;
    case "deadlock":
      return `What an end would need, after step ${at}`;
    case "alwaysPossible":
    case "reachable":
      return `What cannot be reached from the state after step ${at}`;
    case "invariant":
      return `What fails after step ${at}`;
  }
}

function whenOf(from: number, to: number): string {
  if (to === 0) return "in the initial state";
  if (from === to) return `after step ${to}`;
  return from === 0 ? `up to step ${to}` : `after steps ${from} to ${to}`;
}

function spanText(span: Span): string {
  switch (span.kind) {
    case "once":
      return whenOf(span.from, span.to);
    case "forever":
      return span.from === 0 ? "all the time" : `from step ${span.from} on`;
    case "again":
      return `again and again, as ${whenOf(span.from, span.from)}`;
  }
}

/** `mm_slot == none is true`, then the values. */
function causeLines(cause: ReportedCause, blanks: string, { width, style }: Layout): readonly string[] {
  const when = cause.span === undefined ? "" : `${spanText(cause.span)}: `;
  const head = wrap(`${when}${cause.condition} is ${cause.value}`, width - blanks.length, 2);
  const values = cause.values.flatMap((value) => wrap(value, width - blanks.length - 2, 2));
  return [...head.map((line) => blanks + line), ...values.map((line) => style.faint(`${blanks}  ${line}`))];
}

function standingLines(standing: ReportedStanding, layout: Layout): readonly string[] {
  const { width, style } = layout;
  const line = (text: string) => wrap(text, width - 6, 2).map((part) => `      ${part}`);
  const head = wrap(
    `${standing.actor} at ${standing.point}${standing.ended ? ", at its end" : ""}`,
    width - 4,
    2,
  );
  const able = [...new Set(standing.able.map(({ description }) => description))];
  // What keeps an actor from one step matters where it can take no other.
  const blocked = able.length > 0 ? [] : standing.blocked;
  return [
    ...head.map((part) => `    ${part}`),
    ...able.flatMap((description) => line(`can: ${description}`)),
    ...blocked.flatMap(({ description, causes }) => [
      ...line(`cannot: ${description}`).map(style.unsure),
      ...causes.flatMap((cause) => causeLines(cause, "        ", layout)),
    ]),
  ];
}

function needed(count: number): string {
  return count === 1 ? "This would have to be so:" : "At least one of these would have to be so:";
}

function avoidanceLines(
  { avoidance, loopStart, length }: ExplainedProperty,
  { width, style }: Layout,
): readonly string[] {
  const ends = loopStart === length;
  const text = (blanks: string, words: string, hanging = 0) =>
    wrap(words, width - blanks.length, hanging).map((line) => blanks + line);
  const kept = avoidance.shared === 1 ? "step 1 as before" : `steps 1 to ${avoidance.shared} as before`;
  return [
    ...(avoidance.needed.length === 0 ? [] : text("    ", needed(avoidance.needed.length))),
    ...(avoidance.lacking.length === 0 ? [] : text("    ", ends ? "At the end:" : "In the loop:")),
    ...[...avoidance.needed, ...avoidance.lacking].flatMap((words) => text("    ", `- ${words}`, 2)),
    ...text("    ", `${avoidance.reason[0]?.toUpperCase()}${avoidance.reason.slice(1)}.`),
    ...avoidance.deviations.flatMap(({ text: words }) => text("    ", `- ${words}`, 2)),
    ...(avoidance.steps.length === 0
      ? []
      : [
          ...(avoidance.shared === 0 ? [] : text("      ", kept).map(style.faint)),
          ...avoidance.steps.flatMap(({ actor, description }, i) =>
            text("      ", `${avoidance.shared + i + 1}  ${actor}: ${description}`, 4),
          ),
        ]),
  ];
}
