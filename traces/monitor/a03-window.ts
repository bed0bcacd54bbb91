/**
 * A03 and A04: an entry is queued only for a page that was accessed since the daemon looked at it before. One visit
 * counts the pages it queues (total); the probe of its page-table entries shows how many of them had the accessed bit
 * set. More queued than set means that some page was queued without it. A03 blames also the first look at a page
 * (D60); A04 only pages that were looked at before and had a whole window to be accessed in (D62, D63).
 *
 * The bit may be set in the moment between the probe and the daemon's own look, so a few more are undecided.
 */

import { Field, fieldLowBits, fieldNumber, Kind, type TraceEvent } from "../event.ts";
import type { Monitor, MonitorEntry, MonitorEnv } from "./monitor.ts";
import { closedVisit, openVisit } from "./open-visit.ts";
import { createPageTable } from "./page-table.ts";

/** Bit of a page-table entry that the hardware sets on access (x86). */
const ACCESSED = 0x20;
/** Pages kept, over all mms. */
const PAGE_LIMIT = 1_000_000;
/** So many, and this share of the visits, may have been accessed between the probe and the daemon's look. */
export const RACE_COUNT = 8;
export const RACE_SHARE = 0.02;

const NEEDS = "scan_mm_start, scan_mm_end, the kprobe pte_entry";

export const window: MonitorEntry = {
  id: "A03",
  title: "only pages accessed since the visit before are queued",
  needs: NEEDS,
  applies: (has) => has(Kind.pteEntry) && has(Kind.scanEnd),
  create: (env) => create(env, false),
};

export const idleWindow: MonitorEntry = {
  id: "A04",
  title: "no page that was not accessed for a whole window is queued",
  needs: NEEDS,
  applies: (has) => has(Kind.pteEntry) && has(Kind.scanEnd),
  create: (env) => create(env, true),
};

interface Known {
  readonly incarnation: number;
  readonly epoch: number;
  readonly space: number;
  readonly birth: number;
}

function create(env: MonitorEnv, onlyAgain: boolean): Monitor {
  const { lives } = env;
  const spaces = new Map<number, Known>();
  const table = createPageTable(PAGE_LIMIT);
  let visit = 0;
  let looks = 0;
  let set = 0;
  /** Looks at pages that may not have been looked at before, the bit clear. */
  let fresh = 0;
  let judged = 0;
  let unseen = 0;

  function spaceOf(mm: number): number {
    const { incarnation } = lives.of(mm);
    const known = spaces.get(mm);
    const isOpen = known !== undefined && table.isOpen(known.space, known.birth);
    if (isOpen && known.incarnation === incarnation && known.epoch === lives.epoch()) return known.space;
    if (isOpen) table.close(known.space);
    const space = table.open();
    spaces.set(mm, { incarnation, epoch: lives.epoch(), space, birth: table.birthOf(space) });
    return space;
  }

  function release(mm: number): void {
    const known = spaces.get(mm);
    if (known !== undefined && table.isOpen(known.space, known.birth)) table.close(known.space);
    spaces.delete(mm);
  }

  function look(event: TraceEvent): void {
    const line = openVisit(lives);
    if (line === 0) return;
    if (line !== visit) {
      visit = line;
      looks = 0;
      set = 0;
      fresh = 0;
    }
    looks++;
    const isSet = (fieldLowBits(event, Field.pte) & ACCESSED) !== 0;
    if (isSet) set++;
    if (!onlyAgain) return;
    const page = Math.floor(fieldNumber(event, Field.addr) / 4096);
    const space = spaceOf(lives.lastScan.mm);
    if (table.get(space, page) >= 0) return;
    if (!isSet) fresh++;
    table.put(space, page, 0);
  }

  function ended(event: TraceEvent): void {
    const line = closedVisit(lives, event);
    const total = Number(event.total);
    if (line === 0 || total === 0) return;
    if (line !== visit) {
      unseen++;
      return;
    }
    judged++;
    const excess = total - set - fresh;
    if (excess <= 0) return;
    const reason = onlyAgain
      ? "each had a whole window in which it was not accessed: PG_young of an earlier access stays set (D62), or two entries of one folio count as two accesses (D63)"
      : "PG_idle is clear before the first visit (D60), or PG_young of an earlier access stays set (D62)";
    const text = `the visit queues ${total} pages, but of ${looks} entries that it looked at ${set} had the accessed bit set${fresh > 0 ? ` and ${fresh} were looked at for the first time` : ""}: ${excess} pages were queued without an access`;
    if (excess <= Math.max(RACE_COUNT, RACE_SHARE * looks)) {
      env.findings.doubt(`${text} (line ${event.line}); they may have been accessed as the daemon looked`);
      return;
    }
    env.findings.report(event, {
      message: `${text}; ${reason}`,
      group: env.mmText(event.mm),
      since: line,
    });
  }

  return {
    kinds: [Kind.pteEntry, Kind.scanEnd],
    event(event) {
      if (event.kind === Kind.pteEntry) look(event);
      else if (event.mm >= 0) ended(event);
    },
    gap() {
      visit = 0;
    },
    release,
    forget: (mms) => mms.forEach(release),
    finish: () => ({
      judged,
      undecided:
        unseen > 0
          ? `${unseen} visits queued pages while no entry they looked at was recorded`
          : lives.seen.starts === 0 && lives.seen.ends > 0
            ? "the log has no scan_mm_start, so looks cannot be told apart by visit"
            : null,
      note: judged > 0 ? `${judged} visits that queued pages` : null,
    }),
  };
}
