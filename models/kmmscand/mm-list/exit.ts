/** __kmmscand_exit: who frees the slot, and who waits for whom. */
import {
  and,
  type Bool,
  choose,
  contains,
  type Effect,
  type Expr,
  emits,
  eq,
  get,
  is,
  type NamedStep,
  next,
  not,
  point,
  remove,
  self,
  set,
  step,
  sub,
} from "../../language/index.ts";
import type { Has } from "../features.ts";
import type { Points } from "../points.ts";
import type { ListMemory, SlotMemory } from "./shared-memory.ts";

/** The points of one call of __kmmscand_exit. */
export const exitPointsOf = (caller: string) => ({
  lookup: `${caller}:lookup`,
  barrier: `${caller}:barrier`,
});

/** What follows each outcome of the lookup. */
export interface Outcomes {
  readonly unlinked: { readonly do: readonly Effect[]; readonly to: string };
  readonly left: { readonly do: readonly Effect[]; readonly to: string };
  readonly untracked: { readonly to: string };
}

/** The section under mm_lock: the three cases of the exit, and the mm that was never listed. */
export function lookupSteps(
  v: SlotMemory,
  has: Has<"exitFreesRestingSlot" | "exitAdvancesCursor">,
  { unlinked, left, untracked }: Outcomes,
  given: Expr<Bool> = and(),
): readonly NamedStep[] {
  const mm = self("mm");
  const listed = contains(v.scan_list, mm);
  const resting = eq(v.cursor, mm);
  const knowsScan = has("exitFreesRestingSlot");
  const busy = knowsScan ? and(resting, v.is_scanned) : resting;
  const unlink = [remove(v.scan_list, mm), ...unlinked.do];
  const after = choose(resting, next(v.scan_list, mm), v.cursor);
  return [
    ...(has("exitAdvancesCursor") || !knowsScan
      ? [
          step("unlink", "mm_lock: not the daemon's slot now: unhash and unlink it", {
            when: and(given, listed, not(busy)),
            do: knowsScan ? [set(v.cursor, after), ...unlink] : unlink,
            to: unlinked.to,
          }),
        ]
      : [
          step("unlink", "mm_lock: the cursor is elsewhere: unhash and unlink it", {
            when: and(given, listed, not(resting)),
            do: unlink,
            to: unlinked.to,
          }),
          step("unlink", "mm_lock: not scanned now: unlink it; cursor = NULL", {
            when: and(given, listed, not(busy)),
            do: [set(v.cursor, null), ...unlink],
            to: unlinked.to,
            why: "the next visit begins at the head of the list again",
          }),
        ]),
    step("leave", "mm_lock: the cursor is on the slot: the daemon frees it", {
      when: and(given, listed, busy),
      do: left.do,
      to: left.to,
    }),
    step("untracked", "mm_lock: the mm has no slot", { when: and(given, not(listed)), to: untracked.to }),
  ];
}

/** `kmem_mm_exit` as the step before the lookup, in versions that trace it. */
export function traceSteps(to: string, given: Expr<Bool> = and()): readonly NamedStep[] {
  return [
    step("mm_exit", "__kmmscand_exit: trace of the exit, before any lock", {
      when: given,
      to,
      emits: emits("kmem_mm_exit", { mm: self("mm") }),
    }),
  ];
}

/**
 * One call of __kmmscand_exit where there is no migration list to clean.
 *
 * @param caller - prefix of the points' names
 * @param then - the point after the call returns
 */
export function exitPoints(
  v: ListMemory,
  has: Has<"exitFreesRestingSlot" | "exitAdvancesCursor" | "exitIsTraced">,
  caller: string,
  then: string,
): Points {
  const at = exitPointsOf(caller);
  return {
    [at.lookup]: point(...listLookup(v, has, caller, then)),
    [at.barrier]: point(
      step("barrier", "mmap_write_lock, mmap_write_unlock: no walker is left", {
        when: is(get(v.mmap_lock, self("mm")), "free"),
        to: then,
        why: "waits until the daemon has left the page tables",
      }),
    ),
  };
}

/** The lookup of {@link exitPoints}; the slot's reference goes with the slot. */
export function listLookup(
  v: ListMemory,
  has: Has<"exitFreesRestingSlot" | "exitAdvancesCursor">,
  caller: string,
  then: string,
  given?: Expr<Bool>,
): readonly NamedStep[] {
  const mm = self("mm");
  const drop = set(get(v.mm_count, mm), sub(get(v.mm_count, mm), 1));
  const outcomes: Outcomes = {
    unlinked: { do: [drop], to: then },
    left: { do: [], to: exitPointsOf(caller).barrier },
    untracked: { to: then },
  };
  return lookupSteps(v, has, outcomes, given);
}
