/**
 * P03: nothing happens to an mm that is gone. The end of an exit is known from the return of the exit hook (kprobe),
 * from a later event of the task that printed mm_exit (V1 on), or from the slot being freed by the daemon.
 */

import { EVENT_NAMES, Kind, type TraceEvent } from "../event.ts";
import type { Gone } from "./life.ts";
import type { Monitor, MonitorEntry, MonitorEnv } from "./monitor.ts";

/**
 * Events of different CPUs closer than this are unordered, nanoseconds, where the log does not show that its clocks are
 * further apart: in a text that is merged by time no skew shows, and the clock `local` has tens of microseconds of it.
 */
export const CPU_SKEW = 50e3;

const unknownEnd =
  "an mm is named after its mm_exit, and the log does not show whether that exit had ended: record the kprobes enter, exit and exit_ret, or the sched events";

/** Why an mm that was gone may be named in a log without a mm_enter. */
export const NO_ENTERS =
  "a new mm with the same pointer would explain an event after the end of an exit, and the log has no mm_enter";

export const gone: MonitorEntry = {
  id: "P03",
  title: "no scan and no migration of an mm after its exit has ended",
  needs: "mm_exit (V1 on) or the kprobes enter, exit and exit_ret",
  create,
};

function create(env: MonitorEnv): Monitor {
  const { lives } = env;
  let judged = 0;
  /** Mms named after their mm_exit, as long as the end of that exit is not in the log: it may have been before. */
  const named = new Set<number>();

  function judge(event: TraceEvent, end: Gone): void {
    const life = lives.of(event.mm);
    if (event.cpu !== end.cpu && event.ns - end.ns < env.skew()) {
      env.findings.doubt(
        "an event and the end of the exit stand on different CPUs within the error of their clocks",
      );
      return;
    }
    if (lives.seen.enters === 0) {
      env.findings.doubt(NO_ENTERS);
      return;
    }
    const delay = Number.isNaN(event.ns) ? "" : ` ${((event.ns - end.ns) / 1e6).toFixed(3)} ms`;
    env.findings.report(event, {
      message: `mm ${env.mmText(event.mm)} was gone (${end.how}, line ${end.line}) and has no new mm_enter, but ${EVENT_NAMES[event.kind]} names it${delay} later`,
      group: `${event.kind} ${env.mmText(event.mm)} ${end.line}`,
      since: Math.min(end.line, life.enterLine || end.line),
      lateEnter: event.kind === Kind.migrate ? -1 : event.mm,
    });
  }

  return {
    kinds: [
      Kind.mmEnter,
      Kind.scanStart,
      Kind.scanEnd,
      Kind.migrate,
      Kind.probeExitRet,
      Kind.exit,
      Kind.exec,
      Kind.probeCollect,
    ],
    event(event) {
      if (event.kind > Kind.migrate) {
        judged++;
        return;
      }
      if (event.mm < 0) return;
      const life = lives.of(event.mm);
      if (event.kind === Kind.mmEnter) {
        if (named.delete(event.mm) && life.previousGone === 0) env.findings.doubt(unknownEnd);
        return;
      }
      if (life.goneLine === 0) {
        if (life.exitLine > 0) named.add(event.mm);
        return;
      }
      const end = lives.goneOf(life);
      if (end !== null && event.line > end.line) judge(event, end);
    },
    forget(mms) {
      for (const mm of mms) named.delete(mm);
    },
    finish: () => ({
      judged: lives.seen.exits + lives.seen.exitReturns > 0 ? judged : 0,
      undecided: [...named].some((mm) => lives.of(mm).goneLine === 0)
        ? unknownEnd
        : lives.seen.exits + lives.seen.probeExits === 0 && lives.seen.starts + lives.seen.ends > 0
          ? "the log shows no end of an mm: record mm_exit (V1 on) or the kprobes enter, exit and exit_ret"
          : null,
      note: null,
    }),
  };
}
