/**
 * P04: a visit scans no more than the size in force and the VMA in which it reaches that size. The probe of the walk
 * shows each VMA of a visit; all but the last together must not be larger than the size that scan_mm_end prints (V0
 * prints the largest size where many pages were hot).
 */

import { Field, fieldNumber, Kind } from "../event.ts";
import type { Monitor, MonitorEntry, MonitorEnv } from "./monitor.ts";
import { closedVisit, openVisit } from "./open-visit.ts";

export const scannedBytes: MonitorEntry = {
  id: "P04",
  title: "a visit scans no more than its scan size and the VMA in which it reaches it",
  needs: "scan_mm_start, scan_mm_end, the kprobe walk_vma",
  applies: (has) => has(Kind.walkVma) && has(Kind.scanEnd),
  create,
};

function create(env: MonitorEnv): Monitor {
  const { lives } = env;
  let visit = 0;
  let sum = 0;
  let last = 0;
  let vmas = 0;
  let judged = 0;
  return {
    kinds: [Kind.walkVma, Kind.scanEnd],
    event(event) {
      if (event.kind === Kind.walkVma) {
        const line = openVisit(lives);
        if (line !== visit) {
          visit = line;
          sum = 0;
          last = 0;
          vmas = 0;
        }
        vmas++;
        sum += last;
        last = fieldNumber(event, Field.vmEnd) - fieldNumber(event, Field.vmStart);
        return;
      }
      const line = closedVisit(lives, event);
      if (line === 0 || line !== visit || Number.isNaN(sum + last)) return;
      judged++;
      const size = Number(event.size);
      if (sum <= size) return;
      env.findings.report(event, {
        message: `a visit must stop at the VMA in which it reaches ${size} bytes, but walked ${vmas} VMAs, of which all but the last have ${sum} bytes`,
        group: env.mmText(event.mm),
        since: line,
      });
    },
    gap() {
      visit = 0;
    },
    finish: () => ({
      judged,
      undecided:
        lives.seen.starts === 0 && lives.seen.ends > 0
          ? "the log has no scan_mm_start, so VMAs cannot be told apart by visit"
          : null,
      note: judged > 0 ? `${judged} visits` : null,
    }),
  };
}
