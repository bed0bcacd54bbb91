/** One visit to one mm: the walk between the two mm_lock sections. */
import { type Expr, get, type Id } from "../../language/index.ts";
import { clearMmOfEntries } from "../migration/global-list.ts";
import { advancePoints, type Visit, visitPoints } from "../mm-list/visit.ts";
import type { Points } from "../points.ts";
import type { Has } from "./features.ts";
import type { Scope, Shared } from "./shared-memory.ts";
import { collectPoints, collectSlot } from "./slot-cleanup.ts";
import { servesSlots } from "./waiting.ts";
import { walkPoints } from "./walk.ts";

/** Where do_scan goes on: v0 drains the migration list first. */
export const afterVisit = (has: Has) =>
  has("separateMigrateThread") ? "do_scan:limit" : "migrate_folio:take";

export function scanPoints(v: Shared, has: Has, scope: Scope): Points {
  const then = afterVisit(has);
  const cleans = has("collectCleansQueue") && !has("cleanupAfterBarrier");
  const slots = servesSlots(has);
  const collected = (slot: Expr<Id<"mm">>) =>
    slots ? collectSlot(v, slot, then) : [{ do: clearMmOfEntries(v, slot), to: then }];
  const visit: Visit = {
    then,
    ...(has("firstScanDelayed") ? { due: get(v.running, v.cursor) } : {}),
    ...(cleans ? { collected } : {}),
  };
  return {
    ...visitPoints(v, has, visit),
    ...walkPoints(v, has, scope),
    ...advancePoints(v, has, visit),
    ...(cleans && slots ? collectPoints(v, has, then) : {}),
  };
}
