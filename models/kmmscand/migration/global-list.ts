/** v1: one migration list for all mms, the thread kmmmigrated, and cleanup_migration_list. */
import {
  type Actor,
  actor,
  and,
  type Effect,
  type Expr,
  eachElement,
  eq,
  field,
  head,
  type Id,
  isEmpty,
  isNone,
  ne,
  not,
  type PointData,
  point,
  pop,
  self,
  set,
  step,
  when,
} from "../../language/index.ts";
import type { Has } from "./features.ts";
import { accountSteps, afterTake, promotePoints, targetPoints } from "./promote.ts";
import type { Shared } from "./shared-memory.ts";

export function kmmmigrated(v: Shared, has: Has): Actor {
  const target = "migrate_folio:target";
  const first = head(v.migrate_list);
  const waiting = not(isEmpty(v.migrate_list));
  const named = not(isNone(field(first, "mm")));
  const drops = has("dirtyDropsOwnEntry") ? and(v.list_dirty, not(named)) : v.list_dirty;
  const unlink: readonly Effect[] = [
    set(v.in_flight, first),
    set(v.cur_migrate_mm, field(first, "mm")),
    pop(v.migrate_list),
  ];
  return actor({
    name: "migrator",
    doc: "The thread kmmmigrated: drains the migration list.",
    initial: "migrate_folio:take",
    points: {
      "migrate_folio:take": point(
        step("drop_dirty", "migrate_lock: dirty: clear it, unlink and free this entry", {
          when: and(waiting, drops),
          do: [set(v.list_dirty, false), pop(v.migrate_list), when(isEmpty(v.migrate_list), [set(v.ret, 0)])],
          why: has("dirtyDropsOwnEntry") ? "its mm is NULL" : "whatever mm the entry belongs to",
        }),
        step("take", "migrate_lock: unlink the entry; cur_migrate_mm = its mm", {
          when: and(waiting, not(drops), named),
          do: unlink,
          to: afterTake(has, target),
        }),
        step("take_null", "migrate_lock: unlink an entry whose mm is NULL", {
          when: and(waiting, not(drops), not(named)),
          do: unlink,
          to: "migrate_folio:account",
          why: "an exit has cleared it: promote_folio is not called and does not set ret",
        }),
      ),
      ...targetPoints(has, target),
      ...promotePoints(v, has, "migrate_folio:account"),
      "migrate_folio:account": point(
        ...accountSteps(v, has, {
          do: [
            set(v.cur_migrate_mm, null),
            // Of an earlier entry only that it failed is read again.
            when(ne(v.ret, 0), [set(v.ret, -11)]),
            when(isEmpty(v.migrate_list), [set(v.ret, 0)]),
          ],
          to: "migrate_folio:take",
        }),
      ),
    },
  });
}

type GlobalList = Pick<Shared, "migrate_list" | "cur_migrate_mm" | "list_dirty">;

/** One pass over the list: the mm's entries lose their mm, and the list is dirty. Nobody waits. */
export function clearMmOfEntries(v: GlobalList, mm: Expr<Id<"mm">>): readonly Effect[] {
  return [
    when(and(not(isEmpty(v.migrate_list)), eq(v.cur_migrate_mm, mm)), [set(v.list_dirty, true)]),
    ...clearEntries(v, mm),
  ];
}

/** The same in v0, which waits for the entry in flight instead. */
export function clearEntries(v: GlobalList, mm: Expr<Id<"mm">>): readonly Effect[] {
  return [
    eachElement(v.migrate_list, "e", (e) => [
      when(eq(field(e, "mm"), mm), [set(field(e, "mm"), null), set(v.list_dirty, true)]),
    ]),
  ];
}

/** cleanup_migration_list, called by an exit. */
export function globalCleanup(v: Shared, has: Has, then: string): PointData {
  const mm = self("mm");
  const waits = has("cleanupWaitsForInFlight");
  return point(
    step("cleaned", "migrate_lock: NULL the mm of its entries, set dirty", {
      ...(waits ? { when: ne(v.cur_migrate_mm, mm) } : {}),
      do: clearMmOfEntries(v, mm),
      to: then,
      ...(waits ? {} : { why: "it does not wait for an entry of the mm that is in flight" }),
    }),
  );
}
