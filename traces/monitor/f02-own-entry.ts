/**
 * F02: an entry acts on its own mm and on a live folio. At promote the vma of the entry belongs to its mm (V0), and
 * what is migrated in the end was referenced and mapped when its turn came. Stale entries that the daemon itself
 * refuses are counted, not blamed.
 */

import { Field, fieldNumber, fieldText, Kind, type TraceEvent } from "../event.ts";
import type { Monitor, MonitorEntry, MonitorEnv } from "./monitor.ts";

export const ownEntry: MonitorEntry = {
  id: "F02",
  title: "an entry acts on its own mm and vma, and on a folio that is still in use",
  needs: "the kprobes promote (with vm_mm, refcount, mapcount) and promote_ret",
  applies: (has) => has(Kind.promote) && has(Kind.promoteRet),
  create,
};

function create(env: MonitorEnv): Monitor {
  const stale = new Map<number, { readonly line: number; readonly what: string }>();
  let refused = 0;
  /** Promotions by what their probe tells: 1 the owner of the vma, 2 references, 4 mappings, added up. */
  const told = new Int32Array(8);

  function promote(event: TraceEvent): void {
    stale.delete(event.pid);
    const owner = fieldText(event, Field.vmMm);
    const mm = fieldText(event, Field.mm);
    // One that lost digits on the way is no other mm.
    const comparable = owner !== "" && owner.length === mm.length;
    if (comparable && owner !== mm) {
      env.findings.report(event, {
        message: `the entry is of mm ${mm}, but its vma ${fieldText(event, Field.vma)} belongs to mm ${owner}: the vma was freed meanwhile (D05)`,
        group: "vma",
        since: event.line,
        alone: true,
      });
    }
    const references = fieldNumber(event, Field.refcount);
    const mappings = fieldNumber(event, Field.mapcount);
    const tells =
      (comparable ? 1 : 0) | (Number.isNaN(references) ? 0 : 2) | (Number.isNaN(mappings) ? 0 : 4);
    told[tells] = (told[tells] ?? 0) + 1;
    if (references < 1) stale.set(event.pid, { line: event.line, what: `${references} references` });
    else if (mappings < 0) stale.set(event.pid, { line: event.line, what: "no mapping" });
  }

  function returned(event: TraceEvent): void {
    const entry = stale.get(event.pid);
    if (entry === undefined) return;
    stale.delete(event.pid);
    if (event.rc !== 0) {
      refused++;
      return;
    }
    env.findings.report(event, {
      message: `the folio had ${entry.what} when its promotion began (line ${entry.line}) and may not be the one that was queued, but it was migrated (D02)`,
      group: "folio",
      since: entry.line,
    });
  }

  return {
    kinds: [Kind.promote, Kind.promoteRet],
    event(event) {
      if (event.kind === Kind.promote) promote(event);
      else returned(event);
    },
    gap: () => stale.clear(),
    finish() {
      const kinds = [...told.keys()].filter((tells) => (told[tells] ?? 0) > 0);
      const all = kinds.reduce((union, tells) => union | tells, 0);
      const promotions = told.reduce((sum, n) => sum + n, 0);
      const judged = all === 0 ? 0 : (told[all] ?? 0);
      return {
        judged,
        undecided:
          judged < promotions
            ? `${promotions - judged} promotions do not tell vm_mm, refcount and mapcount of their folio as far as they are recorded`
            : null,
        note: `${judged} promotions${refused > 0 ? `, ${refused} stale entries refused by the daemon` : ""}`,
      };
    },
  };
}
