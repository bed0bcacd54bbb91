/** What a migrator that reads page tables, while the daemon goes on, has to promise besides. */
import { chosen, eq, field, get, isNone, ne, not, type Property } from "../../language/index.ts";
import { assertion } from "../assertion.ts";
import type { Has } from "./features.ts";
import { isQueued } from "./folio.ts";
import type { Shared } from "./shared-memory.ts";

/** Steps that isolate the folio, or try to. */
const isolates = ["not_isolated", "folio_moved", "folio_busy"] as const;
/** Steps that read page tables. */
const walks = ["pmd_gone", "no_pte_table", ...isolates] as const;
/** Steps that take a reference to the folio. */
export const refers = ["source_toptier", "same_node", ...walks] as const;

export function threadProperties(v: Shared, has: Has): readonly Property[] {
  const folio = field(v.in_flight, "folio");
  const mm = field(v.in_flight, "mm");
  const on = (...steps: readonly string[]) => [{ actor: "migrator", steps }];
  const mapped = not(isNone(get(v.folio_mm, folio)));
  return [
    {
      id: "S05.valid",
      ...assertion("migrator", "not_lru", ...(has("hotPageTested") ? ["not_hot"] : []), "flags_valid"),
      title: "Only a mapped folio passes the first check of its flags",
      says: "promotion goes on with a folio that nobody maps, or refuses it for what is checked later",
      holds: mapped,
    },
    {
      id: "A02.refused",
      ...assertion("migrator", "flags_invalid"),
      title: "A folio is refused as invalid only where it is not mapped",
      says: "a mapped folio is refused, and counted as failed",
      holds: not(mapped),
    },
    {
      id: "A02.gone",
      ...assertion("migrator", "pmd_gone", "no_pte_table", ...(has("promoteChecksPte") ? ["pte_gone"] : [])),
      title: "A missing page-table entry, or its table, is reported only where the mm does not map the folio",
      says: "an entry whose folio is still mapped is refused, and counted as failed",
      holds: ne(get(v.folio_mm, folio), mm),
    },
    {
      id: "S15.source",
      ...assertion("migrator", "folio_moved", "folio_busy"),
      title: "Only a folio of the slow tier is isolated for migration",
      says: "a folio that lies in the top tier already is promoted",
      holds: not(get(v.toptier, folio)),
    },
    {
      id: "S07",
      kind: "assertion",
      title: "Promotion reads page tables only under the mmap_lock of their mm",
      says: "pmd_off follows upper levels that munmap or exit_mmap may be freeing",
      defects: ["D11"],
      on: on(...walks),
      holds: eq(v.migrator_reads, mm),
    },
    {
      id: "S08",
      kind: "assertion",
      title: "A folio is isolated only if the mm of the entry still maps it",
      says: "the page-table entry is locked and never read: it may map another folio by now, or none",
      defects: ["D12"],
      on: on(...isolates),
      holds: eq(get(v.folio_mm, folio), mm),
    },
    {
      id: "B05",
      kind: "assertion",
      title: "No folio is queued twice, so the list is bounded by the folios",
      says: "a folio is queued again in every scan, faster than the migrator consumes the entries",
      defects: ["D46", "D04"],
      on: [{ actor: "kmmscand", steps: ["queue"] }],
      holds: not(isQueued(v, has, chosen("folio", "folio"))),
    },
  ];
}
