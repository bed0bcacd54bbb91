/**
 * S05 and S08: an entry acts on the folio it was made for, and only while its page-table entry maps that folio. No
 * event shows what a folio pointer meant when it was queued, so these are hints: return codes for folios that are no
 * longer valid, and, with the probe of the promotion, folios without references or without a mapping.
 */

import { Field, fieldNumber, Kind, type TraceEvent } from "../event.ts";
import type { Monitor, MonitorEntry, MonitorEnv } from "./monitor.ts";

export const sameFolio: MonitorEntry = {
  id: "S05",
  title: "an entry acts on the folio it was created for",
  needs: "probes of queueing and of page free and allocation; scan_mm_migrate and promote give hints",
  applies: (has) => has(Kind.migrate),
  create: createStale,
};

export const mapped: MonitorEntry = {
  id: "S08",
  title: "a folio is promoted only while the entry's page-table entry maps it",
  needs: "a probe that reads the page-table entry at promotion; promote and promote_ret give a hint",
  applies: (has) => has(Kind.promote) && has(Kind.promoteRet),
  create: createUnmapped,
};

/** Return codes that mean a folio that is off the LRU, unmapped or offline: KMMSCAND_INVALID_FOLIO and its like. */
const INVALID = { v0: [2], later: [3, 4] } as const;

function createStale(env: MonitorEnv): Monitor {
  let codes = 0;
  let firstCode = 0;
  let freed = 0;
  let firstFreed = 0;
  return {
    kinds: [Kind.migrate, Kind.promote],
    event(event) {
      if (event.kind === Kind.promote) {
        if (!(fieldNumber(event, Field.refcount) < 1)) return;
        if (freed++ === 0) firstFreed = event.line;
        return;
      }
      const invalid: readonly number[] = event.style === 0 ? INVALID.v0 : INVALID.later;
      if (invalid.includes(event.rc) && codes++ === 0) firstCode = event.line;
    },
    finish() {
      if (freed > 0)
        env.findings.doubt(
          `${freed} promotions begin with a folio that has no references, first in line ${firstFreed}: it was freed while it was queued (D02)`,
        );
      if (codes > 0)
        env.findings.doubt(
          `${codes} entries met a folio that was no longer valid, first in line ${firstCode}: it may have been freed or reused while it was queued (D02, D04)`,
        );
      return {
        judged: codes + freed,
        undecided: "trace events do not show which folio an entry was made for",
        note: null,
        // A folio may leave the LRU or its last mapping at any time, so codes alone are worth telling only if asked.
        moot: freed === 0,
      };
    },
  };
}

function createUnmapped(env: MonitorEnv): Monitor {
  const unmapped = new Map<number, number>();
  let found = 0;
  let first = 0;
  function returned(event: TraceEvent): void {
    const line = unmapped.get(event.pid);
    unmapped.delete(event.pid);
    if (line !== undefined && event.rc === 0 && found++ === 0) first = line;
  }
  return {
    kinds: [Kind.promote, Kind.promoteRet],
    event(event) {
      if (event.kind === Kind.promoteRet) returned(event);
      else if (fieldNumber(event, Field.mapcount) < 0) unmapped.set(event.pid, event.line);
      else unmapped.delete(event.pid);
    },
    gap: () => unmapped.clear(),
    finish() {
      if (found > 0)
        env.findings.doubt(
          `${found} folios were migrated that nothing mapped when their promotion began, first in line ${first} (D12)`,
        );
      return {
        judged: found,
        undecided: "trace events do not show the page-table entry at promotion",
        note: null,
        moot: found === 0,
      };
    },
  };
}
