/**
 * S17: an mm whose tree of VMAs is not complete is not walked. A task that enters an mm and gives it up, with neither
 * fork nor exec in between, has failed at one of them; a full scan of that mm in between may have walked an unfinished
 * tree (D27) if it was a fork. The log does not tell which of the two it was, so this is a hint.
 */

import { Kind, type TraceEvent } from "../event.ts";
import { createExitHook } from "./exit-hook.ts";
import type { Monitor, MonitorEntry, MonitorEnv } from "./monitor.ts";

export const unfinished: MonitorEntry = {
  id: "S17",
  title: "no mm is walked before its tree of VMAs is complete",
  needs: "a probe of failing forks; mm_enter, mm_exit or the kprobe exit, and the sched events give a hint",
  applies: (has) => (has(Kind.mmExit) || has(Kind.probeExit)) && has(Kind.fork) && has(Kind.exec),
  create,
};

function create(env: MonitorEnv): Monitor {
  const { lives } = env;
  const scanned = new Map<number, { readonly line: number; readonly incarnation: number }>();
  let found = 0;
  const hook = createExitHook(env, {
    opened(open) {
      const scan = scanned.get(open.mm);
      if (!open.gaveUp || scan?.incarnation !== lives.of(open.mm).incarnation) return;
      found++;
      env.findings.doubt(
        `mm ${env.mmText(open.mm)} was scanned (line ${scan.line}) between its mm_enter and line ${open.line}, where the task that entered it gives it up: if that was a fork, its tree was not complete (D27)`,
      );
    },
  });
  function note(event: TraceEvent): void {
    if (event.mm < 0) return;
    const { incarnation } = lives.of(event.mm);
    if (event.kind === Kind.scanEnd) scanned.set(event.mm, { line: event.line, incarnation });
    else if (event.kind === Kind.mmEnter) scanned.delete(event.mm);
  }
  return {
    kinds: hook.kinds,
    event(event) {
      note(event);
      hook.event(event);
    },
    gap(gap) {
      scanned.clear();
      hook.gap(gap);
    },
    release: (mm) => void scanned.delete(mm),
    forget(mms) {
      for (const mm of mms) scanned.delete(mm);
    },
    finish: () => ({
      judged: found,
      undecided: "trace events do not show whether a tree of VMAs is complete",
      note: null,
      moot: found === 0,
    }),
  };
}
