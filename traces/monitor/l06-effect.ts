/**
 * L06: a store takes effect without waiting for the sleep in progress. After the daemon is switched on, or its sleep
 * is made shorter, the next visit must come soon. A daemon that comes later, but not later than its old sleep ends,
 * was not woken (D56). What the daemon misses for other reasons no finite log can blame.
 */

import { Kind, type TraceEvent } from "../event.ts";
import { type KnobDone, readMark } from "./marks.ts";
import type { Monitor, MonitorEntry, MonitorEnv } from "./monitor.ts";

/** So long a wakeup may take, milliseconds. */
export const WAKE_MS = 250;

export const effect: MonitorEntry = {
  id: "L06",
  title: "switching on and shorter sleeps take effect at once",
  needs: "marks of the capture script around each write, scan_mm_start, a clock with a unit",
  applies: (has) => has(Kind.marker),
  create,
};

interface Request {
  readonly text: string;
  readonly line: number;
  readonly ns: number;
  /** Milliseconds until the next visit must have come. */
  readonly within: number;
  /** The sleep that may have been in progress, milliseconds; NaN if not known. */
  readonly sleep: number;
}

function create(env: MonitorEnv): Monitor {
  let request: Request | null = null;
  let sleep = env.tunables.scanSleepMs ?? Number.NaN;
  let enabled = true;
  const olds = new Map<string, number>();
  let judged = 0;
  let worst = -1;
  let worstLine = 0;

  function done(event: TraceEvent, { name, rc, now }: KnobDone): void {
    const old = olds.get(name);
    olds.delete(name);
    if (rc !== 0 || old === undefined) return;
    if (name === "scan_enabled") {
      enabled = now !== 0;
      if (enabled && old === 0) ask(event, `scan_enabled = ${now}`, 0, sleep);
      if (!enabled) request = null;
    } else if (name === "scan_sleep_ms") {
      if (enabled && now < old) ask(event, `scan_sleep_ms = ${now}`, now, old);
      sleep = now;
    }
  }

  function ask(event: TraceEvent, text: string, rest: number, before: number): void {
    request = { text, line: event.line, ns: event.ns, within: rest + WAKE_MS, sleep: before };
  }

  function visited(event: TraceEvent, asked: Request): void {
    request = null;
    const late = (event.ns - asked.ns) / 1e6;
    if (Number.isNaN(late)) return;
    judged++;
    if (late > worst) {
      worst = late;
      worstLine = asked.line;
    }
    if (late <= asked.within) return;
    const text = `after ${asked.text} (line ${asked.line}) the next visit must come within ${asked.within} ms, but comes after ${late.toFixed(3)} ms`;
    if (late <= asked.sleep + WAKE_MS) {
      env.findings.report(event, {
        message: `${text}, when the old sleep of ${asked.sleep} ms is over: the store does not end it (D56)`,
        group: asked.text.replace(/ =.*/, ""),
        since: asked.line,
      });
    } else env.findings.doubt(`${text} (line ${event.line}); no sleep that is known explains it`);
  }

  return {
    kinds: [Kind.marker, Kind.scanStart],
    event(event) {
      if (event.kind === Kind.scanStart) return request === null ? undefined : visited(event, request);
      const mark = readMark(event);
      if (mark?.kind === "set") olds.set(mark.name, mark.old);
      else if (mark?.kind === "done") done(event, mark);
    },
    gap() {
      request = null;
      olds.clear();
    },
    finish: () => ({
      judged,
      undecided:
        request === null
          ? null
          : `the log ends before a visit follows ${request.text} (line ${request.line})`,
      note: worst < 0 ? null : `${judged} requests, the slowest ${worst.toFixed(3)} ms (line ${worstLine})`,
      moot: judged === 0 && request === null,
    }),
  };
}
