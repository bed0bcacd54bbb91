/** Which way each thread takes, and why: what a step may count on, and what it must have done. */
import { and, at, choose, eq, implies, is, ne, not, or, type Property } from "../../language/index.ts";
import { assertion } from "../assertion.ts";
import type { Has } from "./features.ts";
import { v } from "./memory.ts";

/** @param stored - the administrator writes anything */
export function wayProperties(has: Has, stored: boolean): readonly Property[] {
  return [
    ...initProperties(has),
    ...scannerProperties(has),
    ...waitProperties(has),
    ...stopProperties(has),
    ...(stored ? storeProperties() : []),
    ...(has("separateMigrateThread") ? migratorProperties(has) : []),
  ];
}

/** kmmscand_init, and who comes after it. */
function initProperties(has: Has): readonly Property[] {
  const undoes = has("separateMigrateThread") && has("startTestsNewTask");
  return [
    {
      id: "S10.init",
      kind: "invariant",
      title:
        "Where init has succeeded, cache and group exist; where it has failed, neither does, nor a thread",
      says: "init returns with the cache, the group or the thread in another state than it says",
      holds: and(
        implies(is(v.init, "done"), and(is(v.slot_cache, "live"), v.sysfs_group)),
        implies(
          is(v.init, "failed"),
          and(ne(v.slot_cache, "live"), not(v.sysfs_group), is(v.kmmscand, "none")),
        ),
      ),
    },
    ...(has("failedInitUndone")
      ? [
          {
            id: "S10.untracked",
            ...assertion("task", "no_cache"),
            title: "An mm goes untracked only where there is no cache",
            says: "fork or exec leaves an mm untracked although slots could be had",
            holds: is(v.slot_cache, "NULL"),
          },
        ]
      : []),
    {
      id: "S13.early",
      ...assertion("task", "alloc", "no_cache"),
      title: "No process enters an mm before init has returned",
      says: "a fork or exec comes while init is under way",
      holds: ne(v.init, "runs"),
    },
    ...(undoes
      ? [
          {
            id: "L05.init",
            kind: "leadsTo" as const,
            title: "An init that fails comes to its end",
            says: "init waits for ever for a thread that it has not asked to stop",
            from: at("init", [
              "kmmscand_init:stop_kmmscand",
              "kmmscand_init:stopping",
              "kmmscand_init:destroy",
              "kmmscand_init:cache_destroy",
            ]),
            to: is(v.init, "failed"),
          },
        ]
      : []),
  ];
}

/** The main loop. */
function scannerProperties(has: Has): readonly Property[] {
  const leaves = has("disabledLoopTestsStop") ? or(v.scan_enabled, v.should_stop) : v.scan_enabled;
  return [
    {
      id: "L05.asked",
      ...assertion("kmmscand", "stop"),
      title: "The scanner ends only where it was asked to stop",
      says: "the scanner thread ends, and nothing is scanned any more",
      holds: v.should_stop,
    },
    {
      id: "A08.enabled",
      ...assertion("kmmscand", "enabled"),
      title: "Work is looked for only while scanning is enabled and nobody has asked to stop",
      says: "the scanner visits mms although scanning has been disabled, or a stop requested",
      holds: and(v.scan_enabled, not(v.should_stop)),
    },
    {
      id: "A08.loop",
      ...assertion("kmmscand", "leave_loop"),
      title: "The loop for scan_enabled is left only where it is set, or to stop",
      says: "the scanner leaves the loop while scanning is disabled",
      holds: leaves,
    },
    {
      id: "S13.work",
      ...assertion("kmmscand", "visit_hot", "visit_cold"),
      title: "A slot is visited only where there is one",
      says: "the scanner visits a slot of an empty list",
      holds: v.scan_list,
    },
    {
      id: "L01.work",
      ...assertion("kmmscand", "no_work"),
      title: "has_work says no only of an empty list",
      says: "the scanner passes over an mm that is listed",
      holds: not(v.scan_list),
    },
  ];
}

/** wait_event_timeout. */
function waitProperties(has: Has): readonly Property[] {
  const waits = at("kmmscand", [
    "should_wakeup:read",
    ...(has("needWakeupTakenAtomically") ? [] : ["should_wakeup:clear"]),
    "wait_event:tested",
    "wait_event:prepare",
    "wait_event:schedule",
  ]);
  return [
    {
      id: "S10.waits",
      kind: "invariant",
      title: "Outside of wait_event_timeout the scanner is runnable, and its timer is off",
      says: "the scanner goes on in the state of a sleeper: the next schedule() is for ever, or a timer fires that nobody waits for",
      holds: or(waits, and(is(v.kmmscand, "none", "running"), not(v.off_cpu), eq(v.timer, 0))),
    },
    {
      id: "S10.asleep",
      ...assertion("kmmscand", "schedule"),
      title: "A thread that sleeps does nothing",
      says: "the scanner calls schedule_timeout while it sleeps",
      holds: not(v.off_cpu),
    },
    {
      id: "B03.whole",
      ...assertion("kmmscand", "leave"),
      title: "A sleep ends when its time is over, or on request",
      says: "the scanner goes on before the time is over, and nobody has asked it to",
      holds: or(v.woken, eq(v.timer, 0)),
    },
    {
      id: "L01.wakes",
      kind: "leadsTo",
      title: "A scanner that sleeps goes on in the end",
      says: "nothing ends the sleep: its time is never over",
      from: v.off_cpu,
      to: not(v.off_cpu),
    },
  ];
}

