/** The scanner: it queues what it finds on a list of its own, and splices that to the migration list of the mm. */
import {
  type Actor,
  actor,
  add,
  and,
  append,
  chosen,
  clear,
  type Effect,
  each,
  emits,
  eq,
  exclude,
  get,
  include,
  includes,
  is,
  isEmpty,
  le,
  length,
  lt,
  not,
  or,
  point,
  recordOf,
  set,
  size,
  splice,
  step,
  sub,
} from "../../language/index.ts";
import type { EntryFields } from "../migration-entry.ts";
import { advancePoints, type Visit, visitPoints } from "../mm-list/visit.ts";
import type { Points } from "../points.ts";
import { names, someQueued } from "./entries.ts";
import type { Has } from "./features.ts";
import { clearMmOfEntries } from "./global-list.ts";
import type { Scope, Shared } from "./shared-memory.ts";
import { cleanupPoints } from "./slot-cleanup.ts";

const next = "do_scan:has_work";

export function scanner(v: Shared, has: Has, scope: Scope): Actor {
  const collects = !has("cleanupAfterBarrier");
  const slots = has("migrationSlots");
  const visit: Visit = {
    then: next,
    ...(collects
      ? {
          collected: (slot) => [
            slots
              ? { do: [set(v.collected, slot)], to: "collect_mm_slot:lookup", dropsLater: true }
              : { do: clearMmOfEntries(v, slot), to: next },
          ],
        }
      : {}),
  };
  const count = get(v.mm_count, v.collected);
  const mmdrop = set(count, sub(count, 1));
  const hasVisit = (feature: "pickRechecksList" | "exitFreesRestingSlot") => feature !== undefined;
  return actor({
    name: "kmmscand",
    doc: "The scanner thread: one visit after the other. It queues; it does not migrate.",
    initial: next,
    points: {
      [next]: point(
        has("scannerHoldsBack")
          ? step("work", "has_work: the scan list is not empty, no entry waits", {
              when: and(not(isEmpty(v.scan_list)), not(someQueued(v, () => and()))),
              to: "scan_mm_slot:pick",
              why: "with entries waiting it would hold back, without a lock",
            })
          : step("work", "has_work: the scan list is not empty", {
              when: not(isEmpty(v.scan_list)),
              to: "scan_mm_slot:pick",
            }),
      ),
      ...visitPoints(v, hasVisit, visit),
      ...walkPoints(v, has, scope),
      ...(slots ? slotPoints(v, has) : {}),
      ...advancePoints(v, hasVisit, visit),
      ...(collects && slots
        ? cleanupPoints(v, has, "collect_mm_slot", v.collected, [mmdrop, set(v.collected, null)], next)
        : {}),
    },
  });
}

/** The walk: any folio that the mm maps may be found accessed, once; what it means to be accessed is another model's concern. */
function walkPoints(v: Shared, has: Has, scope: Scope): Points {
  const slots = has("migrationSlots");
  const mm = v.cursor;
  const folio = chosen("folio", "folio");
  const list = slots ? get(v.slot_list, mm) : v.migrate_list;
  const within = scope.visit < scope.folios ? [lt(size(v.walked), scope.visit)] : [];
  const seen = [
    ...within,
    eq(get(v.folio_mm, folio), mm),
    not(includes(v.walked, folio)),
    not(get(v.toptier, folio)),
  ];
  const listed = or(names(folio)(v.in_flight), someQueued(v, names(folio)));
  const found = and(...seen, ...(has("queueSkipsListed") ? [not(listed)] : []));
  const accessed = has("scanFindsIdle") ? [exclude(v.idle, folio)] : [];
  const room = lt(add(length(v.scan_list_entries), length(list)), scope.queue);
  const empty = isEmpty(v.scan_list_entries);
  const spliced = { do: [splice(v.scan_list_entries, list)], to: "scan_mm_slot:walk" };
  const spliceDescription = "the VMA ends: migrate_lock: splice to the migration list";
  return {
    "scan_mm_slot:walk": point(
      step("queue", "accessed, slow tier: add it to the scanner's own list", {
        choose: { folio: "folio" },
        when: and(found, room),
        do: [
          append(v.scan_list_entries, recordOf<EntryFields>({ mm, folio, stale: false })),
          include(v.walked, folio),
          ...accessed,
        ],
        why: has("folioPinnedWhileQueued")
          ? "the entry keeps its reference to the folio"
          : "folio_put before the callback returns: the entry owns no reference",
      }),
      ...(has("scanFindsIdle")
        ? [
            step("found_idle", "slow tier, has an entry, not accessed since the visit before", {
              choose: { folio: "folio" },
              when: and(...seen, listed),
              do: [include(v.idle, folio), include(v.walked, folio)],
            }),
            step("found_in_use", "slow tier, has an entry, accessed since the visit before", {
              choose: { folio: "folio" },
              when: and(...seen, listed),
              do: [...accessed, include(v.walked, folio)],
            }),
          ]
        : []),
      ...(slots
        ? [
            step("splice", "the VMA ends: look up the migration slot of the mm", {
              when: not(empty),
              to: "get_mm_slot:lookup",
            }),
          ]
        : [
            step("splice", spliceDescription, {
              when: and(not(empty), le(add(length(v.scan_list_entries), length(list)), scope.queue)),
              ...spliced,
            }),
          ]),
      step("end", "the scan ends; mmap_read_unlock", {
        when: empty,
        do: [each("folio", "f", (f) => [exclude(v.walked, f)]), set(get(v.mmap_lock, mm), "free")],
        to: "scan_mm_slot:advance",
        emits: emits("kmem_scan_mm_end", { mm }),
      }),
    ),
  };
}

