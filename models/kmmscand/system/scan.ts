/** One visit to one mm: the walk between the two mm_lock sections. */
import { get } from "../../language/index.ts";
import { clearMmOfEntries } from "../migration/global-list.ts";
import { advancePoints, type Visit, visitPoints } from "../mm-list/visit.ts";
import type { Points } from "../points.ts";
import type { Has } from "./features.ts";
import type { Scope, Shared } from "./shared-memory.ts";
import { walkPoints } from "./walk.ts";

/** Where do_scan goes on: v0 drains the migration list first. */
export const afterVisit = (has: Has) =>
  has("separateMigrateThread") ? "do_scan:limit" : "migrate_folio:take";

export function scanPoints(v: Shared, has: Has, scope: Scope): Points {
  const cleans = has("collectCleansQueue") && !has("cleanupAfterBarrier");
  const visit: Visit = {
    then: afterVisit(has),
    ...(has("firstScanDelayed") ? { due: get(v.running, v.cursor) } : {}),
    ...(cleans ? { collected: (slot) => ({ do: clearMmOfEntries(v, slot), to: afterVisit(has) }) } : {}),
  };
  return { ...visitPoints(v, has, visit), ...walkPoints(v, has, scope), ...advancePoints(v, has, visit) };
}
