/** Safety properties: who may look at what, and when. */
import { and, at, field, get, gt, is, not, or, type Property } from "../../language/index.ts";
import { barrierAt } from "../mm-list/owner.ts";
import {
  cursorListed,
  noSelfDeadlock,
  pickHasSlot,
  slotsHoldOneReference,
  walkProperties,
} from "../mm-list/properties.ts";
import type { Has } from "./features.ts";
import { migratesIn } from "./queue-properties.ts";
import type { Shared } from "./shared-memory.ts";
import { isolates } from "./thread-properties.ts";

export function safetyProperties(v: Shared, has: Has): readonly Property[] {
  const { s03, s17 } = walkProperties(v);
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
                "flags_valid",
                "flags_invalid",
                "source_toptier",
                ...isolates,
                ...(has("hotPageTested") ? ["not_hot"] : []),
              ]
            : ["flags_valid", "flags_invalid", "not_isolated", "folio_moved", "folio_busy"],
        },
      ],
      holds: not(field(v.in_flight, "stale")),
    },
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
