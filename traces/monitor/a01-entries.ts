/**
 * A01: every queued entry ends once, as migrated or as failed. The counters of /proc/vmstat show it where the queue was
 * empty at both snapshots; what is left over may still be queued, or have been discarded with its mm.
 */

import { countedTooHigh, deltasOf, hasCounters, IN_FLIGHT, NO_COUNTERS } from "./counters.ts";
import type { Judgement, Monitor, MonitorEntry, MonitorEnv } from "./monitor.ts";

export const entries: MonitorEntry = {
  id: "A01",
  title: "every queued entry ends exactly once, migrated or failed",
  needs: "vmstat.before and vmstat.after of a capture",
  apart: true,
  applies: (_has, _tunables, capture) => hasCounters(capture),
  create,
};

function create(env: MonitorEnv): Monitor {
  return { kinds: [], event: () => undefined, finish: () => judge(env) };
}

function judge(env: MonitorEnv): Judgement {
  const deltas = deltasOf(env.capture);
  if (deltas?.added == null || deltas.migrated === null || deltas.failed === null)
    return { judged: 0, undecided: NO_COUNTERS, note: null };
  const { added, migrated, failed } = deltas;
  const waiting = added.before - migrated.before - failed.before;
  const left = added.after - migrated.after - failed.after;
  const sum = `${added.moved} entries were queued, ${migrated.moved} counted as migrated and ${failed.moved} as failed`;
  if (left < -IN_FLIGHT) {
    env.findings.state({
      log: added.file,
      line: added.line,
      event: added.name,
      time: null,
      actor: "kernel",
      message: `since boot ${migrated.after + failed.after} entries have ended, but only ${added.after} were queued`,
      context: [],
    });
  }
  const excess = countedTooHigh(deltas);
  return { judged: added.moved, undecided: undecided(waiting, left, excess), note: sum };
}

function undecided(waiting: number, left: number, excess: number): string | null {
  if (left > 0)
    return `${left} entries are counted nowhere: still queued, discarded with an exiting mm, or lost (D69, D22)`;
  if (waiting > 0) return `${waiting} entries were queued or discarded before the first snapshot`;
  return excess > 0
    ? `${excess} entries more are counted as migrated than were moved, so the sum proves nothing`
    : null;
}
