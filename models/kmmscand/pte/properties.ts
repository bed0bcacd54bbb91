/** What the callback has to get right about one folio. */
import { and, eq, exists, get, implies, is, isNone, not, or, type Property } from "../../language/index.ts";
import type { Has } from "./features.ts";
import type { Memory } from "./memory.ts";

export function pteProperties(v: Memory, has: Has): readonly Property[] {
  const queueing = { kind: "assertion", on: [{ actor: "kmmscand", steps: ["queue"] }] } as const;
  const due = has("secondAccess") ? and(v.touched, v.touched_before) : v.touched;
  const slow = and(not(v.swapped), not(is(v.kind, "toptier")));
  const decoding = has("presentTested") ? [] : ["decode"];
  const candidates = ["queue", "idle"];
  const chooses = has("targetChosenByScan");
  const counts = [...(chooses ? ["toptier_accessed"] : []), "toptier"];
  const daemon = (steps: readonly string[]) =>
    ({ kind: "assertion", on: [{ actor: "kmmscand", steps }] }) as const;
  return [
    {
      id: "S14",
      ...daemon([...decoding, ...candidates, ...counts]),
      title: "Only a present entry is taken for a page",
      says: "the offset of a swap entry is used as a page frame number",
      defects: ["D25"],
      holds: not(v.swapped),
    },
    ...(has("presentTested") ? [passedOver(v)] : []),
    {
      id: "S14.entry",
      ...daemon([...(has("presentTested") ? ["not_present"] : decoding), ...candidates, ...counts]),
      title: "The callback is called for an entry that maps the folio, under the page-table lock",
      says: "the callback goes by an entry that the walk has passed, or that maps nothing",
      holds: and(v.walking, not(isNone(v.next_pte)), not(is(v.kind, "unmapped"))),
    },
    {
      id: "S14.address",
      kind: "invariant",
      title: "The accessed bit is cleared at the address of the entry that the walk has come to",
      says: "the address is computed from the index of a KSM folio, which says nothing about this VMA",
      defects: ["D31"],
      holds: eq(v.address, v.next_pte),
    },
    {
      id: "S15",
      ...daemon(candidates),
      title: "Only a folio of the slow tier is a candidate for promotion",
      says: "a folio of the top tier is judged as if it could be promoted",
      holds: not(is(v.kind, "toptier")),
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
    ...(has("secondAccess") ? [second(v), mark(v)] : []),
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
    ...(chooses ? [counted(v), uncounted(v)] : []),
    {
      id: "A03.node",
      ...daemon(counts),
      title: "Only a folio of the top tier counts for its node",
      says: "a folio of the slow tier counts where the target node is chosen",
      holds: is(v.kind, "toptier"),
    },
    {
      id: "A03.lock",
      ...daemon([has("busyFolioLeftAlone") ? "busy" : "walk_busy"]),
      title: "Only a folio whose lock the callback needs is found busy",
      says: "an anonymous folio is passed over for a lock that nobody needs",
      holds: is(v.kind, "file", "ksm"),
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
      id: "A11.young",
      kind: "invariant",
      title: "Reclaim still sees each access whose accessed bit the scan has cleared",
      says: "the scan clears an accessed bit and leaves no PG_young: a folio in use looks old to reclaim",
      holds: implies(
        v.used,
        or(
          v.pg_young,
          exists("pte", "p", (p) => get(v.pte_young, p)),
        ),
      ),
      premise: v.used,
    },
    {
      id: "A11.idle",
      kind: "invariant",
      title: "The idle page bitmap calls a folio idle only if it was not accessed since it was marked there",
      says: "the scan takes the accessed bit, and leaves or sets PG_idle: who has marked the folio finds one in use idle",
      defects: ["D65"],
      holds: implies(
        is(v.since_marked, "used"),
        or(
          not(v.bitmap_idle),
          exists("pte", "p", (p) => get(v.pte_young, p)),
        ),
      ),
      premise: is(v.since_marked, "used"),
    },
    {
      id: "A11.marked",
      kind: "invariant",
      title: "The idle page bitmap calls a folio idle that was marked there and not accessed since",
      says: "the scan takes the mark of somebody else away",
      holds: implies(is(v.since_marked, "idle"), v.bitmap_idle),
      premise: is(v.since_marked, "idle"),
    },
    {
      id: "L02.queued",
      kind: "alwaysPossible",
      title: "A folio of the slow tier that was accessed between two walks can still be queued",
      says: "a folio is lost: however often it is accessed, it stays in the slow tier",
      from: and(slow, v.touched, not(v.walking)),
      goal: v.queued,
    },
    {
      id: "B02",
      kind: "leadsTo",
      title: "A walk comes to the end of the folio and gives the page-table lock back",
      says: "the walk stays at an entry for ever, with the page-table lock held",
      from: v.walking,
      to: not(v.walking),
    },
    {
      id: "S09",
      kind: "invariant",
      title: "The callback allocates nothing that it might have to wait for",
      says: "kzalloc with GFP_KERNEL may sleep, and the page-table lock is held",
      defects: ["D24"],
      holds: not(and(v.walking, is(v.asked, "may_sleep"))),
      premise: not(is(v.asked, "nothing")),
    },
  ];
}

/** The other half of S14. */
function passedOver(v: Memory): Property {
  return {
    id: "L02.present",
    kind: "assertion",
    title: "Only an entry that is not present is passed over",
    says: "a page that is mapped is never looked at",
    on: [{ actor: "kmmscand", steps: ["not_present"] }],
    holds: v.swapped,
  };
}

/** What the mark is for: to tell the next visit of this window. */
function mark(v: Memory): Property {
  const settled = and(not(v.walking), v.visited, not(v.swapped));
  return {
    id: "A03.mark",
    kind: "invariant",
    title: "After a visit the mark says whether the folio was idle in the window before",
    says: "the next visit is told of an access that was none, or not told of one",
    defects: ["D60", "D63", "D65", "D66"],
    holds: implies(settled, eq(v.pg_idle, not(v.touched_before))),
    premise: settled,
  };
}

/** v0 chooses no node, so it counts no accesses. */
function counted(v: Memory): Property {
  return {
    id: "A03.toptier",
    kind: "assertion",
    title: "An access in the top tier is counted only if there was one since the visit before",
    says: "the count by which the target node is chosen grows for folios that nobody touches",
    defects: ["D62", "D67"],
    on: [{ actor: "kmmscand", steps: ["toptier_accessed"] }],
    holds: v.touched,
  };
}

/** The other half of A03.toptier. */
function uncounted(v: Memory): Property {
  const accessed = and(is(v.kind, "toptier"), not(v.swapped), v.touched);
  return {
    id: "A03.uncounted",
    kind: "assertion",
    title: "Each folio of the top tier that was accessed is counted",
    says: "the node of a folio in use is not counted, since another one has taken its accessed bit",
    defects: ["D65"],
    on: [{ actor: "kmmscand", steps: ["done"] }],
    holds: implies(accessed, v.counted),
    premise: accessed,
  };
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
