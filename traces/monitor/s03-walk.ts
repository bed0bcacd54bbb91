/**
 * S03: page tables are walked only while somebody uses the mm. The teardown follows the return of the exit hook, so no
 * part of a walk, neither a VMA nor an entry nor its end, may come after that.
 */

import { EVENT_NAMES, Kind } from "../event.ts";
import type { Monitor, MonitorEntry, MonitorEnv } from "./monitor.ts";
import { walkedMm } from "./open-visit.ts";

export const walk: MonitorEntry = {
  id: "S03",
  title: "no walk of the page tables goes on in the teardown of its mm",
  needs: "scan_mm_start, scan_mm_end, the kprobe exit_ret (walk_vma and pte_entry for the walk itself)",
  applies: (has) => has(Kind.probeExitRet) && has(Kind.scanEnd),
  create,
};

function create(env: MonitorEnv): Monitor {
  const { lives } = env;
  let judged = 0;
  return {
    kinds: [Kind.walkVma, Kind.pteEntry, Kind.scanEnd],
    event(event) {
      const mm = event.kind === Kind.scanEnd ? event.mm : walkedMm(lives, event);
      if (mm < 0) return;
      const life = lives.of(mm);
      judged++;
      if (life.goneLine === 0) return;
      const end = lives.goneOf(life);
      // A walk that begins after the end is the matter of P03.
      if (end === null || life.startLine > end.line || life.startLine < life.enterLine) return;
      if (event.cpu !== end.cpu && event.ns - end.ns < env.skew()) {
        env.findings.doubt(
          "a walk and the end of an exit stand on different CPUs within the error of clocks",
        );
        return;
      }
      env.findings.report(event, {
        message: `the walk of mm ${env.mmText(mm)} that began in line ${life.startLine} goes on with ${EVENT_NAMES[event.kind]}, though the mm was gone (${end.how}, line ${end.line})`,
        group: `${env.mmText(mm)} ${end.line}`,
        since: Math.min(end.line, life.startLine),
        lateEnter: mm,
      });
    },
    finish: () => ({ judged, undecided: null, note: judged > 0 ? `${judged} steps of walks` : null }),
  };
}
