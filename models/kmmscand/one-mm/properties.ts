/** What is asked of the life of one mm. */
import { and, at, eq, implies, is, not, type Property } from "../../language/index.ts";
import { assertion } from "../assertion.ts";
import { walkingAt } from "./daemon.ts";
import { exitOf } from "./exit.ts";
import type { Has } from "./features.ts";
import { type Memory, thisMm } from "./memory.ts";
import { oopsAt } from "./migrator.ts";
import type { Names } from "./names.ts";
import { tornDownAt } from "./owner.ts";
import { standingProperties } from "./standing.ts";
import { wayProperties } from "./ways.ts";

export function oneMmProperties(v: Memory, has: Has, names: Names): readonly Property[] {
  const migrates = has("separateMigrateThread") ? names.migrator : names.scanner;
  const walks = at(names.scanner, walkingAt(names));
  return [
    {
      id: "S03",
      kind: "invariant",
      title: "Page tables are walked under mmap_lock, and never while they are taken down",
      says: "the daemon reads page tables that exit_mmap is freeing",
      holds: implies(walks, and(is(v.mmap_lock, "read"), not(at("owner", tornDownAt)))),
      premise: walks,
    },
    ...(has("eventsWithoutTask") ? [] : [ownerRead(v, migrates)]),
    {
      id: "REUSE",
      kind: "reachable",
      title: "A pointer comes back while entries of the mm before it are queued or in flight",
      says: "every pointer that a migrate event prints belongs to the mm that was scanned",
      goal: and(at("owner", ["bprm_mm_init:stack"]), v.cur_migrate_mm, eq(v.mm_count, 2)),
    },
    {
      id: "L01.rest",
      kind: "reachable",
      title: "The cursor can rest on the slot of this mm between two visits",
      says: "no exit ever finds the cursor on its slot while nobody is there",
      goal: and(at(names.scanner, [`${names.doScan}:next`]), eq(v.cursor, thisMm)),
    },
    {
      id: "S13.untracked",
      kind: "reachable",
      title: "A task can run with an mm that has no slot, and is its owner",
      says: "an mm without a slot has no owner",
      goal: and(at("owner", ["task:run"]), not(v.listed), v.owner),
    },
    ...traceProperties(v, has, names),
    ...progress(names),
    ...standingProperties(v, has, names),
    ...wayProperties(v, has, names),
  ];
}

/** Only an event that names a task reads mm->owner. */
function ownerRead(v: Memory, migrates: string): Property {
  return {
    id: "S13",
    kind: "invariant",
    title: "No trace event looks at an mm->owner that an exit has cleared",
    says: "the migrate event dereferences a NULL mm->owner: the daemon dies",
    defects: ["D29"],
    holds: not(at(migrates, [oopsAt])),
    premise: v.cur_migrate_mm,
  };
}

/** What a reader of the log counts on, who sees the events of the mm and nothing else. */
function traceProperties(v: Memory, has: Has, names: Names): readonly Property[] {
  const daemon = (...steps: readonly string[]) => assertion(names.scanner, ...steps);
  return [
    {
      id: "A10",
      ...daemon("start"),
      title: "A scan that is shown to begin is shown to end before another one begins",
      says: "a start is shown of a visit that the next_scan gate stops, so that starts follow each other without an end",
      defects: ["D81"],
      holds: not(is(v.traced, "started")),
    },
    {
      id: "A10.end",
      ...daemon("end"),
      title: "An end is shown only of a scan that was shown to begin",
      says: "an end has no start",
      holds: is(v.traced, "started"),
    },
    {
      id: "A10.enter",
      ...daemon("start"),
      title: "No scan of an mm is shown before its enter",
      says: "a visit comes between the listing of the slot and the event, and is shown first",
      holds: not(is(v.traced, "nothing")),
    },
    ...(has("exitIsTraced")
      ? [
          {
            id: "A10.exit",
            ...assertion("owner", "trace_exit"),
            title: "An exit is shown only of an mm whose enter was shown",
            says: "the exit of an mm without a slot is shown: the reader has never heard of it",
            defects: ["D81"],
            holds: not(is(v.traced, "nothing")),
          },
        ]
      : []),
  ];
}

/** Where everyone can get to, whatever has happened. */
function progress(names: Names): readonly Property[] {
  const locked = exitOf(names, "exec").barrier;
  const defects = ["D29"];
  return [
    {
      id: "L01.visit",
      kind: "alwaysPossible",
      title: "A visit can come to its end",
      says: "the daemon never leaves the mm again",
      defects,
      goal: at(names.scanner, [`${names.doScan}:next`]),
    },
    {
      id: "L04.exit",
      kind: "alwaysPossible",
      title: "A task can get rid of its mm, unless its exec has failed with mmap_lock held",
      says: "the exit waits for something that cannot happen any more",
      defects,
      goal: at("owner", ["task:gone", locked]),
    },
  ];
}
