/** The document that `gate --json` prints, and its text. */
import type { Verdict } from "../exit-code.ts";
import { escapeAll } from "./escape.ts";
import { seconds } from "./numbers.ts";
import { type Style, verdictText } from "./style.ts";
import { table } from "./table.ts";
import { labelled, pad, wrap } from "./wrap.ts";

/** `new` and `expired` fail, `gone` fails with --strict-baseline, `undecided` is what is inconclusive. */
export type FindingStatus = "new" | "known" | "expired" | "gone" | "undecided";

export interface GateFinding {
  readonly fingerprint: string;
  readonly run: string;
  readonly property: string;
  readonly verdict: "violated" | "inconclusive";
  readonly status: FindingStatus;
  readonly title: string;
  readonly defects: readonly string[];
  readonly message: string;
  /** The baseline's. */
  readonly reason: string | null;
  readonly expires: string | null;
}

export interface GateProperty {
  readonly id: string;
  readonly verdict: Verdict;
  readonly vacuous: boolean;
  readonly reason: string;
}

export interface GateRun {
  readonly name: string;
  readonly kind: "explore" | "validate";
  readonly subject: string;
  readonly verdict: Verdict;
  /** Nothing new is wrong, and nothing is undecided. */
  readonly ok: boolean;
  readonly properties: readonly GateProperty[];
  /** How large the run was, in words. */
  readonly detail: string;
  readonly cut: string | null;
  readonly seconds: number;
}

/** Which part of a gate a report is. */
interface GateShard {
  /** From 1 to `count`. */
  readonly index: number;
  readonly count: number;
  /** Names of all runs of the configuration. */
  readonly runs: readonly string[];
  /** Equal for parts of one whole. */
  readonly fingerprint: string;
}

export interface GateReport {
  readonly tool: "kmmcheck";
  readonly version: string;
  readonly command: "gate";
  readonly config: string;
  readonly baseline: string | null;
  readonly verdict: Verdict;
  readonly strictBaseline: boolean;
  readonly interrupted: boolean;
  /** Null for a whole. */
  readonly shard: GateShard | null;
  readonly runs: readonly GateRun[];
  readonly findings: readonly GateFinding[];
}

export interface GateTextOptions {
  readonly width: number;
  readonly style: Style;
}

const STATUSES = ["new", "expired", "undecided", "gone", "known"] as const;
const LABEL = 11;

export function gateText(raw: GateReport, options: GateTextOptions): string {
  const report = escapeAll(raw);
  const { width, style } = options;
  const findings = STATUSES.flatMap((status) => report.findings.filter((f) => f.status === status));
  const counts = STATUSES.flatMap((status) => {
    const n = findings.filter((f) => f.status === status).length;
    return n === 0 ? [] : [`${n} ${status}`];
  });
  const summary = counts.length === 0 ? "no findings" : counts.join(", ");
  const lines = [
    ...runTable(report.runs, options),
    ...(findings.length === 0 ? [] : [""]),
    ...findings.flatMap((finding) => findingLines(finding, report, options)),
    "",
    ...(report.shard === null ? [] : [shardLine(report.shard, report.runs.length)]),
    ...(report.interrupted ? [style.unsure("stopped before all runs were done")] : []),
    verdictText(
      style,
      report.verdict,
      labelled("verdict", `${report.verdict} (${summary})`, { width, indent: LABEL }),
    ),
  ];
  return `${lines.join("\n")}\n`;
}

function shardLine({ index, count, runs }: GateShard, own: number): string {
  return `part ${index} of ${count}: ${own} of ${runs.length} runs`;
}

function runTable(runs: readonly GateRun[], { width, style }: GateTextOptions): readonly string[] {
  const paint = (line: string, row: number) => (runs[row]?.ok ? style.good(line) : style.bad(line));
  return table(
    [
      { title: "", paint },
      { title: "run" },
      { title: "what", fill: true },
      { title: "size", right: true },
      { title: "time", right: true },
    ],
    runs.map((run) => [
      run.ok ? "ok" : "FAIL",
      run.name,
      `${run.kind} ${run.subject}`,
      run.detail,
      seconds(run.seconds),
    ]),
    {
      width,
      heading: style.faint,
      notes: (row) => {
        const cut = runs[row]?.cut ?? null;
        return cut === null
          ? []
          : wrap(`! ${cut}`, width - 6, 2).map((line) => style.unsure(`      ${line}`));
      },
    },
  );
}

function findingLines(
  finding: GateFinding,
  report: GateReport,
  { width, style }: GateTextOptions,
): readonly string[] {
  const { status } = finding;
  const fails = status === "new" || status === "expired" || (status === "gone" && report.strictBaseline);
  const paint = fails ? style.bad : status === "known" ? style.faint : style.unsure;
  const [first = "", ...rest] = wrap(describe(finding), width - LABEL, 2);
  return [
    paint(pad(status, LABEL)) + (status === "known" ? style.faint(first) : first),
    ...rest.map((line) => " ".repeat(LABEL) + (status === "known" ? style.faint(line) : line)),
  ];
}

function describe(finding: GateFinding): string {
  const { fingerprint, title, defects, message, reason, expires } = finding;
  const known = defects.length === 0 ? "" : ` [${defects.join(", ")}]`;
  switch (finding.status) {
    case "known":
      return `${fingerprint}: ${reason}${expires === null ? "" : ` (until ${expires})`}`;
    case "gone":
      return `${fingerprint}: no longer found (${reason}); --update-baseline takes it out`;
    case "expired":
      return `${fingerprint}: accepted until ${expires} only (${reason}): ${title}${known}`;
    default:
      return `${fingerprint}: ${title}${known} -- ${message}`;
  }
}
