/** `kmmcheck validate`: what logs say happened, one verdict a property. */

import type { LogProgress } from "../../traces/validate.ts";
import { ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { judgeLogs } from "../judge-logs.ts";
import { type CommonOptions, printReport, progressLine } from "../print.ts";
import { progressText, validateText } from "../report/validate-text.ts";

export interface ValidateOptions extends CommonOptions {
  readonly format: string;
  readonly patch?: string;
  readonly property: readonly string[];
  readonly conform: boolean;
  readonly config?: string;
  readonly hz?: number;
  readonly allCpus: boolean;
  readonly follow: boolean;
  readonly failFast: boolean;
  readonly merge: boolean;
}

export async function validate(
  logs: readonly string[],
  options: ValidateOptions,
  host: Host,
): Promise<ExitCode> {
  const { format, patch, property: properties, conform, hz, allCpus } = options;
  const tunables =
    options.config === undefined
      ? {}
      : await (await import("../tunables.ts")).readTunables(options.config, host);
  const line = progressLine(host);
  const running = runningLine(host, line.show);
  const ticking = options.follow ? setInterval(running.tick, 1000) : null;
  try {
    const { follow, failFast, merge } = options;
    const how = { format, patch, properties, conform, tunables, hz, allCpus, follow, failFast, merge };
    const report = await judgeLogs({ logs, base: host.cwd, ...how }, host, running.note);
    line.clear();
    printReport(report, (layout) => validateText(report, layout), options, host);
    return ExitCode[report.verdict];
  } finally {
    if (ticking !== null) clearInterval(ticking);
    line.clear();
  }
}

/** The running line, once a second: events, their rate in the last second, what is violated so far. */
function runningLine(host: Host, show: (text: string) => void) {
  let latest: LogProgress | null = null;
  let shownAt = Number.NEGATIVE_INFINITY;
  let shownEvents = 0;
  const tick = (): void => {
    if (latest === null) return;
    const now = host.now();
    const seconds = (now - shownAt) / 1000;
    const rate = Number.isFinite(seconds) ? (latest.events - shownEvents) / seconds : null;
    shownAt = now;
    shownEvents = latest.events;
    show(progressText(latest, rate));
  };
  return {
    tick,
    note(progress: LogProgress): void {
      if (progress.log !== latest?.log) shownEvents = 0;
      latest = progress;
      if (host.now() - shownAt >= 1000) tick();
    },
  };
}
