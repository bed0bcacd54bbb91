/** Safety properties: who may look at what, and when. */
import {
  and,
  at,
  eq,
  field,
  get,
  gt,
  includes,
  is,
  isNone,
  not,
  or,
  type Property,
} from "../../language/index.ts";
import { barrierAt } from "../mm-list/owner.ts";
import {
  cursorListed,
  noSelfDeadlock,
  pickHasSlot,
  slotsHoldOneReference,
  walkProperties,
} from "../mm-list/properties.ts";
import type { Has } from "./features.ts";
import { isPinned } from "./folio.ts";
import { keepsVma } from "./migrate.ts";
import type { Shared } from "./shared-memory.ts";
import { refers } from "./thread-properties.ts";
import { migratesIn } from "./waiting.ts";

/** Steps of v0 that act on the folio with a reference to it. */
const isolatesInV0 = ["not_isolated", "folio_moved", "folio_busy"] as const;

/** What only the code of v0 gets wrong. */
function oneThreadProperties(v: Shared, has: Has): readonly Property[] {
  return [
    {
      id: "S16.isolated",
      kind: "assertion",
      title: "A promotion leaves NR_ISOLATED as it was",
      says: "migration subtracts pages that isolation has not added: the counter drifts below zero",
      defects: ["D26"],
      on: [{ actor: "kmmscand", steps: ["migrated", "failed"] }],
      holds: eq(v.isolated, 0),
    },
    {
      id: "S06.vma",
      kind: "assertion",
      title: "The VMA of an entry exists while promotion reads it",
      says: "munmap has freed the VMA since the folio was queued: vm_flags are read from freed memory",
      defects: ["D05"],
      on: [{ actor: "kmmscand", steps: isolatesInV0 }],
      holds: keepsVma(has) ? not(includes(v.vma_freed, field(v.in_flight, "folio"))) : and(),
    },
  ];
}

export function safetyProperties(v: Shared, has: Has): readonly Property[] {
  const { s03, s17 } = walkProperties(v);
  const folio = field(v.in_flight, "folio");
  return [
    cursorListed(v),
    slotsHoldOneReference(v, (x) => is(get(v.slot_found, x), "unlinked")),
    s03,
    noSelfDeadlock(v, barrierAt(has)),
    {
      id: "S05",
      kind: "assertion",
      title: "An entry acts on the folio it was made for",
      says: "promote_folio reads the flags of, or moves, a folio that was freed since it was queued and may be another's by now",
      defects: ["D02", "D04"],
      on: [
        {
          actor: migratesIn(has),
          steps: has("separateMigrateThread")
            ? [
                "flags_invalid",
                "not_lru",
                "flags_valid",
                ...refers,
                ...(has("hotPageTested") ? ["not_hot"] : []),
              ]
            : ["flags_valid", "flags_invalid", ...isolatesInV0],
        },
      ],
      holds: not(field(v.in_flight, "stale")),
    },
    {
      id: "S16",
      kind: "assertion",
      title: "A reference is taken only to a folio that has one",
      says: "folio_get raises the count of a free page from 0",
      defects: ["D03"],
      on: [{ actor: migratesIn(has), steps: has("separateMigrateThread") ? refers : isolatesInV0 }],
      holds: or(not(isNone(get(v.folio_mm, folio))), isPinned(v, has, folio)),
    },
    ...(has("separateMigrateThread") ? [] : oneThreadProperties(v, has)),
    {
      id: "S10",
      kind: "assertion",
      title: "The daemon takes and releases the mmap_lock of an mm that exists",
      says: "the lock lies in freed memory, or is released by one who does not hold it",
      on: [
        { actor: "kmmscand", steps: ["trylock", "trylock_fails", "exiting", "too_early", "end", "enough"] },
      ],
      holds: and(
        gt(get(v.mm_count, v.cursor), 0),
        or(at("kmmscand", ["scan_mm_slot:trylock"]), is(get(v.mmap_lock, v.cursor), "read")),
      ),
    },
    pickHasSlot(v),
    s17,
  ];
}
