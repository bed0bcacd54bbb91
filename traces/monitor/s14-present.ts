/**
 * S14: only present entries of a page table are taken for pages. V0 looks at every entry that is not empty; one that is
 * not present, a swap or migration entry, ends its walk or is decoded (D25), which the return of the callback tells.
 * Later versions pass over such entries in silence, so their return tells nothing.
 */

import { Field, fieldLowBits, fieldText, Kind, type TraceEvent } from "../event.ts";
import type { Monitor, MonitorEntry, MonitorEnv } from "./monitor.ts";

/** _PAGE_PRESENT, and _PAGE_PROTNONE, whose entries hold a page as well (x86). */
const PRESENT = 0x101;

export const present: MonitorEntry = {
  id: "S14",
  title: "only present page-table entries are taken for pages",
  needs: "the kprobes pte_entry and pte_entry_ret, V0",
  applies: (has) => has(Kind.pteEntry) && has(Kind.pteEntryRet),
  byVersion: true,
  create,
};

interface Look {
  line: number;
  absent: boolean;
  pte: string;
}

function create(env: MonitorEnv): Monitor {
  const look: Look = { line: 0, absent: false, pte: "" };
  let judged = 0;
  let passed = 0;

  function returned(event: TraceEvent): void {
    if (look.line === 0) return;
    const { line, absent, pte } = look;
    look.line = 0;
    judged++;
    if (!absent || event.rc !== 0) return;
    if (env.patch !== "v0") {
      passed++;
      return;
    }
    env.findings.report(event, {
      message: `the entry ${pte} in line ${line} is not present and must not be taken for a page, but the walk goes on as for one (D25)`,
      group: "decoded",
      since: line,
    });
  }

  return {
    kinds: [Kind.pteEntry, Kind.pteEntryRet],
    event(event) {
      if (event.kind === Kind.pteEntryRet) return returned(event);
      const bits = fieldLowBits(event, Field.pte);
      look.line = Number.isNaN(bits) ? 0 : event.line;
      look.absent = (bits & PRESENT) === 0 && !isEmpty(event);
      if (look.absent) look.pte = fieldText(event, Field.pte);
    },
    gap() {
      look.line = 0;
    },
    finish: () => ({
      judged,
      undecided: passed > 0 ? `${passed} entries are not present, and this version may skip them` : null,
      note: judged > 0 ? `${judged} entries` : null,
    }),
  };
}

function isEmpty(event: TraceEvent): boolean {
  return /^0x0*$/.test(fieldText(event, Field.pte));
}
