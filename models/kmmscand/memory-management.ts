/** Reclaim and munmap. */
import {
  type Actor,
  type Arr,
  actor,
  and,
  type Bool,
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

type Folio = Expr<Id<"folio">>;

/** munmap as a step of its own where it matters that it frees the VMA; elsewhere it is what reclaim does. */
export interface Munmap {
  readonly when: (folio: Folio) => Expr<Bool>;
  readonly do: (folio: Folio) => readonly Effect[];
}

/**
 * Unmaps any folio at any time.
 *
 * @param folioMm - the mm that maps each folio
 * @param unmap - what taking a folio out of its mm does
 * @param why - what follows for an entry that names the folio
 */
export function memoryManagement(
  folioMm: Expr<Arr<"folio", Id<"mm">>>,
  unmap: (folio: Folio) => readonly Effect[],
  why?: string,
  munmap?: Munmap,
): Actor {
  const folio = chosen("folio", "folio");
  const choose = { folio: "folio" };
  const mapped = not(isNone(get(folioMm, folio)));
  return actor({
    name: "memory",
    doc: "Memory management: unmaps a folio at any time and frees it once nobody holds it.",
    environment: true,
    initial: "memory:run",
    points: {
      "memory:run": point(
        step("unmap", "reclaim or munmap takes the folio; the last put frees it", {
          choose,
          when: mapped,
          do: unmap(folio),
          ...(why === undefined ? {} : { why }),
        }),
        ...(munmap === undefined
          ? []
          : [
              step("munmap", "munmap, with mmap_lock for write: the VMA is freed, too", {
                choose,
                when: and(mapped, munmap.when(folio)),
                do: munmap.do(folio),
              }),
            ]),
      ),
    },
  });
}
