/** The door of the writers: logs as the tools print them, from the events of a simulation. */
import type { LogItem } from "../event.ts";
import { itfLines, jsonLines } from "./json.ts";
import { ftraceLines, perfLines, traceCmdLines } from "./text.ts";

/** Formats that can be written; `kmmcheck validate` reads them under the same names. */
export const LOG_FORMATS = ["ftrace", "trace-cmd", "perf", "ndjson", "itf"] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

export interface LogOptions {
  /** Version of the patch series that the events come from. */
  readonly patch: "v0" | "v1" | "v2" | "v3";
  /**
   * Whether V0's scan_mm_end prints period and size under each other's label: its tracepoint passes the pair in one order and names it
   * in the other. By default as a 6.13 or later kernel prints it with one tool attached: exchanged in ftrace and trace-cmd, right in perf.
   */
  readonly exchanged?: boolean;
}

/**
 * The lines of a log, without their line ends; the text is to be written in latin1, since a task name is bytes, one a character.
 *
 * `scan_period` of the events is in milliseconds and `scan_size` in bytes, in V0 also. Times are rounded to microseconds in
 * ftrace and trace-cmd text and cut in perf's; the tools of user space print addresses where ftrace prints hashes.
 */
export function logText(
  items: readonly LogItem[],
  format: LogFormat,
  options: LogOptions,
): Generator<string> {
  const { patch, exchanged } = options;
  switch (format) {
    case "ftrace":
      return ftraceLines(items, exchanged ?? true);
    case "trace-cmd":
      return traceCmdLines(items, exchanged ?? true);
    case "perf":
      return perfLines(items, exchanged ?? false);
    case "ndjson":
      return jsonLines(items, patch);
    case "itf":
      return itfLines(items);
  }
}
