/**
 * B01: a visit holds the mmap lock for a time that is proportional to the size it may scan. The stretch between
 * scan_mm_start and scan_mm_end lies wholly under that lock. The bound is generous; a daemon that was preempted, or a
 * guest that stood still, may exceed it, so only several times the bound is a violation.
 */

import { Kind } from "../event.ts";
import type { Monitor, MonitorEntry, MonitorEnv } from "./monitor.ts";

/** Milliseconds allowed for a visit of no size, and more for each GiB of the size in force. */
export const VISIT_MS = 250;
export const VISIT_MS_PER_GIB = 250;
/** Up to so many times the bound is undecided. */
export const DOUBT_TIMES = 4;

const GIB = 2 ** 30;

export const visit: MonitorEntry = {
  id: "B01",
  title: "a visit holds the mmap lock for a time proportional to its scan size",
  needs: "scan_mm_start, scan_mm_end, a clock with a unit",
  applies: (has) => has(Kind.scanEnd) && has(Kind.scanStart),
  create,
};

function create(env: MonitorEnv): Monitor {
  const { lives } = env;
  let judged = 0;
  let worst = -1;
  let worstLine = 0;
  return {
    kinds: [Kind.scanEnd],
    event(event) {
      const begun = lives.previousScan;
      if (event.mm < 0 || !begun.known || !begun.isStart || begun.mm !== event.mm || !env.timed()) return;
      const held = (event.ns - lives.of(event.mm).startNs) / 1e6;
      const allowed = VISIT_MS + (VISIT_MS_PER_GIB * Number(event.size)) / GIB;
      judged++;
      if (held > worst) {
        worst = held;
        worstLine = event.line;
      }
      if (!(held > allowed)) return;
      const text = `a visit with a scan size of ${event.size} bytes must hold the mmap lock for at most ${allowed.toFixed(0)} ms, but held it for ${held.toFixed(3)} ms (lines ${begun.line} to ${event.line})`;
      if (held <= DOUBT_TIMES * allowed) env.findings.doubt(`${text}; the daemon may have been preempted`);
      else env.findings.report(event, { message: text, group: "held", since: begun.line });
    },
    finish: () => ({
      judged,
      undecided: env.timed() ? null : "the log's clock has no unit, give its rate to judge times",
      note: judged > 0 ? `${judged} visits, the longest ${worst.toFixed(3)} ms (line ${worstLine})` : null,
    }),
  };
}
