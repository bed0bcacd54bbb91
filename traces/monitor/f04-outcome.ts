/**
 * F04: each promotion that begins returns, the migrate event that follows prints its result and its mm, and the result is
 * 0 exactly when a page was moved. Everything one task prints stands in its order, also when it changes the CPU.
 */

import { Kind, type TraceEvent } from "../event.ts";
import type { Monitor, MonitorEntry, MonitorEnv } from "./monitor.ts";

export const outcome: MonitorEntry = {
  id: "F04",
  title: "a promotion returns what its migrate event prints, and 0 exactly when the folio moved",
  needs: "the kprobes promote and promote_ret, kmem_scan_mm_migrate, mm_migrate_pages",
  applies: (has) => has(Kind.promote) && has(Kind.promoteRet),
  create,
};

interface Attempt {
  readonly line: number;
  /** The mm as trace events print it, -1 if it is not known yet which one that is. */
  readonly mm: number;
  /** Pages moved meanwhile, -1 if no mm_migrate_pages has said. */
  moved: number;
  /** Result, null until the function has returned. */
  rc: number | null;
}

/** As text prints it, or as a member in JSON. */
const SUCCEEDED = /\bnr_succeeded(?:=|" ?: ?"?)(\d+)/;

function create(env: MonitorEnv): Monitor {
  const attempts = new Map<number, Attempt>();
  let judged = 0;
  let sawMoves = false;

  function begin(event: TraceEvent): void {
    const open = attempts.get(event.pid);
    if (open !== undefined && open.rc === null) {
      report(
        event,
        open,
        "a promotion must return before the next one begins, but no promote_ret came",
        "open",
      );
    }
    const mm = env.lives.resolve(event.mm);
    attempts.set(event.pid, { line: event.line, mm: mm === event.mm ? -1 : mm, moved: -1, rc: null });
  }

  function moved(event: TraceEvent): void {
    sawMoves = true;
    const open = attempts.get(event.pid);
    const pages = SUCCEEDED.exec(event.bytes.toString("latin1", event.payload, event.to))?.[1];
    if (open !== undefined && open.rc === null && pages !== undefined)
      open.moved = Math.max(0, open.moved) + Number(pages);
  }

  function end(event: TraceEvent): void {
    const open = attempts.get(event.pid);
    if (open === undefined || Number.isNaN(event.rc)) return;
    judged++;
    open.rc = event.rc;
    if (event.rc === 0 && open.moved <= 0 && sawMoves) {
      report(event, open, "a promotion that returns 0 must have moved a page, but none was moved", "unmoved");
    } else if (event.rc !== 0 && open.moved > 0) {
      report(
        event,
        open,
        `a promotion that returns ${event.rc} must have moved nothing, but ${open.moved} pages were moved`,
        "moved",
      );
    }
  }

  function printed(event: TraceEvent): void {
    const open = attempts.get(event.pid);
    if (open === undefined || open.rc === null) return;
    attempts.delete(event.pid);
    if (event.mm >= 0 && open.mm >= 0 && event.mm !== open.mm) {
      report(
        event,
        open,
        `the promotion was for mm ${env.mmText(open.mm)}, but its migrate event names mm ${env.mmText(event.mm)}`,
        "mm",
      );
    }
    if (event.rc !== open.rc) {
      report(
        event,
        open,
        `the promotion returned ${open.rc}, but its migrate event prints ${event.rc}`,
        "rc",
      );
    }
  }

  function report(event: TraceEvent, open: Attempt, what: string, group: string): void {
    env.findings.report(event, { message: `${what} (begun in line ${open.line})`, group, since: open.line });
  }

  return {
    kinds: [Kind.promote, Kind.promoteRet, Kind.migrate, Kind.migratePages],
    event(event) {
      if (event.kind === Kind.promote) begin(event);
      else if (event.kind === Kind.promoteRet) end(event);
      else if (event.kind === Kind.migrate) printed(event);
      else moved(event);
    },
    gap: () => attempts.clear(),
    finish: () => ({
      judged,
      undecided: null,
      note: `${judged} promotions${sawMoves ? "" : ", moves not recorded"}`,
    }),
  };
}
