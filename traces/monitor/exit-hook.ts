/** Exits of mms in the hook of the daemon: who is in it, since when, and whether that task had entered the mm itself. */

import { type Gap, Kind, type TraceEvent } from "../event.ts";
import type { MonitorEnv } from "./monitor.ts";

/** After so long in the hook a task counts as stuck, nanoseconds. */
export const STUCK = 10e9;

/** A task in the exit hook. */
export interface OpenExit {
  readonly mm: number;
  readonly pid: number;
  readonly line: number;
  readonly ns: number;
  /** True if the task entered this mm and neither forked nor executed since: its fork or exec has failed. */
  readonly gaveUp: boolean;
  stuck: boolean;
}

export interface ExitListener {
  /** The hook is entered. */
  readonly opened?: (open: OpenExit, event: TraceEvent) => void;
  /** The hook has returned by `event`; `exact` if that is its return, else it returned at some time before. */
  readonly closed?: (open: OpenExit, event: TraceEvent, exact: boolean) => void;
  /** At `event` the task has not returned for {@link STUCK}, and returns are recorded. */
  readonly stuck?: (open: OpenExit, event: TraceEvent) => void;
}

export interface ExitHook {
  readonly kinds: readonly Kind[];
  readonly event: (event: TraceEvent) => void;
  readonly gap: (gap: Gap) => void;
  /** Tasks that are in the hook now. */
  readonly open: () => readonly OpenExit[];
}

const TASKS = 100_000;

export function createExitHook(env: MonitorEnv, listener: ExitListener): ExitHook {
  const { lives } = env;
  const exits = new Map<number, OpenExit>();
  const entered = new Map<number, number>();
  /** The task that exits an mm, by mm. */
  const exiting = new Map<number, number>();
  let forks = 0;
  let execs = 0;

  function clear(): void {
    exits.clear();
    exiting.clear();
  }

  function opened(event: TraceEvent): void {
    const mm = lives.resolve(event.mm);
    const known = exits.get(event.pid);
    // The probe and the event of one exit stand next to each other.
    if (known !== undefined && lives.resolve(known.mm) === mm) return;
    if (exits.size >= TASKS) clear();
    const open: OpenExit = {
      mm,
      pid: event.pid,
      line: event.line,
      ns: event.ns,
      gaveUp: forks > 0 && execs > 0 && entered.get(event.pid) === mm,
      stuck: false,
    };
    exits.set(event.pid, open);
    exiting.set(mm, event.pid);
    listener.opened?.(open, event);
  }

  function closed(event: TraceEvent, exact: boolean): void {
    const open = exits.get(event.pid);
    if (open === undefined) return;
    exits.delete(event.pid);
    exiting.delete(open.mm);
    listener.closed?.(open, event, exact);
  }

  /** A pointer that is entered anew is free, so its exit has returned, whether that was shown or not. */
  function reused(event: TraceEvent): void {
    const pid = exiting.get(event.mm);
    if (pid === undefined) return;
    exiting.delete(event.mm);
    const open = exits.get(pid);
    if (open?.mm !== event.mm) return;
    exits.delete(pid);
    listener.closed?.(open, event, false);
  }

  function watch(event: TraceEvent): void {
    if (exits.size === 0 || lives.seen.exitReturns === 0) return;
    for (const open of exits.values()) {
      if (open.stuck) continue;
      // They are in the order of their beginning.
      if (!(event.ns - open.ns > STUCK)) return;
      open.stuck = true;
      listener.stuck?.(open, event);
    }
  }

  return {
    kinds: [
      Kind.mmEnter,
      Kind.mmExit,
      Kind.probeEnter,
      Kind.probeExit,
      Kind.probeExitRet,
      Kind.scanEnd,
      Kind.fork,
      Kind.exec,
      Kind.exit,
    ],
    event(event) {
      if (event.kind === Kind.mmExit || event.kind === Kind.probeExit) {
        if (event.mm >= 0 && event.pid >= 0) opened(event);
      } else if (event.kind !== Kind.scanEnd) closed(event, event.kind === Kind.probeExitRet);
      if (event.kind === Kind.mmEnter && event.mm >= 0) {
        reused(event);
        if (entered.size >= TASKS) entered.clear();
        entered.set(event.pid, event.mm);
      } else if (event.kind === Kind.fork || event.kind === Kind.exec) {
        if (event.kind === Kind.fork) forks++;
        else execs++;
        entered.delete(event.pid);
      } else if (event.kind === Kind.exit) entered.delete(event.pid);
      watch(event);
    },
    gap() {
      clear();
      entered.clear();
    },
    open: () => [...exits.values()],
  };
}
