/**
 * L04: once nobody uses an mm the daemon releases its reference. Who never returns from the exit hook releases
 * nothing; a finite log cannot show more, so this is a hint.
 */

import { Kind } from "../event.ts";
import { createExitHook } from "./exit-hook.ts";
import type { Monitor, MonitorEntry, MonitorEnv } from "./monitor.ts";

export const release: MonitorEntry = {
  id: "L04",
  title: "the daemon releases an mm that nobody uses any more",
  needs: "probes of mmgrab and mmdrop; exit and exit_ret give a hint",
  applies: (has) => has(Kind.probeExit) && has(Kind.probeExitRet),
  create: (env) =>
    hints(env, (open) =>
      open.gaveUp
        ? `task ${open.pid} does not return from the exit hook that it entered in line ${open.line} after a failed exec or fork: mm ${env.mmText(open.mm)} is never released (D01)`
        : `task ${open.pid} does not return from the exit hook that it entered in line ${open.line}: mm ${env.mmText(open.mm)} is never released (D08)`,
    ),
};

/** S04: no task asks for an mmap lock that it holds: an exec that fails calls the exit hook with the lock held (D01). */
export const ownLock: MonitorEntry = {
  id: "S04",
  title: "no task asks for an mmap lock that it holds for writing",
  needs: "probes of the mmap lock; enter, exit, exit_ret and the sched events give a hint",
  applies: (has) => has(Kind.probeExitRet) && (has(Kind.probeExit) || has(Kind.mmExit)),
  create: (env) =>
    hints(env, (open) =>
      open.gaveUp
        ? `task ${open.pid} entered mm ${env.mmText(open.mm)} itself, gave it up in line ${open.line} and never went on: it waits for the mmap lock that it holds (D01)`
        : null,
    ),
};

type Open = Parameters<NonNullable<Parameters<typeof createExitHook>[1]["stuck"]>>[0];

function hints(env: MonitorEnv, say: (open: Open) => string | null): Monitor {
  let found = 0;
  const hook = createExitHook(env, {
    stuck(open) {
      const text = say(open);
      if (text === null) return;
      found++;
      env.findings.doubt(text);
    },
  });
  return {
    kinds: hook.kinds,
    event: hook.event,
    gap: hook.gap,
    finish: () => ({
      judged: found,
      undecided: "trace events do not show references and locks, only tasks that hang",
      note: null,
      moot: found === 0,
    }),
  };
}
