/**
 * The thread kmmmigrated of v1 to v3. A round is one step: whatever comes between its test of the list and its sleep finds it
 * as if it slept already, since it tests the list again before the wait that can be cut. A stop is tested between two entries,
 * too: more runs, none fewer.
 */
import { type Actor, actor, and, finalPoint, is, ne, not, point, set, step } from "../../language/index.ts";
import type { Has } from "./features.ts";
import { v } from "./memory.ts";

export function migrator(has: Has): Actor {
  const may = has("migratorTestsEnabled") ? v.scan_enabled : and();
  const work = and(v.queued, may);
  const wakes = has("queueWakesMigrator");
  const [sleep, next] = wakes
    ? (["wait_event_timeout", "kmmmigrated:wait_work"] as const)
    : (["msleep(20)", "kmmmigrated:msleep"] as const);
  const exists = ne(v.kmmmigrated, "none");
  const goesOn = and(exists, not(v.migrator_should_stop));
  const moves = [set(v.wake_owed, false), set(v.rested, false)];
  const sleeps = [set(v.kmmmigrated, "asleep"), ...moves];
  return actor({
    name: "kmmmigrated",
    doc: "The migrator thread: looks at the list, sleeps, looks again.",
    initial: "kmmmigrated:stop_test",
    points: {
      "kmmmigrated:stop_test": point(
        step("stop", "kthread_should_stop: leave the thread", {
          when: and(exists, v.migrator_should_stop),
          do: [set(v.kmmmigrated, "none")],
          to: "kmmmigrated:exited",
        }),
        step("migrate", `has_work: promote what is on the list; ${sleep}`, {
          when: and(goesOn, work),
          do: [set(v.queued, false), set(v.entries, false), set(v.entries_waited, 0), ...sleeps],
          to: next,
        }),
        step("migrate_some", "promote some of a long list: that takes a tick", {
          when: and(goesOn, work),
          do: [set(v.entries_waited, 0), ...sleeps],
          to: "kmmmigrated:migrating",
        }),
        step("no_work", `nothing to do; ${sleep}`, {
          when: and(goesOn, not(work)),
          do: sleeps,
          to: next,
        }),
      ),
      "kmmmigrated:migrating": point(
        step("next", "the next entries", {
          when: is(v.kmmmigrated, "running"),
          do: moves,
          to: "kmmmigrated:stop_test",
        }),
      ),
      "kmmmigrated:msleep": wakes
        ? undefined
        : point(
            step("msleep", "msleep returns: wait_event_timeout", {
              when: is(v.kmmmigrated, "running"),
              do: sleeps,
              to: "kmmmigrated:wait_work",
              why: "nothing has ended the first sleep early, and nothing ends the second",
            }),
          ),
      "kmmmigrated:wait_work": point(
        step("awake", "woken, or the timer has fired", {
          when: is(v.kmmmigrated, "running"),
          do: moves,
          to: "kmmmigrated:stop_test",
        }),
      ),
      "kmmmigrated:exited": finalPoint,
    },
  });
}
