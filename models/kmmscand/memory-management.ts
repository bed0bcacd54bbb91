/** Reclaim and munmap. */
import {
  type Actor,
  type Arr,
  actor,
  chosen,
  type Effect,
  type Expr,
  get,
  type Id,
  isNone,
  not,
  point,
  step,
} from "../language/index.ts";

/**
 * Unmaps any folio at any time.
 *
 * @param folioMm - the mm that maps each folio
 * @param unmap - what taking a folio out of its mm does
 * @param why - what follows for an entry that names the folio
 */
export function memoryManagement(
  folioMm: Expr<Arr<"folio", Id<"mm">>>,
  unmap: (folio: Expr<Id<"folio">>) => readonly Effect[],
  why?: string,
): Actor {
  const folio = chosen("folio", "folio");
  return actor({
    name: "memory",
    doc: "Memory management: unmaps a folio at any time and frees it once nobody holds it.",
    fairness: "none",
    initial: "memory:run",
    points: {
      "memory:run": point(
        step("unmap", "reclaim or munmap takes the folio; the last put frees it", {
          choose: { folio: "folio" },
          when: not(isNone(get(folioMm, folio))),
          do: unmap(folio),
          ...(why === undefined ? {} : { why }),
        }),
      ),
    },
  });
}
