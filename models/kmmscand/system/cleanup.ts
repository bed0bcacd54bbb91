/** cleanup_migration_list of v0 and v1, which share one list among all mms. */
import {
  and,
  type Effect,
  eq,
  get,
  is,
  isEmpty,
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
import type { Has } from "./features.ts";
import type { Shared } from "./shared-memory.ts";
import { servesSlots, someWaitingOf } from "./waiting.ts";

/** Where an exit goes from its cleanup. */
export interface Onwards {
  readonly barrier: string;
  /** The point after __kmmscand_exit has returned. */
  readonly then: string;
}

/** What the lookup found, as the cleanup has to tell. */
export type Outcome = "unlinked" | "left" | "none";

/** What follows the cleanup, for each outcome of the lookup that comes to it. */
export function followingCleanup(
  v: Shared,
  has: Has,
  { barrier, then }: Onwards,
): readonly { readonly outcome: Outcome; readonly do: readonly Effect[]; readonly to: string }[] {
  const mm = self("mm");
  const done = set(get(v.slot_found, mm), "none");
  const dropSlot = set(get(v.mm_count, mm), sub(get(v.mm_count, mm), 1));
  const last = has("cleanupAfterBarrier");
  const left = last ? { do: [done], to: then } : { do: [], to: barrier };
  return [
    { outcome: "unlinked", do: [done, dropSlot], to: then },
    ...(has("collectCleansQueue") && !last ? [] : [{ outcome: "left", ...left } as const]),
    { outcome: "none", do: [done], to: then },
  ];
}

/** A cleanup that has to wait spins. That of v1 never waits. */
export function spins(has: Has): boolean {
  const waits = !has("separateMigrateThread") || servesSlots(has) || has("cleanupWaitsForInFlight");
  return waits && !has("cleanupSleeps");
}

/** cleanup_migration_list, then on to what the lookup found. */
export function listCleanup(v: Shared, has: Has, onwards: Onwards): PointData {
  const mm = self("mm");
  const inFlight = eq(v.cur_migrate_mm, mm);
  const waiting = not(isEmpty(v.migrate_list));
  const always = has("cleanupWaitsForInFlight");
  const thread = has("separateMigrateThread");
  const blocked = always ? inFlight : thread ? or() : and(waiting, inFlight);
  const clean = thread ? clearMmOfEntries(v, mm) : clearEntries(v, mm);
  const ownList = has("migrationSlots");
  // The list is drained before the next mm is visited: it is that of one mm at a time, and others need not look at it.
  const walks = ownList ? someWaitingOf(v, has, mm) : waiting;
  const cleaned = (outcome: Outcome, after: Required<Pick<StepOptions, "do" | "to">>) => {
    const found = and(not(blocked), is(get(v.slot_found, mm), outcome));
    const too = outcome === "unlinked" ? "; free slot" : "";
    return [
      step(ownList ? "nothing_queued" : "cleaned", `migrate_lock: the list is empty${too}`, {
        when: and(found, not(walks)),
        ...after,
        why: always
          ? "no entry of the mm is in flight either"
          : "cur_migrate_mm is not looked at: an entry of the mm may be in flight",
      }),
      step("cleaned", `migrate_lock: NULL its entries' mm, set dirty${too}`, {
        when: and(found, walks),
        to: after.to,
        do: [...clean, ...after.do],
      }),
    ];
  };
  const spin = step("spin", "migrate_lock: cur_migrate_mm is this mm: set dirty, retry", {
    when: blocked,
    do: [when(waiting, [set(v.list_dirty, true)])],
  });
  return point(
    ...(spins(has) ? [spin] : []),
    ...followingCleanup(v, has, onwards).flatMap(({ outcome, ...after }) => cleaned(outcome, after)),
  );
}
