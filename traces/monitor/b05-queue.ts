/**
 * B05 and L03, as far as a log shows them. What the scans of an mm counted as accessed less what was migrated of it
 * gives the entries that wait; those of an exiting mm are discarded. No cap is written down, so a queue is doubtful
 * only if it grows to the end; and an mm is, of which something waits while nothing of it is served for long.
 */

import { Kind, type TraceEvent } from "../event.ts";
import { createRows, type Row } from "../rows.ts";
import type { Monitor, MonitorEntry, MonitorEnv } from "./monitor.ts";

/** A queue that ends longer than this, and near its largest length, may be growing for ever. */
export const LONG = 65536;
/** Nanoseconds for which nothing of an mm is served while something waits, before that is a hint. */
export const UNSERVED = 5e9;

export const queueLength: MonitorEntry = {
  id: "B05",
  title: "the queue of folios to migrate stays bounded",
  needs: "scan_mm_end, scan_mm_migrate",
  applies: (has) => has(Kind.scanEnd) && has(Kind.migrate),
  create: (env) => create(env, false),
};

export const service: MonitorEntry = {
  id: "L03",
  title: "every queued entry is consumed, and every mm's queue is served",
  needs: "scan_mm_end, scan_mm_migrate",
  applies: (has) => has(Kind.scanEnd) && has(Kind.migrate),
  create: (env) => create(env, true),
};

/** Of an mm of which something waits. */
const BLANK = {
  waiting: 0,
  /** Since when, and since which line, nothing of it was served. */
  ns: 0,
  line: 0,
  /** Migrations of all mms at that moment. */
  others: 0,
};
type Queue = Row<keyof typeof BLANK>;

function create(env: MonitorEnv, isService: boolean): Monitor {
  const { lives } = env;
  const queues = createRows(BLANK);
  let length = 0;
  let peak = 0;
  let peakLine = 0;
  let migrations = 0;
  /** Migrations of what was queued before the log began, so that the queue was longer than what was counted. */
  let uncounted = 0;
  /** Of the last event; in an object, where the number is changed in place. */
  const clock = { ns: Number.NaN };

  function counted(event: TraceEvent): void {
    const total = Math.max(0, Number(event.total));
    if (total === 0 || lives.isLeaving(lives.of(event.mm))) return;
    const queue = queues.of(event.mm);
    if (queue.waiting === 0) served(queue, event);
    queue.waiting += total;
    grow(total, event.line);
  }

  function migrated(event: TraceEvent): void {
    migrations++;
    const queue = queues.find(event.mm);
    // An open scan may be behind its migrator; else the page was counted before the log, or before a hole.
    const open = lives.lastScan.isStart && lives.lastScan.mm === event.mm;
    const life = lives.of(event.mm);
    const isWhole = life.enterEpoch === lives.epoch() || lives.isLeaving(life);
    if (queue === null && !open && !isWhole) uncounted++;
    // A second thread may be ahead of the scan that has not counted yet.
    if (queue === null) return;
    served(queue, event);
    queue.waiting--;
    length--;
    if (queue.waiting === 0) queues.drop(event.mm);
  }

  function served(queue: Queue, event: TraceEvent): void {
    queue.ns = event.ns;
    queue.line = event.line;
    queue.others = migrations;
  }

  function grow(more: number, line: number): void {
    length += more;
    if (length <= peak) return;
    peak = length;
    peakLine = line;
  }

  function gone(mm: number, when: string): void {
    const queue = queues.find(mm);
    if (queue === null) return;
    length -= queue.waiting;
    if (isService) unserved(queue, when);
    queues.drop(mm);
  }

  function unserved(queue: Queue, when: string): void {
    const { mm } = queue;
    const waited = clock.ns - queue.ns;
    if (!(waited > UNSERVED)) return;
    const others = migrations - queue.others;
    env.findings.doubt(
      `of mm ${env.mmText(mm)} ${queue.waiting} pages that its scans counted as accessed wait, and from line ${queue.line} until ${when}, ${(waited / 1e9).toFixed(1)} s, nothing of it was migrated or refused while ${others} folios of others were (not served: D45; dropped: D69)`,
    );
  }

  return {
    kinds: [Kind.scanEnd, Kind.migrate, Kind.mmEnter, Kind.mmExit, Kind.probeExit],
    event(event) {
      if (event.mm < 0) return;
      clock.ns = event.ns;
      if (event.kind === Kind.scanEnd) counted(event);
      else if (event.kind === Kind.migrate) migrated(event);
      else gone(lives.resolve(event.mm), event.kind === Kind.mmEnter ? "its end" : "its exit");
    },
    gap() {
      queues.clear();
      length = 0;
    },
    forget(mms) {
      for (const mm of mms) gone(mm, "the pointer was not seen any more");
    },
    finish() {
      if (isService) for (const queue of queues.all()) unserved(queue, "the end of the log");
      const left = length > 0 ? `, ${length} wait at the end` : "";
      return {
        judged: peak,
        undecided:
          uncounted > 0
            ? `${uncounted} folios were migrated that were queued before the log began, so how many waited is not known`
            : isService
              ? untimed(env, length)
              : growing(length, peak),
        note:
          peak > 0
            ? `${peak} waited at most (line ${peakLine}), ${migrations} were migrated or refused${left}`
            : null,
      };
    },
  };
}

function growing(length: number, peak: number): string | null {
  return length > LONG && length >= 0.9 * peak
    ? `${length} folios wait at the end of the log, about as many as ever: the queue may grow without bound (D45, D46)`
    : null;
}

function untimed(env: MonitorEnv, length: number): string | null {
  return length > 0 && !env.timed() ? "entries wait at the end, and the log's clock has no unit" : null;
}
