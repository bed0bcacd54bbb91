/** scan_mm_slot without the walk: one visit to one mm, between its two mm_lock sections. */
import {
  and,
  type Bool,
  chosen,
  type Effect,
  type Expr,
  emits,
  eq,
  get,
  gt,
  head,
  type Id,
  is,
  isEmpty,
  isNone,
  next,
  not,
  type PointData,
  point,
  remove,
  set,
  step,
  sub,
  when,
} from "../../language/index.ts";
import type { Has } from "../features.ts";
import type { Points } from "../points.ts";
import type { SlotMemory } from "./shared-memory.ts";

/** One way for collect_mm_slot to go on. */
export interface Collected {
  readonly when?: Expr<Bool>;
  readonly do: readonly Effect[];
  readonly to: string;
  /** free and mmdrop come later, once a cleanup of several steps is over. */
  readonly dropsLater?: boolean;
}

/** What else a model lets a visit do. */
export interface Visit {
  /** The point after scan_mm_slot has returned. */
  readonly then: string;
  /** Effects of the pick on the slot at the cursor, before it is marked. */
  readonly picked?: readonly Effect[];
  /** The scan is due only where this is true. */
  readonly due?: Expr<Bool>;
  /** What collect_mm_slot does besides unlink, free and mmdrop, and the point where it goes on: the first that applies. */
  readonly collected?: (slot: Expr<Id<"mm">>) => readonly Collected[];
}

type HasVisitFeature = Has<"pickRechecksList" | "exitFreesRestingSlot">;

export function visitPoints(v: SlotMemory, has: HasVisitFeature, visit: Visit): Points {
  const mm = v.cursor;
  const free = is(get(v.mmap_lock, mm), "free");
  const unlock = set(get(v.mmap_lock, mm), "free");
  const live = gt(get(v.mm_users, mm), 0);
  return {
    "scan_mm_slot:pick": pick(v, has, visit),
    "scan_mm_slot:trylock": point(
      step("trylock", "mmap_read_trylock succeeds", {
        when: free,
        do: [set(get(v.mmap_lock, mm), "read")],
        to: "scan_mm_slot:users_test",
      }),
      step("trylock_fails", "mmap_read_trylock fails: skip this mm", {
        when: not(free),
        to: "scan_mm_slot:advance",
      }),
    ),
    "scan_mm_slot:users_test": point(
      step("exiting", "mm_users is 0: mmap_read_unlock", {
        when: not(live),
        do: [unlock],
        to: "scan_mm_slot:advance",
      }),
      step("too_early", "next_scan is not reached: mmap_read_unlock", {
        when: live,
        do: [unlock],
        to: "scan_mm_slot:advance",
        emits: emits("kmem_scan_mm_start", { mm }),
      }),
      step("start", "mm_users is not 0 and the scan is due: walk", {
        when: visit.due === undefined ? live : and(live, visit.due),
        to: "scan_mm_slot:walk",
        emits: emits("kmem_scan_mm_start", { mm }),
        why: "from here on an exit has to wait for mmap_read_unlock",
      }),
    ),
  };
}

/** First mm_lock section. */
function pick(v: SlotMemory, has: HasVisitFeature, { then, picked = [] }: Visit): PointData {
  const noSlot = and(isNone(v.cursor), isEmpty(v.scan_list));
  const mark: readonly Effect[] = has("exitFreesRestingSlot") ? [set(v.is_scanned, true)] : [];
  const empty = has("pickRechecksList")
    ? step("none_left", "mm_lock: the list has become empty: return", { when: noSlot, to: then })
    : step("pick", "mm_lock: cursor = list_entry of an empty list", {
        when: noSlot,
        to: then,
        why: "the list head itself is taken for a slot; the model goes on as if there were none",
      });
  return point(
    empty,
    step("pick", "mm_lock: cursor = the slot it points to, or the first", {
      when: not(noSlot),
      do: [when(isNone(v.cursor), [set(v.cursor, head(v.scan_list))]), ...picked, ...mark],
      to: "scan_mm_slot:trylock",
      why: "until the second mm_lock section an exit leaves this slot to the daemon",
    }),
  );
}

/** Second mm_lock section: the cursor moves on, and an mm without users is collected. */
export function advancePoints(v: SlotMemory, has: HasVisitFeature, { then, collected }: Visit): Points {
  const slot = chosen("mm", "mm");
  const unmark: readonly Effect[] = has("exitFreesRestingSlot") ? [set(v.is_scanned, false)] : [];
  const ways: readonly Collected[] = collected?.(slot) ?? [{ do: [], to: then }];
  return {
    "scan_mm_slot:advance": point(
      step("advance", "mm_lock: cursor = next slot, NULL behind the last", {
        when: gt(get(v.mm_users, v.cursor), 0),
        do: [set(v.cursor, next(v.scan_list, v.cursor)), ...unmark],
        to: then,
      }),
      ...ways.map(({ when: given, do: also, to, dropsLater = false }) =>
        step("collect", `mm_lock: cursor = next slot; unlink${dropsLater ? "" : ", free, mmdrop"}`, {
          choose: { mm: "mm" },
          when: and(
            eq(v.cursor, slot),
            eq(get(v.mm_users, slot), 0),
            ...(given === undefined ? [] : [given]),
          ),
          do: [
            set(v.cursor, next(v.scan_list, slot)),
            remove(v.scan_list, slot),
            ...also,
            ...(dropsLater ? [] : [set(get(v.mm_count, slot), sub(get(v.mm_count, slot), 1))]),
            ...unmark,
          ],
          to,
        }),
      ),
    ),
  };
}
