/** The thread that v1 adds: kmmmigrated with one list for all mms, kmigrated of v2 and v3 with one for each. */
import {
  type Actor,
  actor,
  and,
  append,
  contains,
  type Effect,
  type Expr,
  emits,
  eq,
  exists,
  field,
  get,
  head,
  type Id,
  isEmpty,
  isNone,
  type NamedStep,
  not,
  type PointData,
  point,
  pop,
  recordOf,
  set,
  step,
} from "../../language/index.ts";
import { type EntryFields, nothing } from "../migration-entry.ts";
import { countSettled } from "./counters.ts";
import type { Has } from "./features.ts";
import { forgetRet, takeSteps } from "./migrate.ts";
import { type Returns, threadPromotePoints } from "./promote.ts";
import type { Shared } from "./shared-memory.ts";
import { servesSlots } from "./waiting.ts";

/** Sleeps of the thread may last any time. */
export function migrator(v: Shared, has: Has): Actor {
  return servesSlots(has) ? kmigrated(v, has) : kmmmigrated(v, has);
}

/** The trace event, the counter and kfree follow each return of promote_folio, then cur_migrate_mm is reset where it is. */
function returning(v: Shared, has: Has, to: string, left: (code: number) => readonly Effect[]): Returns {
  const mm = field(v.in_flight, "mm");
  return (code, ...effects) => ({
    do: [
      ...effects,
      countSettled(v, has, mm),
      set(v.in_flight, recordOf<EntryFields>(nothing)),
      ...left(code),
    ],
    to,
    emits: emits("kmem_scan_mm_migrate", { mm, rc: { kind: "int", value: code } }),
  });
}

function kmmmigrated(v: Shared, has: Has): Actor {
  const take = "migrate_folio:take";
  // With the daemon running on meanwhile, only that ret is not 0 is kept.
  const left = (code: number) => [
    set(v.cur_migrate_mm, null),
    set(v.ret, code === 0 ? 0 : -11),
    ...forgetRet(v, has),
  ];
  return actor({
    name: "migrator",
    doc: "The thread kmmmigrated: drains the migration list while the daemon goes on.",
    initial: take,
    points: {
      [take]: point(...takeSteps(v, has), ...nullSteps(v, has)),
      ...threadPromotePoints(v, has, returning(v, has, take, left)),
    },
  });
}

/** An entry whose mm an exit has cleared: promote_folio is not called and does not set ret. */
function nullSteps(v: Shared, has: Has): readonly NamedStep[] {
  const mm = field(head(v.migrate_list), "mm");
  const given = and(not(isEmpty(v.migrate_list)), isNone(mm), not(v.list_dirty));
  const consumed = { do: [countSettled(v, has, mm), pop(v.migrate_list), ...forgetRet(v, has)] };
  const ok = eq(v.ret, 0);
  const why = "ret is left over from the entry before, or the initial 0";
  if (has("nullEntryNotCounted"))
    return [step("discard", "migrate_lock: unlink an entry without mm; kfree", { when: given, ...consumed })];
  return [
    step("migrated", "an entry without mm; ret is still 0: migrated++, kfree", {
      when: and(given, ok),
      ...consumed,
      why,
    }),
    step("failed", "an entry without mm; ret is not 0: migrate_failed++", {
      when: and(given, not(ok)),
      ...consumed,
      why,
    }),
  ];
}

function kmigrated(v: Shared, has: Has): Actor {
  const [pick, take] = ["kmigrated_migrate_folio:pick", "kmigrated_migrate_mm:take"];
  const turns = has("migratorTakesTurns");
  const idle = set(v.cur_migrate_mm, null);
  return actor({
    name: "migrator",
    doc: "The thread kmigrated: serves the migration slot of one mm, then looks for the next.",
    initial: pick,
    points: {
      [pick]: pickPoint(v, turns, take),
      [take]: takePoint(v, pick),
      ...threadPromotePoints(
        v,
        has,
        returning(v, has, turns ? pick : take, () => (turns ? [idle] : [])),
      ),
    },
  });
}

/** A slot without entries is picked, too, in the kernel, and left again. */
function pickPoint(v: Shared, turns: boolean, take: string): PointData {
  const first = head(v.kmigrated_list);
  const queued = (mm: Expr<Id<"mm">>) =>
    and(contains(v.kmigrated_list, mm), not(isEmpty(get(v.slot_list, mm))));
  return point(
    step("serve", "kscand_migrate_lock: slot at the cursor, or first; cur_mm", {
      when: turns ? exists("mm", "x", queued) : queued(first),
      do: [
        set(v.cur_migrate_mm, first),
        ...(turns ? [pop(v.kmigrated_list), append(v.kmigrated_list, v.cur_migrate_mm)] : []),
      ],
      to: take,
      ...(turns ? {} : { why: "the cursor stays on this slot until its mm exits" }),
    }),
  );
}

/** The slot's lock is taken, for the first time or again after a promotion. */
function takePoint(v: Shared, pick: string): PointData {
  const list = get(v.slot_list, v.cur_migrate_mm);
  const returns = { do: [set(v.cur_migrate_mm, null)], to: pick };
  return point(
    step("stopped", "migrate_lock: clean_list is set: cur_mm = NULL, return", {
      when: v.list_dirty,
      ...returns,
    }),
    step("served", "migrate_lock: no entry is left: cur_mm = NULL, return", {
      when: and(not(v.list_dirty), isEmpty(list)),
      ...returns,
    }),
    step("take", "migrate_lock: unlink the entry", {
      when: and(not(v.list_dirty), not(isEmpty(list))),
      do: [set(v.in_flight, head(list)), pop(list)],
      to: "promote_folio:flags",
      why: "the lock is given up while the folio is promoted",
    }),
  );
}
