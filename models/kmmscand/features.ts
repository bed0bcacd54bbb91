/**
 * What tells the postings of the series apart, and from daemons in which the properties hold: the only place that knows which
 * version has what. The machines ask for features, never for versions.
 *
 * Most features are fixes: each closes a defect, and a posting has it where the authors closed it themselves. The others say
 * how a posting is built or what it shows; they close nothing.
 */
import type { Feature, Patch } from "../entry.ts";

type Posting = Exclude<Patch, "fixed">;

interface Trait {
  readonly doc: string;
  readonly closes: readonly string[];
  readonly postings: readonly Posting[];
  /** Postings that lack what the feature is about, so that they neither have it nor miss it. */
  readonly inapplicable?: readonly Posting[];
}

const sinceP1 = ["p1", "v1", "v2", "v3"] as const;
const beforeSlots = ["v0", "p1", "v1"] as const;
const beforeV3 = ["v0", "p1", "v1", "v2"] as const;

const traits = {
  execEntersAfterStack: {
    doc: "exec calls __kmmscand_enter once the stack VMA is in, so its error path has nothing to undo",
    closes: ["D01"],
    postings: [],
  },
  forkEntersAfterDup: {
    doc: "fork calls __kmmscand_enter once every VMA is copied, so a half-built tree is never listed",
    closes: ["D27"],
    postings: ["v3"],
  },
  cleanupAfterBarrier: {
    doc: "exit waits for the walker first and cleans the migration list afterwards, so nothing is appended behind it",
    closes: ["D06", "D10"],
    postings: [],
  },
  cleanupWaitsForInFlight: {
    doc: "cleanup looks at cur_migrate_mm also where the list is empty, and waits for the entry being promoted",
    closes: ["D07", "D09", "D13", "D16"],
    postings: [],
  },
  cleanupSleeps: {
    doc: "a cleanup that has to wait for the entry being promoted sleeps until it is over, and does not spin",
    closes: ["D08"],
    postings: [],
    inapplicable: ["p1", "v1"],
  },
  entryWithoutVma: {
    doc: "an entry has no pointer to its VMA, and promotion reads none",
    closes: ["D05"],
    postings: sinceP1,
  },
  allocatesWithoutSleeping: {
    doc: "the page-table callback allocates an entry with GFP_NOWAIT, since it runs under the page-table lock",
    closes: ["D24"],
    postings: sinceP1,
  },
  isolationCounted: {
    doc: "isolation of a folio adds its pages to NR_ISOLATED, from which migration subtracts them",
    closes: ["D26"],
    postings: sinceP1,
  },
  folioPinnedWhileQueued: {
    doc: "an entry owns a reference to its folio until it is consumed",
    closes: ["D02", "D03", "D04"],
    postings: [],
  },
  firstScanIgnoresUntouched: {
    doc: "PG_idle is set before the accessed bit is looked at, so it is clear only if this visit found the bit set",
    closes: ["D60"],
    postings: ["v3"],
  },
  youngFlagCleared: {
    doc: "the daemon clears PG_young once it has looked at it; an alternative to youngNotTakenForAccess that reclaim pays for",
    closes: ["D62"],
    postings: [],
  },
  nullEntryNotCounted: {
    doc: "an entry whose mm was cleared by an exit is freed without touching the counters",
    closes: ["D70"],
    postings: [],
    inapplicable: ["v2", "v3"],
  },
  disabledLoopTestsStop: {
    doc: "the loop that waits for scan_enabled also ends on kthread_should_stop",
    closes: ["D55"],
    postings: [],
  },
  pickRechecksList: {
    doc: "scan_mm_slot tests under mm_lock that the list still has a slot",
    closes: ["D28"],
    postings: [],
  },
  exitFreesRestingSlot: {
    doc: "a slot knows whether it is being scanned (is_scanned), so exit frees one that the cursor merely rests on",
    closes: ["D47"],
    postings: sinceP1,
  },
  exitAdvancesCursor: {
    doc: "an exit that frees the slot under the cursor moves the cursor to the next slot, not to the head of the list",
    closes: ["D44"],
    postings: [],
    inapplicable: ["v0"],
  },
  migrationSlots: {
    doc: "each mm has a migration list of its own, in a slot with its own lock (kmigrated_mm_slot)",
    closes: ["D36"],
    postings: ["v2", "v3"],
  },
  queueSkipsListed: {
    doc: "a folio that an entry names, be it queued or in flight, is not queued again",
    closes: ["D04"],
    postings: [],
  },
  scannerHoldsBack: {
    doc: "the daemon begins no visit while an entry waits for the migrator; it waits without a lock, and looks at nothing",
    closes: ["D46"],
    postings: [],
  },
  scanFindsIdle: {
    doc: "a visit is told, too, that a folio with an entry was not accessed since the visit before; alone that changes nothing",
    closes: [],
    postings: [],
  },
  idleEntriesDropped: {
    doc: "promotion gives an entry up whose folio the last visit found idle, under the page-table lock; it takes scanFindsIdle",
    closes: [],
    postings: [],
  },
  promoteHoldsMmapLock: {
    doc: "promotion takes mmap_lock and tests mm_users before it looks at page tables",
    closes: ["D11"],
    postings: [],
  },
  promoteChecksPte: {
    doc: "promotion reads the page-table entry under its lock, and goes on only if it still maps the folio",
    closes: ["D12"],
    postings: [],
  },
  targetReadWithEntry: {
    doc: "the migrator reads the target of the mm under the lock of the list from which it takes the entry",
    closes: ["D13"],
    postings: [],
  },
  dirtyDropsOwnEntry: {
    doc: "the dirty flag makes the migrator drop an entry whose mm is NULL, or give up one whose mm exits, and no other",
    closes: ["D69"],
    postings: [],
    inapplicable: ["v2", "v3"],
  },
  slotUnlinkedUnderListLock: {
    doc: "cleanup unlinks a migration slot and resets the cursor under kscand_migrate_lock",
    closes: ["D15"],
    postings: [],
    inapplicable: beforeSlots,
  },
  slotFreedAfterUnlock: {
    doc: "cleanup releases the lock in a migration slot before it frees the slot",
    closes: ["D14"],
    postings: [],
    inapplicable: beforeSlots,
  },
  cleanFlagPerSlot: {
    doc: "each migration slot has a clean flag of its own",
    closes: ["D18"],
    postings: [],
    inapplicable: beforeSlots,
  },
  slotAllocatedUnlocked: {
    doc: "a migration slot is allocated before kscand_migrate_lock is taken",
    closes: ["D19", "D20"],
    postings: [],
    inapplicable: beforeSlots,
  },
  slotCacheOfItsOwn: {
    doc: "migration slots come from a cache made for their size (kmigrated_mm_slot), not for that of scan slots",
    closes: ["D23"],
    postings: ["v3"],
    inapplicable: beforeSlots,
  },
  slotResultChecked: {
    doc: "where no migration slot could be allocated, the entries are freed and counted as failed",
    closes: ["D21"],
    postings: [],
    inapplicable: beforeSlots,
  },
  entriesFreedAtOnce: {
    doc: "cleanup frees the entries itself and needs no memory for that",
    closes: ["D22"],
    postings: [],
    inapplicable: beforeSlots,
  },
  migratorRechecksList: {
    doc: "the migrator tests under kscand_migrate_lock that there still is a migration slot",
    closes: ["D28"],
    postings: [],
    inapplicable: beforeSlots,
  },
  migratorTakesTurns: {
    doc: "the migrator takes one entry of a migration slot and goes on to the next slot; it remembers no successor",
    closes: ["D45", "D17"],
    postings: [],
    inapplicable: beforeSlots,
  },
  hotPageTested: {
    doc: "promotion asks is_hot_page whether the folio is still in use",
    closes: [],
    postings: ["v2", "v3"],
  },
  secondAccess: {
    doc: "a folio is hot only if PG_idle was clear before the visit, too: accessed in two windows running",
    closes: [],
    postings: ["v3"],
  },
  youngNotTakenForAccess: {
    doc: "PG_young, which nobody clears, does not make a folio hot",
    closes: ["D62"],
    postings: ["v3"],
  },
  exitIsTraced: {
    doc: "kmem_mm_exit is the first thing that __kmmscand_exit does",
    closes: [],
    postings: sinceP1,
  },
  startTracedOnceDue: {
    doc: "kmem_scan_mm_start is shown behind the next_scan gate, of a visit that scans",
    closes: ["D81"],
    postings: [],
  },
  exitTracedIfListed: {
    doc: "kmem_mm_exit is shown of an mm that has a slot",
    closes: ["D81"],
    postings: [],
  },
  eventsWithoutTask: {
    doc: "trace events print no task name, so nothing looks at mm->owner, which an exit clears",
    closes: ["D29"],
    postings: sinceP1,
  },
  nodeIsTraced: {
    doc: "the end of a scan and each migration print the target node",
    closes: [],
    postings: sinceP1,
  },
  countsAreTraced: {
    doc: "each migration prints how many succeeded and failed so far",
    closes: [],
    postings: ["v3"],
  },
  separateMigrateThread: {
    doc: "a thread of its own migrates while the daemon goes on; entries reach its list after each VMA",
    closes: [],
    postings: sinceP1,
  },
  queuePerMm: {
    doc: "each mm has a migration list of its own, and the migrator stays with one until its mm exits: migrationSlots without D45's mending, as far as a log of one mm shows it",
    closes: [],
    postings: ["v2", "v3"],
  },
  collectCleansQueue: {
    doc: "an exit that leaves its slot to the daemon leaves it the queued entries as well",
    closes: [],
    postings: sinceP1,
  },
  scaleTurnsOff: {
    doc: "prctl can turn the scans of a process off",
    closes: [],
    postings: sinceP1,
  },
  firstScanDelayed: {
    doc: "next_scan of a new slot lies one numa_balancing_scan_delay ahead",
    closes: [],
    postings: sinceP1,
  },
  disabledLoopFirst: {
    doc: "the loop that waits for scan_enabled comes before do_scan; off, between do_scan and the sleep",
    closes: [],
    postings: ["v2", "v3"],
  },
  emptyListSleeps: {
    doc: "wait_work sleeps whether or not the scan list has a slot",
    closes: ["D53"],
    postings: sinceP1,
  },
  scanSleepHasMin: {
    doc: "a store of scan_sleep_ms is clamped to a least sleep, so wait_work sleeps",
    closes: ["D54"],
    postings: [],
  },
  scanSleepHasMax: {
    doc: "a store of scan_sleep_ms is clamped to a greatest sleep",
    closes: ["D59"],
    postings: [],
  },
  mmsToScanBounded: {
    doc: "a store of mms_to_scan is clamped, so do_scan ends",
    closes: ["D59"],
    postings: [],
  },
  sleepsInterruptibly: {
    doc: "the scanner waits with wait_event_interruptible_timeout, so wake_up_interruptible reaches it",
    closes: ["D56"],
    postings: [],
  },
  needWakeupTakenAtomically: {
    doc: "should_wakeup reads and clears need_wakeup with one xchg",
    closes: ["D57"],
    postings: [],
  },
  everyWakerSetsNeedWakeup: {
    doc: "each store and each enter on an empty list sets need_wakeup, which no store of the daemon overwrites",
    closes: ["D57"],
    postings: [],
  },
  queueWakesMigrator: {
    doc: "the scanner wakes kmmmigrated when it hands entries over, and kmmmigrated sleeps only in its wait",
    closes: ["D58"],
    postings: [],
    inapplicable: ["v0"],
  },
  migratorTestsEnabled: {
    doc: "kmmmigrated promotes only while scan_enabled is 1",
    closes: ["D79"],
    postings: [],
    inapplicable: ["v0"],
  },
  startTestsNewTask: {
    doc: "start tests what kthread_run returned, not the global that it is about to set",
    closes: ["D34"],
    postings: ["v0", "p1", "v1"],
  },
  stopTestsThread: {
    doc: "stop_kmmmigrated calls kthread_stop only where there is a thread",
    closes: ["D33"],
    postings: [],
    inapplicable: ["v0"],
  },
  failedInitUndone: {
    doc: "a failed init clears the pointer of the cache that it destroys, and removes only a group that it has created",
    closes: ["D32"],
    postings: [],
  },
  nodeinfoFailureReported: {
    doc: "init fails where nodeinfo cannot be allocated for a node",
    closes: ["D35"],
    postings: [],
  },
  nodeinfoOfPossibleNodes: {
    doc: "nodeinfo is allocated for every possible node, not only for those with memory",
    closes: ["D35"],
    postings: ["v1", "v2", "v3"],
  },
  toptierMarkedIdle: {
    doc: "PG_idle is set on a folio of the top tier as on any other",
    closes: [],
    postings: ["v0", "p1"],
  },
  presentTested: {
    doc: "the callback passes over an entry that is not present",
    closes: ["D25"],
    postings: sinceP1,
  },
  callbackAddressUsed: {
    doc: "the accessed bit is cleared at the address that the callback was given",
    closes: ["D31"],
    postings: [],
  },
  firstVisitMarksOnly: {
    doc: "a folio that was not visited before is marked, and not taken for accessed in the window before",
    closes: ["D61"],
    postings: [],
    inapplicable: beforeV3,
  },
  folioJudgedOnce: {
    doc: "the entries of a large folio are cleared together and judged once",
    closes: ["D63", "D04"],
    postings: [],
  },
  pmdEntryJudged: {
    doc: "a huge PMD is judged as it is (pmd_entry), not split for the walk",
    closes: ["D64"],
    postings: [],
  },
  ownFlags: {
    doc: "the mark of the scanner is a flag of its own, and who else clears the accessed bit hands the access on",
    closes: ["D65"],
    postings: [],
  },
  busyFolioLeftAlone: {
    doc: "a folio whose lock is held is left as it is, for another visit",
    closes: ["D66"],
    postings: [],
  },
  toptierJudgedByBit: {
    doc: "an access in the top tier is counted only where the accessed bit was set",
    closes: ["D67", "D62"],
    postings: [],
    inapplicable: ["v0"],
  },
  holesPassed: {
    doc: "an empty entry does not end the walk of its VMA",
    closes: ["D40"],
    postings: ["v1", "v2", "v3"],
  },
  resumesWhereItStopped: {
    doc: "the address to resume at is where this walk stopped, and the walk goes on from there; off, it is behind the last entry that any walk visited, and the VMA around it is walked from its start",
    closes: ["D41", "D42"],
    postings: ["v0", "p1"],
  },
  firstVmaKept: {
    doc: "the VMA at the address to resume at is not passed over",
    closes: ["D43"],
    postings: ["v0", "v1", "v2", "v3"],
  },
  listSplicedAtEnd: {
    doc: "entries are handed over after each VMA, not only where the size is passed; off in the middle of v2 and of v3 (a bisection point)",
    closes: ["D48"],
    postings: ["v0", "p1", "v1", "v2", "v3"],
  },
  splicedBeforeExtension: {
    doc: "a VMA behind which the scan is extended is handed over as any other; off, it is left for the next one",
    closes: [],
    postings: ["v0"],
    inapplicable: ["v1", "v2", "v3"],
  },
  stopsOnceOverBudget: {
    doc: "a scan over its size stops whether or not the last VMA had an entry",
    closes: ["D50"],
    postings: ["v0", "p1", "v1"],
  },
  walkCountsPages: {
    doc: "the callback counts nr_to_scan down, and ends the walk inside a VMA where that is used up",
    closes: ["D51"],
    postings: ["v1", "v2", "v3"],
  },
  pageBudget: {
    doc: "nr_to_scan begins with the pages of scan_size; off, with half its bytes, which no VMA uses up",
    closes: ["D49", "D51"],
    postings: [],
    inapplicable: ["v0", "p1"],
  },
  sizeNotExtended: {
    doc: "a scan that finds many accessed pages keeps its size",
    closes: ["D52"],
    postings: ["v1", "v2", "v3"],
  },
  nodeValidatedFirst: {
    doc: "target_node_store looks at the node before it writes sleep_expire",
    closes: ["D75"],
    postings: [],
  },
  periodReadByScan: {
    doc: "a scan looks at mm_scan_period_ms, not only the entry of an mm does",
    closes: [],
    postings: [],
  },
  scaleInherited: {
    doc: "fork copies the scale",
    closes: ["D71"],
    postings: ["p1", "v1"],
    inapplicable: ["v0"],
  },
  targetChosenByScan: {
    doc: "each scan chooses a target for its mm (get_target_node); off, every entry goes to the node in sysfs",
    closes: [],
    postings: sinceP1,
  },
  storedNodeChecked: {
    doc: "target_node_store takes only a node that exists, has memory, and lies in the top tier",
    closes: ["D75"],
    postings: [],
  },
  destinationChecked: {
    doc: "promotion goes on only if its destination lies in the top tier and has memory at that time",
    closes: ["D76"],
    postings: [],
  },
  unchosenTargetReadsSysfs: {
    doc: "a target that no scan has found is NUMA_NO_NODE, for which the migrator takes the node in sysfs",
    closes: ["D76"],
    postings: [],
    inapplicable: ["v0"],
  },
  accessesCompared: {
    doc: "get_target_node compares nr_accessed; off, nr_scanned",
    closes: ["D67"],
    postings: ["v3"],
    inapplicable: ["v0"],
  },
  destinationFollowsTask: {
    doc: "where all threads of a process run on one node, that node is the destination",
    closes: ["D77"],
    postings: [],
  },
  fallbackNodesUsed: {
    doc: "an entry whose destination will not do goes to another node of the top tier that has room",
    closes: ["D77"],
    postings: [],
  },
  ownerPolicyAsked: {
    doc: "promotion asks whether policy and cpuset of the process allow the top tier, not those of the kthread",
    closes: ["D68"],
    postings: [],
  },
  stretchedPeriodClamped: {
    doc: "the period is clamped again after the prctl scale and the failure share have stretched it",
    closes: ["D72"],
    postings: [],
    inapplicable: beforeV3,
  },
  periodStoredUnstretched: {
    doc: "the slot keeps the tuned period; stretching it concerns only the next scan and does not compound",
    closes: ["D73"],
    postings: [],
    inapplicable: beforeV3,
  },
  scaleStretches: {
    doc: "the prctl scale stretches the period; off, only whether it is 0 matters",
    closes: [],
    postings: ["v3"],
  },
  failuresStretch: {
    doc: "the share of failed migrations of an mm stretches its period",
    closes: [],
    postings: ["v3"],
  },
  scanJudgedByItself: {
    doc: "whether a scan is useful depends on what it has found; off, a sixteenth of scan_delta is added",
    closes: ["D78"],
    postings: ["v0", "p1"],
  },
  failureWindowKept: {
    doc: "what the migrator has counted since the last update of the failure share outlasts the call",
    closes: ["D74"],
    postings: [],
  },
  queueShortensScan: {
    doc: "while another scan of the largest size might not fit into the queue, a scan has the least size; the slot keeps its own",
    closes: [],
    postings: [],
  },
  queueLengthensPeriod: {
    doc: "while another scan of the largest size might not fit into the queue, the wait is the longest period; the slot keeps its own",
    closes: [],
    postings: [],
  },
} as const satisfies Readonly<Record<string, Trait>>;

export type KmmscandFeature = keyof typeof traits;

/** Which features a build has; absent means off. */
export type Has<F extends string> = (feature: F) => boolean;

/**
 * The features of one model, in the order of `restores`.
 *
 * @param restores - for each feature, the properties of the model that it restores; none for what the model does not judge
 * @param design - features that fixed has without need: the design that it mends
 */
export function featuresOfModel<F extends KmmscandFeature>(
  restores: Readonly<Record<F, readonly string[]>>,
  design: readonly F[] = [],
): readonly Feature[] {
  return (Object.keys(restores) as F[]).map((name) => {
    const { doc, closes, postings, inapplicable = [] }: Trait = traits[name];
    const fixed: readonly Patch[] = restores[name].length > 0 || design.includes(name) ? ["fixed"] : [];
    return { name, doc, closes, restores: restores[name], patches: [...postings, ...fixed], inapplicable };
  });
}
