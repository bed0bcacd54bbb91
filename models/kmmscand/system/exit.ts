/** __kmmscand_exit, called by the last mmput and, in v0, by a failing exec. */
import {
  and,
  type Bool,
  type Expr,
  get,
  is,
  isNone,
  type NamedStep,
  ne,
  point,
  self,
  set,
  step,
} from "../../language/index.ts";
import { exitPointsOf as listPointsOf, lookupSteps } from "../mm-list/exit.ts";
import type { Points } from "../points.ts";
import { listCleanup } from "./cleanup.ts";
import type { Has } from "./features.ts";
import type { Shared } from "./shared-memory.ts";
import { slotCleanup } from "./slot-cleanup.ts";
import { servesSlots } from "./waiting.ts";

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
  const whereTo = { barrier: at.barrier, then };
  return {
    [at.lookup]: point(...lookup(v, has, caller, mmLockFree(v, has))),
    ...(servesSlots(has)
      ? slotCleanup(v, has, caller, whereTo)
      : { [at.cleanup]: listCleanup(v, has, whereTo) }),
    [at.barrier]: point(
      step("barrier", "mmap_write_lock, mmap_write_unlock: no walker is left", {
        when: has("promoteHoldsMmapLock") && thread ? and(free, ne(v.migrator_reads, mm)) : free,
        ...(has("cleanupAfterBarrier") ? { to: at.cleanup } : { do: [set(found, "none")], to: then }),
        why: "waits until the daemon has left the page tables",
      }),
    ),
  };
}

/** collect_mm_slot holds mm_lock while it waits. */
export const mmLockFree = (v: Shared, has: Has): Expr<Bool> =>
  servesSlots(has) ? isNone(v.collected) : and();

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
