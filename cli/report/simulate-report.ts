/** The document that `simulate --json` prints. */
export interface SimulateReport {
  readonly tool: "kmmcheck";
  readonly version: string;
  readonly command: "simulate";
  readonly patch: "v0" | "v1" | "v2" | "v3";
  readonly workload: string;
  readonly seed: number;
  readonly format: string;
  /** Events in the log, and events that were lost. */
  readonly events: number;
  readonly lost: number;
  readonly faults: readonly string[];
  /** What was recorded besides the events of the daemon and of the scheduler. */
  readonly records: readonly string[];
  /** The knobs in force, as `validate --config` reads them. */
  readonly tunables: Readonly<Record<string, number | readonly number[]>>;
  /** The log; absent where it was written to a file. */
  readonly log?: string;
}
