/** What a migration list holds, in every version that the models tell apart. */
import { type Bool, bool, type Id, idOrNone, record } from "../language/index.ts";

/** An entry: `stale` once the folio was freed behind its back. */
export interface EntryFields {
  readonly mm: Id<"mm">;
  readonly folio: Id<"folio">;
  readonly stale: Bool;
}

export const entry = record({ mm: idOrNone("mm"), folio: idOrNone("folio"), stale: bool });

/** `in_flight` while nothing is being promoted. */
export const nothing = { mm: null, folio: null, stale: false };
