/** What the callback has to get right about one folio. */
import { and, implies, is, not, type Property } from "../../language/index.ts";
import type { Has } from "./features.ts";
import type { Memory } from "./memory.ts";

export function pteProperties(v: Memory, has: Has): readonly Property[] {
  const queueing = { kind: "assertion", on: [{ actor: "kmmscand", steps: ["queue"] }] } as const;
  const due = has("secondAccess") ? and(v.touched, v.touched_before) : v.touched;
  const slow = and(not(v.swapped), not(is(v.kind, "toptier")));
  return [
    {
      id: "S14",
      kind: "assertion",
      title: "Only a present entry is taken for a page",
      says: "the offset of a swap entry is used as a page frame number",
      defects: ["D25"],
      on: [{ actor: "kmmscand", steps: [has("presentTested") ? "not_present" : "decode"] }],
      holds: has("presentTested") ? v.swapped : not(v.swapped),
    },
    {
      id: "S14.address",
      kind: "assertion",
      title: "The accessed bit is cleared at the address that maps the folio",
      says: "the address is computed from the index of a KSM folio, which says nothing about this VMA",
      defects: ["D31"],
      on: [{ actor: "kmmscand", steps: ["queue", "idle"] }],
      holds: has("callbackAddressUsed") ? not(v.swapped) : not(is(v.kind, "ksm")),
    },
    {
      id: "A03",
      ...queueing,
      title: "A folio is queued only if it was accessed since the visit before, or since it was mapped",
      says: "a folio that nobody has touched is queued: a clear PG_idle or a set PG_young passes for an access",
      defects: ["D60", "D62", "D66"],
      holds: v.touched,
    },
    {
      id: "A04",
      ...queueing,
      title: "A later visit queues a folio only if it was accessed since the visit before",
      says: "a folio that was idle for a full window is queued",
      defects: ["D62", "D66"],
      holds: implies(v.visited, v.touched),
    },
    ...(has("secondAccess") ? [second(v)] : []),
    {
      id: "A03.missed",
      kind: "assertion",
      title: "A folio that was accessed as often as the version asks is queued",
      says: "a hot folio looks cold: its accessed bit was taken, or left standing, behind the scanner's back",
      defects: ["D63", "D65", "D66"],
      on: [{ actor: "kmmscand", steps: ["done"] }],
      holds: implies(and(slow, due), v.queued),
      premise: and(slow, due),
    },
    {
      id: "B05",
      ...queueing,
      title: "A walk queues a folio at most once",
      says: "the folio is queued for each of its entries; every copy but the first is stale once that is promoted",
      defects: ["D04", "D63"],
      holds: not(v.queued),
    },
    {
      id: "A03.toptier",
      kind: "assertion",
      title: "An access in the top tier is counted only if there was one since the visit before",
      says: "the count by which the target node is chosen grows for folios that nobody touches",
      defects: ["D62", "D67"],
      on: [{ actor: "kmmscand", steps: ["toptier_accessed"] }],
      holds: v.touched,
    },
    {
      id: "A11",
      kind: "invariant",
      title: "The scan leaves huge mappings as they are",
      says: "walk_page_vma splits a huge PMD, since the scanner has only a pte_entry",
      defects: ["D64"],
      holds: not(v.split),
      premise: is(v.kind, "huge"),
    },
    {
      id: "S09",
      kind: "assertion",
      title: "The callback allocates nothing that it might have to wait for",
      says: "kzalloc with GFP_KERNEL may sleep, and the page-table lock is held",
      defects: ["D24"],
      on: queueing.on,
      holds: has("allocatesWithoutSleeping") ? and() : not(v.walking),
    },
  ];
}

function second(v: Memory): Property {
  return {
    id: "A03.second",
    kind: "assertion",
    title: "A folio is queued only if it was accessed in the window before, too",
    says: "one access passes for two",
    defects: ["D61", "D63", "D66"],
    on: [{ actor: "kmmscand", steps: ["queue"] }],
    holds: v.touched_before,
  };
}