/** kmigrated_get_mm_slot with allocation, and the splice under the slot's lock. */
function slotPoints(v: Shared, has: Has): Points {
  const mm = v.cursor;
  const live = get(v.slot_live, mm);
  const free = is(v.kscand_migrate_lock, "free");
  const lost = has("slotResultChecked") ? "scan_mm_slot:no_slot" : "scan_mm_slot:null_slot";
  const insert: readonly Effect[] = [set(live, true), append(v.kmigrated_list, mm)];
  return {
    "get_mm_slot:lookup": point(
      step("found", "kscand_migrate_lock: the mm has a migration slot", {
        when: and(free, live),
        to: "scan_mm_slot:splice",
      }),
      step("not_found", "kscand_migrate_lock: the mm has no migration slot", {
        when: and(free, not(live)),
        ...(has("slotAllocatedUnlocked") ? {} : { do: [set(v.kscand_migrate_lock, "scanner")] }),
        to: "get_mm_slot:alloc",
      }),
    ),
    ...(has("slotAllocatedUnlocked") ? allocatesUnlocked(v, insert, lost) : allocatesLocked(v, insert, lost)),
    [lost]: point(
      has("slotResultChecked")
        ? step("no_slot", "no slot: free the entries, count them as failed", {
            do: [clear(v.scan_list_entries)],
            to: "scan_mm_slot:walk",
          })
        : step("lock_null_slot", "spin_lock of the slot that is NULL", {
            do: [clear(v.scan_list_entries)],
            to: "scan_mm_slot:walk",
            why: "the result of get_mm_slot is not tested; the model goes on without the entries",
          }),
    ),
    "scan_mm_slot:splice": point(
      step("splice_to_slot", "migrate_lock of the slot: splice to its list", {
        when: not(get(v.slot_lock, mm)),
        do: [splice(v.scan_list_entries, get(v.slot_list, mm))],
        to: "scan_mm_slot:walk",
      }),
    ),
  };
}

/** As posted: the lock of the lookup is held on, by a guard, while memory is found. */
function allocatesLocked(v: Shared, insert: readonly Effect[], lost: string): Points {
  const unlock = set(v.kscand_migrate_lock, "free");
  return {
    "get_mm_slot:alloc": point(
      step("mm_slot_alloc", "mm_slot_alloc, GFP_KERNEL; insert the slot", {
        do: [...insert, unlock],
        to: "scan_mm_slot:splice",
        why: "it may sleep, and kscand_migrate_lock is held",
      }),
      step("mm_slot_alloc_fails", "mm_slot_alloc finds no memory", {
        do: [unlock],
        to: "get_mm_slot:guard",
        why: "unlocked by hand, inside the scope of a guard",
      }),
    ),
    "get_mm_slot:guard": point(
      step("guard_unlocks", "the guard unlocks kscand_migrate_lock at its end", { do: [unlock], to: lost }),
    ),
  };
}

/** The fix: memory first, then the lock again. Nobody else makes a slot for this mm meanwhile. */
function allocatesUnlocked(v: Shared, insert: readonly Effect[], lost: string): Points {
  return {
    "get_mm_slot:alloc": point(
      step("mm_slot_alloc", "mm_slot_alloc, GFP_KERNEL", { to: "get_mm_slot:lock" }),
      step("mm_slot_alloc_fails", "mm_slot_alloc finds no memory", { to: lost }),
    ),
    "get_mm_slot:lock": point(
      step("lock_list", "spin_lock of kscand_migrate_lock", {
        when: is(v.kscand_migrate_lock, "free"),
        do: [set(v.kscand_migrate_lock, "scanner")],
        to: "get_mm_slot:insert",
      }),
    ),
    "get_mm_slot:insert": point(
      step("insert_slot", "insert the slot; unlock kscand_migrate_lock", {
        do: [...insert, set(v.kscand_migrate_lock, "free")],
        to: "scan_mm_slot:splice",
      }),
    ),
  };
}
