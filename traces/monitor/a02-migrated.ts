/**
 * A02: migrated is counted only for a real success. More folios counted than pages moved at all in the same time is a
 * violation whatever the log shows; otherwise the count must be that of the migrate events with rc 0.
 */

import { Kind } from "../event.ts";
import { countedTooHigh, deltasOf, hasCounters, IN_FLIGHT, NO_COUNTERS } from "./counters.ts";
import type { Judgement, Monitor, MonitorEntry, MonitorEnv } from "./monitor.ts";

export const migrated: MonitorEntry = {
  id: "A02",
  title: "migrated is counted only for a folio that moved",
  needs: "vmstat.before and vmstat.after of a capture, scan_mm_migrate",
  applies: (_has, _tunables, capture) => hasCounters(capture),
  create,
};

function create(env: MonitorEnv): Monitor {
  let moved = 0;
  return {
    kinds: [Kind.migrate],
    event(event) {
      if (event.rc === 0) moved++;
    },
    finish: () => judge(env, moved),
  };
}

function judge(env: MonitorEnv, moved: number): Judgement {
  const deltas = deltasOf(env.capture);
  const counted = deltas?.migrated ?? null;
  if (deltas === null || counted === null) return { judged: 0, undecided: NO_COUNTERS, note: null };
  const excess = countedTooHigh(deltas);
  if (excess > 0) {
    env.findings.state({
      log: counted.file,
      line: counted.line,
      event: counted.name,
      time: null,
      actor: "kernel",
      message: `${counted.moved} folios are counted as migrated, ${excess} more than the ${deltas.pages?.moved} pages that were moved (D70); the log shows ${moved} successes`,
      context: [],
    });
  }
  const more = counted.moved - moved;
  return {
    judged: counted.moved,
    undecided:
      more > IN_FLIGHT && excess === 0
        ? `${counted.moved} folios are counted as migrated and the log shows ${moved}: the others are outside of the log's time, or did not move`
        : null,
    note: `${counted.moved} counted, ${moved} in the log`,
  };
}
