/** The daemon as this mm sees it: away at others, or on a visit here; in v0 it migrates what it found before it goes on. */
import {
  type Actor,
  actor,
  and,
  is,
  isNone,
  not,
  or,
  type PointData,
  point,
  set,
  step,
  sub,
} from "../../language/index.ts";
import type { Events } from "./events.ts";
import { collectCleanup, collectMayGoOn } from "./exit.ts";
import type { Has } from "./features.ts";
import { type Memory, otherMm, thisMm } from "./memory.ts";
import { drainPoints } from "./migrator.ts";
import type { Names } from "./names.ts";

/** Page tables of the mm are walked here. */
export const walkingAt = (names: Names) => [`${names.scanMm}:walk`];

export function daemon(v: Memory, has: Has, names: Names, events: Events): Actor {
  const drains = !has("separateMigrateThread");
  const next = `${names.doScan}:next`;
  const afterVisit = drains ? `${names.takes}:take` : next;
  return actor({
    name: names.scanner,
    doc: "The scanner. Visits of other mms are steps that change nothing here.",
    initial: next,
    points: {
      [next]: elsewhere(v, has, names, events),
      ...visitPoints(v, has, names, events, afterVisit),
      ...(drains ? drainPoints(v, has, names, events, next) : {}),
    },
  });
}

function elsewhere(v: Memory, has: Has, names: Names, events: Events): PointData {
  const away = isNone(v.cursor);
  return point(
    step("pick", "mm_lock: the cursor is on this slot, or comes to it", {
      when: v.listed,
      do: [set(v.cursor, thisMm), ...(has("exitFreesRestingSlot") ? [set(v.is_scanned, true)] : [])],
      to: `${names.scanMm}:trylock`,
    }),
    step("rest", "the visit of another ends; the cursor moves on to here", {
      when: and(v.listed, away),
      do: [set(v.cursor, thisMm)],
    }),
    step("visit_other", "another mm is visited", { when: away, emits: events.start(otherMm) }),
    step("scan_other", "another mm has been scanned", { when: away, emits: events.endOf(otherMm) }),
    ...(has("separateMigrateThread")
      ? []
      : [step("migrate_other", "an entry of another mm is migrated", { emits: events.migrateOf(otherMm) })]),
  );
}

function visitPoints(
  v: Memory,
  has: Has,
  names: Names,
  events: Events,
  afterVisit: string,
): Readonly<Record<string, PointData>> {
  const at = (what: string) => `${names.scanMm}:${what}`;
  const unlock = set(v.mmap_lock, "free");
  const looksAtOwner = !has("eventsWithoutTask");
  const late = has("startTracedOnceDue");
  const toGate = late ? at("walk") : at("gate");
  const started = { do: events.note("started"), to: toGate, emits: events.start() };
  const leave = { do: [unlock], to: at("advance") };
  return {
    [at("trylock")]: point(
      step("trylock", "mmap_read_trylock succeeds", {
        when: is(v.mmap_lock, "free"),
        do: [set(v.mmap_lock, "read")],
        to: at("users_test"),
      }),
      step("trylock_fails", "mmap_read_trylock fails: somebody writes", { to: at("advance") }),
    ),
    [at("users_test")]: point(
      step("exiting", "mm_users is 0: mmap_read_unlock", { when: not(v.mm_users), ...leave }),
      step("alive", "mm_users is not 0", { when: v.mm_users, to: late ? at("gate") : at("start") }),
      ...(has("scaleTurnsOff")
        ? [step("turned_off", "pte_scan_scale is 0: mmap_read_unlock", { when: v.mm_users, ...leave })]
        : []),
    ),
    [at("start")]: point(
      ...(looksAtOwner
        ? [
            step("start", "mm->owner is a task: trace of the start", { when: v.owner, ...started }),
            step("start_unseen", "mm->owner is NULL: no trace", { when: not(v.owner), to: toGate }),
          ]
        : [step("start", "trace of the start", started)]),
    ),
    [at("gate")]: point(
      step("not_due", "next_scan is not reached: mmap_read_unlock", {
        ...leave,
        ...(late ? {} : { why: "the start has been shown all the same (D81)" }),
      }),
      step("due", "next_scan is reached: walk", { to: late ? at("start") : at("walk") }),
    ),
    [at("walk")]: walk(v, has, events, at("advance")),
    [at("advance")]: advance(v, has, names, afterVisit),
  };
}

function walk(v: Memory, has: Has, events: Events, then: string): PointData {
  const spliced = has("separateMigrateThread");
  const ended = { do: [set(v.accessed, false), set(v.mmap_lock, "free")], to: then };
  const shownEnd = { ...ended, do: [...ended.do, ...events.note("entered")] };
  const queue = [set(v.queued, true), ...(has("queuePerMm") ? [set(v.migrate_slot, true)] : [])];
  const shown = has("eventsWithoutTask") ? and() : v.owner;
  return point(
    ...(spliced
      ? [
          step("accessed", "pte_entry: an accessed folio of the slow tier", {
            when: not(v.accessed),
            do: [set(v.accessed, true)],
          }),
          step("splice", "migrate_lock: the entries found so far are queued", {
            when: and(v.accessed, not(v.queued)),
            do: queue,
            why: "its migration may be shown before the end of this scan",
          }),
        ]
      : [
          step("accessed", "pte_entry: an accessed slow folio is queued", {
            when: or(not(v.accessed), not(v.queued)),
            do: [set(v.accessed, true), ...queue],
          }),
        ]),
    step("end", "trace of the end, accessed folios; mmap_read_unlock", {
      when: and(shown, v.accessed),
      ...shownEnd,
      emits: events.end(1),
    }),
    step("end", "trace of the end, nothing accessed; mmap_read_unlock", {
      when: and(shown, not(v.accessed)),
      ...shownEnd,
      emits: events.end(0),
    }),
    ...(has("eventsWithoutTask")
      ? []
      : [
          step("end_unseen", "mm->owner is NULL: no trace; mmap_read_unlock", {
            when: not(v.owner),
            ...ended,
          }),
        ]),
  );
}

function advance(v: Memory, has: Has, names: Names, to: string): PointData {
  const leave = [set(v.cursor, null), set(v.is_scanned, false)];
  const gone = and(v.listed, not(v.mm_users));
  return point(
    step("collect", `mm_lock: ${names.collect}; mmdrop`, {
      when: and(gone, collectMayGoOn(v, has)),
      do: [...leave, set(v.listed, false), set(v.mm_count, sub(v.mm_count, 1)), ...collectCleanup(v, has)],
      to,
    }),
    step("move_on", "mm_lock: the cursor moves on", { when: not(gone), do: leave, to }),
  );
}
