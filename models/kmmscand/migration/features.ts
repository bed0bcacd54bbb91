/** Which traits of the series matter to the migration list, and what each fix restores. */
import { featuresOfModel, type Has as HasTrait } from "../features.ts";

const restores = {
  migrationSlots: [],
  folioPinnedWhileQueued: ["S05", "S05.freed", "S16"],
  queueSkipsListed: ["B05"],
  scannerHoldsBack: ["B05.length"],
  scanFindsIdle: [],
  idleEntriesDropped: [],
  hotPageTested: [],
  cleanupAfterBarrier: ["S06", "S06.queued", "S06.inflight"],
  cleanupWaitsForInFlight: ["S06", "S06.inflight", "S06.target", "S10.freed", "L04", "B04"],
  targetReadWithEntry: [],
  promoteHoldsMmapLock: ["S07"],
  promoteChecksPte: ["S08"],
  dirtyDropsOwnEntry: ["S18.meant"],
  nullEntryNotCounted: ["A02"],
  slotUnlinkedUnderListLock: ["S10.freed", "S10.gone", "S11"],
  slotFreedAfterUnlock: ["S10.unlock"],
  cleanFlagPerSlot: ["S18", "S18.meant"],
  slotAllocatedUnlocked: ["S09", "S10.twice"],
  slotCacheOfItsOwn: ["S10.size"],
  slotResultChecked: ["S13"],
  entriesFreedAtOnce: ["S09", "A01"],
  migratorRechecksList: ["S13.migrator"],
  migratorTakesTurns: ["S12", "L03", "L01.again"],
} as const;

/** `fixed` is the design of v3, mended. */
export const migrationFeatures = featuresOfModel(restores, ["migrationSlots"]);

/** Which features a build has; absent means off. */
export type Has = HasTrait<keyof typeof restores>;
