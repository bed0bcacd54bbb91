/** promote_folio from v1 on: it looks at the page tables of the mm, in a thread of its own. */
import {
  and,
  type Effect,
  eq,
  field,
  get,
  gt,
  is,
  isNone,
  type NamedStep,
  not,
  type PointData,
  point,
  type StepOptions,
  set,
  step,
} from "../../language/index.ts";
import { returnCodes } from "../migration/promote.ts";
import type { Points } from "../points.ts";
import type { Has } from "./features.ts";
import { clearAccess, isQueued, makeQueuedStale } from "./folio.ts";
import type { Shared } from "./shared-memory.ts";

type Options = Required<Pick<StepOptions, "do" | "to" | "emits">>;

/** A return of promote_folio, and what follows it: the trace event, the counter, kfree. */
export type Returns = (code: number, ...effects: readonly Effect[]) => Options;

export function threadPromotePoints(v: Shared, has: Has, returns: Returns): Points {
  const locks = has("promoteHoldsMmapLock");
  const on = locks ? "promote_folio:mmap_lock" : "promote_folio:isolate";
  return {
    "promote_folio:flags": point(...flagSteps(v, has, returns, on)),
    ...(locks ? { "promote_folio:mmap_lock": lockPoint(v, returns, codesOf(has)) } : {}),
    "promote_folio:isolate": point(...isolateSteps(v, has, returns)),
  };
}

/** What is read without a lock and without a reference. cur_migrate_mm is the mm in flight. */
function flagSteps(v: Shared, has: Has, returns: Returns, on: string): readonly NamedStep[] {
  const folio = field(v.in_flight, "folio");
  const mapped = not(isNone(get(v.folio_mm, folio)));
  const asked = v.list_dirty;
  const rc = codesOf(has);
  return [
    step("exiting_mm", "cur_migrate_mm is its mm, and dirty is set: EXITING_MM", {
      when: asked,
      ...returns(rc.exiting),
    }),
    step("flags_invalid", "the folio's flags say not mapped: INVALID_FOLIO", {
      when: and(not(asked), not(mapped)),
      ...returns(rc.invalidFolio),
    }),
    step("not_lru", "somebody has isolated the folio: NONLRU_FOLIO", {
      when: and(not(asked), mapped),
      ...returns(rc.notLru),
    }),
    ...(has("hotPageTested")
      ? [
          step("not_hot", "is_hot_page says no: NOT_HOT_PAGE", {
            when: and(not(asked), mapped),
            ...returns(rc.notHot),
            why: "by the generation of the folio (v2) or its flags (v3), read without a reference",
          }),
        ]
      : []),
    step("flags_valid", "the folio's flags say mapped, on the LRU", {
      when: and(not(asked), mapped),
      to: on,
      why: "an exit that sets the flag from here on is not noticed",
    }),
  ];
}

const codesOf = (has: Has) => returnCodes(has("hotPageTested"));

function lockPoint(v: Shared, returns: Returns, { again }: ReturnType<typeof codesOf>): PointData {
  const mm = field(v.in_flight, "mm");
  return point(
    step("mm_locked", "mmap_read_trylock succeeds, mm_users is not 0", {
      when: and(not(is(get(v.mmap_lock, mm), "write")), gt(get(v.mm_users, mm), 0)),
      do: [set(v.migrator_reads, mm)],
      to: "promote_folio:isolate",
    }),
    step("mm_gone", "mmap_read_trylock fails, or mm_users is 0: -EAGAIN", returns(again)),
  );
}

/** folio_get, the page tables down to the entry, isolation, migration: the reference keeps the folio from here on. */
function isolateSteps(v: Shared, has: Has, returns: Returns): readonly NamedStep[] {
  const folio = field(v.in_flight, "folio");
  const maps = eq(get(v.folio_mm, folio), field(v.in_flight, "mm"));
  const mapped = not(isNone(get(v.folio_mm, folio)));
  const pinned = has("folioPinnedWhileQueued");
  const checks = has("promoteChecksPte");
  const slow = not(get(v.toptier, folio));
  const found = checks ? [maps] : [];
  const rc = codesOf(has);
  const unlock = has("promoteHoldsMmapLock") ? [set(v.migrator_reads, null)] : [];
  return [
    step("source_toptier", "folio_get; top tier: INELIGIBLE_SRC_NODE; folio_put", {
      when: not(slow),
      ...returns(rc.sourceNode, ...unlock),
    }),
    step("same_node", "folio_get; on the target: SAME_SRC_DEST_NODE; folio_put", {
      when: slow,
      ...returns(rc.sameNode, ...unlock),
    }),
    step("pmd_gone", "folio_get; pmd_off: PMD_NOT_PRESENT; folio_put", {
      when: and(slow, not(maps)),
      ...returns(rc.pmdGone, ...unlock),
    }),
    step("no_pte_table", "folio_get; pmd_off; NO_PTE_OFFSET_MAP_LOCK; folio_put", {
      when: and(slow, not(maps)),
      ...returns(rc.noPteTable, ...unlock),
    }),
    ...(checks
      ? [
          step("pte_gone", "the entry maps another folio or none: PTE_NOT_PRESENT", {
            when: and(slow, not(maps)),
            ...returns(rc.pteGone, ...unlock),
          }),
        ]
      : []),
    step("not_isolated", "isolation fails, or no room: LRU_ISOLATION_ERR; folio_put", {
      when: and(slow, ...found),
      ...returns(rc.notIsolated, ...unlock),
    }),
    step("folio_moved", "pte_offset_map_lock; isolate; the folio is moved", {
      when: and(mapped, slow, ...(pinned ? [not(isQueued(v, has, folio))] : []), ...found),
      ...returns(
        0,
        set(get(v.toptier, folio), true),
        ...clearAccess(v, folio),
        ...(pinned ? [] : [makeQueuedStale(v, has, folio)]),
        ...unlock,
      ),
      ...(checks ? {} : { why: "the entry is locked, and nobody looks what it maps" }),
    }),
    step("folio_busy", "isolate; migrate_misplaced_folio fails: -EAGAIN", {
      when: and(slow, ...found),
      ...returns(rc.again, ...unlock),
    }),
  ];
}
