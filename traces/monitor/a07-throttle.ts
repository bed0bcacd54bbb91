/**
 * A07: the control law. The first scan_mm_end of a new mm prints the version's first size and the period that
 * mm_scan_period_ms gives, for both change after the scan only. From what one scan_mm_end prints (period, size, total)
 * follows what the next one of the same mm must print. V0 to V2 are exact. V3 stretches the clamped period by a prctl
 * scale and a failure rate that no event prints: there a period is wrong only if no scale and rate give it, or if a
 * useful scan lengthens it.
 */

import { Kind, type TraceEvent } from "../event.ts";
import { createEntrances, ENTRANCE_KINDS, type Entrance } from "./entrances.ts";
import { isStretched, type Law, type Step } from "./law.ts";
import type { Monitor, MonitorEntry, MonitorEnv } from "./monitor.ts";
import { type Advance, looksFresh } from "./throttle.ts";

export const throttleLaw: MonitorEntry = {
  id: "A07",
  title: "scan period and size follow the throttle law from scan to scan",
  needs: "scan_mm_end (mm_enter to tell a first scan and a reused pointer)",
  byVersion: true,
  differsInP1: true,
  create,
};

type Before = NonNullable<Advance["before"]>;

function create(env: MonitorEnv): Monitor {
  const { throttle } = env;
  const entrances = createEntrances(env);
  const isAssumed = env.assumed.has("scanPeriodMs");
  let judged = 0;
  let firsts = 0;
  let withoutPeriod = 0;
  let stretched = 0;

  function judge(event: TraceEvent, before: Before, next: readonly Step[], law: Law): void {
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
    if (next.some((step) => periodFits(step.period) && sizeFits(step.size))) return;
    const wanted = next.map(
      (step) => `${step.period} ms and ${step.size < 0 ? "any size" : `${step.size} bytes`}`,
    );
    const message = `after the scan in line ${before.line} (period ${before.period} ms, total ${before.total}) the law gives ${[...new Set(wanted)].join(" or ")}, but the line has ${period} ms and ${size} bytes`;
    if (env.lives.seen.enters === 0 && looksFresh(law, size, total)) {
      env.findings.doubt("a pointer reused by a new mm would explain a step, and the log has no mm_enter");
      return;
    }
    report(event, before, message, "step");
  }

  function judgeFirst(event: TraceEvent, enter: Entrance, law: Law): void {
    const { line, period: started } = enter;
    const period = Number(event.period);
    const size = Number(event.size);
    firsts++;
    if (!looksFresh(law, size, Number(event.total)))
      report(
        event,
        enter,
        `the first scan of an mm that enters in line ${line} must have ${law.defaultSize} bytes, but the line has ${size} bytes`,
        "first size",
      );
    if (started === null) {
      withoutPeriod++;
      return;
    }
    if (period === started) return;
    if (isAssumed) {
      env.findings.doubt(
        `a first scan has a period of ${period} ms where mm_scan_period_ms is ${started}, but the knob is known only at the ends of the capture`,
      );
      return;
    }
    report(
      event,
      enter,
      `the first scan of an mm that enters in line ${line} must have the period ${started} ms of mm_scan_period_ms, but the line has ${period} ms`,
      "first period",
    );
  }

  function report(
    event: TraceEvent,
    before: { readonly line: number },
    message: string,
    group: string,
  ): void {
    env.findings.report(event, {
      message,
      group: `${group} ${env.mmText(event.mm)}`,
      since: before.line,
      lateEnter: event.mm,
    });
  }

  function told(): string | null {
    const parts = [
      judged > 0 ? `${judged} steps` : "",
      firsts > 0 ? `${firsts} first scans` : "",
      withoutPeriod > 0
        ? `the period of ${withoutPeriod} of them is not compared, for mm_scan_period_ms is not known`
        : "",
    ];
    return parts.filter((part) => part !== "").join(", ") || null;
  }

  return {
    kinds: [Kind.scanEnd, ...ENTRANCE_KINDS],
    event(event) {
      if (event.kind !== Kind.scanEnd) return entrances.observe(event);
      if (event.mm < 0) return;
      const { before, isFirst, next, law } = throttle.advance(event);
      const entrance = entrances.take(event);
      if (isFirst && entrance !== null) judgeFirst(event, entrance, law);
      else if (before !== null && next.length > 0) judge(event, before, next, law);
    },
    gap: entrances.gap,
    release(mm) {
      throttle.release(mm);
      entrances.release(mm);
    },
    forget(mms) {
      throttle.forget(mms);
      entrances.forget(mms);
    },
    finish: () => ({
      judged: judged + firsts,
      undecided:
        stretched > 0 && env.tunables.pteScanScale === undefined
          ? "V3 stretches the period by a prctl scale and a failure rate that the log does not show; each step fits some pair of them"
          : null,
      note: told(),
    }),
  };
}
