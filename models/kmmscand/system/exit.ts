/** __kmmscand_exit and cleanup_migration_list, called by the last mmput and, in v0, by a failing exec. */
import {
  and,
  type Bool,
  type Expr,
  eq,
  get,
  is,
  isEmpty,
  type NamedStep,
  ne,
  not,
  or,
  type PointData,
  point,
  type StepOptions,
  self,
  set,
  step,
  sub,
  when,
} from "../../language/index.ts";
import { clearEntries, clearMmOfEntries } from "../migration/global-list.ts";
import { exitPointsOf as listPointsOf, lookupSteps } from "../mm-list/exit.ts";
import type { Points } from "../points.ts";
import type { Has } from "./features.ts";
import type { Shared } from "./shared-memory.ts";

/** The points of one call of __kmmscand_exit. */
const exitPointsOf = (caller: string) => ({ ...listPointsOf(caller), cleanup: `${caller}:cleanup` });

/**
 * One call of __kmmscand_exit.
 *
 * @param caller - prefix of the points' names
 * @param then - the point after the call returns
 */
export function exitPoints(v: Shared, has: Has, caller: string, then: string): Points {
  const at = exitPointsOf(caller);
  const mm = self("mm");
  const found = get(v.slot_found, mm);
  const free = is(get(v.mmap_lock, mm), "free");
  const thread = has("separateMigrateThread");
  return {
    [at.lookup]: point(...lookup(v, has, caller)),
    [at.cleanup]: cleanup(v, has, at, then),
    [at.barrier]: point(
      step("barrier", "mmap_write_lock, mmap_write_unlock: no walker is left", {
        when: has("promoteHoldsMmapLock") && thread ? and(free, ne(v.migrator_reads, mm)) : free,
        ...(has("cleanupAfterBarrier") ? { to: at.cleanup } : { do: [set(found, "none")], to: then }),
        why: "waits until the daemon has left the page tables",
      }),
    ),
  };
}

type Names = ReturnType<typeof exitPointsOf>;

/** Step 1, under mm_lock: who frees the slot. */
export function lookup(v: Shared, has: Has, caller: string, given?: Expr<Bool>): readonly NamedStep[] {
  const at = exitPointsOf(caller);
  const found = get(v.slot_found, self("mm"));
  const waitsFirst = has("cleanupAfterBarrier") || has("collectCleansQueue");
  return lookupSteps(
    v,
    (feature) => feature === "exitFreesRestingSlot" && has(feature),
    {
      unlinked: { do: [set(found, "unlinked")], to: at.cleanup },
      left: { do: [set(found, "left")], to: waitsFirst ? at.barrier : at.cleanup },
      untracked: { to: at.cleanup },
    },
    given,
  );
}

/** cleanup_migration_list, then on to what lookup found. */
function cleanup(v: Shared, has: Has, at: Names, then: string): PointData {
  const mm = self("mm");
  const found = get(v.slot_found, mm);
  const inFlight = eq(v.cur_migrate_mm, mm);
  const waiting = not(isEmpty(v.migrate_list));
  const always = has("cleanupWaitsForInFlight");
  const thread = has("separateMigrateThread");
  const spins = always ? inFlight : thread ? or() : and(waiting, inFlight);
  const clean = thread ? clearMmOfEntries(v, mm) : clearEntries(v, mm);
  const dropSlot = set(get(v.mm_count, mm), sub(get(v.mm_count, mm), 1));
  const goesOn = { do: [...clean, set(found, "none")], to: then };
  const cleaned = (
    outcome: "unlinked" | "left" | "none",
    after: Pick<StepOptions, "do" | "to">,
    too = "",
  ) => [
    step("cleaned", `migrate_lock: the list is empty${too}`, {
      when: and(not(spins), not(waiting), is(found, outcome)),
      ...after,
      why: always
        ? "no entry of the mm is in flight either"
        : "cur_migrate_mm is not looked at: an entry of the mm may be in flight",
    }),
    step("cleaned", `migrate_lock: NULL its entries' mm, set dirty${too}`, {
      when: and(not(spins), waiting, is(found, outcome)),
      ...after,
    }),
  ];
  const left = () => cleaned("left", has("cleanupAfterBarrier") ? goesOn : { do: clean, to: at.barrier });
  return point(
    ...(thread && !always
      ? []
      : [
          step("spin", "migrate_lock: cur_migrate_mm is this mm: set dirty, retry", {
            when: spins,
            do: [when(waiting, [set(v.list_dirty, true)])],
          }),
        ]),
    ...cleaned("unlinked", { ...goesOn, do: [...goesOn.do, dropSlot] }, "; free slot"),
    ...(has("collectCleansQueue") && !has("cleanupAfterBarrier") ? [] : left()),
    ...cleaned("none", goesOn),
  );
}
