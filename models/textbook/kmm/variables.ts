/** The shared memory of the yardstick model. */
import {
  arrayOf,
  bool,
  type declare,
  type Expr,
  type Id,
  id,
  idOrNone,
  individual,
  listOf,
  oneOf,
} from "../../language/index.ts";
import { pick } from "../pick.ts";

export interface Sizes {
  readonly mms: number;
  readonly folios: number;
  readonly queue: number;
}

export type Memory = ReturnType<typeof declare<ReturnType<typeof variablesOf>>>["v"];

export function variablesOf({ mms, folios, queue }: Sizes) {
  const lock = oneOf("free", "scanner", "owner");
  const everyMm = <T>(value: T): readonly T[] => Array.from({ length: mms }, () => value);
  const everyFolio = <T>(value: T): readonly T[] => Array.from({ length: folios }, () => value);
  return {
    mm_list_lock: { sort: lock, initial: "free", doc: "Guards the list of mms" },
    queue_lock: { sort: lock, initial: "free", doc: "Guards the migration queue" },
    mm_list: { sort: listOf(id("mm"), mms), initial: [], doc: "The mms to scan" },
    listed: { sort: arrayOf("mm", bool), initial: everyMm(false), doc: "The mm has a slot in the list" },
    exiting: { sort: arrayOf("mm", bool), initial: everyMm(false), doc: "The owner has begun to exit" },
    mmap_lock: {
      sort: arrayOf("mm", oneOf("free", "read", "write")),
      initial: everyMm("free"),
      doc: "Held for reading by the scanner, for writing by the owner",
    },
    cursor: { sort: idOrNone("mm"), initial: null, doc: "The mm that is scanned, or is next" },
    next_folio: {
      sort: idOrNone("folio"),
      initial: 0,
      doc: "The folio that the scan looks at; none at the end",
    },
    queue: { sort: listOf(id("folio"), queue), initial: [], doc: "Folios to migrate" },
    held: { sort: idOrNone("folio"), initial: null, doc: "The folio that is migrated" },
    slow: { sort: arrayOf("folio", bool), initial: everyFolio(true), doc: "On the slow tier" },
    accessed: { sort: arrayOf("folio", bool), initial: everyFolio(false), doc: "Accessed bit of the entry" },
    idle: { sort: arrayOf("folio", bool), initial: everyFolio(true), doc: "Idle flag" },
    young: { sort: arrayOf("folio", bool), initial: everyFolio(false), doc: "Young flag" },
    queued: { sort: arrayOf("folio", bool), initial: everyFolio(false), doc: "In the migration queue" },
  } as const;
}

/** The owner of a folio. */
export function ownerOf(sizes: Sizes, folio: Expr<Id<"folio">>): Expr<Id<"mm">> {
  return pick("folio", sizes.folios, folio, (f) => individual("mm", f % sizes.mms));
}

/** The folio behind this one; none behind the last. */
export function folioAfter(sizes: Sizes, folio: Expr<Id<"folio">>): Expr<Id<"folio">> {
  return pick("folio", sizes.folios, folio, (f) =>
    f + 1 < sizes.folios ? individual("folio", f + 1) : null,
  );
}
