/**
 * P01: an mm is not scanned again before its period has passed. For consecutive full scans of one mm the start of the
 * second minus the end of the first is compared with the period that the second one prints and, independently, with
 * the one the throttle law gives. The kernel counts in ticks and the log in its own clock, hence two kinds of slack.
 */

import { Kind, type TraceEvent } from "../event.ts";
import type { Step } from "./law.ts";
import type { Monitor, MonitorEntry, MonitorEnv } from "./monitor.ts";
import { type Advance, looksFresh } from "./throttle.ts";

/** Early by no more ticks than this is no deviation. */
export const SLACK_TICKS = 2;
/** Early by more ticks, but not more than this share of the period, is undecided: clock against ticks. */
export const DOUBT_SHARE = 0.15;

export const spacing: MonitorEntry = {
  id: "P01",
  title: "an mm is not scanned again before its scan period has passed",
  needs: "scan_mm_start, scan_mm_end, a clock with a unit",
  byVersion: true,
  differsInP1: true,
  create,
};

type Before = NonNullable<Advance["before"]>;

function create(env: MonitorEnv): Monitor {
  const { throttle } = env;
  const slack = (SLACK_TICKS * 1e9) / env.hz;
  let judged = 0;
  let unpaired = 0;
  let worst = Number.POSITIVE_INFINITY;
  let worstText = "";

  function judge(
    event: TraceEvent,
    before: Before,
    next: readonly Step[],
    startLine: number,
    startNs: number,
    freshSize: boolean,
  ): void {
    const gap = startNs - before.ns;
    const byLaw = Math.min(...next.map((step) => step.period));
    const printed = Number(event.period);
    const period = Math.max(printed, Number.isFinite(byLaw) ? byLaw : 0);
    const margin = gap - period * 1e6;
    judged++;
    if (margin < worst) {
      worst = margin;
      worstText = `${milliseconds(margin)} ms at line ${startLine} (period ${period} ms)`;
    }
    if (margin >= -slack) return;
    if (margin >= -DOUBT_SHARE * period * 1e6) {
      env.findings.doubt(
        `a scan came ${milliseconds(-margin)} ms early of ${period} ms (line ${startLine}), within the error of the clock against ticks`,
      );
      return;
    }
    if (env.lives.seen.enters === 0 && freshSize) {
      env.findings.doubt(
        "a pointer reused by a new mm would explain an early scan, and the log has no mm_enter",
      );
      return;
    }
    const source =
      printed === period ? "as this line prints" : `as the throttle law gives after line ${before.line}`;
    env.findings.report(event, {
      message: `the scan that ended in line ${before.line} must be followed by ${period} ms of rest (${source}), but the next one starts after ${milliseconds(gap)} ms (line ${startLine})`,
      group: `early ${env.mmText(event.mm)}`,
      since: before.line,
      lateEnter: event.mm,
    });
  }

  return {
    kinds: [Kind.scanEnd],
    event(event) {
      if (event.mm < 0) return;
      const { before, next, law } = throttle.advance(event);
      if (before === null || !env.timed()) return;
      const life = env.lives.of(event.mm);
      if (life.startEpoch !== env.lives.epoch() || life.startLine <= before.line) unpaired++;
      else
        judge(
          event,
          before,
          next,
          life.startLine,
          life.startNs,
          looksFresh(law, Number(event.size), Number(event.total)),
        );
    },
    release: throttle.release,
    forget: throttle.forget,
    finish: () => ({
      judged,
      undecided: undecided(env, unpaired),
      note:
        judged === 0
          ? null
          : `${judged} pairs, worst margin ${worstText}, ${env.hz} ticks a second ${env.hzGiven ? "as given" : "assumed"}`,
    }),
  };
}

function undecided(env: MonitorEnv, unpaired: number): string | null {
  if (!env.timed()) return "the log's clock has no unit, give its rate to judge times";
  if (env.lives.seen.ends > 1 && env.lives.seen.starts === 0)
    return "the log has no scan_mm_start, so the start of a scan is not known";
  return unpaired > 0 ? `${unpaired} scans have no start of their own in the log` : null;
}

function milliseconds(ns: number): string {
  return (ns / 1e6).toFixed(3).replace(/\.?0+$/, "");
}
