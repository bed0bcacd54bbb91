/** What stands beside a log in the directory of a capture, as data: counters, knobs, the kernel's own words. */

/** A counter of /proc/vmstat, and the line of the file that holds it. */
export interface Counter {
  readonly value: number;
  readonly line: number;
}

/** /proc/vmstat at one moment. */
export interface Snapshot {
  readonly file: string;
  readonly counters: ReadonlyMap<string, Counter>;
  /** Seconds since boot, if uptime was noted at the same moment. */
  readonly uptime: number | null;
}

/** A text of the kernel log, one of possibly several that overlap. */
export interface KernelLog {
  readonly file: string;
  readonly lines: readonly string[];
}

/** Knobs by their names in sysfs. */
export type Knobs = Readonly<Record<string, number>>;

export interface Capture {
  /** Files that were read besides the log, without the directory. */
  readonly files: readonly string[];
  readonly before: Snapshot | null;
  readonly after: Snapshot | null;
  readonly kernelLogs: readonly KernelLog[];
  /** Seconds since boot when the recording began; null if that was not noted. */
  readonly begun: number | null;
  /** Knobs that had the same value at both ends; what happened in between is not known. */
  readonly knobs: Knobs;
  /** Knobs that had another value at the end. */
  readonly changed: readonly string[];
  /** Nodes of the top memory tier; null if not told. */
  readonly topTierNodes: readonly number[] | null;
  /** CONFIG_HZ; null if not told. */
  readonly hz: number | null;
  /** Events that the ring buffers say were overwritten or dropped; null without their statistics. */
  readonly overruns: number | null;
  /** Hits of kprobes that no record was made of, by the name of the probe, only where there are some. */
  readonly missedHits: Readonly<Record<string, number>>;
  /** What perf record said at its end; null if it said nothing. */
  readonly perf: { readonly samples: number; readonly lost: boolean } | null;
  readonly notes: readonly string[];
}
