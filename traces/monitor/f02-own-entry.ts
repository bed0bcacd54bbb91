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
  let judged = 0;
  let refused = 0;
  /** Promotions whose probe tells neither the owner of the vma nor the counts of the folio. */
  let untold = 0;

  function promote(event: TraceEvent): void {
    stale.delete(event.pid);
    const owner = fieldText(event, Field.vmMm);
    if (owner !== "" && owner !== fieldText(event, Field.mm)) {
      env.findings.report(event, {
        message: `the entry is of mm ${fieldText(event, Field.mm)}, but its vma ${fieldText(event, Field.vma)} belongs to mm ${owner}: the vma was freed meanwhile (D05)`,
        group: "vma",
        since: event.line,
        alone: true,
      });
    }
    const references = fieldNumber(event, Field.refcount);
    const mappings = fieldNumber(event, Field.mapcount);
    if (owner === "" && Number.isNaN(references) && Number.isNaN(mappings)) untold++;
    else judged++;
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
    finish: () => ({
      judged,
      undecided:
        untold > 0
          ? `${untold} promotions tell neither vm_mm nor refcount and mapcount of their folio`
          : null,
      note: `${judged} promotions${refused > 0 ? `, ${refused} stale entries refused by the daemon` : ""}`,
    }),
  };
}
