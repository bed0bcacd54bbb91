/** What the life of the threads has to keep. */
import { and, implies, is, le, lt, ne, not, or, type Property } from "../../language/index.ts";
import { assertion } from "../assertion.ts";
import type { Has } from "./features.ts";
import { patience, ticks, v } from "./memory.ts";
import { asked } from "./wait.ts";
import { wayProperties } from "./ways.ts";

export function daemonProperties(has: Has, stores: number): readonly Property[] {
  return [
    ...safety(has),
    ...bounds(),
    ...requests(has, stores > 0),
    ...(has("separateMigrateThread") ? ofTheMigrator(has) : []),
    ...wayProperties(has, stores > 0),
  ];
}

function safety(has: Has): readonly Property[] {
  return [
    {
      id: "S10",
      kind: "assertion",
      title: "A slot is allocated only from a cache that exists",
      says: "a fork or exec allocates from the cache that the failed init has destroyed",
      defects: ["D32"],
      on: [{ actor: "task", steps: ["alloc"] }],
      holds: is(v.slot_cache, "live"),
    },
    {
      id: "S13",
      kind: "assertion",
      title: "kthread_stop is called on a thread",
      says: "kmmscand_thread is an ERR_PTR that a failed start has left there, taken for success",
      defects: ["D34"],
      on: [{ actor: "stopper", steps: ["stop_scanner"] }],
      holds: is(v.kmmscand_thread, "task"),
    },
    {
      id: "S13.group",
      ...assertion("init", "remove"),
      title: "Only a sysfs group that exists is removed",
      says: "the group that could not be created is removed, once or twice",
      defects: ["D32"],
      holds: v.sysfs_group,
    },
    ...(has("targetChosenByScan")
      ? [
          {
            id: "S13.nodeinfo",
            ...assertion("kmmscand", "visit_hot", "visit_cold"),
            title: "A scan finds nodeinfo for every possible node",
            says: "the scan counts in the nodeinfo of a node for which none was allocated",
            defects: ["D35"],
            holds: is(v.nodeinfo, "whole"),
          },
        ]
      : []),
  ];
}

function bounds(): readonly Property[] {
  return [
    {
      id: "A06",
      kind: "invariant",
      title: "scan_sleep_ms stays within sane bounds",
      says: "the scanner never sleeps, or sleeps for 49 days",
      defects: ["D54", "D59"],
      holds: and(lt(0, v.scan_sleep), le(v.scan_sleep, ticks.max)),
    },
    {
      id: "A06.mms_to_scan",
      kind: "invariant",
      title: "mms_to_scan stays within sane bounds",
      says: "one call of do_scan makes ULONG_MAX visits",
      defects: ["D59"],
      holds: not(v.mms_unbounded),
    },
    {
      id: "B03",
      kind: "leadsTo",
      title: "A scanner that runs goes to sleep in the end",
      says: "the scanner goes round without sleeping: one processor is busy for nothing",
      defects: ["D53", "D54", "D59"],
      from: and(ne(v.kmmscand, "none"), not(v.off_cpu)),
      to: or(v.off_cpu, is(v.kmmscand, "none"), v.should_stop),
    },
    {
      id: "L05",
      kind: "leadsTo",
      title: "A stop request ends the scanner",
      says: "kthread_stop waits for ever, while the scanner spins in the loop for scan_enabled",
      defects: ["D55"],
      from: v.should_stop,
      to: is(v.kmmscand, "none"),
    },
  ];
}

function requests(has: Has, stored: boolean): readonly Property[] {
  const storeDue = or(is(v.asked_run, "due"), is(v.asked_tune, "due"));
  return [
    {
      id: "L06",
      kind: "invariant",
      title: "A request is served within a tick, not after the whole sleep",
      says: "a store or the first mm has no effect before the sleep is over",
      defects: ["D56", "D57"],
      holds: le(v.waited, patience),
      premise: or(is(v.asked_run, "due"), is(v.asked_tune, "due"), is(v.asked_work, "due")),
    },
    ...(stored
      ? [
          {
            id: "A08.soon",
            kind: "invariant" as const,
            title: "A value that is stored is in force within a tick",
            says: "the scanner goes by the old value until its sleep is over",
            defects: ["D56", "D57"],
            holds: implies(storeDue, le(v.waited, patience)),
            premise: storeDue,
          },
        ]
      : []),
    {
      id: "L06.wake",
      kind: "assertion",
      title: "A wake-up that finds the scanner asleep wakes it",
      says: "the scanner sleeps in TASK_UNINTERRUPTIBLE, and wake_up_interruptible passes it by",
      defects: ["D56"],
      on: [...(stored ? [{ actor: "sysfs", steps: ["wake"] }] : []), { actor: "task", steps: ["wake"] }],
      holds: implies(v.off_cpu, is(v.kmmscand, "interruptible")),
      premise: v.off_cpu,
    },
    {
      id: "L06.kept",
      kind: "assertion",
      title: "need_wakeup is cleared only by who has seen it",
      says: "the request was made between the test of need_wakeup and its clearing, and is gone",
      defects: ["D57"],
      on: [{ actor: "kmmscand", steps: [has("needWakeupTakenAtomically") ? "test" : "clear"] }],
      holds: implies(v.need_wakeup, or(v.woken, has("needWakeupTakenAtomically") ? asked : v.woken)),
      premise: v.need_wakeup,
    },
  ];
}

function ofTheMigrator(has: Has): readonly Property[] {
  return [
    {
      id: "S13.migrator",
      kind: "assertion",
      title: "kthread_stop of the migrator is called on a thread",
      says: "kthread_stop gets NULL where the start failed, or the ERR_PTR that was taken for success",
      defects: ["D33", "D34"],
      on: [
        { actor: "stopper", steps: ["stop_migrator"] },
        ...(has("stopTestsThread") || !has("startTestsNewTask")
          ? []
          : [{ actor: "init", steps: ["stop_migrator"] }]),
      ],
      holds: is(v.kmmmigrated_thread, "task"),
    },
    {
      id: "A08",
      kind: "assertion",
      title: "Nothing is promoted once scanning has been off for a tick",
      says: "0 in scan_enabled stops the scanner only: the migrator goes on",
      defects: ["D79"],
      on: [{ actor: "kmmmigrated", steps: ["migrate", "migrate_some"] }],
      holds: le(v.off, patience),
    },
    {
      id: "L06.migrator",
      kind: "invariant",
      title: "The migrator takes queued entries within a tick",
      says: "nobody ever wakes the migrator: it looks at the list every 40 ms",
      defects: ["D58"],
      holds: le(v.entries_waited, patience),
      premise: v.queued,
    },
  ];
}
