/**
 * A08: a store to a knob is validated, leaves nothing behind if it is refused, and takes effect. Marks around each
 * write tell what was written and what the knob read before and after.
 */

import { Kind, type TraceEvent } from "../event.ts";
import { LAWS } from "./law.ts";
import { type KnobDone, type KnobSet, readMark } from "./marks.ts";
import type { Monitor, MonitorEntry, MonitorEnv } from "./monitor.ts";

/** So long after it was switched off the daemon may still end what it had begun, nanoseconds. */
export const SWITCH_OFF = 1e9;

export const store: MonitorEntry = {
  id: "A08",
  title: "a store to a knob is validated and takes effect, or changes nothing",
  needs: "marks of the capture script around each write, scan_mm_start",
  applies: (has) => has(Kind.marker),
  byVersion: true,
  differsInP1: true,
  create,
};

function create(env: MonitorEnv): Monitor {
  const open = new Map<number, KnobSet & { readonly line: number }>();
  let judged = 0;
  let offNs = Number.NaN;
  let offLine = 0;

  function report(event: TraceEvent, message: string, group: string, since: number): void {
    env.findings.report(event, { message, group, since });
  }

  function done(event: TraceEvent, mark: KnobDone): void {
    const set = open.get(event.pid);
    open.delete(event.pid);
    if (set === undefined || set.name !== mark.name) return;
    judged++;
    const wrote = `${mark.name} = ${set.value}`;
    if (mark.rc !== 0) {
      if (mark.now !== set.old)
        report(
          event,
          `a refused store must change nothing, but ${wrote} was refused and the knob went from ${set.old} to ${mark.now}`,
          `refused ${mark.name}`,
          set.line,
        );
      return;
    }
    const wanted = accepted(mark.name, Number(set.value), env);
    if (!Number.isNaN(wanted) && wanted !== mark.now)
      report(
        event,
        `an accepted store must be read back, but after ${wrote} the knob reads ${mark.now}`,
        `accepted ${mark.name}`,
        set.line,
      );
    if (mark.name !== "scan_enabled") return;
    offNs = mark.now === 0 ? event.ns : Number.NaN;
    offLine = event.line;
  }

  function marked(event: TraceEvent): void {
    const mark = readMark(event);
    if (mark?.kind === "set") {
      if (open.size > 1000) open.clear();
      open.set(event.pid, { ...mark, line: event.line });
      if (mark.name === "scan_enabled") offNs = Number.NaN;
    } else if (mark?.kind === "done") done(event, mark);
  }

  return {
    kinds: [Kind.marker, Kind.scanStart],
    event(event) {
      if (event.kind === Kind.marker) return marked(event);
      if (!(event.ns - offNs > SWITCH_OFF)) return;
      report(
        event,
        `the daemon must stop within ${SWITCH_OFF / 1e9} s of scan_enabled = 0, but visits an mm ${((event.ns - offNs) / 1e9).toFixed(3)} s after line ${offLine}`,
        "switched off",
        offLine,
      );
    },
    gap() {
      open.clear();
      offNs = Number.NaN;
    },
    finish: () => ({ judged, undecided: null, note: `${judged} stores`, moot: judged === 0 }),
  };
}

/** What the knob must read after an accepted store of `value`. */
function accepted(name: string, value: number, env: MonitorEnv): number {
  if (name !== "mm_scan_period_ms" || Number.isNaN(value)) return value;
  const { minPeriod, maxPeriod } = LAWS[env.patch ?? "v0"];
  return Math.min(maxPeriod, Math.max(minPeriod, value));
}
