/** __kmmscand_exit and cleanup_migration_list, called by the last mmput and, in v0, by a failing exec. */
import {
  and,
  type Bool,
  type Effect,
  type Expr,
  eachElement,
  eq,
  field,
  get,
  is,
  isEmpty,
  type NamedStep,
  not,
  type PointData,
  point,
  type StepOptions,
  self,
  set,
  step,
  sub,
  when,
} from "../../language/index.ts";
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
  return {
    [at.lookup]: point(...lookup(v, has, caller)),
    [at.cleanup]: cleanup(v, has, at, then),
    [at.barrier]: point(
      step("barrier", "mmap_write_lock, mmap_write_unlock: no walker is left", {
        when: is(get(v.mmap_lock, mm), "free"),
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
  return lookupSteps(
    v,
    (feature) => feature === "exitFreesRestingSlot" && has(feature),
    {
      unlinked: { do: [set(found, "unlinked")], to: at.cleanup },
      left: { do: [set(found, "left")], to: has("cleanupAfterBarrier") ? at.barrier : at.cleanup },
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
  const spins = always ? inFlight : and(waiting, inFlight);
  const clean: readonly Effect[] = [
    eachElement(v.migrate_list, "e", (e) => [
      when(eq(field(e, "mm"), mm), [set(field(e, "mm"), null), set(v.list_dirty, true)]),
    ]),
  ];
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
  return point(
    step("spin", "migrate_lock: cur_migrate_mm is this mm: set dirty, retry", {
      when: spins,
      do: [when(waiting, [set(v.list_dirty, true)])],
    }),
    ...cleaned("unlinked", { ...goesOn, do: [...goesOn.do, dropSlot] }, "; free slot"),
    ...cleaned("left", has("cleanupAfterBarrier") ? goesOn : { do: clean, to: at.barrier }),
    ...cleaned("none", goesOn),
  );
}
