/** cleanup_migration_list of v2 and v3, which takes the migration slot of the mm down, for an exit or for collect_mm_slot. */
import {
  and,
  type Bool,
  clear,
  contains,
  type Effect,
  type Expr,
  eq,
  get,
  type Id,
  is,
  isEmpty,
  type NamedStep,
  ne,
  not,
  point,
  remove,
  self,
  set,
  step,
  when,
} from "../../language/index.ts";
import type { Collected } from "../mm-list/visit.ts";
import type { Points } from "../points.ts";
import { followingCleanup, type Onwards, spins } from "./cleanup.ts";
import { countDiscarded } from "./counters.ts";
import type { Has } from "./features.ts";
import type { Shared } from "./shared-memory.ts";

type Mm = Expr<Id<"mm">>;

/** The migrator is asked to stop working for the mm, and what is on its list is freed. */
const discard = (v: Shared, mm: Mm): readonly Effect[] => [
  when(eq(v.cur_migrate_mm, mm), [set(v.list_dirty, true)]),
  countDiscarded(v, mm),
  clear(get(v.slot_list, mm)),
];

const unlinkSlot = (v: Shared, mm: Mm): readonly Effect[] => [
  remove(v.kmigrated_list, mm),
  set(v.list_dirty, false),
];

/**
 * The cleanup of an exit: as posted it drains the list, waits only where there was something, and unlinks the slot last. The
 * fix unlinks the slot first, so that the migrator cannot pick it again, and always waits.
 */
export function slotCleanup(v: Shared, has: Has, caller: string, onwards: Onwards): Points {
  const mm = self("mm");
  const wait = `${caller}:wait`;
  const slot = contains(v.kmigrated_list, mm);
  const empty = isEmpty(get(v.slot_list, mm));
  const waitsAlways = has("cleanupWaitsForInFlight");
  const following = followingCleanup(v, has, onwards);
  const steps = (make: (after: (typeof following)[number]) => NamedStep) =>
    following.map((after) => make(after));
  const found = (outcome: (typeof following)[number]["outcome"]) => is(get(v.slot_found, mm), outcome);
  return {
    [`${caller}:cleanup`]: point(
      ...steps(({ outcome, ...after }) =>
        step("no_slot", "kscand_migrate_lock: the mm has no migration slot", {
          when: and(not(slot), found(outcome)),
          ...after,
        }),
      ),
      ...(waitsAlways
        ? [
            step("drain", "unlink the slot; free its entries; stop the migrator", {
              when: slot,
              do: [remove(v.kmigrated_list, mm), ...discard(v, mm)],
              to: wait,
            }),
          ]
        : [
            ...steps(({ outcome, do: effects, to }) =>
              step("nothing_queued", "migrate_lock: its list is empty; free the migration slot", {
                when: and(slot, empty, found(outcome)),
                do: [...unlinkSlot(v, mm), ...effects],
                to,
                why: "cur_mm is not looked at: an entry may be in flight",
              }),
            ),
            step("drain", "migrate_lock: splice the entries away; stop the migrator", {
              when: and(slot, not(empty)),
              do: discard(v, mm),
              to: wait,
            }),
          ]),
    ),
    [wait]: point(
      ...(spins(has) ? [spinStep(eq(v.cur_migrate_mm, mm))] : []),
      ...steps(({ outcome, do: effects, to }) =>
        step("cleaned", "cur_mm is another; free the migration slot", {
          when: and(ne(v.cur_migrate_mm, mm), found(outcome)),
          do: [...unlinkSlot(v, mm), ...effects],
          to,
        }),
      ),
    ),
  };
}

const spinStep = (when: Expr<Bool>): NamedStep =>
  step("spin", "spin_trylock; cur_mm is this mm: unlock, retry", { when });

/** The ways of collect_mm_slot, which cleans up within the step that frees the scan slot, unless it has to wait. */
export function collectSlot(v: Shared, slot: Mm, then: string): readonly Collected[] {
  const waits = and(eq(v.cur_migrate_mm, slot), not(isEmpty(get(v.slot_list, slot))));
  const cleaned = [countDiscarded(v, slot), clear(get(v.slot_list, slot)), ...unlinkSlot(v, slot)];
  return [
    { when: waits, do: [...discard(v, slot), set(v.collected, slot)], to: "collect_mm_slot:wait" },
    { do: [when(contains(v.kmigrated_list, slot), cleaned)], to: then },
  ];
}

/** Where it waits, mm_lock is held. */
export function collectPoints(v: Shared, has: Has, then: string): Points {
  return {
    "collect_mm_slot:wait": point(
      ...(spins(has) ? [spinStep(eq(v.cur_migrate_mm, v.collected))] : []),
      step("collected", "cur_mm is another; free the migration slot; unlock", {
        when: ne(v.cur_migrate_mm, v.collected),
        do: [...unlinkSlot(v, v.collected), set(v.collected, null)],
        to: then,
      }),
    ),
  };
}
