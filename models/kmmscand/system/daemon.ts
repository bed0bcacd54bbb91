/** The thread `kmmscand`: its main loop, do_scan and wait_work. */
import { type Actor, actor, finalPoint, isEmpty, not, or, point, step } from "../../language/index.ts";
import type { Has } from "./features.ts";
import { migratePoints } from "./migrate.ts";
import { afterVisit, scanPoints } from "./scan.ts";
import type { Scope, Shared } from "./shared-memory.ts";

export function daemon(v: Shared, has: Has, scope: Scope): Actor {
  const leaveLoop = has("disabledLoopTestsStop") ? or(v.scan_enabled, v.should_stop) : v.scan_enabled;
  return actor({
    name: "kmmscand",
    doc: has("separateMigrateThread")
      ? "The scanner thread: one visit to one mm, then a sleep."
      : "The scanner thread: one visit to one mm, then the migration list, then a sleep.",
    initial: "kmmscand:stop_test",
    points: {
      "kmmscand:stop_test": point(
        step("stop", "kthread_should_stop: leave the thread", {
          when: v.should_stop,
          to: "kmmscand:exited",
        }),
        step("go_on", "not asked to stop: do_scan", {
          when: not(v.should_stop),
          to: "do_scan:enabled_test",
        }),
      ),
      "do_scan:enabled_test": point(
        step("give_up", "stop requested or scanning disabled: return", {
          when: or(v.should_stop, not(v.scan_enabled)),
          to: "kmmscand:disabled",
        }),
        step("enabled", "scanning is enabled: look for work", {
          when: not(or(v.should_stop, not(v.scan_enabled))),
          to: "do_scan:has_work",
        }),
      ),
      "do_scan:has_work": point(
        step("work", "has_work: the scan list is not empty", {
          when: not(isEmpty(v.scan_list)),
          to: "scan_mm_slot:pick",
          why: "list_empty is read without mm_lock: the list may change before pick",
        }),
        step("no_work", "has_work: the scan list is empty", {
          when: isEmpty(v.scan_list),
          to: afterVisit(has),
        }),
      ),
      ...scanPoints(v, has, scope),
      ...(has("separateMigrateThread") ? { "do_scan:limit": limit } : migratePoints(v, has)),
      "kmmscand:disabled": point(
        step("wait_enabled", "scanning is disabled: cpu_relax, wait_work", {
          when: not(leaveLoop),
          ...(has("disabledLoopTestsStop")
            ? {}
            : { why: "the loop reads scan_enabled only: a stop request is not seen here" }),
        }),
        step("sleep", "leave the loop; wait_work sleeps for scan_sleep_ms", {
          when: leaveLoop,
          to: "kmmscand:stop_test",
        }),
      ),
      "kmmscand:exited": finalPoint,
    },
  });
}

const limit = point(
  step("next_visit", "fewer than mms_to_scan visits: the next one", { to: "do_scan:enabled_test" }),
  step("last_visit", "mms_to_scan visits done: return", { to: "kmmscand:disabled" }),
);
