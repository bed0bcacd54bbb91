/** Migration of queued entries: by the daemon itself (v0), by a thread with one list (v1), with a list for each mm (v2, v3). */
import {
  type Actor,
  actor,
  and,
  eq,
  finalPoint,
  isNone,
  not,
  or,
  type PointData,
  point,
  set,
  step,
} from "../../language/index.ts";
import type { Events } from "./events.ts";
import type { Has } from "./features.ts";
import { type Memory, otherMm, thisMm } from "./memory.ts";
import type { Names } from "./names.ts";

type Points = Readonly<Record<string, PointData>>;

/** Where trace_kmem_scan_mm_migrate has dereferenced a NULL mm->owner. */
export const oopsAt = "trace_event_raw_event_kmem_scan_mm_migrate:oops";

/** v0, after every visit: the list is emptied before the daemon goes on. */
export function drainPoints(v: Memory, has: Has, names: Names, events: Events, then: string): Points {
  const take = `${names.takes}:take`;
  return {
    [take]: point(
      step("drained", "migrate_lock: no entry of this mm is left", { when: not(v.queued), to: then }),
      ...takeSteps(v, names, v.queued),
    ),
    [`${names.promote}:account`]: account(v, has, events, take, [set(v.cur_migrate_mm, false)]),
    ...oopsPoint(has),
  };
}

const oopsPoint = (has: Has): Points => (has("eventsWithoutTask") ? {} : { [oopsAt]: finalPoint });

/** The first entry of this mm leaves the list; more may be left. */
function takeSteps(v: Memory, names: Names, given: ReturnType<typeof not>) {
  const to = `${names.promote}:account`;
  const take = [set(v.cur_migrate_mm, true)];
  return [
    step("take", "an entry is unlinked, and more are queued", { when: given, do: take, to }),
    step("take_last", "the last entry is unlinked", { when: given, do: [...take, set(v.queued, false)], to }),
    step("drop_last", "the list is dirty: the last entry is dropped", {
      when: given,
      do: [set(v.queued, false)],
      why: "whatever mm it belongs to (D69)",
    }),
  ];
}

/** promote_folio returns, and the event is shown. */
function account(
  v: Memory,
  has: Has,
  events: Events,
  to: string,
  after: readonly ReturnType<typeof set>[],
): PointData {
  const shown = has("eventsWithoutTask") ? and() : v.owner;
  return point(
    step("promoted", "promote_folio succeeds; trace", {
      when: shown,
      do: after,
      to,
      emits: events.migrate(0),
    }),
    step("refused", "promote_folio fails; trace", { when: shown, do: after, to, emits: events.migrate(1) }),
    ...(has("eventsWithoutTask")
      ? []
      : [
          step("oops", "the trace event reads mm->owner, which is NULL", {
            when: not(v.owner),
            to: oopsAt,
            why: "the daemon dies, and cur_migrate_mm stays (D29)",
          }),
        ]),
  );
}

export function migrator(v: Memory, has: Has, names: Names, events: Events): Actor {
  return actor({
    name: names.migrator,
    doc: "The migration thread. Entries of other mms are steps that change nothing here.",
    ...(has("queuePerMm") ? ownLists(v, has, names, events) : oneList(v, has, names, events)),
  });
}

function oneList(v: Memory, has: Has, names: Names, events: Events) {
  const take = `${names.takes}:take`;
  return {
    initial: take,
    points: {
      [take]: point(
        ...takeSteps(v, names, v.queued),
        step("migrate_other", "an entry of another mm is migrated", { emits: events.migrateOf(otherMm) }),
      ),
      [`${names.promote}:account`]: account(v, has, events, take, [set(v.cur_migrate_mm, false)]),
      ...oopsPoint(has),
    },
  };
}

function ownLists(v: Memory, has: Has, names: Names, events: Events) {
  const pick = `${names.migrator}_migrate_folio:pick`;
  const take = `${names.takes}:take`;
  const here = or(isNone(v.migrate_cursor), eq(v.migrate_cursor, thisMm));
  const there = eq(v.migrate_cursor, otherMm);
  return {
    initial: pick,
    points: {
      [pick]: point(
        step("pick_this", "the cursor is, or comes to be, on the slot of this mm", {
          when: and(v.migrate_slot, here),
          do: [set(v.migrate_cursor, thisMm), set(v.cur_migrate_mm, true)],
          to: take,
          why: "it is never moved on (D45)",
        }),
        step("pick_other", "the cursor comes to be on the slot of another mm", {
          when: isNone(v.migrate_cursor),
          do: [set(v.migrate_cursor, otherMm)],
        }),
        step("other_exits", "the other mm exits and takes the cursor with it", {
          when: there,
          do: [set(v.migrate_cursor, null)],
        }),
        step("migrate_other", "an entry of another mm is migrated", {
          when: there,
          emits: events.migrateOf(otherMm),
        }),
      ),
      [take]: point(
        step("list_done", "the list is empty, or an exit wants it", {
          when: or(not(v.queued), v.clean_list),
          do: [set(v.cur_migrate_mm, false)],
          to: pick,
        }),
        ...takeSteps(v, names, and(v.queued, not(v.clean_list))).filter(({ name }) => name !== "drop_last"),
      ),
      [`${names.promote}:account`]: account(v, has, events, take, []),
      ...oopsPoint(has),
    },
  };
}
