/** What the scan list is made of, and what a visit and an exit have to agree about. */
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

/** The slots, the mms that they stand for, and the locks on both. Every model of the daemon has them. */
export function slotVariables(mms: number) {
  const eachMm = (value: Value): Value => Array.from({ length: mms }, () => value);
  return {
    scan_list: {
      sort: listOf(id("mm"), mms),
      initial: [],
      doc: "kmmscand_scan.mm_head: the mms with a scan slot, in scan order; the hash has the same members",
    },
    cursor: {
      sort: idOrNone("mm"),
      initial: null,
      doc: "kmmscand_scan.mm_slot: the slot scanned now, or the next one to scan",
    },
    is_scanned: {
      sort: bool,
      initial: false,
      doc: "is_scanned of the slot at the cursor: between the two mm_lock sections of a visit",
    },
    mm_users: { sort: arrayOf("mm", int(0, 1)), initial: eachMm(0), doc: "mm->mm_users, zero or not" },
    mm_count: {
      sort: arrayOf("mm", int(0, 2)),
      initial: eachMm(0),
      doc: "mm->mm_count: one for all users together, one for the scan slot",
    },
    mmap_lock: {
      sort: arrayOf("mm", oneOf("free", "read", "write")),
      initial: eachMm("free"),
      doc: "mm->mmap_lock: the daemon takes it for read, the task that owns the mm for write",
    },
    running: {
      sort: arrayOf("mm", bool),
      initial: eachMm(false),
      doc: "a task runs on the mm: from the end of fork or exec to do_exit",
    },
  };
}

function slotMemory(mms: number) {
  return declare(slotVariables(mms));
}

/** Handles of the variables that every model of the daemon has. */
export type SlotMemory = ReturnType<typeof slotMemory>["v"];

export function listMemory(mms: number) {
  return declare({
    ...slotVariables(mms),
    scan_enabled: { sort: bool, initial: true, doc: "kmmscand_scan_enabled" },
    since: {
      sort: arrayOf("mm", setOf("mm")),
      initial: Array.from({ length: mms }, () => []),
      doc: "the mms that were picked since this one was listed or picked",
      history: true,
    },
  });
}

export type ListMemory = ReturnType<typeof listMemory>["v"];
