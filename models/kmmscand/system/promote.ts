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
import { rc } from "../migration/promote.ts";
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
    ...(locks ? { "promote_folio:mmap_lock": lockPoint(v, returns) } : {}),
    "promote_folio:isolate": point(...isolateSteps(v, has, returns)),
  };
}

/** What is read without a lock and without a reference. cur_migrate_mm is the mm in flight. */
function flagSteps(v: Shared, has: Has, returns: Returns, on: string): readonly NamedStep[] {
  const folio = field(v.in_flight, "folio");
  const mapped = not(isNone(get(v.folio_mm, folio)));
  const toptier = get(v.toptier, folio);
  const asked = v.list_dirty;
  return [
    step("exiting_mm", "cur_migrate_mm is its mm, and dirty is set: EXITING_MM", {
      when: asked,
      ...returns(rc.exiting),
    }),
    step("flags_valid", "the folio's flags say mapped, on the LRU, slow tier", {
      when: and(not(asked), mapped, not(toptier)),
      to: on,
      why: "an exit that sets the flag from here on is not noticed",
    }),
    step("flags_invalid", "the folio's flags say not mapped: INVALID_FOLIO", {
      when: and(not(asked), not(mapped)),
      ...returns(rc.invalidFolio),
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
    step("source_toptier", "the folio is in the top tier: INELIGIBLE_SRC_NODE", {
      when: and(not(asked), mapped, toptier),
      ...returns(rc.sourceNode),
    }),
  ];
}

function lockPoint(v: Shared, returns: Returns): PointData {
  const mm = field(v.in_flight, "mm");
  return point(
    step("mm_locked", "mmap_read_trylock succeeds, mm_users is not 0", {
      when: and(not(is(get(v.mmap_lock, mm), "write")), gt(get(v.mm_users, mm), 0)),
      do: [set(v.migrator_reads, mm)],
      to: "promote_folio:isolate",
    }),
    step("mm_gone", "mmap_read_trylock fails, or mm_users is 0: -EAGAIN", returns(rc.again)),
  );
}

/** folio_get, the page tables down to the entry, isolation, migration: the reference keeps the folio from here on. */
function isolateSteps(v: Shared, has: Has, returns: Returns): readonly NamedStep[] {
  const folio = field(v.in_flight, "folio");
  const maps = eq(get(v.folio_mm, folio), field(v.in_flight, "mm"));
  const mapped = not(isNone(get(v.folio_mm, folio)));
  const pinned = has("folioPinnedWhileQueued");
  const checks = has("promoteChecksPte");
  const found = checks ? [maps] : [];
  const unlock = has("promoteHoldsMmapLock") ? [set(v.migrator_reads, null)] : [];
  return [
    step("pmd_gone", "folio_get; pmd_off: PMD_NOT_PRESENT; folio_put", {
      when: not(maps),
      ...returns(rc.pmdGone, ...unlock),
    }),
    ...(checks
      ? [
          step("pte_gone", "the entry maps another folio or none: PTE_NOT_PRESENT", {
            when: not(maps),
            ...returns(rc.pteGone, ...unlock),
          }),
        ]
      : []),
    step("folio_moved", "pte_offset_map_lock; isolate; the folio is moved", {
      when: and(
        mapped,
        not(get(v.toptier, folio)),
        ...(pinned ? [not(isQueued(v, has, folio))] : []),
        ...found,
      ),
      ...returns(
        0,
        set(get(v.toptier, folio), true),
        ...clearAccess(v, folio),
        ...(pinned ? [] : [makeQueuedStale(v, has, folio)]),
        ...unlock,
      ),
      ...(checks ? {} : { why: "the entry is locked, and nobody looks what it maps" }),
    }),
    step("folio_busy", "isolation or migration fails: -EAGAIN", {
      when: and(...found),
      ...returns(rc.again, ...unlock),
    }),
  ];
}
