/**
 * Which scan_mm_end is the first of a new mm for sure, and the period with which that mm entered.
 *
 * A mm_enter is printed after the daemon can see the mm, so a scan may come before it: in the log, before the log or in
 * a hole. The events of a log are switched on one by one, so ends may be missing at its beginning though mm_enter is
 * recorded. The period is what mm_scan_period_ms was at the enter: the user or a capture tells the value at the start
 * of the log, marks tell of stores; near a store, and after a hole, which may hide one, it is not known.
 */

import { Kind, type TraceEvent } from "../event.ts";
import { createRows } from "../rows.ts";
import { LATE_ENTER } from "./findings.ts";
import { LAWS } from "./law.ts";
import { readMark } from "./marks.ts";
import type { MonitorEnv } from "./monitor.ts";

const KNOB = "mm_scan_period_ms";

/** The kinds of events that {@link Entrances.observe} takes in. */
export const ENTRANCE_KINDS: readonly Kind[] = [
  Kind.mmEnter,
  Kind.scanStart,
  Kind.marker,
  Kind.probeEnter,
  Kind.probeExit,
  Kind.fork,
  Kind.exec,
  Kind.exit,
];

export interface Entrances {
  readonly observe: (event: TraceEvent) => void;
  /** What is known of the enter before this scan_mm_end, if no scan can lie between; each enter is told once. */
  readonly take: (end: TraceEvent) => Entrance | null;
  readonly gap: () => void;
  readonly release: (mm: number) => void;
  readonly forget: (mms: ReadonlySet<number>) => void;
}

export interface Entrance {
  readonly line: number;
  /** Milliseconds, null if not known. */
  readonly period: number | null;
}

const BLANK = {
  incarnation: -1,
  line: 0,
  ns: Number.NaN,
  /** 1 if ends were recorded before, so that none can be missing. */
  endsShown: 0,
  starts: 0,
  /** Milliseconds, NaN if not known. */
  period: Number.NaN,
};

export function createEntrances(env: MonitorEnv): Entrances {
  const { minPeriod, maxPeriod } = LAWS[env.patch ?? "v0"];
  const clamped = (period: number): number => Math.min(maxPeriod, Math.max(minPeriod, period));
  const given = env.tunables.scanPeriodMs;
  /** Mms whose first scan has not ended. */
  const entered = createRows(BLANK);
  /** Tasks that were seen within a moment of the last hole, or of the beginning: none is within a call of the hook since. */
  const seen = new Set<number>();
  let begunNs = Number.NaN;
  let startShown = false;
  let endShown = false;
  let period = given === undefined ? null : clamped(given);
  /** An mm that enters by then may still have read another value. */
  let unsureUntil = Number.NEGATIVE_INFINITY;
  /** Stores that have begun and not returned. */
  let open = 0;

  function see({ ns, pid }: TraceEvent): void {
    if (Number.isNaN(begunNs)) begunNs = ns;
    if (ns - begunNs > LATE_ENTER) {
      if (seen.size > 0) seen.clear();
    } else if (pid >= 0 && ns >= begunNs) seen.add(pid);
  }

  function enter({ mm, ns, pid, line }: TraceEvent): void {
    if (mm < 0) return;
    entered.drop(mm);
    const isWhole = ns - begunNs > LATE_ENTER || seen.has(pid);
    if (!isWhole || !(endShown || startShown)) return;
    const life = entered.of(mm);
    life.incarnation = env.lives.of(mm).incarnation;
    life.line = line;
    life.ns = ns;
    life.endsShown = Number(endShown);
    life.starts = 0;
    life.period = ns > unsureUntil ? (period ?? Number.NaN) : Number.NaN;
  }

  function mark(event: TraceEvent): void {
    const { ns } = event;
    const told = readMark(event);
    if (told === null || told.kind === "scale" || told.name !== KNOB) return;
    if (told.kind === "set") {
      open++;
      period = null;
      for (const life of entered.all()) if (!(ns - life.ns > env.skew())) life.period = Number.NaN;
    } else {
      open = Math.max(0, open - 1);
      period = open === 0 && given !== undefined ? clamped(told.now) : null;
      unsureUntil = ns + LATE_ENTER;
    }
  }

  return {
    observe(event) {
      if (event.kind === Kind.mmEnter) enter(event);
      else if (event.kind === Kind.marker) mark(event);
      else if (event.kind === Kind.scanStart) {
        startShown = true;
        const life = entered.find(event.mm);
        if (life !== null) life.starts++;
      }
      see(event);
    },
    take(end) {
      see(end);
      endShown = true;
      const life = entered.find(end.mm);
      if (life === null) return null;
      entered.drop(end.mm);
      if (life.incarnation !== env.lives.of(end.mm).incarnation) return null;
      if (life.endsShown === 0 && life.starts !== 1) return null;
      const isKnown = !Number.isNaN(life.period) && end.ns - life.ns > env.skew();
      return { line: life.line, period: isKnown ? life.period : null };
    },
    gap() {
      entered.clear();
      seen.clear();
      begunNs = Number.NaN;
      startShown = false;
      endShown = false;
      period = null;
      open = 0;
    },
    release: entered.drop,
    forget(mms) {
      for (const mm of mms) entered.drop(mm);
    },
  };
}
