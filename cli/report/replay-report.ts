/** The document that `replay --json` prints, and its text. */
import { escapeAll } from "./escape.ts";
import type { ReportedProperty, Subject } from "./explore-report.ts";
import { subjectLines, type TextOptions, violation } from "./explore-text.ts";
import { verdictText } from "./style.ts";
import { labelled } from "./wrap.ts";

export interface ReplayReport extends Subject {
  readonly tool: "kmmcheck";
  readonly version: string;
  readonly command: "replay";
  readonly file: string;
  /** Version of kmmcheck that wrote the file. */
  readonly recordedBy: string;
  readonly changedFeatures: readonly string[];
  readonly verdict: "inconclusive" | "violated";
  readonly properties: readonly ReportedProperty[];
}

export function replayText(raw: ReplayReport, options: TextOptions): string {
  const report = escapeAll(raw);
  const { width, style } = options;
  const ids = report.properties.map(({ id }) => id);
  const closing =
    ids.length === 0
      ? "nothing was judged: the file has no runs"
      : `${ids.length === 1 ? "the run" : `${ids.length} runs`} replayed on the reference evaluator and on XState: ${ids.join(", ")} violated`;
  const lines = [
    ...subjectLines(report, options),
    ...report.properties.flatMap((property) => violation(property, options)),
    "",
    verdictText(
      style,
      report.verdict,
      labelled("verdict", `${report.verdict} (${closing})`, { width, indent: 14 }),
    ),
  ];
  return `${lines.join("\n")}\n`;
}
