/** What a simulated log is made of, before any format: events in the order of their lines, and places where some are missing. */

/** The trace events and tracepoints that a simulation shows. */
export type EventName =
  | "kmem_mm_enter"
  | "kmem_mm_exit"
  | "kmem_scan_mm_start"
  | "kmem_scan_mm_end"
  | "kmem_scan_mm_migrate"
  | "sched_process_fork"
  | "sched_process_exec"
  | "sched_process_exit";

/** One event. */
export interface SimulatedEvent {
  readonly name: EventName;
  /** Nanoseconds since boot, a whole number. */
  readonly ns: number;
  readonly cpu: number;
  /** Name and id of the task that shows the event. */
  readonly comm: string;
  readonly pid: number;
  /**
   * Arguments by the names that the version prints, in the order of printing. `mm` has sixteen hexadecimal digits; `comm` is there
   * in v0 only, `node` from v1 on, `msuccess` and `mfailed` in v3.
   */
  readonly args: Readonly<Record<string, string | number>>;
}

/** A hole: so many events of a CPU are missing before its next one. */
export interface LostEvents {
  readonly name: "lost";
  readonly cpu: number;
  readonly lost: number;
  /** Time of the first event after the hole, nanoseconds since boot. */
  readonly ns: number;
}

/** A line of a log to be. */
export type LogItem = SimulatedEvent | LostEvents;
