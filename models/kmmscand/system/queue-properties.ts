/** Properties of the migration list: lifetimes of what its entries name, and what the counters say about them. */
import {
  add,
  and,
  at,
  chosen,
  type Expr,
  eq,
  exists,
  field,
  forall,
  get,
  type Id,
  implies,
  isEmpty,
  isNone,
  length,
  not,
  or,
  type Property,
} from "../../language/index.ts";
import { tornDownAt } from "../mm-list/owner.ts";
import { one } from "../mm-list/properties.ts";
import { cleanupProperties } from "./cleanup-properties.ts";
import type { Has } from "./features.ts";
import type { Shared } from "./shared-memory.ts";
import { migratesIn, servesSlots, someWaitingOf } from "./waiting.ts";

/** Steps that count an entry as migrated: with a thread of its own, promotion and count are one step. */
function countsMigrated(has: Has): readonly string[] {
  if (!has("separateMigrateThread")) return ["migrated"];
  return has("nullEntryNotCounted") || servesSlots(has) ? ["folio_moved"] : ["folio_moved", "migrated"];
}

/** migadded balances: what is outstanding waits or is in flight. */
const listBalance = (v: Shared) => ({
  holds: eq(v.outstanding, add(length(v.migrate_list), one(not(isNone(field(v.in_flight, "folio")))))),
  premise: not(isEmpty(v.migrate_list)),
});

const slotsBalance = (v: Shared) => ({
  holds: forall("mm", "x", (x) =>
    eq(get(v.outstanding_of, x), add(length(get(v.slot_list, x)), one(eq(field(v.in_flight, "mm"), x)))),
  ),
  premise: exists("mm", "x", (x) => not(isEmpty(get(v.slot_list, x)))),
});

export function queueProperties(v: Shared, has: Has): readonly Property[] {
  const thread = has("separateMigrateThread");
  type Mm = Expr<Id<"mm">>;
  const slots = servesSlots(has);
  const queued = (x: Mm) => someWaitingOf(v, has, x);
  const inFlight = (x: Mm) => eq(field(v.in_flight, "mm"), x);
  const down = (x: Mm) => at("owner", tornDownAt, x);
  const folio = chosen("folio", "folio");
  const first = not(get(v.visited, folio));
  const touched = get(v.touched, folio);
  const queueing = { on: [{ actor: "kmmscand", steps: ["queue"] }] } as const;
  return [
    {
      id: "S06",
      kind: "invariant",
      title: "The mm of an entry is not torn down while the entry is queued or in flight",
      says: "the daemon migrates on behalf of an mm whose page tables, VMAs and mm_struct are being freed",
      defects: slots ? ["D10", "D16"] : thread ? ["D09", "D10", "D13"] : ["D06", "D07"],
      holds: forall("mm", "x", (x) => implies(down(x), not(or(queued(x), inFlight(x))))),
      premise: exists("mm", "x", (x) => down(x)),
    },
    {
      id: "S06.queued",
      kind: "invariant",
      title: "No queued entry names an mm that is being torn down",
      says: thread
        ? "the exit found its slot being scanned and left the migration list as it was"
        : "the daemon, still walking, appended the entry after the exit had cleaned the list",
      defects: thread ? ["D10"] : ["D06"],
      holds: forall("mm", "x", (x) => implies(down(x), not(queued(x)))),
      premise: exists("mm", "x", (x) => down(x)),
    },
    ...cleanupProperties(v, has),
    {
      id: "A01",
      kind: "invariant",
      title: "Every queued entry ends once: migrated, failed, or discarded for an exiting mm",
      says:
        thread && !slots
          ? "the dirty flag of one mm's exit costs another mm a valid entry, neither migrated nor failed"
          : "an entry was lost or counted twice: migadded no longer balances",
      ...(thread && !slots ? { defects: ["D69"] } : {}),
      ...(slots ? slotsBalance(v) : listBalance(v)),
    },
    {
      id: "A02",
      kind: "assertion",
      title: "migrated counts only an entry that was promoted",
      says: "migrated grows for an entry whose mm is NULL, because ret is left over from the entry before",
      defects: ["D70"],
      on: [{ actor: migratesIn(has), steps: countsMigrated(has) }],
      holds: thread
        ? not(isNone(field(v.in_flight, "mm")))
        : and(not(isNone(field(v.in_flight, "mm"))), eq(v.ret, 0)),
    },
    {
      id: "A03",
      kind: "assertion",
      title: "The first visit queues a folio only if it was accessed since it was mapped",
      says: "a folio nobody has touched is migrated because PG_idle starts clear",
      defects: ["D60"],
      ...queueing,
      holds: implies(first, touched),
      premise: first,
    },
    {
      id: "A04",
      kind: "assertion",
      title: "A later visit queues a folio only if it was accessed since the visit before",
      says: "a folio that was idle for a full window is migrated because PG_young stays set",
      defects: ["D62"],
      ...queueing,
      holds: or(first, touched),
      premise: not(first),
    },
  ];
}
