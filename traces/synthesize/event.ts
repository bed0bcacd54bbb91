/** What a simulated log is made of, before any format: events in the order of their lines, and places where some are missing. */

/** The kprobes of the recording script, by the names that it gives them. */
export type ProbeName =
  | "enter"
  | "exit"
  | "exit_ret"
  | "walk_vma"
  | "pte_entry"
  | "pte_entry_ret"
  | "promote"
  | "promote_ret";

/** The trace events, tracepoints and kprobes that a simulation shows. */
export type EventName =
  | ProbeName
  | "mm_migrate_pages"
  | "tracing_mark_write"
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
   * in v0 only, `node` from v1 on, `msuccess` and `mfailed` in v3. Those of a kprobe are as it prints them, with `mm` an address behind
   * 0x. A mark has its text as `buf`.
   */
  readonly args: Readonly<Record<string, string | number>>;
  /** Of a kprobe: where it stands, `function+0x0/0x150`, or returns to, `caller+0x3d/0x100 <- function`. */
  readonly place?: string;
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

/** What can be recorded besides the events of the daemon and of the scheduler, in the order of reports. */
export const RECORDS = ["exit", "walk", "pte", "promote", "marks"] as const;
export type RecordKind = (typeof RECORDS)[number];
