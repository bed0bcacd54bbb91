/** Which mm each task runs with, as far as mm_enter and the scheduler's events show it. */

import { Kind, type TraceEvent } from "../event.ts";

export interface Tasks {
  readonly observe: (event: TraceEvent) => void;
  /** The mm of a task, -1 if not known. */
  readonly mmOf: (pid: number) => number;
  readonly gap: () => void;
  readonly forget: (mms: ReadonlySet<number>) => void;
}

const TASKS = 100_000;
const CHILD = /child_pid(?:=|" ?: ?"?)(?:0x\w+ \()?(\d+)/;

/** @param forked called for each fork with a new mm: that of the parent (-1 if not known) and that of the child */
export function createTasks(forked: (parent: number, child: number) => void): Tasks {
  const mms = new Map<number, number>();
  /** The mm that a task has entered for the fork or exec it is in. */
  const entering = new Map<number, number>();

  function set(pid: number, mm: number): void {
    if (mms.size >= TASKS) mms.clear();
    mms.set(pid, mm);
  }

  return {
    observe(event) {
      const { pid } = event;
      if (event.kind === Kind.mmEnter) {
        if (entering.size >= TASKS) entering.clear();
        if (event.mm >= 0) entering.set(pid, event.mm);
        return;
      }
      const entered = entering.get(pid);
      entering.delete(pid);
      if (event.kind === Kind.exit) mms.delete(pid);
      else if (event.kind === Kind.exec) {
        if (entered === undefined) mms.delete(pid);
        else set(pid, entered);
      } else if (event.kind === Kind.fork) {
        const child = Number(CHILD.exec(event.bytes.toString("latin1", event.payload, event.to))?.[1]);
        const parent = mms.get(pid) ?? -1;
        if (Number.isNaN(child)) return;
        if (entered !== undefined) {
          set(child, entered);
          forked(parent, entered);
        } else if (parent >= 0) set(child, parent);
      }
    },
    mmOf: (pid) => mms.get(pid) ?? -1,
    gap() {
      mms.clear();
      entering.clear();
    },
    forget(gone) {
      for (const of of [mms, entering]) for (const [pid, mm] of of) if (gone.has(mm)) of.delete(pid);
    },
  };
}
