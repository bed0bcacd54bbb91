/** Everything more than one actor reads or writes, and the locals that outlive a step. */
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
  /** Entries that are allocated at a time; one more kzalloc fails. */
  readonly queue: number;
  /** Writes of scan_enabled. */
  readonly stores: number;
}

/** How a promotion of v0 can end. */
export const outcomes = ["moved", "invalidFolio", "isolationError", "again"] as const;
export type Outcome = (typeof outcomes)[number];

/**
 * The variables of one design; the others are not declared.
 *
 * @param thread - a thread of its own migrates
 * @param slots - and each mm has a migration list of its own
 */
export function sharedMemory(scope: Scope, thread: boolean, slots = false) {
  const { variables, v } = everyVariable(scope, thread);
  const { migrator_reads, vma_freed, isolated, outcome, migrate_list, outstanding, ret, ...ofSlots } =
    variables;
  const { slot_list, outstanding_of, kmigrated_list, collected, ...common } = ofSlots;
  if (slots) return { variables: { ...ofSlots, migrator_reads }, v };
  const ofList = { ...common, migrate_list, outstanding, ret };
  return { variables: { ...ofList, ...(thread ? { migrator_reads } : { vma_freed, isolated, outcome }) }, v };
}

function everyVariable({ mms, folios, queue }: Scope, thread: boolean) {
  const eachMm = (value: Value): Value => Array.from({ length: mms }, () => value);
  const eachFolio = (value: Value): Value => Array.from({ length: folios }, () => value);
  return declare({
    ...slotVariables(mms),
    slot_found: {
      sort: arrayOf("mm", oneOf("none", "unlinked", "left")),
      initial: eachMm("none"),
      doc: "what __kmmscand_exit found and did about the slot of its mm (its local variables)",
    },
    migrate_list: {
      sort: listOf(entry, queue),
      initial: [],
      doc: "kmmscand_migrate_list: mm is NULL after an exit; stale once the folio was freed behind the entry's back",
    },
    slot_list: {
      sort: arrayOf("mm", listOf(entry, queue)),
      initial: eachMm([]),
      doc: "v2, v3: migrate_head of the mm's migration slot",
    },
    kmigrated_list: {
      sort: listOf(id("mm"), mms),
      initial: [],
      doc: "v2, v3: kmigrated_daemon.mm_head: the mms with a migration slot, from the one at the cursor on",
    },
    collected: {
      sort: idOrNone("mm"),
      initial: null,
      doc: "v2, v3: the mm whose entry in flight collect_mm_slot waits for, with mm_lock held",
    },
    in_flight: {
      sort: entry,
      initial: nothing,
      doc: "the entry that migrate_folio has unlinked and not yet freed",
    },
    cur_migrate_mm: {
      sort: idOrNone("mm"),
      initial: null,
      doc: "kmmscand_cur_migrate_mm: the mm of the entry being promoted; v2, v3: kmigrated_cur_mm",
    },
    migrator_reads: {
      sort: idOrNone("mm"),
      initial: null,
      doc: "the mm whose mmap_lock the migrator holds for read, where it takes one",
    },
    list_dirty: {
      sort: bool,
      initial: false,
      doc: "kmmscand_migration_list_dirty: an exit asks the thread that migrates to drop the next entry; v2, v3: kmigrated_clean_list",
    },
    ret: {
      sort: int(-11, thread ? 8 : 6),
      initial: 0,
      doc: "ret of migrate_folio: what promote_folio returned last; 0 outside the function",
    },
    vma_freed: {
      sort: setOf("folio"),
      initial: [],
      doc: "v0: the folios of entries whose VMA has been freed, to which they point",
      history: true,
    },
    isolated: {
      sort: int(-1, 1),
      initial: 0,
      doc: "v0: NR_ISOLATED, less what it was before the promotion under way",
      history: true,
    },
    outcome: {
      sort: oneOf("none", ...outcomes),
      initial: "none",
      doc: "v0: how the promotion of the entry in flight has ended",
      history: true,
    },
    outstanding: {
      sort: int(0, queue + 1),
      initial: 0,
      doc: "migadded less migrated, migrate_failed and what was discarded for an exiting mm",
      history: true,
    },
    outstanding_of: {
      sort: arrayOf("mm", int(0, queue + 1)),
      initial: eachMm(0),
      doc: "the same of the mm's own list",
      history: true,
    },
    folio_mm: {
      sort: arrayOf("folio", idOrNone("mm")),
      initial: eachFolio(null),
      doc: "the mm that maps the folio; none for a free one",
    },
    pte_young: {
      sort: arrayOf("folio", bool),
      initial: eachFolio(false),
      doc: "the accessed bit of the entry that maps the folio; only the daemon clears it",
    },
    touched: {
      sort: arrayOf("folio", bool),
      initial: eachFolio(false),
      doc: "the folio was accessed since it was mapped or visited last",
      history: true,
    },
    pg_idle: { sort: arrayOf("folio", bool), initial: eachFolio(false), doc: "PG_idle" },
    pg_young: { sort: arrayOf("folio", bool), initial: eachFolio(false), doc: "PG_young" },
    toptier: {
      sort: arrayOf("folio", bool),
      initial: eachFolio(false),
      doc: "the folio lies in the top tier; every folio starts in the slow one",
    },
    visited: {
      sort: arrayOf("folio", bool),
      initial: eachFolio(false),
      doc: "the daemon has visited the folio since it was mapped",
      history: true,
    },
    walked: {
      sort: setOf("folio"),
      initial: [],
      doc: "the folios that the walk under way has passed; empty outside a walk",
    },
    scan_enabled: { sort: bool, initial: true, doc: "kmmscand_scan_enabled" },
    should_stop: { sort: bool, initial: false, doc: "kthread_stop was called on the daemon" },
  });
}

/** Handles of the shared variables. */
export type Shared = ReturnType<typeof sharedMemory>["v"];