/** kthread_stop. */
function stopProperties(has: Has): readonly Property[] {
  const migrates = has("separateMigrateThread");
  const inInit = migrates ? [{ actor: "init", steps: ["stopped"] }] : [];
  const waitsFor = [
    "stop_kmmscand:call",
    "stop_kmmscand:wait",
    ...(migrates ? ["stop_kmmmigrated:call", "stop_kmmmigrated:wait"] : []),
  ];
  const thread = migrates
    ? choose(at("stopper", ["stop_kmmmigrated:wait"]), is(v.kmmmigrated, "none"), is(v.kmmscand, "none"))
    : is(v.kmmscand, "none");
  return [
    {
      id: "L05.woken",
      kind: "invariant",
      title: "A scanner that was asked to stop does not sleep",
      says: "kthread_stop waits until the time of the sleep is over",
      holds: not(and(v.should_stop, v.off_cpu)),
      premise: v.should_stop,
    },
    {
      id: "S13.stopped",
      kind: "assertion",
      title: "kthread_stop returns only when the thread has ended",
      says: "what the thread still uses is freed or destroyed",
      on: [{ actor: "stopper", steps: ["stopped", ...(migrates ? ["migrator_stopped"] : [])] }, ...inInit],
      holds: thread,
    },
    {
      id: "L05.returns",
      kind: "leadsTo",
      title: "Who stops the daemon comes to the end of it",
      says: "kthread_stop never returns, or follows a bad pointer",
      defects: ["D55", "D34"],
      from: at("stopper", waitsFor),
      to: at("stopper", ["kthread_stop:done"]),
    },
  ];
}

/** The stores. */
function storeProperties(): readonly Property[] {
  const begun = ["store:0_need_wakeup", "store:0_expire", "store:0_wake"];
  return [
    {
      id: "A08.stored",
      kind: "invariant",
      title: "What is in force is what was stored last, brought into its range",
      says: "a store has returned, and another value is in force",
      holds: and(eq(v.scan_enabled, v.enabled_stored), eq(v.scan_sleep, v.sleep_stored)),
    },
    {
      id: "S13.user",
      ...assertion("sysfs", ...["disable", "enable", "sleep_zero", "sleep_short", "sleep_huge", "mms_huge"]),
      title: "Nothing is stored before init has returned",
      says: "a store comes while init is under way, or after it has failed",
      holds: is(v.init, "done"),
    },
    {
      id: "B04.store",
      kind: "leadsTo",
      title: "A store that has begun comes to its end",
      says: "a write to sysfs never returns",
      from: at("sysfs", begun),
      to: not(at("sysfs", begun)),
    },
  ];
}

/** The thread kmmmigrated. */
function migratorProperties(has: Has): readonly Property[] {
  const wakes = has("queueWakesMigrator");
  const rounds = ["migrate", "migrate_some", "no_work"];
  return [
    {
      id: "L05.migrator",
      kind: "leadsTo",
      title: "A stop request ends the migrator",
      says: "kthread_stop of the migrator waits for ever",
      from: v.migrator_should_stop,
      to: is(v.kmmmigrated, "none"),
    },
    {
      id: "L05.ended",
      ...assertion("kmmmigrated", "stop"),
      title: "The migrator ends only where it was asked to stop",
      says: "the migrator thread ends, and nothing is promoted any more",
      holds: v.migrator_should_stop,
    },
    {
      id: "L05.rounds",
      ...assertion("kmmmigrated", ...rounds),
      title: "A migrator that was asked to stop begins no other round",
      says: "the migrator promotes, or goes to sleep, although it was asked to stop",
      holds: not(v.migrator_should_stop),
    },
    {
      id: "S13.thread",
      ...assertion("kmmmigrated", "stop", ...rounds),
      title: "Only a thread that exists does anything",
      says: "the migrator moves before it was made, or after its end",
      holds: ne(v.kmmmigrated, "none"),
    },
    {
      id: "S13.queued",
      ...assertion("kmmmigrated", "migrate", "migrate_some"),
      title: "The migrator takes entries only where there are some",
      says: "the migrator takes an entry from an empty list",
      holds: v.entries,
    },
    {
      id: "A01",
      kind: "invariant",
      title: "The list has entries from when they are handed over until they are promoted",
      says: "entries are lost, or taken again and again",
      holds: eq(v.queued, v.entries),
    },
    {
      id: "B03.migrator",
      ...assertion("kmmmigrated", "awake", "next", ...(wakes ? [] : ["msleep"])),
      title: "Between two rounds the migrator sleeps, unless it is woken",
      says: "the migrator goes round without sleeping: one processor is busy for nothing",
      holds: v.rested,
    },
    {
      id: "L06.woken",
      kind: "invariant",
      title: "Entries that are handed over wake a migrator that sleeps",
      says: "the migrator sleeps on while entries wait for it",
      defects: ["D58"],
      holds: not(and(v.wake_owed, is(v.kmmmigrated, "asleep"))),
      premise: v.wake_owed,
    },
  ];
}
