/** migrate_folio of v0 drains the migration list; its promote_folio moves one folio. */
import {
  add,
  and,
  type Effect,
  type Expr,
  emits,
  eq,
  exclude,
  field,
  get,
  head,
  isEmpty,
  isNone,
  type NamedStep,
  not,
  point,
  pop,
  type Rec,
  recordOf,
  set,
  step,
  sub,
  when,
} from "../../language/index.ts";
import { type EntryFields, nothing } from "../migration-entry.ts";
import type { Points } from "../points.ts";
import { countDropped, countSettled } from "./counters.ts";
import type { Has } from "./features.ts";
import type { Outcome, Shared } from "./shared-memory.ts";

/** What promote_folio returns: moved, KMMSCAND_INVALID_FOLIO, KMMSCAND_LRU_ISOLATION_ERR, -EAGAIN. */
const rc: Readonly<Record<Outcome, number>> = { moved: 0, invalidFolio: 2, isolationError: 6, again: -11 };

export function migratePoints(v: Shared, has: Has): Points {
  const waiting = not(isEmpty(v.migrate_list));
  return {
    "migrate_folio:take": point(
      step("next_visit", "the list is empty; fewer than mms_to_scan visits: next", {
        when: not(waiting),
        to: "do_scan:enabled_test",
      }),
      step("last_visit", "the list is empty; mms_to_scan visits done: return", {
        when: not(waiting),
        to: "kmmscand:disabled",
      }),
      ...takeSteps(v, has),
      step("take_null", "migrate_lock: unlink an entry whose mm is NULL", {
        when: and(waiting, not(v.list_dirty), isNone(field(head(v.migrate_list), "mm"))),
        do: unlinkFirst(v),
        to: "migrate_folio:account",
        why: "an exit has cleared it: promote_folio is not called and does not set ret",
      }),
    ),
    ...promotePoints(v, has),
    "migrate_folio:account": point(...accountSteps(v, has)),
  };
}

const unlinkFirst = (v: Shared): readonly Effect[] => [
  set(v.in_flight, head(v.migrate_list)),
  set(v.cur_migrate_mm, field(head(v.migrate_list), "mm")),
  pop(v.migrate_list),
];

/** The section of migrate_lock: the dirty flag costs the first entry, or it is unlinked to be promoted. */
export function takeSteps(v: Shared, has: Has): readonly NamedStep[] {
  const waiting = not(isEmpty(v.migrate_list));
  const named = not(isNone(field(head(v.migrate_list), "mm")));
  const ownOnly = has("separateMigrateThread") && has("dirtyDropsOwnEntry");
  const drops = ownOnly ? and(v.list_dirty, not(named)) : v.list_dirty;
  return [
    step("drop_dirty", "migrate_lock: dirty: clear it, unlink and free this entry", {
      when: and(waiting, drops),
      do: [
        set(v.list_dirty, false),
        countDropped(v),
        ...forgetVma(v, has, head(v.migrate_list)),
        pop(v.migrate_list),
        ...forgetRet(v, has),
      ],
      why: ownOnly ? "its mm is NULL" : "whatever mm the entry belongs to",
    }),
    step("take", "migrate_lock: unlink the entry; cur_migrate_mm = its mm", {
      when: and(waiting, not(drops), named),
      do: unlinkFirst(v),
      to: "promote_folio:flags",
      why: "the entry is off the list now: only cur_migrate_mm tells an exit about it",
    }),
  ];
}

/** An entry of v0 points to the VMA of its folio. */
export const keepsVma = (has: Has): boolean => !has("separateMigrateThread") && !has("entryWithoutVma");

/** The entry goes, and its pointer with it. */
const forgetVma = (v: Shared, has: Has, entry: Expr<Rec<EntryFields>>): readonly Effect[] =>
  keepsVma(has) ? [exclude(v.vma_freed, field(entry, "folio"))] : [];

function promotePoints(v: Shared, has: Has): Points {
  const folio = field(v.in_flight, "folio");
  const mapped = not(isNone(get(v.folio_mm, folio)));
  const returns = (outcome: Outcome, ...effects: readonly Effect[]) => ({
    do: [...effects, set(v.ret, rc[outcome]), set(v.outcome, outcome)],
    to: "migrate_folio:account",
  });
  const isolated = has("isolationCounted") ? [set(v.isolated, add(v.isolated, 1))] : [];
  const migrated = [...isolated, set(v.isolated, sub(v.isolated, 1))];
  return {
    "promote_folio:flags": point(
      step("flags_valid", "the folio's flags say mapped, on the LRU, slow tier", {
        when: mapped,
        to: "promote_folio:isolate",
      }),
      step("flags_invalid", "the folio's flags say not mapped: INVALID_FOLIO", {
        when: not(mapped),
        ...returns("invalidFolio"),
      }),
    ),
    "promote_folio:isolate": point(
      step("not_isolated", "folio_get; it left the LRU: LRU_ISOLATION_ERR", {
        when: not(mapped),
        ...returns("isolationError"),
      }),
      step("folio_moved", "isolate; migrate_misplaced_folio moves the folio", {
        when: mapped,
        ...returns("moved", set(get(v.toptier, folio), true), ...migrated),
      }),
      step("folio_busy", "isolate; migrate_misplaced_folio returns -EAGAIN", {
        when: mapped,
        ...returns("again", ...migrated),
      }),
    ),
  };
}

/** The trace event, the counter and kfree; then cur_migrate_mm is reset under migrate_lock. */
function accountSteps(v: Shared, has: Has): readonly NamedStep[] {
  const mm = field(v.in_flight, "mm");
  const free: readonly Effect[] = [
    ...forgetVma(v, has, v.in_flight),
    set(v.isolated, 0),
    set(v.outcome, "none"),
    set(v.in_flight, recordOf<EntryFields>(nothing)),
    set(v.cur_migrate_mm, null),
    ...forgetRet(v, has),
  ];
  const counted = { do: [countSettled(v, has, mm), ...free], to: "migrate_folio:take" };
  const traced = { emits: emits("kmem_scan_mm_migrate", { mm, rc: v.ret }) };
  const promoted = not(isNone(mm));
  const ok = eq(v.ret, 0);
  const why = "ret is left over from the entry before, or the initial 0";
  return [
    ...(has("nullEntryNotCounted")
      ? [
          step("discard", "mm is NULL: kfree; migrate_lock: cur_migrate_mm = NULL", {
            when: not(promoted),
            ...counted,
          }),
        ]
      : []),
    step("migrated", "ret is 0: migrated++, kfree; cur_migrate_mm = NULL", {
      when: and(promoted, ok),
      ...counted,
      ...traced,
    }),
    step("failed", "ret is not 0: migrate_failed++, kfree; cur_migrate_mm = NULL", {
      when: and(promoted, not(ok)),
      ...counted,
      ...traced,
    }),
    ...(has("nullEntryNotCounted")
      ? []
      : [
          step("migrated", "ret is still 0: migrated++, kfree; cur_migrate_mm = NULL", {
            when: and(not(promoted), ok),
            ...counted,
            why,
          }),
          step("failed", "ret is still not 0: migrate_failed++, kfree", {
            when: and(not(promoted), not(ok)),
            ...counted,
            why,
          }),
        ]),
  ];
}

/** ret is read again only for an entry without mm: it is dead after the last entry, and always where such are not counted. */
export function forgetRet(v: Shared, has: Has): readonly Effect[] {
  const dead = set(v.ret, 0);
  return has("nullEntryNotCounted") ? [dead] : [when(isEmpty(v.migrate_list), [dead])];
}
