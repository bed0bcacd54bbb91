/** What the life of an mm and one visit keep at every step: who holds the lock, what the counts say, which way is taken. */
import {
  and,
  at,
  choose,
  type Expr,
  eq,
  forall,
  get,
  gt,
  type Id,
  implies,
  is,
  isEmpty,
  not,
  or,
  type Property,
} from "../../language/index.ts";
import { storesDone } from "../administrator.ts";
import type { Has } from "../features.ts";
import { beginningAt, endingAt, writeHeldAt } from "./owner.ts";
import type { ListMemory, SlotMemory } from "./shared-memory.ts";

type Mm = Expr<Id<"mm">>;

/**
 * S10 of mmap_lock: it is held between taking and giving back, and nowhere else.
 *
 * @param reads - the points at which the daemon holds it for read
 * @param writes - those at which a task holds it for write, besides what fork and exec have in every model
 */
export function lockIsBalanced(
  v: SlotMemory,
  has: Has<"execEntersAfterStack">,
  reads: readonly string[],
  writes: readonly string[] = [],
): Property {
  const lock = (x: Mm) => get(v.mmap_lock, x);
  return {
    id: "S10",
    kind: "invariant",
    title: "mmap_lock is held between taking it and giving it back, and nowhere else",
    says: "a task has ended, or the daemon has left the mm, and mmap_lock is still held; or it was given back too early",
    holds: forall("mm", "x", (x) =>
      and(
        eq(is(lock(x), "write"), at("owner", [...writeHeldAt(has), ...writes], x)),
        eq(is(lock(x), "read"), and(at("kmmscand", reads), eq(v.cursor, x))),
      ),
    ),
  };
}

/** S02 of mm_users: those who run on an mm are its users. */
export function usersFollowTask(v: SlotMemory, has: Has<"execEntersAfterStack">): Property {
  return {
    id: "S02.users",
    kind: "invariant",
    title: "An mm has users from its first step to do_exit, and a program runs on it between",
    says: "mm_users says that a dying mm is live, or that a live one is dying",
    holds: forall("mm", "x", (x) => {
      const [runs, used] = [get(v.running, x), gt(get(v.mm_users, x), 0)];
      return and(
        implies(runs, and(at("owner", ["task:run"], x), used)),
        implies(and(at("owner", ["task:run"], x), used), runs),
        implies(at("owner", beginningAt(has), x), used),
        implies(at("owner", endingAt, x), not(used)),
      );
    }),
  };
}

export function lifeProperties(
  v: ListMemory,
  has: Has<"execEntersAfterStack">,
  stores: number,
): readonly Property[] {
  const daemon = (...steps: readonly string[]) => ({
    kind: "assertion" as const,
    on: [{ actor: "kmmscand", steps }],
  });
  const live = gt(get(v.mm_users, v.cursor), 0);
  const locked = not(is(get(v.mmap_lock, v.cursor), "free"));
  return [
    lockIsBalanced(v, has, ["scan_mm_slot:users_test", "scan_mm_slot:walk"]),
    usersFollowTask(v, has),
    {
      id: "S03.users",
      ...daemon("start", "too_early"),
      title: "A scan is begun, and traced, only of an mm with users",
      says: "the daemon walks, or says that it begins to walk, an mm that is exiting",
      holds: live,
    },
    {
      id: "S13.work",
      ...daemon("work"),
      title: "A slot is looked for only where has_work has seen one",
      says: "the daemon looks for a slot on an empty list",
      holds: not(isEmpty(v.scan_list)),
    },
    {
      id: "L01.skipped",
      ...daemon("trylock_fails", "exiting"),
      title: "A visit passes an mm over only where its lock is held or it has no users",
      says: "the daemon passes over a live mm that nobody has locked",
      holds: choose(at("kmmscand", ["scan_mm_slot:trylock"]), locked, not(live)),
    },
    {
      id: "A08",
      ...daemon("enabled", "sleep"),
      title: "Nothing is scanned while scan_enabled is 0",
      says: "the daemon looks for work although scanning has been disabled",
      holds: v.scan_enabled,
    },
    {
      id: "A08.stored",
      kind: "invariant",
      title: "scan_enabled has the value that was stored last",
      says: "a store of scan_enabled has no effect",
      holds: eq(v.scan_enabled, or(...storesDone(stores, true).map((p) => at("sysfs", [p])))),
    },
    {
      id: "DEADLOCK",
      kind: "deadlock",
      title: "The daemon goes round for ever",
      says: "nothing can move any more",
      final: or(),
    },
  ];
}
