/** Properties of models of several parts, which have the daemon and the folios in common. */
import { and, at, choose, eq, exists, forall, get, gt, is, not, type Property } from "../language/index.ts";
import { assertion } from "./assertion.ts";
import type { Shared } from "./migration/shared-memory.ts";

/** Whom a visit of the daemon passes over, scans or collects. */
export function visitedProperties(v: Pick<Shared, "cursor" | "mm_users" | "mmap_lock">): readonly Property[] {
  const live = gt(get(v.mm_users, v.cursor), 0);
  return [
    {
      id: "L01.skipped",
      ...assertion("kmmscand", "trylock_fails", "exiting"),
      title: "A visit passes an mm over only where its lock is held or it has no users",
      says: "the daemon passes over a live mm that nobody has locked",
      holds: choose(
        at("kmmscand", ["scan_mm_slot:trylock"]),
        not(is(get(v.mmap_lock, v.cursor), "free")),
        not(live),
      ),
    },
    {
      id: "S03.users",
      ...assertion("kmmscand", "start", "too_early"),
      title: "A scan is begun, and traced, only of an mm with users",
      says: "the daemon walks, or says that it begins to walk, an mm that is exiting",
      holds: live,
    },
    {
      id: "S06.collected",
      ...assertion("kmmscand", "collect"),
      title: "Only an mm without users is collected",
      says: "the scan slot of a live mm is freed: the mm is never visited again",
      holds: not(live),
    },
  ];
}

/** @param unmapping - points of a task whose mm has not begun yet, or is gone */
export function mappedByLiving(v: Pick<Shared, "folio_mm">, unmapping: readonly string[]): Property {
  return {
    id: "S06.mapped",
    kind: "invariant",
    title: "Only an mm that has begun and is not gone maps a folio",
    says: "exit_mmap has left a folio mapped, or a folio was mapped by nobody",
    holds: forall("folio", "f", (f) =>
      not(exists("mm", "x", (x) => and(eq(get(v.folio_mm, f), x), at("owner", unmapping, x)))),
    ),
  };
}
