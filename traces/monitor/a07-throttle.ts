/**
 * A07: the control law. From what one scan_mm_end prints (period, size, total) follows what the next one of the same
 * mm must print. V0 to V2 are exact. V3 stretches the clamped period by a prctl scale and a failure rate that no event
 * prints: there a period is wrong only if no scale and rate give it, or if a useful scan lengthens it.
 */

import { Kind, type TraceEvent } from "../event.ts";
import { isStretched, type Law } from "./law.ts";
import type { Monitor, MonitorEntry, MonitorEnv } from "./monitor.ts";
import { createThrottle, looksFresh, type ScanState } from "./throttle.ts";

export const throttleLaw: MonitorEntry = {
  id: "A07",
  title: "scan period and size follow the throttle law from scan to scan",
  needs: "scan_mm_end (scan_mm_enter to tell a reused pointer)",
  byVersion: true,
  create,
};

function create(env: MonitorEnv): Monitor {
  const throttle = createThrottle(env);
  let judged = 0;
  let stretched = 0;

  function judge(event: TraceEvent, before: ScanState, law: Law): void {
    const period = Number(event.period);
    const size = Number(event.size);
    const total = Number(event.total);
    judged++;
    const extended = law.printsExtension && size === law.maxSize && total > law.threshold;
    const sizeFits = (wanted: number): boolean => wanted < 0 || wanted === size || extended;
    const scale = env.tunables.pteScanScale ?? null;
    const periodFits = (wanted: number): boolean =>
      law.stretched ? isStretched(wanted, period, scale) : wanted === period;
    if (law.stretched) {
      stretched++;
      if (before.total >= law.threshold && period > before.period) {
        report(
          event,
          before,
          `a useful scan must not lengthen the period, but it grows from ${before.period} to ${period} ms (the stretched value feeds the next step)`,
          "lengthened",
        );
        return;
      }
    }
    if (before.next.some((step) => periodFits(step.period) && sizeFits(step.size))) return;
    const wanted = before.next.map(
      (step) => `${step.period} ms and ${step.size < 0 ? "any size" : `${step.size} bytes`}`,
    );
    const message = `after the scan in line ${before.line} (period ${before.period} ms, total ${before.total}) the law gives ${[...new Set(wanted)].join(" or ")}, but the line has ${period} ms and ${size} bytes`;
    if (env.lives.seen.enters === 0 && looksFresh(law, size, total)) {
      env.findings.doubt("a pointer reused by a new mm would explain a step, and the log has no mm_enter");
      return;
    }
    report(event, before, message, "step");
  }

  function report(event: TraceEvent, before: ScanState, message: string, group: string): void {
    env.findings.report(event, {
      message,
      group: `${group} ${env.mmText(event.mm)}`,
      since: before.line,
      lateEnter: event.mm,
    });
  }

  return {
    kinds: [Kind.scanEnd],
    event(event) {
      if (event.mm < 0) return;
      const { before, law } = throttle.advance(event);
      if (before !== null && before.next.length > 0) judge(event, before, law);
    },
    forget: throttle.forget,
    finish: () => ({
      judged,
      undecided:
        stretched > 0 && env.tunables.pteScanScale === undefined
          ? "V3 stretches the period by a prctl scale and a failure rate that the log does not show; each step fits some pair of them"
          : null,
      note: judged > 0 ? `${judged} steps` : null,
    }),
  };
}
