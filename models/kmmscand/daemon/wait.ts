/** kmmscand_wait_work: a timed wait whose condition is should_wakeup. */
import {
  and,
  type Bool,
  type Effect,
  type Enum,
  type Expr,
  eq,
  is,
  type NamedStep,
  ne,
  not,
  or,
  type PointData,
  point,
  set,
  step,
  when,
} from "../../language/index.ts";
import type { Has } from "./features.ts";
import { v } from "./memory.ts";

/** The condition of should_wakeup. */
export const asked = or(v.should_stop, v.need_wakeup, eq(v.sleep_expire, 0));

/** The scanner has done what was wanted. */
export function served(...requests: readonly Expr<Enum<"none" | "made" | "due">>[]): readonly Effect[] {
  const overdue = [v.asked_run, v.asked_tune, v.asked_work].map((other) => is(other, "due"));
  return [...requests.map((request) => set(request, "none")), when(not(or(...overdue)), [set(v.waited, 0)])];
}

/** Where wait_work returns to. */
interface Callers {
  readonly loop: string;
  readonly main: string;
}

export function waitPoints(
  has: Has,
  { loop, main }: Callers,
): Readonly<Record<string, PointData | undefined>> {
  const sleeping = has("sleepsInterruptibly") ? "interruptible" : "uninterruptible";
  const atomic = has("needWakeupTakenAtomically");
  const returns = (name: string, description: string, test: Expr<Bool>, effects: readonly Effect[]) => [
    step(name, description, { when: and(test, v.in_loop), do: effects, to: loop }),
    step(name, description, { when: and(test, not(v.in_loop)), do: effects, to: main }),
  ];
  const reads: readonly Effect[] = [set(v.sleep_read, v.scan_sleep), ...served(v.asked_tune)];
  const workless = has("emptyListSleeps")
    ? []
    : returns("workless", "no slot on the list: return", not(v.scan_list), []);
  const worked = has("emptyListSleeps") ? [] : [v.scan_list];
  const over = or(v.woken, eq(v.timer, 0));
  /** What follows a test of the condition. */
  const tested: readonly NamedStep[] = [
    ...returns("leave", "the condition is true or the time is over: return", over, [
      set(v.kmmscand, "running"),
      set(v.woken, false),
      set(v.timer, 0),
    ]),
    step("go_on", "not yet: prepare_to_wait, or sleep", {
      when: and(not(over), is(v.kmmscand, "running")),
      to: "wait_event:prepare",
    }),
    step("go_on", "not yet: prepare_to_wait, or sleep", {
      when: and(not(over), ne(v.kmmscand, "running")),
      to: "wait_event:schedule",
    }),
  ];
  return {
    "wait_work:read": point(
      ...workless,
      ...returns("no_sleep", "scan_sleep_ms is 0: return", and(...worked, eq(v.scan_sleep, 0)), reads),
      step("read", "read scan_sleep_ms", {
        when: and(...worked, ne(v.scan_sleep, 0)),
        do: reads,
        to: "wait_work:expire",
      }),
    ),
    "wait_work:expire": point(
      step("expire", "sleep_expire = jiffies + the value just read", {
        do: [set(v.sleep_expire, v.sleep_read), set(v.timer, v.sleep_read), set(v.sleep_read, 0)],
        to: "should_wakeup:read",
        why: "overwrites the 0 of a store that came after the read",
      }),
    ),
    "should_wakeup:read": point(
      step("test", atomic ? "stop, need_wakeup (xchg with false), time" : "read stop, need_wakeup, time", {
        do: [set(v.woken, asked), ...(atomic ? [set(v.need_wakeup, false)] : [])],
        to: atomic ? "wait_event:tested" : "should_wakeup:clear",
      }),
    ),
    "should_wakeup:clear": atomic
      ? undefined
      : point(
          step("clear", "need_wakeup = false", {
            do: [set(v.need_wakeup, false)],
            to: "wait_event:tested",
            why: "a request that was made since the read is gone",
          }),
        ),
    "wait_event:tested": point(...tested),
    "wait_event:prepare": point(
      step(
        "prepare",
        has("sleepsInterruptibly")
          ? "prepare_to_wait: TASK_INTERRUPTIBLE, on the queue"
          : "prepare_to_wait: TASK_UNINTERRUPTIBLE, on the queue",
        { do: [set(v.kmmscand, sleeping)], to: "should_wakeup:read" },
      ),
    ),
    "wait_event:schedule": point(
      step("schedule", "schedule_timeout", {
        when: and(ne(v.kmmscand, "running"), not(v.off_cpu)),
        do: [set(v.off_cpu, true)],
      }),
      step("awake", "woken, or the timer has fired", {
        when: is(v.kmmscand, "running"),
        to: "wait_event:prepare",
      }),
    ),
  };
}

/** What a wake-up and an expired timer do. */
export const toRunning: readonly Effect[] = [set(v.kmmscand, "running"), set(v.off_cpu, false)];

/** wake_up_interruptible(&kmmscand_wait): only a sleeper in TASK_INTERRUPTIBLE is woken. */
export const wakeUp: readonly Effect[] = [when(is(v.kmmscand, "interruptible"), toRunning)];

/** kthread_stop wakes whatever the state is. */
export const stopScanner: readonly Effect[] = [
  set(v.should_stop, true),
  when(is(v.kmmscand, "interruptible", "uninterruptible"), toRunning),
];
