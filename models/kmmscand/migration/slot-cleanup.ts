/** v2 and v3: cleanup_migration_list takes a migration slot down, for an exit or for collect_mm_slot. */
import {
  and,
  clear,
  type Effect,
  type Expr,
  each,
  eq,
  exclude,
  get,
  type Id,
  include,
  is,
  isEmpty,
  ne,
  not,
  type PointData,
  point,
  remove,
  set,
  step,
  when,
} from "../../language/index.ts";
import type { Points } from "../points.ts";
import type { Has } from "./features.ts";
import type { Shared } from "./shared-memory.ts";

/**
 * @param caller - prefix of the points' names
 * @param mm - whose slot it is
 * @param done - effects when it returns, to the point `then`
 */
export function cleanupPoints(
  v: Shared,
  has: Has,
  caller: string,
  mm: Expr<Id<"mm">>,
  done: readonly Effect[],
  then: string,
): Points {
  const at = (name: string) => `${caller}:${name}`;
  const live = get(v.slot_live, mm);
  const listLockFree = is(v.kscand_migrate_lock, "free");
  const unlocked = not(get(v.slot_lock, mm));
  const list = get(v.slot_list, mm);
  /** Unlink, then drain and wait; as posted, drain, wait only where there was something, and unlink last. */
  const unlinksFirst = has("cleanupWaitsForInFlight");
  const locksList = has("slotUnlinkedUnderListLock");
  const toUnlink = locksList ? at("lock_list") : at("reset_cursor");
  const afterLookup = unlinksFirst ? toUnlink : at("drain");
  const afterUnlink = unlinksFirst ? at("drain") : at("free");
  const works = eq(v.cur_migrate_mm, mm);
  const askToStop = [when(works, [include(v.clean_list, mm)]), when(works, [include(v.asked, mm)])];
  const discard: readonly Effect[] = [
    ...askToStop,
    clear(list),
    when(and(eq(v.served, mm), is(v.successor, "listed")), [set(v.successor, "freed")]),
  ];
  const locked = set(get(v.slot_lock, mm), true);
  const release = set(get(v.slot_lock, mm), false);
  const resetFlag = has("cleanFlagPerSlot")
    ? exclude(v.clean_list, mm)
    : each("mm", "x", (x) => [exclude(v.clean_list, x)]);
  const freed: readonly Effect[] = [set(live, false), clear(list), resetFlag, exclude(v.asked, mm)];
  const empty = unlinksFirst
    ? { to: at("wait") }
    : { to: toUnlink, why: "cur_mm is not looked at: an entry may be in flight" };
  const points: Record<string, PointData> = {
    [at("lookup")]: point(
      step("slot_found", "kscand_migrate_lock: the mm has a migration slot", {
        when: and(listLockFree, live),
        to: afterLookup,
      }),
      step("no_slot", "kscand_migrate_lock: the mm has no migration slot", {
        when: and(listLockFree, not(live)),
        do: done,
        to: then,
      }),
    ),
    ...(has("entriesFreedAtOnce")
      ? {
          [at("drain")]: point(
            step("destroy", "migrate_lock of the slot: free the entries", {
              when: and(unlocked, not(isEmpty(list))),
              do: discard,
              to: at("wait"),
            }),
            step("nothing_queued", "migrate_lock of the slot: its list is empty", {
              when: and(unlocked, isEmpty(list)),
              ...(unlinksFirst ? {} : { do: [locked] }),
              ...empty,
            }),
          ),
        }
      : {
          [at("drain")]: point(
            step("lock_slot", "spin_lock of migrate_lock of the slot", {
              when: unlocked,
              do: [locked],
              to: at("kmalloc"),
            }),
          ),
          [at("kmalloc")]: point(
            step("kmalloc", "kmalloc GFP_KERNEL; splice away, free later; unlock", {
              when: not(isEmpty(list)),
              do: [...discard, release],
              to: at("wait"),
              why: "kmalloc may sleep, and the lock of the slot is held",
            }),
            step("kmalloc_fails", "kmalloc finds no memory; unlock", {
              when: not(isEmpty(list)),
              do: [...askToStop, release],
              to: at("wait"),
              why: "the entries stay on the list of a slot that is going to be freed",
            }),
            step("nothing_queued", "the list of the slot is empty", {
              when: isEmpty(list),
              ...(unlinksFirst ? { do: [release] } : {}),
              ...empty,
            }),
          ),
        }),
    [at("wait")]: point(
      step("idle", "migrate_lock: the migrator does not work for this mm", {
        when: and(unlocked, ne(v.cur_migrate_mm, mm)),
        ...(unlinksFirst ? { to: at("free") } : { do: [locked], to: toUnlink }),
      }),
    ),
    ...(locksList
      ? {
          [at("lock_list")]: point(
            step("lock_list", "spin_lock of kscand_migrate_lock", {
              when: listLockFree,
              do: [set(v.kscand_migrate_lock, "cleanup")],
              to: at("reset_cursor"),
            }),
          ),
        }
      : {}),
    [at("reset_cursor")]: point(
      step("reset_cursor", "the migrator's cursor is on this slot: NULL", {
        do: [when(eq(v.kmigrated_cursor, mm), [set(v.kmigrated_cursor, null)])],
        to: at("unlink"),
      }),
    ),
    [at("unlink")]: point(
      step("unlink_slot", "hash_del, list_del of the migration slot", {
        do: [remove(v.kmigrated_list, mm), ...(locksList ? [set(v.kscand_migrate_lock, "free")] : [])],
        to: afterUnlink,
        ...(locksList ? {} : { why: "lookups and traversals hold kscand_migrate_lock; this does not" }),
      }),
    ),
    ...(has("slotFreedAfterUnlock")
      ? {
          [at("free")]: point(
            step("free_slot", "unlock; mm_slot_free of the slot; clean_list = false", {
              do: [release, ...freed, ...done],
              to: then,
            }),
          ),
        }
      : {
          [at("free")]: point(
            step("free_slot", "mm_slot_free of the slot; clean_list = false", {
              do: freed,
              to: at("unlock"),
            }),
          ),
          [at("unlock")]: point(
            step("unlock_slot", "spin_unlock of the lock in the slot", {
              do: [release, ...done],
              to: then,
              why: "the slot has been freed: the lock is in freed memory",
            }),
          ),
        }),
  };
  return points;
}
