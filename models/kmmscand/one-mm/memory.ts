/** What the daemon, the migrator and the task of the mm share, as far as it concerns this mm. */
import { bool, declare, idOrNone, individual, int, oneOf } from "../../language/index.ts";

/** The mm that the model is about. */
export const thisMm = individual("mm", 0);
/** Stands for all others. */
export const otherMm = individual("mm", 1);

/** @param judged - with the history that properties read; logs are followed without it */
export function memoryOfOneMm(judged: boolean) {
  const { variables, v } = declare({
    listed: { sort: bool, initial: false, doc: "the mm has a scan slot in hash and scan list" },
    cursor: {
      sort: idOrNone("mm"),
      initial: null,
      doc: "the scan cursor: on the slot of this mm, or somewhere else",
    },
    is_scanned: {
      sort: bool,
      initial: false,
      doc: "is_scanned of the slot: between the two mm_lock sections",
    },
    mm_users: { sort: bool, initial: false, doc: "mm->mm_users is not 0" },
    mm_count: {
      sort: int(0, 2),
      initial: 0,
      doc: "references to the mm_struct: that of its users, that of its slot",
    },
    mmap_lock: { sort: oneOf("free", "read", "write"), initial: "free", doc: "mmap_lock of the mm" },
    owner: {
      sort: bool,
      initial: false,
      doc: "mm->owner is a task; an exit clears it before mm_users drops to 0",
    },
    slot_found: {
      sort: oneOf("none", "unlinked", "left"),
      initial: "none",
      doc: "what the exit did with the slot: no slot, freed by the exit, left to the daemon",
    },
    accessed: { sort: bool, initial: false, doc: "this walk has found an accessed folio of the slow tier" },
    queued: { sort: bool, initial: false, doc: "at least one entry of this mm is queued for migration" },
    cur_migrate_mm: { sort: bool, initial: false, doc: "the migrator works on this mm" },
    migrate_slot: { sort: bool, initial: false, doc: "v2 on: the mm has a migration list of its own" },
    migrate_cursor: {
      sort: idOrNone("mm"),
      initial: null,
      doc: "v2 on: whose list is being migrated; it stays until that mm exits (D45)",
    },
    clean_list: { sort: bool, initial: false, doc: "v2 on: an exit asks the migrator to leave the list" },
    traced: {
      sort: oneOf("nothing", "entered", "started"),
      initial: "nothing",
      doc: "the last event of this mm, if any: an enter or the end of a scan, or the start of one",
      history: true,
    },
  });
  const { traced, ...followed } = variables;
  return { variables: judged ? variables : followed, v };
}

export type Memory = ReturnType<typeof memoryOfOneMm>["v"];
