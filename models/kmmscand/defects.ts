/**
 * The defects of the series: which postings have which, and why a model shows none of it where none does. The models name them
 * in their properties and features; where the same property can be broken by several, this table tells which of them a
 * version has.
 */
import type { ModelEntry, Patch } from "../entry.ts";

type Posting = Exclude<Patch, "fixed">;

/** One defect of the postings. */
export interface Defect {
  readonly says: string;
  /** Versions that have it; none where only a state between two patches has. */
  readonly patches: readonly Posting[];
  /** Why no model shows it, or not in every version that has it; null where one does. */
  readonly unshown: string | null;
}

const all: readonly Posting[] = ["v0", "p1", "v1", "v2", "v3"];
const since = (first: Posting) => all.slice(all.indexOf(first));
const until = (last: Posting) => all.slice(0, all.indexOf(last) + 1);
const oneList: readonly Posting[] = ["p1", "v1"];
const listPerMm = since("v2");

const shown = (patches: readonly Posting[], says: string, unshown: string | null = null): Defect => ({
  says,
  patches,
  unshown,
});

const text = "a matter of the trace text, not of what the threads do; a log shows it";
const policy = "which folios are worth a promotion is not judged, only what is done with them";

/** By number. */
export const defects: Readonly<Record<string, Defect>> = {
  D01: shown(all, "a failing exec asks for the mmap_lock that it holds"),
  D02: shown(all, "a queued entry owns no reference to its folio"),
  D03: shown(all, "promotion takes a reference from a count of 0"),
  D04: shown(all, "a folio is queued more than once"),
  D05: shown(["v0"], "an entry keeps a pointer to its VMA without a lock"),
  D06: shown(["v0"], "a walk appends entries behind the cleanup of an exit"),
  D07: shown(["v0"], "cleanup overlooks the entry in flight where the list is empty"),
  D08: shown(["v0", ...listPerMm], "an exit waits for the migrator by spinning"),
  D09: shown(oneList, "cleanup does not wait for the entry in flight"),
  D10: shown(since("p1"), "an exit during a visit leaves its entries to the daemon"),
  D11: shown(since("p1"), "promotion reads page tables with neither mmap_lock nor a user of the mm"),
  D12: shown(since("p1"), "the page-table entry is locked and not read"),
  D13: shown(oneList, "the migrator reads an mm that nothing pins"),
  D14: shown(listPerMm, "cleanup frees a migration slot before it releases the lock in it"),
  D15: shown(listPerMm, "the list of migration slots changes under the wrong lock"),
  D16: shown(listPerMm, "a migration slot is freed while the migrator uses it"),
  D17: shown(listPerMm, "the migrator goes on to a successor that was freed"),
  D18: shown(listPerMm, "one clean flag serves the exits of all mms"),
  D19: shown(listPerMm, "memory is allocated with GFP_KERNEL under a spinlock"),
  D20: shown(listPerMm, "a guarded lock is released twice"),
  D21: shown(listPerMm, "a migration slot that could not be allocated is locked"),
  D22: shown(listPerMm, "entries are lost where the work that frees them cannot be allocated"),
  D23: shown(["v2"], "the cache of migration slots has the size of another object"),
  D24: shown(["v0"], "memory is allocated with GFP_KERNEL under the page-table lock"),
  D25: shown(["v0"], "a swap entry is taken for a page"),
  D26: shown(["v0"], "isolation does not count in NR_ISOLATED, and migration takes off"),
  D27: shown(until("v2"), "a half-copied tree is walked"),
  D28: shown(all, "a slot is taken from an empty list"),
  D29: shown(["v0"], "a trace event looks at an mm->owner that an exit has cleared"),
  D30: shown(
    until("v2"),
    "a local variable is read before it is set",
    "not a matter of interleaving: the models have no variable without a value",
  ),
  D31: shown(all, "the address is computed from the folio, not taken from the walk"),
  D32: shown(all, "a failed init destroys caches that the hooks still use"),
  D33: shown(oneList, "a migrator that was not started is stopped"),
  D34: shown(listPerMm, "a thread that could not be started counts as started"),
  D35: shown(since("p1"), "a failed allocation at boot is used all the same"),
  D36: shown(until("v1"), "each exit walks the queue of all mms under one lock"),
  D37: shown(["v0"], "a soft lockup on a page-table lock was reported", "a report without a known cause"),
  D38: shown(["v1"], "a soft lockup in the walk was reported", "a report without a known cause; D51 fits it"),
  D40: shown(until("p1"), "an empty entry ends the walk of its VMA"),
  D41: shown(since("v1"), "a VMA longer than the scan size is begun again in each scan"),
  D42: shown(["v1"], "the address to resume at comes from another mm"),
  D43: shown(["p1"], "the VMA at the address to resume at is passed over"),
  D44: shown(since("p1"), "an exit under the cursor restarts the round at the head"),
  D45: shown(listPerMm, "the migrator stays with one list until its mm exits"),
  D46: shown(since("p1"), "the queue grows without a bound"),
  D47: shown(["v0"], "an exit leaves its slot to a daemon that may be switched off"),
  D48: shown(
    [],
    "entries are handed over at the end of a scan only",
    "it lies in the middle of v2 and v3: explore scan --patch v2 --feature listSplicedAtEnd=off",
  ),
  D49: shown(since("v1"), "the page budget counts bytes"),
  D50: shown(listPerMm, "a scan over its size goes on until a VMA has an entry"),
  D51: shown(all, "the size is tested between VMAs only"),
  D52: shown(until("p1"), "a scan that finds much is extended"),
  D53: shown(["v0"], "the daemon spins where the scan list is empty"),
  D54: shown(all, "a scan_sleep_ms of 0 makes the daemon spin"),
  D55: shown(all, "a stop request is not seen while scanning is disabled"),
  D56: shown(all, "wake_up_interruptible does not reach an uninterruptible sleeper"),
  D57: shown(all, "a wake-up request is overwritten"),
  D58: shown(since("p1"), "nobody wakes the migrator"),
  D59: shown(all, "scan_sleep_ms and mms_to_scan have no bounds"),
  D60: shown(until("v2"), "the first visit takes every folio for accessed"),
  D61: shown(["v3"], "the first visit counts as the second access"),
  D62: shown(all, "PG_young is never cleared"),
  D63: shown(all, "a large folio is judged by its last entry"),
  D64: shown(all, "huge mappings are split"),
  D65: shown(all, "other users of the accessed bit and the idle flag interfere"),
  D66: shown(all, "a busy folio looks cold, or hot a window later"),
  D67: shown(
    ["p1", "v1", "v2"],
    "the target node is chosen by what was scanned, and accesses in the top tier count again",
  ),
  D68: shown(all, "the policy of the task that is scanned is not asked"),
  D69: shown(oneList, "the dirty flag drops an entry of another mm"),
  D70: shown(until("v1"), "an entry without mm is counted by what happened before it"),
  D71: shown(listPerMm, "a child does not inherit the prctl scale"),
  D72: shown(["v3"], "the stretched period leaves its range"),
  D73: shown(["v3"], "the stretched period is tuned again and grows"),
  D74: shown(["v3"], "the failure share changes only after 1024 entries of one call"),
  D75: shown(all, "a store of target_node is not validated, and ends the sleep also where it is refused"),
  D76: shown(since("p1"), "the first entries of an mm go to node 0"),
  D77: shown(all, "the target node stays where the task was, whatever has room"),
  D78: shown(since("v1"), "an mm counts as useful for some scans without an access"),
  D79: shown(since("p1"), "switching off does not stop promotion"),
  D80: shown(["v0"], "two arguments of kmem_scan_mm_end are swapped", text),
  D81: shown(
    all,
    "a start is traced that the next_scan gate stops, and from p1 on the exit of an mm without a slot",
  ),
  D82: shown(until("v2"), "events are built where the option is off", "a matter of the build"),
  D83: shown(all, "some configurations do not build, or lack the page idle flag", "a matter of the build"),
  D84: shown(all, "shared folios and read-only file mappings are passed over", policy),
};

/**
 * Whether the violation of a property in a build may be the evidence for a defect: its version has it, or a fix that the version
 * has is switched off; and of the fixes that restore the property not every one is on.
 *
 * @param features - the features of the entry, switched on or off; a defect that the table does not have goes by these alone
 */
export function mayShow(defect: string, property: string, { entry, patch, features }: Build): boolean {
  const fixes = entry.features.filter(({ closes }) => closes.includes(defect));
  const restoring = fixes.filter(({ restores }) => restores.includes(property));
  const needed = restoring.length > 0 ? restoring : fixes;
  if (needed.length > 0 && needed.every(({ name }) => features[name])) return false;
  const known = defects[defect]?.patches;
  const posted = patch !== "fixed" && (known === undefined || known.includes(patch));
  return posted || fixes.some(({ name, patches }) => patches.includes(patch) && !features[name]);
}

/** A version of a model, perhaps with features switched over. */
interface Build {
  readonly entry: Pick<ModelEntry, "features">;
  readonly patch: Patch;
  readonly features: Readonly<Record<string, boolean>>;
}
