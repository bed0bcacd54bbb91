/** promote_folio of the migrator thread: its checks in order, and what it returns. */
import {
  and,
  type Bool,
  type Effect,
  type Expr,
  each,
  emits,
  eq,
  exclude,
  field,
  get,
  gt,
  type Id,
  includes,
  is,
  isNone,
  type NamedStep,
  not,
  point,
  recordOf,
  set,
  size,
  step,
  when,
} from "../../language/index.ts";
import { type EntryFields, nothing } from "../migration-entry.ts";
import type { Points } from "../points.ts";
import { isPinned, makeStale, names, someQueued } from "./entries.ts";
import type { Has } from "./features.ts";
import type { Shared, Way } from "./shared-memory.ts";

/**
 * What promote_folio returns: 0, a KMMSCAND_ or KSCAND_ code, or -EAGAIN. Code 1, NULL_MM, is not among them: no caller passes
 * an entry without an mm.
 *
 * @param asksIfHot - the list of codes has NOT_HOT_PAGE, as in v2 and v3, so that LRU_ISOLATION_ERR is one more
 */
export const returnCodes = (asksIfHot: boolean): Readonly<Record<Way, number>> => ({
  moved: 0,
  exiting: 2,
  invalidFolio: 3,
  notLru: 4,
  sourceNode: 5,
  sameNode: 6,
  pteGone: 7,
  pmdGone: 8,
  noPteTable: 9,
  notHot: 10,
  notIsolated: asksIfHot ? 11 : 10,
  again: -11,
});

/** An exit has asked the migrator to stop working for the mm in flight. */
export function askedToStop(v: Shared, has: Has, mm: Expr<Id<"mm">>): Expr<Bool> {
  if (!has("migrationSlots")) {
    return has("dirtyDropsOwnEntry") ? and(v.list_dirty, eq(get(v.mm_users, mm), 0)) : v.list_dirty;
  }
  return has("cleanFlagPerSlot") ? includes(v.clean_list, mm) : gt(size(v.clean_list), 0);
}

/** Where the migrator goes from the section in which it takes an entry. */
export const afterTake = (has: Has, target: string) =>
  has("targetReadWithEntry") ? "promote_folio:flags" : target;

/** The target node is read before each promotion: v1 skips that where the entry before was of the same mm. */
export const targetPoints = (has: Has, target: string): Points =>
  has("targetReadWithEntry")
    ? {}
    : {
        [target]: point(
          step("read_target", "mmap_read_trylock; dest = target_node of the mm, or of sysfs", {
            to: "promote_folio:flags",
            why: "nothing pins the mm of the entry: lock and target may lie in freed memory",
          }),
        ),
      };

