/** The door of `traces/`: what a log says happened, as a report. */

import { conformance } from "./conform/conformance.ts";
import { type InputError, inputError, isInputError } from "./input-error.ts";
import { monitorCatalogue as monitors } from "./monitor/catalogue.ts";
import type { Patch } from "./monitor/law.ts";
import type { MonitorEntry, Tunables } from "./monitor/monitor.ts";
import type { FormatId } from "./read/formats.ts";
import { READ_FORMATS } from "./read/formats.ts";
import type { LogInput } from "./read/source.ts";
import type { ValidateReport } from "./report.ts";
import { type LogProgress, type LogRun, runLog } from "./run-log.ts";
import { buildReport } from "./summary.ts";

export type { Capture } from "./capture.ts";
export { type InputError, type InputErrorCode, isInputError } from "./input-error.ts";
export type { Patch } from "./monitor/law.ts";
export type { Tunables } from "./monitor/monitor.ts";
export { followLog, openLog } from "./read/capture/open-log.ts";
export { type FormatId, READ_FORMATS } from "./read/formats.ts";
export { type LogInput, logFile, mergedLogs } from "./read/source.ts";
export type { LogReport, PropertyReport, QuotedText, ValidateReport, Verdict, Violation } from "./report.ts";
export type { LogProgress } from "./run-log.ts";

/** Everything that logs are judged by, in the order of reports. */
export const monitorCatalogue: readonly MonitorEntry[] = [...monitors, conformance];

export interface ValidateOptions {
  readonly format?: FormatId | "auto";
  /** Version of the series; by default told from the events. */
  readonly patch?: Patch;
  /** Ids of the properties to judge; by default those of {@link monitorCatalogue} that apply to the log. */
  readonly properties?: readonly string[];
  /** False leaves out the comparison with the model, unless it is asked for by its id. */
  readonly conform?: boolean;
  /** Kernel ticks a second (CONFIG_HZ); 100 if not given, the most lenient. */
  readonly hz?: number;
  /** Ticks a second of the log's clock, if it prints integers. */
  readonly clock?: number;
  readonly tunables?: Tunables;
  /** True if each log is that of all CPUs of its machine, though all its records may be of one. */
  readonly allCpus?: boolean;
  /** Longest line kept, bytes; 65536 if not given. */
  readonly maxLineBytes?: number;
  /** Stops reading; the report then covers what was read. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: LogProgress) => void;
  /** True to stop at the first violation that no missing event can explain any more. */
  readonly failFast?: boolean;
  /** True if the logs are still being written: the format is decided by the first lines that come. */
  readonly live?: boolean;
  /** Version of kmmcheck, copied to the report. */
  readonly version?: string;
}

/**
 * Judges logs by the properties of the catalogue. Logs are read one after the other, each for itself and in constant
 * memory; a property's verdict covers all of them.
 *
 * @returns the report, or an {@link InputError} if an option or a log is unusable; rejects only on a bug
 */
export async function validateLogs(
  inputs: readonly LogInput[],
  options: ValidateOptions = {},
): Promise<ValidateReport | InputError> {
  const entries = selectEntries(options.properties, options.conform !== false);
  if (isInputError(entries)) return entries;
  const bad = checkOptions(inputs, options);
  if (bad !== null) return bad;
  const runs: LogRun[] = [];
  for (const input of inputs) {
    const run = await runLog(input, {
      entries,
      asked: (options.properties ?? []).length > 0,
      format: options.format ?? "auto",
      patch: options.patch ?? null,
      hz: options.hz ?? 100,
      hzGiven: options.hz !== undefined,
      clockHz: options.clock ?? null,
      tunables: options.tunables ?? {},
      allCpus: options.allCpus === true,
      maxLineBytes: options.maxLineBytes ?? 65536,
      signal: options.signal ?? null,
      onProgress: options.onProgress ?? null,
      failFast: options.failFast === true,
      ...(options.live === true ? { head: 1 } : {}),
    });
    if (isInputError(run)) return run;
    runs.push(run);
    if (run.read.interrupted) break;
  }
  return buildReport(entries, runs, options.version ?? "0.1.0");
}

function selectEntries(
  ids: readonly string[] | undefined,
  conform: boolean,
): readonly MonitorEntry[] | InputError {
  if (ids === undefined || ids.length === 0) return conform ? monitorCatalogue : monitors;
  for (const id of ids) {
    if (monitorCatalogue.some((entry) => entry.id === id)) continue;
    const known = monitorCatalogue.map((entry) => entry.id).join(", ");
    const near = monitorCatalogue.find((entry) => entry.id.toLowerCase() === id.trim().toLowerCase());
    return inputError("unknown-property", `no monitor judges property ${JSON.stringify(id)}`, {
      hint: near === undefined ? `one of ${known}` : `did you mean ${near.id}?`,
    });
  }
  return monitorCatalogue.filter((entry) => ids.includes(entry.id));
}

function checkOptions(inputs: readonly LogInput[], options: ValidateOptions): InputError | null {
  if (inputs.length === 0) return inputError("bad-value", "no log was given");
  if (options.hz !== undefined && !(options.hz > 0 && options.hz <= 100_000)) {
    return inputError(
      "bad-value",
      `hz must be a number of kernel ticks a second from 1 to 100000, not ${options.hz}`,
    );
  }
  if (options.clock !== undefined && !(options.clock > 0)) {
    return inputError("bad-value", `clock must be a positive number of ticks a second, not ${options.clock}`);
  }
  if (options.maxLineBytes !== undefined && !(options.maxLineBytes >= 256)) {
    return inputError("bad-value", `maxLineBytes must be at least 256, not ${options.maxLineBytes}`);
  }
  if (
    options.format !== undefined &&
    options.format !== "auto" &&
    !READ_FORMATS.some(({ id }) => id === options.format)
  ) {
    return inputError("unknown-format", `format ${JSON.stringify(options.format)} is not read`, {
      hint: `auto, ${READ_FORMATS.map(({ id }) => id).join(", ")}`,
    });
  }
  return null;
}
