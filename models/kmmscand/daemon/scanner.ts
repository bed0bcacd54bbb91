/** The thread kmmscand: its main loop, the loop for scan_enabled, and do_scan. */
import {
  type Actor,
  actor,
  and,
  type Effect,
  finalPoint,
  is,
  ne,
  not,
  or,
  point,
  set,
  step,
  when,
} from "../../language/index.ts";
import type { Has } from "./features.ts";
import { v } from "./memory.ts";
import { served, waitPoints } from "./wait.ts";

export function scanner(has: Has): Actor {
  const disabledFirst = has("disabledLoopFirst");
  const leaveLoop = has("disabledLoopTestsStop") ? or(v.scan_enabled, v.should_stop) : v.scan_enabled;
  const tracked = v.scan_list;
  const allocated = has("nodeinfoFailureReported") && has("nodeinfoOfPossibleNodes");
  const mayMiss = has("targetChosenByScan") && !allocated;
  const waits = (inLoop: boolean) => ({ do: [set(v.in_loop, inLoop)], to: "wait_work:read" });
  const afterScan = disabledFirst ? waits(false) : { to: "kmmscand:disabled" };
  const queues = has("separateMigrateThread");
  return actor({
    name: "kmmscand",
    doc: "The scanner thread, from kthread_run to its end.",
    initial: "kmmscand:stop_test",
    points: {
      "kmmscand:stop_test": point(
        step("stop", "kthread_should_stop: leave the thread", {
          when: and(ne(v.kmmscand, "none"), v.should_stop),
          do: [set(v.kmmscand, "none"), ...served(v.asked_run, v.asked_tune, v.asked_work)],
          to: "kmmscand:exited",
        }),
        step("go_on", "not asked to stop", {
          when: and(ne(v.kmmscand, "none"), not(v.should_stop)),
          to: disabledFirst ? "kmmscand:disabled" : "do_scan:enabled_test",
        }),
      ),
      "do_scan:enabled_test": point(
        step("give_up", "stop requested or scanning disabled: return", {
          when: or(v.should_stop, not(v.scan_enabled)),
          ...afterScan,
        }),
        step("enabled", "scanning is enabled: look for work", {
          when: not(or(v.should_stop, not(v.scan_enabled))),
          do: served(v.asked_run, v.asked_work),
          to: "do_scan:visit",
        }),
      ),
      "do_scan:visit": point(
        ...(mayMiss
          ? ["visit_hot", "visit_cold"].map((name) =>
              step(name, "a scan: nodeinfo of a node is NULL", {
                when: and(tracked, is(v.nodeinfo, "missing")),
                do: [set(v.kmmscand, "none"), ...served(v.asked_run, v.asked_tune, v.asked_work)],
                to: "kmmscand:oops",
              }),
            )
          : []),
        step("visit_hot", queues ? "visit a slot, hand entries over" : "visit a slot, promote its entries", {
          when: tracked,
          do: queues ? handOver(has) : [],
          to: "do_scan:count",
        }),
        step("visit_cold", "visit a slot: nothing was accessed", { when: tracked, to: "do_scan:count" }),
        step("no_work", "has_work: the scan list is empty", { when: not(tracked), to: "do_scan:count" }),
      ),
      "do_scan:count": point(
        step("again", "fewer than mms_to_scan visits: go on", {
          when: v.mms_unbounded,
          to: "do_scan:enabled_test",
          why: "ULONG_MAX visits take for ever: wait_work is never reached",
        }),
        step("enough", "mms_to_scan visits: return", { when: not(v.mms_unbounded), ...afterScan }),
      ),
      "kmmscand:disabled": point(
        step("wait_enabled", "scanning is disabled: cpu_relax, wait_work", {
          when: not(leaveLoop),
          ...waits(true),
        }),
        step("leave_loop", disabledFirst ? "leave the loop: do_scan" : "leave the loop: wait_work", {
          when: leaveLoop,
          ...(disabledFirst ? { to: "do_scan:enabled_test" } : waits(false)),
        }),
      ),
      ...waitPoints(has, { loop: "kmmscand:disabled", main: "kmmscand:stop_test" }),
      "kmmscand:oops": mayMiss ? finalPoint : undefined,
      "kmmscand:exited": finalPoint,
    },
  });
}

/** The migrator is woken only where somebody thought of it. */
function handOver(has: Has): readonly Effect[] {
  const sleeps = and(is(v.kmmmigrated, "asleep"), v.scan_enabled);
  const wakes = [when(sleeps, [set(v.rested, true)]), when(sleeps, [set(v.kmmmigrated, "running")])];
  return [
    set(v.queued, true),
    set(v.entries, true),
    when(sleeps, [set(v.wake_owed, true)]),
    ...(has("queueWakesMigrator") ? wakes : []),
  ];
}
