/** What is so at each program point: who holds mmap_lock, who has references, where the cursor is. */
import {
  add,
  and,
  at,
  type Bool,
  choose,
  type Expr,
  eq,
  type Int,
  implies,
  is,
  not,
  or,
  type Property,
} from "../../language/index.ts";
import { walkingAt } from "./daemon.ts";
import { exitOf } from "./exit.ts";
import type { Has } from "./features.ts";
import { type Memory, thisMm } from "./memory.ts";
import { oopsAt } from "./migrator.ts";
import type { Names } from "./names.ts";

const one: Expr<Int> = { kind: "int", value: 1 };
const same = (left: Expr<Bool>, right: Expr<Bool>) => eq(left, right);

export function standingProperties(v: Memory, has: Has, names: Names): readonly Property[] {
  return [...ownerStanding(v, has, names), ...daemonStanding(v, has, names), ...queueStanding(v, has, names)];
}

/** The task of the mm. */
function ownerStanding(v: Memory, has: Has, names: Names): readonly Property[] {
  const [mmput, exec] = [exitOf(names, "mmput"), exitOf(names, "exec")];
  const traced = has("exitIsTraced");
  const waits = has("queuePerMm");
  const pointsOf = (exit: typeof exec) => [
    ...(traced ? [exit.trace] : []),
    exit.lookup,
    exit.cleanup,
    ...(waits ? [exit.wait] : []),
    exit.barrier,
  ];
  const forkGrabs = `${names.enter}:fork_mmgrab`;
  const execGrabs = `${names.enter}:exec_mmgrab`;
  const building = [forkGrabs, "dup_mmap:copy", execGrabs, "bprm_mm_init:stack"];
  const execFails = [...pointsOf(exec), "bprm_mm_init:unlock"];
  const none = at("owner", ["task:start", "task:gone"]);
  const found = not(is(v.slot_found, "none"));
  const cleans = at(
    "owner",
    [mmput, exec].flatMap((exit) => [exit.cleanup, ...(waits ? [exit.wait] : [])]),
  );
  const barriers = at("owner", [mmput.barrier, exec.barrier]);
  const ofSlot = and(or(v.listed, is(v.slot_found, "unlinked")), not(at("owner", [forkGrabs, execGrabs])));
  return [
    {
      id: "S02",
      kind: "invariant",
      title: "An mm_struct has a reference of its users and one of its slot, and no other",
      says: "the mm_struct leaks, or is freed while somebody still uses it",
      holds: eq(v.mm_count, add(choose(not(none), one, 0), choose(ofSlot, one, 0))),
    },
    {
      id: "S02.users",
      kind: "invariant",
      title: "mm_users is 0 from the last mmput on",
      says: "the daemon takes a dying mm for a live one, or the other way round",
      holds: implies(
        not(at("owner", ["task:gone"])),
        same(v.mm_users, at("owner", [...building, "dup_mmap:failed", "task:run", ...execFails])),
      ),
    },
    {
      id: "S04.write",
      kind: "invariant",
      title: "mmap_lock is held for write while an mm is built, and at no other time",
      says: "the mm is walked half built, or nobody ever gets its lock again",
      holds: same(is(v.mmap_lock, "write"), at("owner", [...building, ...execFails])),
    },
    {
      id: "S13.task",
      kind: "invariant",
      title: "mm->owner is a task until an exit clears it",
      says: "the mm has no owner although a task uses it, or one that is gone",
      holds: and(
        implies(at("owner", [...building, "dup_mmap:failed", ...execFails]), v.owner),
        implies(at("owner", ["task:start"]), not(v.owner)),
      ),
    },
    {
      id: "L04.found",
      kind: "invariant",
      title: "What an exit does is what it has found, and the next one finds for itself",
      says: "an exit frees a slot that is not its own, or leaves its own unfreed",
      holds: and(implies(found, or(cleans, barriers)), implies(barriers, is(v.slot_found, "left"))),
    },
  ];
}

