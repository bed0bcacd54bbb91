/** kmmscand_init and its error paths; and the stop of a module that could be unloaded. */
import {
  type Actor,
  actor,
  and,
  finalPoint,
  is,
  not,
  or,
  type PointData,
  point,
  set,
  step,
} from "../../language/index.ts";
import type { Has } from "./features.ts";
import { v } from "./memory.ts";
import { stopScanner } from "./wait.ts";

const failed = "kmmscand_init:failed";

export function init(has: Has): Actor {
  const migrates = has("separateMigrateThread");
  const seesFailure = has("startTestsNewTask");
  const started = migrates ? "kmmscand_init:start_kmmmigrated" : "kmmscand_init:return";
  const undoes = has("failedInitUndone");
  const choosesNode = has("targetChosenByScan");
  const secondCache = has("migrationSlots");
  const unseen = "kthread_run fails; IS_ERR tests the global: NULL";
  return actor({
    name: "init",
    doc: "subsys_initcall: anything that it calls may fail.",
    initial: "kmmscand_init:cache",
    points: {
      "kmmscand_init:cache": point(
        step("cache", "kmem_cache_create", {
          do: [set(v.slot_cache, "live")],
          to: secondCache ? "kmmscand_init:migration_cache" : "kmmscand_init:sysfs",
        }),
        step("cache_fails", "kmem_cache_create fails: -ENOMEM", {
          do: [set(v.init, "failed")],
          to: failed,
        }),
      ),
      "kmmscand_init:migration_cache": secondCache
        ? point(
            step("migration_cache", "kmem_cache_create of the migration slots", {
              to: "kmmscand_init:sysfs",
            }),
            step("migration_cache_fails", "kmem_cache_create fails: -ENOMEM", {
              to: "kmmscand_init:destroy",
            }),
          )
        : undefined,
      "kmmscand_init:sysfs": point(
        step("group", "sysfs_create_group", {
          do: [set(v.sysfs_group, true)],
          to: choosesNode ? "kmmscand_init:scanctrl" : "kmmscand_init:start_kmmscand",
        }),
        step("group_fails", "sysfs_create_group fails", {
          to: undoes ? "kmmscand_init:destroy" : "kmmscand_init:sysfs_error",
        }),
      ),
      "kmmscand_init:sysfs_error": undoes
        ? undefined
        : point(
            step("remove", "sysfs_remove_group in the error path of init_sysfs", {
              to: "kmmscand_init:destroy",
              why: "the group that could not be created is removed, here and again by destroy",
            }),
          ),
      ...(choosesNode ? scanctrl(has) : {}),
      "kmmscand_init:start_kmmscand": point(
        step("run", "kthread_run(kmmscand)", {
          do: [set(v.kmmscand, "running"), set(v.kmmscand_thread, "task")],
          to: started,
        }),
        seesFailure
          ? step("run_fails", "kthread_run fails: -ENOMEM", { to: "kmmscand_init:destroy" })
          : step("run_fails", unseen, { do: [set(v.kmmscand_thread, "ERR_PTR")], to: started }),
      ),
      ...(migrates ? migratorStart(has, seesFailure, unseen) : {}),
      "kmmscand_init:destroy": point(
        step("remove", "sysfs_remove_group", {
          when: undoes ? v.sysfs_group : and(),
          do: [set(v.sysfs_group, false)],
          to: "kmmscand_init:cache_destroy",
        }),
        ...(undoes
          ? [
              step("no_group", "there is no group to remove", {
                when: not(v.sysfs_group),
                to: "kmmscand_init:cache_destroy",
              }),
            ]
          : []),
      ),
      "kmmscand_init:cache_destroy": point(
        step("destroy", undoes ? "kmem_cache_destroy; the pointer becomes NULL" : "kmem_cache_destroy", {
          do: [set(v.slot_cache, undoes ? "NULL" : "destroyed"), set(v.init, "failed")],
          to: failed,
        }),
      ),
      "kmmscand_init:return": point(
        step("return", "return 0", { do: [set(v.init, "done")], to: "kmmscand_init:done" }),
      ),
      "kmmscand_init:done": finalPoint,
      [failed]: finalPoint,
    },
  });
}

