/**
 * F01: no promotion of a folio that was not accessed. Before each promote of a page of x stands, since the page's
 * previous promote or the start of x, a visit of its page-table entry that saw the accessed bit set.
 *
 * Pages are told by their virtual address: the probe's own (V1 on) or, for anonymous folios of V0, the folio's index.
 */

import { Field, fieldLowBits, fieldNumber, Kind, type TraceEvent } from "../event.ts";
import type { Monitor, MonitorEntry, MonitorEnv } from "./monitor.ts";

/** Bit of a page-table entry that the hardware sets on access (x86). */
const ACCESSED = 0x20;
/** Pages followed at a time, over all mms. */
const PAGE_LIMIT = 1_000_000;

export const accessed: MonitorEntry = {
  id: "F01",
  title: "only folios whose accessed bit was seen set are promoted",
  needs: "the kprobes pte_entry and promote",
  applies: (has) => has(Kind.promote) && has(Kind.pteEntry),
  create,
};

interface PageState {
  visits: number;
  accessed: boolean;
  lastVisit: number;
}

interface Pages {
  /** The life the pages belong to; it changes when the raw pointer is found to be that of a known hashed one. */
  life: number;
  incarnation: number;
  readonly epoch: number;
  /** Line of the first visit. */
  readonly since: number;
  readonly byNumber: Map<number, PageState>;
}

function create(env: MonitorEnv): Monitor {
  const { lives } = env;
  const spaces = new Map<number, Pages>();
  let followed = 0;
  let judged = 0;
  let unmatched = 0;

  function pagesOf(event: TraceEvent): Pages {
    const life = lives.of(lives.resolve(event.mm));
    const known = spaces.get(event.mm);
    if (known !== undefined && known.epoch === lives.epoch()) {
      if (known.life !== life.id && life.enterLine < known.since) {
        known.life = life.id;
        known.incarnation = life.incarnation;
      }
      if (known.life === life.id && known.incarnation === life.incarnation) return known;
    }
    followed -= known?.byNumber.size ?? 0;
    const fresh: Pages = {
      life: life.id,
      incarnation: life.incarnation,
      epoch: lives.epoch(),
      since: event.line,
      byNumber: new Map(),
    };
    spaces.set(event.mm, fresh);
    return fresh;
  }

  function visit(event: TraceEvent): void {
    const page = Math.floor(fieldNumber(event, Field.addr) / 4096);
    const bits = fieldLowBits(event, Field.pte);
    if (Number.isNaN(page) || Number.isNaN(bits)) return;
    const { byNumber } = pagesOf(event);
    let state = byNumber.get(page);
    if (state === undefined) {
      if (followed >= PAGE_LIMIT) return;
      followed++;
      state = { visits: 0, accessed: false, lastVisit: 0 };
      byNumber.set(page, state);
    }
    state.visits++;
    state.lastVisit = event.line;
    if ((bits & ACCESSED) !== 0) state.accessed = true;
  }

  function promote(event: TraceEvent): void {
    const page = pageOf(event);
    const state = page < 0 ? undefined : pagesOf(event).byNumber.get(page);
    if (state === undefined) {
      unmatched++;
      return;
    }
    judged++;
    if (!state.accessed) {
      const [cause, why] =
        state.visits > 1
          ? ["D62", "PG_young of an earlier access is never cleared"]
          : ["D60", "PG_idle is clear before the first visit"];
      env.findings.report(event, {
        message: `the page at 0x${(page * 4096).toString(16)} is promoted, but its accessed bit was clear whenever the scan visited it since it was last promoted (last in line ${state.lastVisit}); ${why} (${cause})`,
        group: `${cause} ${env.mmText(event.mm)}`,
        since: state.lastVisit,
      });
    }
    state.accessed = false;
  }

  return {
    kinds: [Kind.pteEntry, Kind.promote],
    event(event) {
      if (event.mm < 0) return;
      if (event.kind === Kind.pteEntry) visit(event);
      else promote(event);
    },
    forget(mms) {
      for (const mm of mms) {
        followed -= spaces.get(mm)?.byNumber.size ?? 0;
        spaces.delete(mm);
      }
    },
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
