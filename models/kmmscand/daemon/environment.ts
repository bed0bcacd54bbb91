/** Who wakes the scanner, or means to: stores, the first mm, and time. */
import {
  type Actor,
  actor,
  add,
  and,
  type Effect,
  type Enum,
  type Expr,
  eq,
  finalPoint,
  greatest,
  type Int,
  is,
  least,
  ne,
  not,
  or,
  type PointData,
  point,
  set,
  step,
  sub,
  when,
} from "../../language/index.ts";
import type { Has } from "./features.ts";
import { patience, ticks, v } from "./memory.ts";
import { served, toRunning, wakeUp } from "./wait.ts";

/** The administrator: `stores` writes, each with its steps one by one. */
export function sysfs(has: Has, stores: number): Actor {
  const first = (done: number) => (done === stores ? "store:done" : `store:${done}`);
  const points: Record<string, PointData> = {};
  for (let done = 0; done < stores; done++) Object.assign(points, store(has, first(done), first(done + 1)));
  return actor({
    name: "sysfs",
    doc: "Writes scan_enabled, scan_sleep_ms and mms_to_scan.",
    initial: first(0),
    points: { ...points, [first(stores)]: finalPoint },
  });
}

/** One write: the value, need_wakeup where the store sets it, sleep_expire, the wake-up. No lock is held. */
function store(has: Has, first: string, behind: string): Readonly<Record<string, PointData>> {
  const [need, expire, wake] = [`${first}_need_wakeup`, `${first}_expire`, `${first}_wake`] as const;
  const usual = has("everyWakerSetsNeedWakeup") ? need : expire;
  const value = (name: string, text: string, effects: readonly Effect[], to: string = usual) =>
    step(name, text, { when: and(is(v.init, "done"), v.sysfs_group), do: effects, to });
  const [min, max] = [
    has("scanSleepHasMin") ? ticks.short : 0,
    has("scanSleepHasMax") ? ticks.max : ticks.huge,
  ];
  const clamped = (written: number) => Math.min(Math.max(written, min), max);
  const sleep = (name: string, text: string, written: number, meant: number) =>
    value(name, text, [set(v.sleep_stored, meant), set(v.scan_sleep, clamped(written)), ask(v.asked_tune)]);
  return {
    [first]: point(
      step("idle", "nobody writes", {}),
      value("disable", "0 is stored in scan_enabled", [
        set(v.enabled_stored, false),
        set(v.scan_enabled, false),
        set(v.off, 0),
        ...served(v.asked_run, v.asked_work),
      ]),
      value(
        "enable",
        "1 is stored in scan_enabled",
        [
          set(v.enabled_stored, true),
          set(v.scan_enabled, true),
          set(v.off, 0),
          set(v.entries_waited, 0),
          ask(v.asked_run),
        ],
        need,
      ),
      sleep("sleep_zero", "0 is written to scan_sleep_ms", 0, has("scanSleepHasMin") ? ticks.short : 0),
      sleep("sleep_short", "a short sleep is written to scan_sleep_ms", ticks.short, ticks.short),
      sleep(
        "sleep_huge",
        "4294967295 is written to scan_sleep_ms",
        ticks.huge,
        has("scanSleepHasMax") ? ticks.max : ticks.huge,
      ),
      value("mms_huge", "ULONG_MAX is written to mms_to_scan", [
        set(v.mms_unbounded, !has("mmsToScanBounded")),
      ]),
    ),
    [need]: point(step("need_wakeup", "need_wakeup = true", { do: [set(v.need_wakeup, true)], to: expire })),
    [expire]: point(step("expire", "sleep_expire = 0", { do: [set(v.sleep_expire, 0)], to: wake })),
    [wake]: point(
      step("wake", "wake_up_interruptible", {
        do: [due(v.asked_run), due(v.asked_tune), ...wakeUp],
        to: behind,
      }),
    ),
  };
}

type Request = Expr<Enum<"none" | "made" | "due">>;

/** Something is wanted of the scanner, if it is there and not on its way out. */
function ask(request: Request): Effect {
  return when(and(ne(v.kmmscand, "none"), not(v.should_stop)), [set(request, "made")]);
}

/** The waker has done its part: from here on the scanner is late, unless it has served the request already. */
function due(request: Request): Effect {
  return when(is(request, "made"), [set(request, "due")]);
}

/** The first task whose mm is tracked, and its end. */
export function task(has: Has): Actor {
  const wakes = "__kmmscand_enter:wake";
  return actor({
    name: "task",
    doc: "A fork or exec enters an mm while the scan list is empty.",
    fairness: "none",
    initial: "__kmmscand_enter:alloc",
    points: {
      "__kmmscand_enter:alloc": point(
        step("no_cache", "the cache is NULL: no slot, the mm is not tracked", {
          when: and(ne(v.init, "runs"), is(v.slot_cache, "NULL")),
          to: "__kmmscand_enter:done",
        }),
        step("alloc", "a slot from the cache; it is listed", {
          when: and(ne(v.init, "runs"), ne(v.slot_cache, "NULL")),
          do: [
            set(v.scan_list, true),
            when(v.scan_enabled, [ask(v.asked_work)]),
            ...(has("everyWakerSetsNeedWakeup") ? [set(v.need_wakeup, true)] : []),
          ],
          to: wakes,
        }),
      ),
      [wakes]: point(
        step("wake", "the list was empty: wake_up_interruptible", {
          do: [due(v.asked_work), ...wakeUp],
          to: "__kmmscand_enter:done",
        }),
      ),
      "__kmmscand_enter:done": finalPoint,
    },
  });
}

/**
 * Time passes only while both threads sleep: whatever a thread does takes less than a tick, and it is not kept waiting for a
 * processor. Stores and tasks may be as slow as they like.
 */
export function clock(): Actor {
  const later = (counter: Expr<Int>) => set(counter, least(add(counter, 1), patience + 1));
  const scannerSleeps = v.off_cpu;
  const overdue = or(...[v.asked_run, v.asked_tune, v.asked_work].map((request) => is(request, "due")));
  return actor({
    name: "clock",
    doc: "The timer tick: jiffies grows by one.",
    fairness: "weak",
    environment: true,
    initial: "tick:jiffies",
    points: {
      "tick:jiffies": point(
        step("tick", "jiffies grows", {
          when: and(
            or(scannerSleeps, is(v.kmmmigrated, "asleep")),
            or(scannerSleeps, is(v.kmmscand, "none")),
            is(v.kmmmigrated, "asleep", "none"),
          ),
          do: [
            set(v.sleep_expire, greatest(sub(v.sleep_expire, 1), 0)),
            when(scannerSleeps, [
              set(v.timer, greatest(sub(v.timer, 1), 0)),
              when(eq(v.timer, 0), toRunning),
            ]),
            when(overdue, [later(v.waited)]),
            when(and(v.queued, v.scan_enabled, is(v.kmmmigrated, "asleep")), [later(v.entries_waited)]),
            when(is(v.kmmmigrated, "asleep"), [set(v.rested, true)]),
            when(is(v.kmmmigrated, "asleep"), [set(v.kmmmigrated, "running")]),
            when(not(v.scan_enabled), [later(v.off)]),
          ],
        }),
      ),
    },
  });
}
