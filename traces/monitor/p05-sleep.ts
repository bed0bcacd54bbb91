/**
 * P05: the daemon sleeps between its cycles. A cycle visits at most mms_to_scan slots, so among more consecutive
 * scan_mm_start lines than that lies a pause of at least scan_sleep_ms, two ticks apart. Both knobs must be given. A pause
 * that is too short right after one that was as much too long is undecided: the kernel counts ticks, the log does not.
 */

import { Kind, type TraceEvent } from "../event.ts";
import type { Monitor, MonitorEntry, MonitorEnv } from "./monitor.ts";
import { SLACK_TICKS } from "./p01-spacing.ts";

const NEEDS = "scan_mm_start, a clock with a unit, scan_sleep_ms and mms_to_scan as tunables";
const applies: NonNullable<MonitorEntry["applies"]> = (has, tunables) =>
  has(Kind.scanStart) && tunables.scanSleepMs !== undefined && tunables.mmsToScan !== undefined;

export const sleep: MonitorEntry = {
  id: "P05",
  title: "between two cycles of the daemon lies its sleep",
  needs: NEEDS,
  applies,
  create: (env) => create(env, false),
};

/** B03: the same, of cycles that found nothing to do; a daemon that is told never to sleep is a violation as well. */
export const idleSleep: MonitorEntry = {
  id: "B03",
  title: "the daemon never cycles without a sleep while there is nothing to do",
  needs: NEEDS,
  applies,
  create: (env) => create(env, true),
};

function create(env: MonitorEnv, isIdle: boolean): Monitor {
  const { scanSleepMs, mmsToScan } = env.tunables;
  const slack = (SLACK_TICKS * 1e9) / env.hz;
  const asked = (scanSleepMs ?? 0) * 1e6;
  /** Without a sleep no pause is one: a cycle that finds nothing must be followed by some rest all the same. */
  const sleepNs = isIdle && asked === 0 ? 2 * slack : asked;
  const visits = Math.max(1, mmsToScan ?? 1);
  let last = Number.NaN;
  /** By how much the last pause was longer than the sleep. */
  let excess = 0;
  let first = 0;
  let run = 0;
  let pauses = 0;

  /** One visit more than a cycle has, `rest` after the one before it. */
  function tooMany(event: TraceEvent, rest: number): void {
    if (excess >= sleepNs - rest) {
      env.findings.doubt(
        `a sleep of ${(rest / 1e6).toFixed(3)} ms (line ${event.line}) follows one that was as much too long: the clock against ticks`,
      );
      run = 1;
      excess = 0;
      return;
    }
    if (env.assumed.has("scanSleepMs") || env.assumed.has("mmsToScan")) {
      env.findings.doubt(
        `${run} visits follow without a pause of ${scanSleepMs} ms (from line ${first} on), but the knobs are known only at the ends of the capture`,
      );
      return;
    }
    const idle = isIdle ? ", none of which found anything to do," : "";
    env.findings.report(event, {
      message:
        `after ${visits} visits${idle} the daemon must sleep ${isIdle && asked === 0 ? "" : `${scanSleepMs} ms`}, but from line ${first} on ${run} visits follow without such a pause`.replace(
          " ,",
          ",",
        ),
      group: "sleep",
      since: first,
    });
  }

  return {
    kinds: isIdle ? [Kind.scanStart, Kind.scanEnd, Kind.migrate] : [Kind.scanStart],
    event(event) {
      if (event.kind !== Kind.scanStart) {
        run = 0;
        return;
      }
      if (scanSleepMs === undefined || mmsToScan === undefined || !env.timed()) return;
      const rest = event.ns - last;
      if (rest >= sleepNs - slack) {
        pauses++;
        run = 0;
        excess = rest - sleepNs;
      }
      last = event.ns;
      if (run === 0) first = event.line;
      run++;
      if (run === visits + 1) tooMany(event, rest);
    },
    gap() {
      run = 0;
      excess = 0;
      last = Number.NaN;
    },
    finish: () => ({
      judged: pauses,
      undecided: undecided(env, slack >= sleepNs),
      moot: slack >= sleepNs && env.assumed.has("scanSleepMs"),
      note: `${pauses} pauses`,
    }),
  };
}

function undecided(env: MonitorEnv, isShort: boolean): string | null {
  const { scanSleepMs, mmsToScan } = env.tunables;
  if (scanSleepMs === undefined || mmsToScan === undefined) {
    return "scan_sleep_ms and mms_to_scan are not known, give them as tunables";
  }
  if (!env.timed()) return "the log's clock has no unit, give its rate to judge times";
  return isShort ? `a sleep of ${scanSleepMs} ms is within the error of ${SLACK_TICKS} ticks` : null;
}
