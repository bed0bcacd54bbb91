/** `kmmcheck explain`: why saved runs violate their properties, who waits for what, and what would have avoided it. */
import { explain as explainRun } from "../../checker/check.ts";
import { ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { type CommonOptions, printReport } from "../print.ts";
import { recordedRuns } from "../recorded-run.ts";
import { type ExplainReport, explainText } from "../report/explain-report.ts";
import { reportExplanation } from "../report-explanation.ts";
import { VERSION } from "../version.ts";

export interface ExplainOptions extends CommonOptions {
  readonly property: readonly string[];
}

export async function explain(name: string, options: ExplainOptions, host: Host): Promise<ExitCode> {
  const { recordedBy, loaded, system, runs } = await recordedRuns(name, options.property, host);
  const report: ExplainReport = {
    tool: "kmmcheck",
    version: VERSION,
    command: "explain",
    file: name,
    recordedBy,
    ...loaded.subject,
    changedFeatures: loaded.changedFeatures,
    verdict: runs.length === 0 ? "inconclusive" : "violated",
    properties: runs.map((run) =>
      reportExplanation(run, explainRun(system, run.taken, run.loopStart, run.property), system),
    ),
  };
  printReport(report, (layout) => explainText(report, layout), options, host);
  return ExitCode[report.verdict];
}
