/** __kmmscand_exit, called by the last mmput and by a failing exec. */
import {
  and,
  type Bool,
  type Effect,
  type Expr,
  eq,
  is,
  type NamedStep,
  not,
  or,
  type PointData,
  point,
  set,
  step,
  sub,
  when,
} from "../../language/index.ts";
import type { Events } from "./events.ts";
import type { Has } from "./features.ts";
import { type Memory, thisMm } from "./memory.ts";
import type { Names } from "./names.ts";

/** The program points of one call. */
export interface ExitPoints {
  readonly trace: string;
  readonly lookup: string;
  readonly cleanup: string;
  readonly wait: string;
  readonly barrier: string;
  /** Where the call begins. */
  readonly first: (has: Has) => string;
}

export function exitOf(names: Names, caller: "mmput" | "exec"): ExitPoints {
  const at = (what: string) => `${names.exit}:${caller}_${what}`;
  return {
    trace: at("trace"),
    lookup: at("lookup"),
    cleanup: at("cleanup"),
    wait: at("cleanup_wait"),
    barrier: at("barrier"),
    first: (has) => (has("exitIsTraced") ? at("trace") : at("lookup")),
  };
}

/** @param then - the point after the call returns */
export function exitPoints(
  v: Memory,
  has: Has,
  at: ExitPoints,
  events: Events,
  then: string,
): Readonly<Record<string, PointData>> {
  return {
    ...(has("exitIsTraced")
      ? {
          [at.trace]: point(
            ...(has("exitTracedIfListed")
              ? [
                  step("trace_nothing", "the mm has no slot: no trace", {
                    when: not(v.listed),
                    to: at.lookup,
                  }),
                ]
              : []),
            step("trace_exit", "trace, before any lock", {
              ...(has("exitTracedIfListed") ? { when: v.listed } : {}),
              to: at.lookup,
              emits: events.exit,
            }),
          ),
        }
      : {}),
    [at.lookup]: lookup(v, has, at),
    [at.cleanup]: has("queuePerMm") ? cleanupOwnList(v, at, then) : cleanup(v, has, at, then),
    ...(has("queuePerMm") ? { [at.wait]: waitForMigrator(v, at, then) } : {}),
    [at.barrier]: point(
      step("barrier", "mmap_write_lock, unlock: no walker is left", {
        when: is(v.mmap_lock, "free"),
        do: [set(v.slot_found, "none")],
        to: then,
        why: "a failing exec holds the lock itself and waits for ever (D01)",
      }),
    ),
  };
}

function lookup(v: Memory, has: Has, at: ExitPoints): PointData {
  const here = eq(v.cursor, thisMm);
  const busy = has("exitFreesRestingSlot") ? and(here, v.is_scanned) : here;
  return point(
    step("unlink", "mm_lock: unhash and unlink the slot", {
      when: and(v.listed, not(busy)),
      do: [set(v.listed, false), set(v.slot_found, "unlinked"), set(v.cursor, null)],
      to: at.cleanup,
    }),
    step("leave", "mm_lock: the slot is left to the daemon", {
      when: and(v.listed, busy),
      do: [set(v.slot_found, "left")],
      to: has("collectCleansQueue") ? at.barrier : at.cleanup,
    }),
    step("untracked_exit", "mm_lock: the mm has no slot", { when: not(v.listed), to: at.cleanup }),
  );
}

/** After the cleanup: free the slot, wait for the walker, or just return. */
function afterwards(
  v: Memory,
  at: ExitPoints,
  then: string,
  named: (found: Expr<Bool>, effects: readonly Effect[], to: string) => NamedStep,
): readonly NamedStep[] {
  const free = [set(v.slot_found, "none"), set(v.mm_count, sub(v.mm_count, 1))];
  return [
    named(is(v.slot_found, "unlinked"), free, then),
    named(is(v.slot_found, "left"), [], at.barrier),
    named(is(v.slot_found, "none"), [], then),
  ];
}

/** The one list of v0 and v1: entries of the mm are cleared. v0 waits for the one in flight unless the list is empty. */
function cleanup(v: Memory, has: Has, at: ExitPoints, then: string): PointData {
  const goesOn = has("separateMigrateThread") ? and() : not(and(v.queued, v.cur_migrate_mm));
  return point(
    ...afterwards(v, at, then, (found, effects, to) =>
      step("cleaned", "migrate_lock: clear the mm of its entries; go on", {
        when: and(goesOn, found),
        do: [set(v.queued, false), ...effects],
        to,
      }),
    ),
  );
}

const forgetList = (v: Memory): readonly Effect[] => [
  when(eq(v.migrate_cursor, thisMm), [set(v.migrate_cursor, null)]),
  set(v.migrate_slot, false),
  set(v.clean_list, false),
];

/** The list of the mm itself, v2 on: where it is not empty the migrator is waited for. */
function cleanupOwnList(v: Memory, at: ExitPoints, then: string): PointData {
  return point(
    step("splice_away", "migrate_lock: take the entries away, wait", {
      when: v.queued,
      do: [set(v.clean_list, v.cur_migrate_mm), set(v.queued, false)],
      to: at.wait,
    }),
    ...afterwards(v, at, then, (found, effects, to) =>
      step("cleaned", "no entry is queued: free the migration slot", {
        when: and(not(v.queued), found),
        do: [...forgetList(v), ...effects],
        to,
      }),
    ),
  );
}

function waitForMigrator(v: Memory, at: ExitPoints, then: string): PointData {
  return point(
    ...afterwards(v, at, then, (found, effects, to) =>
      step("migrator_left", "cur_mm is another: free the migration slot", {
        when: and(not(v.cur_migrate_mm), found),
        do: [...forgetList(v), ...effects],
        to,
      }),
    ),
  );
}

/** What collect_mm_slot does to the queue, v1 on. */
export function collectCleanup(v: Memory, has: Has): readonly Effect[] {
  if (!has("collectCleansQueue")) return [];
  return [set(v.queued, false), ...(has("queuePerMm") ? forgetList(v) : [])];
}

/** From v2 on collect waits for the migrator, mm_lock held, unless the list is empty. */
export function collectMayGoOn(v: Memory, has: Has): Expr<Bool> {
  return has("queuePerMm") ? or(not(v.queued), not(v.cur_migrate_mm)) : and();
}