export function promotePoints(v: Shared, has: Has, then: string): Points {
  const folio = field(v.in_flight, "folio");
  const mm = field(v.in_flight, "mm");
  const mapped = not(isNone(get(v.folio_mm, folio)));
  const asked = and(eq(v.cur_migrate_mm, mm), askedToStop(v, has, mm));
  const toptier = get(v.toptier, folio);
  const maps = eq(get(v.folio_mm, folio), mm);
  const locks = has("promoteHoldsMmapLock");
  const checks = has("promoteChecksPte");
  const drops = has("idleEntriesDropped");
  const asksIfHot = has("hotPageTested");
  const rc = returnCodes(asksIfHot || drops);
  const idle = includes(v.idle, folio);
  const goesOn = [...(checks ? [maps] : []), ...(drops ? [not(idle)] : [])];
  const moved: readonly Effect[] = [
    set(get(v.toptier, folio), true),
    ...(has("folioPinnedWhileQueued")
      ? []
      : [...makeStale(v, folio), set(field(v.in_flight, "stale"), false)]),
  ];
  const alone = has("folioPinnedWhileQueued") ? not(someQueued(v, names(folio))) : and();
  /** folio_put: the last one frees a folio that was unmapped meanwhile. */
  const put: readonly Effect[] = [
    set(v.folio_held, false),
    when(and(not(mapped), not(isPinned(v, has, folio))), makeStale(v, folio)),
    set(v.migrator_reads, null),
  ];
  const returns = (outcome: Way, ...effects: readonly Effect[]) => ({
    do: [...effects, set(v.ret, rc[outcome]), set(v.outcome, outcome)],
    to: then,
  });
  const takeReference = [set(v.folio_held, true)];
  const next = locks ? "promote_folio:mmap_lock" : "promote_folio:get";
  return {
    "promote_folio:flags": point(
      step("exiting_mm", "the mm's exit has set the flag: EXITING_MM", {
        when: asked,
        ...returns("exiting"),
      }),
      step("flags_invalid", "the folio's flags say not mapped: INVALID_FOLIO", {
        when: and(not(asked), not(mapped)),
        ...returns("invalidFolio"),
      }),
      step("not_lru", "somebody has isolated the folio: NONLRU_FOLIO", {
        when: and(not(asked), mapped),
        ...returns("notLru"),
      }),
      ...(asksIfHot
        ? [
            step("flags_cold", "is_hot_page says no: NOT_HOT_PAGE", {
              when: and(not(asked), mapped),
              ...returns("notHot"),
              why: "by the generation of the folio (v2) or its flags (v3), read without a reference",
            }),
          ]
        : []),
      step("flags_valid", "the folio's flags say mapped, on the LRU", {
        when: and(not(asked), mapped),
        to: next,
      }),
    ),
    ...(locks
      ? {
          "promote_folio:mmap_lock": point(
            step("mm_locked", "mmap_read_trylock succeeds, mm_users is not 0", {
              when: and(not(is(get(v.mmap_lock, mm), "write")), gt(get(v.mm_users, mm), 0)),
              do: [set(v.migrator_reads, mm)],
              to: "promote_folio:get",
            }),
            step("mm_gone", "mmap_read_trylock fails, or mm_users is 0: -EAGAIN", {
              ...returns("again"),
            }),
          ),
        }
      : {}),
    "promote_folio:get": point(
      step("source_slow", "folio_get; the folio lies in the slow tier", {
        when: not(toptier),
        do: takeReference,
        to: "promote_folio:pmd",
      }),
      step("source_toptier", "folio_get; top tier: INELIGIBLE_SRC_NODE; folio_put", {
        when: toptier,
        ...returns("sourceNode", ...takeReference, ...put),
      }),
      step("same_node", "folio_get; on the target: SAME_SRC_DEST_NODE; folio_put", {
        when: not(toptier),
        ...returns("sameNode", ...takeReference, ...put),
      }),
    ),
    "promote_folio:pmd": point(
      step("pmd_present", "pmd_off; pte_offset_map_lock", {
        to: "promote_folio:isolate",
        ...(locks
          ? {}
          : { why: "upper levels are read with neither mmap_lock nor a reference to the users" }),
      }),
      step("pmd_gone", "pmd_off: PMD_NOT_PRESENT; folio_put", {
        when: not(maps),
        ...returns("pmdGone", ...put),
      }),
      step("no_pte_table", "pte_offset_map_lock: NO_PTE_OFFSET_MAP_LOCK; folio_put", {
        when: not(maps),
        ...returns("noPteTable", ...put),
      }),
    ),
    "promote_folio:isolate": point(
      ...(checks
        ? [
            step("pte_gone", "the entry maps another folio or none: PTE_NOT_PRESENT", {
              when: not(maps),
              ...returns("pteGone", ...put),
            }),
          ]
        : []),
      ...(drops
        ? [
            step("not_hot", "the last visit found the folio idle: NOT_HOT_PAGE", {
              when: and(idle, ...(checks ? [maps] : [])),
              ...returns("notHot", ...put),
            }),
          ]
        : []),
      step("not_isolated", "isolation fails, or no room: LRU_ISOLATION_ERR; folio_put", {
        ...(goesOn.length > 0 ? { when: and(...goesOn) } : {}),
        ...returns("notIsolated", ...put),
      }),
      step("folio_moved", "isolate; migrate_misplaced_folio moves the folio", {
        when: and(mapped, not(toptier), alone, ...goesOn),
        ...returns("moved", ...moved, ...put),
      }),
      step("folio_busy", "isolate; migrate_misplaced_folio fails: -EAGAIN", {
        ...(goesOn.length > 0 ? { when: and(...goesOn) } : {}),
        ...returns("again", ...put),
      }),
    ),
  };
}

/** The trace event, the counter and kfree. An entry without mm exists in v1 only. */
export function accountSteps(
  v: Shared,
  has: Has,
  after: { readonly do: readonly Effect[]; readonly to: string },
): readonly NamedStep[] {
  const mm = field(v.in_flight, "mm");
  const promoted = not(isNone(mm));
  const ok = eq(v.ret, 0);
  const traced = { emits: emits("kmem_scan_mm_migrate", { mm, rc: v.ret }) };
  const forget = has("migrationSlots") || has("nullEntryNotCounted") ? [set(v.ret, 0)] : [];
  const seenNoMore = has("scanFindsIdle")
    ? [
        each("folio", "f", (f) => [
          when(and(names(f)(v.in_flight), not(someQueued(v, names(f)))), [exclude(v.idle, f)]),
        ]),
      ]
    : [];
  const free = {
    do: [
      ...seenNoMore,
      set(v.in_flight, recordOf<EntryFields>(nothing)),
      set(v.outcome, "none"),
      ...forget,
      ...after.do,
    ],
    to: after.to,
  };
  const why = "ret is left over from the entry before, or the initial 0";
  return [
    step("migrated", "ret is 0: migrated++; trace, kfree", { when: and(promoted, ok), ...free, ...traced }),
    step("failed", "ret is not 0: migrate_failed++; trace, kfree", {
      when: and(promoted, not(ok)),
      ...free,
      ...traced,
    }),
    ...(has("migrationSlots")
      ? []
      : has("nullEntryNotCounted")
        ? [step("discard", "mm is NULL: kfree", { when: not(promoted), ...free })]
        : [
            step("migrated", "ret is still 0: migrated++; kfree", {
              when: and(not(promoted), ok),
              ...free,
              why,
            }),
            step("failed", "ret is still not 0: migrate_failed++; kfree", {
              when: and(not(promoted), not(ok)),
              ...free,
              why,
            }),
          ]),
  ];
}
