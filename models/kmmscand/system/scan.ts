/** One visit to one mm: the walk between the two mm_lock sections. */
import { advancePoints, visitPoints } from "../mm-list/visit.ts";
import type { Points } from "../points.ts";
import type { Has } from "./features.ts";
import type { Scope, Shared } from "./shared-memory.ts";
import { walkPoints } from "./walk.ts";

export function scanPoints(v: Shared, has: Has, scope: Scope): Points {
  const visit = { then: "migrate_folio:take" };
  return { ...visitPoints(v, has, visit), ...walkPoints(v, has, scope), ...advancePoints(v, has, visit) };
}
