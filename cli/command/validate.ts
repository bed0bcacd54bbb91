/** `kmmcheck validate`: what logs say happened, one verdict a property. */
import { ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { judgeLogs } from "../judge-logs.ts";
import { type CommonOptions, printReport, progressLine } from "../print.ts";
import { validateText } from "../report/validate-text.ts";

export interface ValidateOptions extends CommonOptions {
  readonly format: string;
  readonly patch?: string;
  readonly property: readonly string[];
  readonly config?: string;
  readonly hz?: number;
}

export async function validate(
  logs: readonly string[],
  options: ValidateOptions,
  host: Host,
): Promise<ExitCode> {
  const { format, patch, property: properties, hz } = options;
  const tunables =
    options.config === undefined
      ? {}
      : await (await import("../tunables.ts")).readTunables(options.config, host);
  const line = progressLine(host);
  try {
    const request = { logs, base: host.cwd, format, patch, properties, tunables, hz };
    const report = await judgeLogs(request, host, line.show);
    line.clear();
    printReport(report, (layout) => validateText(report, layout), options, host);
    return ExitCode[report.verdict];
  } finally {
    line.clear();
  }
}
