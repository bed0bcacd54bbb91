/** What separates the versions in the life of the two threads: one switch a defect, on where it is closed. */
import type { Feature } from "../../entry.ts";

export const daemonFeatures = [
  {
    name: "separateMigrateThread",
    doc: "promotion is the work of a thread of its own, kmmmigrated; off, the scanner drains the list after each visit",
    closes: [],
    restores: [],
    patches: ["p1", "v1", "v2", "v3", "fixed"],
  },
  {
    name: "disabledLoopFirst",
    doc: "the loop that waits for scan_enabled comes before do_scan; off, between do_scan and the sleep",
    closes: [],
    restores: [],
    patches: ["v2", "v3", "fixed"],
  },
  {
    name: "emptyListSleeps",
    doc: "wait_work sleeps whether or not the scan list has a slot",
    closes: ["D53"],
    restores: ["B03"],
    patches: ["p1", "v1", "v2", "v3", "fixed"],
  },
  {
    name: "scanSleepBounded",
    doc: "a store of scan_sleep_ms is clamped to a least and a greatest sleep",
    closes: ["D54", "D59"],
    restores: ["A06", "B03"],
    patches: ["fixed"],
  },
  {
    name: "mmsToScanBounded",
    doc: "a store of mms_to_scan is clamped, so do_scan ends",
    closes: ["D59"],
    restores: ["A06.mms_to_scan", "B03"],
    patches: ["fixed"],
  },
  {
    name: "disabledLoopTestsStop",
    doc: "the loop that waits for scan_enabled also ends on kthread_should_stop",
    closes: ["D55"],
    restores: ["L05"],
    patches: ["fixed"],
  },
  {
    name: "sleepsInterruptibly",
    doc: "the scanner waits with wait_event_interruptible_timeout, so wake_up_interruptible reaches it",
    closes: ["D56"],
    restores: ["L06", "L06.wake"],
    patches: ["fixed"],
  },
  {
    name: "needWakeupTakenAtomically",
    doc: "should_wakeup reads and clears need_wakeup with one xchg",
    closes: ["D57"],
    restores: ["L06", "L06.kept"],
    patches: ["fixed"],
  },
  {
    name: "everyWakerSetsNeedWakeup",
    doc: "each store and each enter on an empty list sets need_wakeup, which no store of the daemon overwrites",
    closes: ["D57"],
    restores: ["L06"],
    patches: ["fixed"],
  },
  {
    name: "queueWakesMigrator",
    doc: "the scanner wakes kmmmigrated when it hands entries over, and kmmmigrated sleeps only in its wait",
    closes: ["D58"],
    restores: ["L06.migrator"],
    patches: ["v0", "fixed"],
  },
  {
    name: "migratorTestsEnabled",
    doc: "kmmmigrated promotes only while scan_enabled is 1",
    closes: ["D79"],
    restores: ["A08"],
    patches: ["v0", "fixed"],
  },
  {
    name: "startTestsNewTask",
    doc: "start tests what kthread_run returned, not the global that it is about to set",
    closes: ["D34"],
    restores: ["S13", "S13.migrator"],
    patches: ["v0", "p1", "v1", "fixed"],
  },
  {
    name: "stopTestsThread",
    doc: "stop_kmmmigrated calls kthread_stop only where there is a thread",
    closes: ["D33"],
    restores: ["S13.migrator"],
    patches: ["v0", "fixed"],
  },
  {
    name: "failedInitUndone",
    doc: "a failed init clears the pointer of the cache that it destroys, and removes only a group that it has created",
    closes: ["D32"],
    restores: ["S10"],
    patches: ["fixed"],
  },
] as const satisfies readonly Feature[];

type DaemonFeature = (typeof daemonFeatures)[number]["name"];

/** Which features a build has. */
export type Has = (feature: DaemonFeature) => boolean;
