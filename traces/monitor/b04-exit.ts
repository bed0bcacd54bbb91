/**
 * B04: an exit, and a failed exec, waits for the daemon for a bounded time. Exact with the return of the exit hook;
 * without it the task's next event tells when it had returned at the latest, and a long time proves nothing.
 */

import { Kind, type TraceEvent } from "../event.ts";
import { createExitHook, type OpenExit, STUCK } from "./exit-hook.ts";
import type { Monitor, MonitorEntry, MonitorEnv } from "./monitor.ts";

/** So long an exit may take, nanoseconds; up to {@link STUCK} is undecided. */
export const EXIT_BOUND = 1e9;

export const exitWait: MonitorEntry = {
  id: "B04",
  title: "an exit waits for the daemon for a bounded time",
  needs: "mm_exit (V1 on) or the kprobe exit, exit_ret or the sched events, a clock with a unit",
  applies: (has) => has(Kind.mmExit) || has(Kind.probeExit),
  create,
};

function create(env: MonitorEnv): Monitor {
  let judged = 0;
  let worst = -1;
  let worstLine = 0;
  let last = 0;

  function returned(open: OpenExit, event: TraceEvent, exact: boolean): void {
    if (!env.timed()) return;
    const took = event.ns - open.ns;
    judged++;
    if (took > worst) {
      worst = took;
      worstLine = open.line;
    }
    if (!(took > EXIT_BOUND) || open.stuck) return;
    const text = `the exit hook that was entered in line ${open.line} must return within ${EXIT_BOUND / 1e9} s, but returned after ${(took / 1e9).toFixed(3)} s`;
    if (exact && took > STUCK) report(event, open, text);
    else
      env.findings.doubt(
        exact ? text : `${text} at the latest (line ${event.line}); exit_ret would tell when`,
      );
  }

  function report(event: TraceEvent, open: OpenExit, message: string): void {
    env.findings.report(event, { message, group: `pid ${open.pid}`, since: open.line });
  }

  const hook = createExitHook(env, {
    closed: returned,
    stuck: (open, event) => {
      if (!env.timed()) return;
      judged++;
      report(
        event,
        open,
        `the exit hook that task ${open.pid} entered in line ${open.line} must return within ${EXIT_BOUND / 1e9} s, but has not for ${((event.ns - open.ns) / 1e9).toFixed(3)} s${open.gaveUp ? "; the task had entered that mm itself for an exec or fork that failed (D01)" : ""}`,
      );
    },
  });

  return {
    kinds: hook.kinds,
    event(event) {
      last = event.ns;
      hook.event(event);
    },
    gap: hook.gap,
    finish: () => ({
      judged,
      undecided: undecided(env, hook.open(), last),
      note:
        worst < 0 ? null : `${judged} exits, the longest ${(worst / 1e6).toFixed(3)} ms (line ${worstLine})`,
    }),
  };
}

function undecided(env: MonitorEnv, open: readonly OpenExit[], last: number): string | null {
  if (!env.timed()) return "the log's clock has no unit, give its rate to judge times";
  const late = open.filter(({ ns, stuck }) => !stuck && last - ns > EXIT_BOUND);
  return late.length === 0
    ? null
    : `${late.length} exits have no end in the log (first in line ${late[0]?.line}): record exit_ret and the sched events`;
}
