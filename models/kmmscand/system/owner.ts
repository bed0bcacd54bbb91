/** The tasks of the whole system: those of the scan list, whose exits clean the migration list and whose mms have folios. */
import { type Actor, and, ne, self } from "../../language/index.ts";
import { owner as taskOf } from "../mm-list/owner.ts";
import { exitPoints, lookup, mmLockFree } from "./exit.ts";
import type { Has } from "./features.ts";
import { unmapAll } from "./folio.ts";
import type { Shared } from "./shared-memory.ts";
import { servesSlots } from "./waiting.ts";

export function owner(v: Shared, has: Has): Actor {
  const reads = has("separateMigrateThread") && has("promoteHoldsMmapLock");
  return taskOf(v, has, {
    exit: (caller, then) => exitPoints(v, has, caller, then),
    lookup: (caller, _then, given) => lookup(v, has, caller, and(given, mmLockFree(v, has))),
    unmapAll: [unmapAll(v, has, self("mm"))],
    ...(reads ? { unmapWhen: ne(v.migrator_reads, self("mm")) } : {}),
    slotAllocationFails: false,
    ...(servesSlots(has) ? { mmLockFree: mmLockFree(v, has) } : {}),
  });
}