/** The scanner. */
function daemonStanding(v: Memory, has: Has, names: Names): readonly Property[] {
  const visit = (...what: readonly string[]) =>
    at(
      names.scanner,
      what.map((point) => `${names.scanMm}:${point}`),
    );
  const visits = visit("trylock", "users_test", "start", "gate", "walk", "advance");
  return [
    {
      id: "S01",
      kind: "invariant",
      title: "The cursor is on a slot that is listed, and stays there for a visit",
      says: "the cursor points at a freed slot, or the slot that is visited is freed",
      holds: and(implies(eq(v.cursor, thisMm), v.listed), implies(visits, eq(v.cursor, thisMm))),
    },
    ...(has("exitFreesRestingSlot")
      ? [
          {
            id: "S01.scanned",
            kind: "invariant" as const,
            title: "is_scanned is set for the time of a visit",
            says: "an exit frees the slot that is visited, or leaves to the daemon one that is not",
            holds: same(v.is_scanned, visits),
          },
        ]
      : []),
    {
      id: "S03.read",
      kind: "invariant",
      title: "The daemon holds mmap_lock from the trylock to the end of the visit",
      says: "the daemon keeps mmap_lock, or reads the mm without it",
      holds: same(is(v.mmap_lock, "read"), visit("users_test", "start", "gate", "walk")),
    },
    {
      id: "A05",
      kind: "invariant",
      title: "What a scan has found is counted for that scan",
      says: "accessed folios of another visit are reported",
      holds: implies(v.accessed, at(names.scanner, walkingAt(names))),
      premise: v.accessed,
    },
  ];
}

/** The queue and who serves it. */
function queueStanding(v: Memory, has: Has, names: Names): readonly Property[] {
  const serves = has("separateMigrateThread") ? names.migrator : names.scanner;
  const inFlight = [
    `${names.promote}:account`,
    ...(has("queuePerMm") ? [`${names.takes}:take`] : []),
    ...(has("eventsWithoutTask") ? [] : [oopsAt]),
  ];
  const exits = (["mmput", "exec"] as const).map((caller) => exitOf(names, caller));
  return [
    {
      id: "S18.current",
      kind: "invariant",
      title: "cur_migrate_mm is the mm that is being migrated",
      says: "an exit waits for nothing, or does not wait for the entry in flight",
      holds: same(v.cur_migrate_mm, at(serves, inFlight)),
    },
    {
      id: "S06",
      kind: "invariant",
      title:
        "Entries are queued only as long as their mm has its slot, or its exit has yet to clean the list",
      says: "entries outlive the slot, and with it the mm that they name",
      // Where the collecting cleans nothing the fix is another one, which this model has not; v0 has neither.
      ...(has("collectCleansQueue") || has("eventsWithoutTask") ? {} : { defects: ["D06"] }),
      holds: implies(
        v.queued,
        or(
          v.listed,
          is(v.slot_found, "unlinked"),
          at(
            "owner",
            exits.flatMap(({ trace, lookup, cleanup }) => [
              ...(has("exitIsTraced") ? [trace] : []),
              lookup,
              cleanup,
            ]),
          ),
        ),
      ),
      premise: v.queued,
    },
    ...(has("queuePerMm")
      ? [
          {
            id: "S12",
            kind: "invariant" as const,
            title: "Entries and the cursor of the migrator are on a list that exists",
            says: "the migrator goes on on a list that has been freed",
            holds: implies(or(v.queued, eq(v.migrate_cursor, thisMm)), v.migrate_slot),
          },
          {
            id: "S18",
            kind: "invariant" as const,
            title: "clean_list is set only while an exit waits",
            says: "the migrator leaves a list that nobody wants",
            holds: implies(
              v.clean_list,
              at(
                "owner",
                exits.map(({ wait }) => wait),
              ),
            ),
            premise: v.clean_list,
          },
        ]
      : []),
  ];
}
