/**
 * F01: no promotion of a folio that was not accessed. Before each promote of a page of x stands, since the page's
 * previous promote or the start of x, a visit of its page-table entry that saw the accessed bit set.
 *
 * Pages are told by their virtual address: the probe's own (V1 on) or, for anonymous folios of V0, the folio's index.
 */

import { Field, fieldLowBits, fieldNumber, Kind, type TraceEvent } from "../event.ts";
import type { Monitor, MonitorEntry, MonitorEnv } from "./monitor.ts";
import { createPageTable } from "./page-table.ts";

/** Bit of a page-table entry that the hardware sets on access (x86). */
const ACCESSED = 0x20;
/** Pages followed at a time, over all mms; those of mms that were not visited for longest make room. */
const PAGE_LIMIT = 1_000_000;

export const accessed: MonitorEntry = {
  id: "F01",
  title: "only folios whose accessed bit was seen set are promoted",
  needs: "the kprobes pte_entry and promote",
  applies: (has) => has(Kind.promote) && has(Kind.pteEntry),
  create,
};

/** What is known of a page, in one number: the line of its last visit, whether there were several, and the bit. */
const SET_BIT = 1;
const AGAIN_BIT = 2;
const LINE = 4;

interface Pages {
  /** The life the pages belong to; it changes when the raw pointer is found to be that of a known hashed one. */
  life: number;
  incarnation: number;
  readonly epoch: number;
  /** Line of the first visit. */
  readonly since: number;
  readonly space: number;
  readonly birth: number;
}

function create(env: MonitorEnv): Monitor {
  const { lives } = env;
  const spaces = new Map<number, Pages>();
  const table = createPageTable(PAGE_LIMIT);
  let judged = 0;
  let unmatched = 0;

  function pagesOf(event: TraceEvent): Pages {
    const life = lives.of(lives.resolve(event.mm));
    const known = spaces.get(event.mm);
    if (known !== undefined && known.epoch === lives.epoch() && table.isOpen(known.space, known.birth)) {
      if (known.life !== life.mm && life.enterLine < known.since) {
        known.life = life.mm;
        known.incarnation = life.incarnation;
      }
      if (known.life === life.mm && known.incarnation === life.incarnation) return known;
    }
    close(known);
    const space = table.open();
    const fresh: Pages = {
      life: life.mm,
      incarnation: life.incarnation,
      epoch: lives.epoch(),
      since: event.line,
      space,
      birth: table.birthOf(space),
    };
    spaces.set(event.mm, fresh);
    return fresh;
  }

  function close(pages: Pages | undefined): void {
    if (pages !== undefined && table.isOpen(pages.space, pages.birth)) table.close(pages.space);
  }

  function release(mm: number): void {
    close(spaces.get(mm));
    spaces.delete(mm);
  }

  function visit(event: TraceEvent): void {
    const page = Math.floor(fieldNumber(event, Field.addr) / 4096);
    const bits = fieldLowBits(event, Field.pte);
    if (Number.isNaN(page) || Number.isNaN(bits)) return;
    const { space } = pagesOf(event);
    const before = table.get(space, page);
    const isSet = (bits & ACCESSED) !== 0 || (before >= 0 && before % 2 === SET_BIT);
    table.put(space, page, event.line * LINE + (before >= 0 ? AGAIN_BIT : 0) + (isSet ? SET_BIT : 0));
  }

  function promote(event: TraceEvent): void {
    const page = pageOf(event);
    const { space } = pagesOf(event);
    const state = page < 0 ? -1 : table.get(space, page);
    if (state < 0) {
      unmatched++;
      return;
    }
    judged++;
    const flags = state % LINE;
    if ((flags & SET_BIT) === 0) {
      const lastVisit = Math.floor(state / LINE);
      const [cause, why] =
        (flags & AGAIN_BIT) !== 0
          ? ["D62", "PG_young of an earlier access is never cleared"]
          : ["D60", "PG_idle is clear before the first visit"];
      env.findings.report(event, {
        message: `the page at 0x${(page * 4096).toString(16)} is promoted, but its accessed bit was clear whenever the scan visited it since it was last promoted (last in line ${lastVisit}); ${why} (${cause})`,
        group: `${cause} ${env.mmText(event.mm)}`,
        since: lastVisit,
      });
    }
    table.put(space, page, state - (flags & SET_BIT));
  }

  return {
    kinds: [Kind.pteEntry, Kind.promote],
    event(event) {
      if (event.mm < 0) return;
      if (event.kind === Kind.pteEntry) visit(event);
      else promote(event);
    },
    release,
    forget: (mms) => mms.forEach(release),
    finish: () => ({
      judged,
      undecided: undecided(judged, unmatched),
      note: `${judged} promotions compared with the visits of their page`,
    }),
  };
}

function undecided(judged: number, unmatched: number): string | null {
  if (judged === 0 && unmatched > 0)
    return "the log has promotions, but no visit of a page-table entry that leads to them";
  return unmatched > 0 ? `${unmatched} promotions cannot be matched with a visit of their page` : null;
}

/** Page number of what is promoted, -1 if the probe does not tell. */
function pageOf(event: TraceEvent): number {
  const address = fieldNumber(event, Field.addr);
  if (!Number.isNaN(address)) return Math.floor(address / 4096);
  const anonymous = (fieldLowBits(event, Field.mapping) & 1) === 1;
  const index = fieldNumber(event, Field.index);
  return anonymous && !Number.isNaN(index) ? index : -1;
}
