/** `kmmcheck replay`: takes saved runs again, and checks that each still violates its property. */
import { ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { type CommonOptions, printReport } from "../print.ts";
import { recordedRuns } from "../recorded-run.ts";
import { type ReplayReport, replayText } from "../report/replay-report.ts";
import { VERSION } from "../version.ts";

export interface ReplayOptions extends CommonOptions {
  readonly property: readonly string[];
  readonly full: boolean;
}

export async function replay(name: string, options: ReplayOptions, host: Host): Promise<ExitCode> {
  const { recordedBy, loaded, runs } = await recordedRuns(name, options.property, host);
  const report: ReplayReport = {
    tool: "kmmcheck",
    version: VERSION,
    command: "replay",
    file: name,
    recordedBy,
    ...loaded.subject,
    changedFeatures: loaded.changedFeatures,
    verdict: runs.length === 0 ? "inconclusive" : "violated",
    properties: runs.map(({ reported }) => reported),
  };
  printReport(report, (layout) => replayText(report, { ...layout, full: options.full }), options, host);
  return ExitCode[report.verdict];
}
