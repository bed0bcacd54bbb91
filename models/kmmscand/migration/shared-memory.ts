/** What the scanner, the migrator and an exit share, and the locals that outlive a step. */
import {
  arrayOf,
  bool,
  declare,
  id,
  idOrNone,
  int,
  listOf,
  oneOf,
  setOf,
  type Value,
} from "../../language/index.ts";
import { entry, nothing } from "../migration-entry.ts";
import { slotVariables } from "../mm-list/shared-memory.ts";

/** Sizes of the model. */
export interface Scope {
  readonly mms: number;
  readonly folios: number;
  /** Entries that a migration list can hold; one more kzalloc fails. */
  readonly queue: number;
  /** Folios that one visit passes before its size is. */
  readonly visit: number;
  /** The kernel is built with lock debugging. */
  readonly lockdep: boolean;
}

/** How a promotion may end: success, or what stood in its way. */
export const ways = [
  "moved",
  "exiting",
  "invalidFolio",
  "notLru",
  "notHot",
  "sourceNode",
  "sameNode",
  "pmdGone",
  "noPteTable",
  "pteGone",
  "notIsolated",
  "again",
] as const;

/** One of {@link ways}. */
export type Way = (typeof ways)[number];

export function migrationMemory({ mms, folios, queue }: Pick<Scope, "mms" | "folios" | "queue">) {
  const eachMm = (value: Value): Value => Array.from({ length: mms }, () => value);
  const eachFolio = (value: Value): Value => Array.from({ length: folios }, () => value);
  return declare({
    ...slotVariables(mms),
    scan_list_entries: {
      sort: listOf(entry, queue),
      initial: [],
      doc: "scanctrl.scan_list: what this walk has found and not yet spliced; the scanner's own",
    },
    migrate_list: {
      sort: listOf(entry, queue),
      initial: [],
      doc: "v1: kmmscand_migrate_list, one for all mms: mm is NULL after an exit",
    },
    slot_list: {
      sort: arrayOf("mm", listOf(entry, queue)),
      initial: eachMm([]),
      doc: "v2, v3: migrate_head of the mm's migration slot",
    },
    in_flight: {
      sort: entry,
      initial: nothing,
      doc: "the entry that the migrator has unlinked and not yet freed; stale once its folio was freed behind its back",
    },
    folio_held: {
      sort: bool,
      initial: false,
      doc: "promote_folio has a reference to the folio in flight",
    },
    migrator_reads: {
      sort: idOrNone("mm"),
      initial: null,
      doc: "the mm whose mmap_lock the migrator holds for read, where it takes one",
    },
    cur_migrate_mm: {
      sort: idOrNone("mm"),
      initial: null,
      doc: "kmmscand_cur_migrate_mm, kmigrated_cur_mm: the mm that the migrator works for",
    },
    list_dirty: {
      sort: bool,
      initial: false,
      doc: "v1: kmmscand_migration_list_dirty: an exit asks the migrator to drop the next entry",
    },
    clean_list: {
      sort: setOf("mm"),
      initial: [],
      doc: "v2, v3: kmigrated_clean_list is set, and by whose exit; one flag for all unless cleanFlagPerSlot",
    },
    asked: {
      sort: setOf("mm"),
      initial: [],
      doc: "the mms whose exit has found the migrator at work for them, and has not yet freed their slot",
      history: true,
    },
    kmigrated_list: {
      sort: listOf(id("mm"), mms),
      initial: [],
      doc: "kmigrated_daemon.mm_head: the mms with a migration slot; the hash has the same members",
    },
    kmigrated_cursor: {
      sort: idOrNone("mm"),
      initial: null,
      doc: "kmigrated_daemon.mm_slot: the migration slot to serve next",
    },
    slot_live: {
      sort: arrayOf("mm", bool),
      initial: eachMm(false),
      doc: "the mm's migration slot is allocated",
    },
    slot_lock: {
      sort: arrayOf("mm", bool),
      initial: eachMm(false),
      doc: "a cleanup holds migrate_lock of the slot over several steps",
    },
    kscand_migrate_lock: {
      sort: oneOf("free", "scanner", "cleanup"),
      initial: "free",
      doc: "kscand_migrate_lock, where it is held over several steps",
    },
    served: {
      sort: idOrNone("mm"),
      initial: null,
      doc: "the mm whose migration slot kmigrated_migrate_mm works on (its argument)",
    },
    successor: {
      sort: oneOf("first", "head", "listed", "freed"),
      initial: "first",
      doc: "tmp of list_for_each_entry_safe: not set yet, the list head, an entry on the list, or one that was freed",
    },
    collected: {
      sort: idOrNone("mm"),
      initial: null,
      doc: "the mm that collect_mm_slot cleans up after",
    },
    ret: {
      sort: int(-11, 11),
      initial: 0,
      doc: "what promote_folio returned last; 0 where it is not used again",
    },
    outcome: {
      sort: oneOf("none", ...ways),
      initial: "none",
      doc: "how this promotion has ended: the folio was moved, or what stood in the way",
      history: true,
    },
    folio_mm: {
      sort: arrayOf("folio", idOrNone("mm")),
      initial: eachFolio(null),
      doc: "the mm that maps the folio; none for a free one",
    },
    toptier: {
      sort: arrayOf("folio", bool),
      initial: eachFolio(false),
      doc: "the folio lies in the top tier; every folio starts in the slow one",
    },
    idle: {
      sort: setOf("folio"),
      initial: [],
      doc: "the folios with an entry that the last visit found not accessed since the visit before; with scanFindsIdle",
    },
    walked: {
      sort: setOf("folio"),
      initial: [],
      doc: "the folios that the walk under way has passed; empty outside a walk",
    },
  });
}

/** Handles of the shared variables. */
export type Shared = ReturnType<typeof migrationMemory>["v"];
