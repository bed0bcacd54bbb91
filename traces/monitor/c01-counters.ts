/**
 * C01: the counters agree with the log. No log shows more than the counters say, if the snapshots enclose it; a log
 * without loss shows exactly the migrations that were counted. Scans may also have been counted before it and after it.
 */

import { Kind, type TraceEvent } from "../event.ts";
import {
  countedTooHigh,
  type Delta,
  type Deltas,
  deltasOf,
  hasCounters,
  IN_FLIGHT,
  NO_COUNTERS,
} from "./counters.ts";
import type { Judgement, Monitor, MonitorEntry, MonitorEnv } from "./monitor.ts";

export const agreement: MonitorEntry = {
  id: "C01",
  title: "the counters of vmstat agree with the events of the log",
  needs: "vmstat and uptime .before and .after of a capture, scan_mm_end, scan_mm_migrate",
  applies: (_has, _tunables, capture) => hasCounters(capture),
  create,
};

/** Seconds by which the clock of the log and the uptime may differ. */
const CLOCK_ERROR = 0.2;

interface Seen {
  moved: number;
  failed: number;
  scans: number;
  /** Events whose time is not within the snapshots. */
  outside: number;
}

function create(env: MonitorEnv): Monitor {
  const seen: Seen = { moved: 0, failed: 0, scans: 0, outside: 0 };
  const from = (env.capture?.before?.uptime ?? Number.POSITIVE_INFINITY) - CLOCK_ERROR;
  const to = (env.capture?.after?.uptime ?? Number.NEGATIVE_INFINITY) + CLOCK_ERROR;
  return {
    kinds: [Kind.migrate, Kind.scanEnd],
    event(event: TraceEvent) {
      const time = event.nsec < 0 ? Number.NaN : event.sec + event.nsec / 1e9;
      if (!(time >= from && time <= to)) seen.outside++;
      if (event.kind === Kind.scanEnd) seen.scans++;
      else if (event.rc === 0) seen.moved++;
      else seen.failed++;
    },
    finish: () => judge(env, seen),
  };
}

function judge(env: MonitorEnv, seen: Seen): Judgement {
  const deltas = deltasOf(env.capture);
  if (deltas?.migrated == null || deltas.failed === null)
    return { judged: 0, undecided: NO_COUNTERS, note: null };
  const doubts: string[] = [];
  compare(env, deltas.migrated, seen.moved, seen.outside, doubts);
  compare(env, deltas.failed, seen.failed, seen.outside, doubts);
  if (deltas.scans !== null && seen.scans > deltas.scans.moved)
    compare(env, deltas.scans, seen.scans, seen.outside, doubts);
  const counted = deltas.migrated.moved + deltas.failed.moved;
  if (countedTooHigh(deltas) > 0) tooHigh(env, deltas, deltas.migrated, seen);
  const scans = deltas.scans === null ? "" : `, ${seen.scans} of ${deltas.scans.moved} scans`;
  return {
    judged: counted + (deltas.scans?.moved ?? 0),
    undecided: doubts.length === 0 ? null : doubts.join("; "),
    note: `${seen.moved} of ${deltas.migrated.moved} successes, ${seen.failed} of ${deltas.failed.moved} failures${scans} are in the log`,
  };
}

function compare(env: MonitorEnv, counter: Delta, seen: number, outside: number, doubts: string[]): void {
  if (seen > counter.moved + IN_FLIGHT) {
    if (outside > 0) {
      doubts.push(
        `${counter.name} moved by ${counter.moved} and the log shows ${seen}, but nothing proves that the snapshots enclose it`,
      );
      return;
    }
    state(env, counter, `${counter.name} moved by ${counter.moved}, but the log shows ${seen} such events`);
  } else if (counter.moved > seen + IN_FLIGHT) {
    doubts.push(
      `${counter.name} moved by ${counter.moved} and the log shows ${seen}: the others have no event, or are outside of the log's time`,
    );
  }
}

/** The counter cannot be right, so the log is not what is wrong. */
function tooHigh(env: MonitorEnv, deltas: Deltas, counter: Delta, seen: Seen): void {
  state(
    env,
    counter,
    `${counter.name} moved by ${counter.moved} and only ${deltas.pages?.moved} pages moved at all; the log shows ${seen.moved} successes`,
  );
}

function state(env: MonitorEnv, counter: Delta, message: string): void {
  env.findings.state({
    log: counter.file,
    line: counter.line,
    event: counter.name,
    time: null,
    actor: "kernel",
    message,
    context: [],
  });
}
