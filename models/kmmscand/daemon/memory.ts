/** The globals of the two threads, what the kernel knows about them, and the locals that outlive a step. */
import { bool, declare, int, oneOf } from "../../language/index.ts";

/** Ticks of scan_sleep_ms: what init sets, a short one, and the greatest that is sane; one more stands for UINT_MAX. */
export const ticks = { initial: 2, short: 1, max: 2, huge: 3 } as const;
const ticksLeft = int(0, ticks.huge);
/** A request may wait this long; the counters stop one behind it. */
export const patience = 1;
const waited = int(0, patience + 1);
/** What somebody wants of the scanner: nothing (any more), not yet asked for in full, or overdue from now on. */
const request = oneOf("none", "made", "due");

export const { variables, v } = declare({
  scan_enabled: { sort: bool, initial: true, doc: "kmmscand_scan_enabled" },
  need_wakeup: { sort: bool, initial: false, doc: "need_wakeup: a store asks the scanner to run" },
  scan_sleep: {
    sort: ticksLeft,
    initial: ticks.initial,
    doc: "kmmscand_scan_sleep_ms in ticks; the greatest value stands for 4294967295",
  },
  mms_unbounded: { sort: bool, initial: false, doc: "kmmscand_mms_to_scan is ULONG_MAX, not 4096" },
  sleep_expire: {
    sort: ticksLeft,
    initial: 0,
    doc: "ticks until jiffies reaches kmmscand_sleep_expire; 0 once it has",
  },
  scan_list: { sort: bool, initial: false, doc: "kmmscand_scan.mm_head has a slot" },
  queued: { sort: bool, initial: false, doc: "the migration list has entries" },
  kmmscand: {
    sort: oneOf("none", "running", "interruptible", "uninterruptible"),
    initial: "none",
    doc: "the state of the scanner task; none before kthread_run and after its end",
  },
  off_cpu: { sort: bool, initial: false, doc: "the scanner is inside schedule_timeout: asleep" },
  kmmmigrated: { sort: oneOf("none", "running", "asleep"), initial: "none", doc: "the migrator task" },
  timer: { sort: ticksLeft, initial: 0, doc: "ticks left of the scanner's schedule_timeout" },
  kmmscand_thread: { sort: oneOf("NULL", "task", "ERR_PTR"), initial: "NULL", doc: "kmmscand_thread" },
  kmmmigrated_thread: { sort: oneOf("NULL", "task", "ERR_PTR"), initial: "NULL", doc: "kmmmigrated_thread" },
  should_stop: { sort: bool, initial: false, doc: "kthread_stop was called on the scanner" },
  migrator_should_stop: { sort: bool, initial: false, doc: "kthread_stop was called on the migrator" },
  slot_cache: { sort: oneOf("NULL", "live", "destroyed"), initial: "NULL", doc: "kmmscand_slot_cache" },
  nodeinfo: {
    sort: oneOf("none", "whole", "missing"),
    initial: "none",
    doc: "scanctrl.nodeinfo: of every possible node, or missing for one at least",
  },
  sysfs_group: { sort: bool, initial: false, doc: "/sys/kernel/mm/kmmscand exists" },
  init: {
    sort: oneOf("runs", "done", "failed"),
    initial: "runs",
    doc: "kmmscand_init; user space comes later",
  },
  sleep_read: { sort: ticksLeft, initial: 0, doc: "scan_sleep_jiffies in wait_work" },
  woken: { sort: bool, initial: false, doc: "wakeup in should_wakeup" },
  in_loop: {
    sort: bool,
    initial: false,
    doc: "wait_work was called from the loop that waits for scan_enabled",
  },
  asked_run: { sort: request, initial: "none", doc: "1 is stored in scan_enabled", history: true },
  asked_tune: { sort: request, initial: "none", doc: "a value is stored in scan_sleep_ms", history: true },
  asked_work: { sort: request, initial: "none", doc: "the first mm is listed", history: true },
  waited: { sort: waited, initial: 0, doc: "ticks that a request has waited", history: true },
  entries_waited: { sort: waited, initial: 0, doc: "ticks that entries have waited", history: true },
  off: { sort: waited, initial: 0, doc: "ticks since 0 was stored in scan_enabled", history: true },
  enabled_stored: {
    sort: bool,
    initial: true,
    doc: "scan_enabled should be this, after the store that was made last",
    history: true,
  },
  sleep_stored: {
    sort: ticksLeft,
    initial: ticks.initial,
    doc: "scan_sleep_ms should be this, after the store that was made last",
    history: true,
  },
  entries: {
    sort: bool,
    initial: false,
    doc: "entries were handed over that the migrator has not yet promoted",
    history: true,
  },
  wake_owed: {
    sort: bool,
    initial: false,
    doc: "entries were handed over while the migrator slept, and it has not moved since",
    history: true,
  },
  rested: {
    sort: bool,
    initial: false,
    doc: "since its last round the migrator has slept to the end of the time, or was woken",
    history: true,
  },
});