/** scanctrl.nodeinfo: what the scanner counts for each node. */
function scanctrl(has: Has): Readonly<Record<string, PointData>> {
  const next = { to: "kmmscand_init:start_kmmscand" };
  return {
    "kmmscand_init:scanctrl": point(
      step("nodeinfo", "kzalloc nodeinfo for each node", { do: [set(v.nodeinfo, "whole")], ...next }),
      step("nodeinfo_memoryless", "kzalloc nodeinfo; a possible node has no memory", {
        do: [set(v.nodeinfo, has("nodeinfoOfPossibleNodes") ? "whole" : "missing")],
        ...next,
      }),
      has("nodeinfoFailureReported")
        ? step("nodeinfo_fails", "kzalloc fails: -ENOMEM", { to: "kmmscand_init:destroy" })
        : step("nodeinfo_fails", "kzalloc fails, which nobody looks at", {
            do: [set(v.nodeinfo, "missing")],
            ...next,
            why: "the WARN fires where the pointer is not NULL",
          }),
    ),
  };
}

function migratorStart(has: Has, seesFailure: boolean, unseen: string): Readonly<Record<string, PointData>> {
  const checks = has("stopTestsThread");
  return {
    "kmmscand_init:start_kmmmigrated": point(
      step("run_migrator", "kthread_run(kmmmigrated)", {
        do: [set(v.kmmmigrated, "running"), set(v.kmmmigrated_thread, "task")],
        to: "kmmscand_init:return",
      }),
      seesFailure
        ? step("run_migrator_fails", "kthread_run fails: -ENOMEM", {
            to: checks ? "kmmscand_init:stop_kmmscand" : "kmmscand_init:stop_kmmmigrated",
          })
        : step("run_migrator_fails", unseen, {
            do: [set(v.kmmmigrated_thread, "ERR_PTR")],
            to: "kmmscand_init:return",
          }),
    ),
    ...(checks
      ? {}
      : {
          "kmmscand_init:stop_kmmmigrated": point(
            step("stop_migrator", "stop_kmmmigrated: kthread_stop without a look at it", {
              to: "kmmscand_init:stop_kmmscand",
            }),
          ),
        }),
    "kmmscand_init:stop_kmmscand": point(
      step("stop_scanner", "stop_kmmscand: kthread_stop", {
        do: stopScanner,
        to: "kmmscand_init:stopping",
      }),
    ),
    "kmmscand_init:stopping": point(
      step("stopped", "the thread has ended", {
        when: is(v.kmmscand, "none"),
        to: "kmmscand_init:destroy",
      }),
    ),
  };
}

/** Whoever would unload a module: the posted code has no such path. */
export function stopper(has: Has, stops: boolean): Actor {
  const asks = (name: string, thread: "kmmscand" | "kmmmigrated") => [
    step(name, `kthread_stop(${thread})`, {
      when: is(v[`${thread}_thread`], "task"),
      do: thread === "kmmscand" ? stopScanner : [set(v.migrator_should_stop, true)],
      to: `stop_${thread}:wait`,
    }),
    step(name, "kthread_stop of what is no task", {
      when: not(is(v[`${thread}_thread`], "task")),
      to: "kthread_stop:oops",
    }),
  ];
  const migrates = has("separateMigrateThread");
  return actor({
    name: "stopper",
    doc: "Stops the threads once init has succeeded, if it likes.",
    initial: "kthread_stop:idle",
    points: {
      "kthread_stop:idle": point(
        step("idle", "nobody stops the daemon", {}),
        step("stop", "somebody stops the daemon", {
          when: and(is(v.init, "done"), ...(stops ? [] : [or()])),
          to: "stop_kmmscand:call",
        }),
      ),
      "stop_kmmscand:call": point(...asks("stop_scanner", "kmmscand")),
      "stop_kmmscand:wait": point(
        step("stopped", "the scanner has ended", {
          when: is(v.kmmscand, "none"),
          to: migrates ? "stop_kmmmigrated:call" : "kthread_stop:done",
        }),
      ),
      "stop_kmmmigrated:call": migrates ? point(...asks("stop_migrator", "kmmmigrated")) : undefined,
      "stop_kmmmigrated:wait": migrates
        ? point(
            step("migrator_stopped", "the migrator has ended", {
              when: is(v.kmmmigrated, "none"),
              to: "kthread_stop:done",
            }),
          )
        : undefined,
      "kthread_stop:done": finalPoint,
      "kthread_stop:oops": finalPoint,
    },
  });
}
