/** Which traits of the series matter to the whole system, and what each fix restores. */
import type { Design } from "../../entry.ts";
import { featuresOfModel, type Has as HasTrait } from "../features.ts";

const restores = {
  execEntersAfterStack: ["S04", "DEADLOCK"],
  forkEntersAfterDup: ["S17"],
  cleanupAfterBarrier: ["S06", "S06.queued"],
  cleanupWaitsForInFlight: ["S06", "S06.inflight"],
  cleanupSleeps: ["B02"],
  entryWithoutVma: ["S06.vma"],
  isolationCounted: ["S16.isolated"],
  folioPinnedWhileQueued: ["S05", "S16"],
  firstScanIgnoresUntouched: ["A03"],
  youngNotTakenForAccess: ["A04"],
  nullEntryNotCounted: ["A02"],
  disabledLoopTestsStop: ["L05"],
  pickRechecksList: ["S13"],
  exitFreesRestingSlot: ["L04"],
  separateMigrateThread: [],
  migrationSlots: ["B02.list"],
  migratorTakesTurns: [],
  hotPageTested: [],
  secondAccess: [],
  youngFlagCleared: [],
  collectCleansQueue: [],
  exitIsTraced: [],
  firstScanDelayed: [],
  dirtyDropsOwnEntry: [],
  queueSkipsListed: [],
  promoteHoldsMmapLock: [],
  promoteChecksPte: [],
} as const;

/** What matters only where a thread of its own migrates. `fixed`, which has none, has these fixes for whoever adds it. */
const ofMigrateThread = [
  "migratorTakesTurns",
  "dirtyDropsOwnEntry",
  "queueSkipsListed",
  "promoteHoldsMmapLock",
  "promoteChecksPte",
] as const;

export const systemFeatures = featuresOfModel(restores, ofMigrateThread);

/** What each fix restores where a second thread migrates, from a list for each mm. */
const restoresWithThread = {
  execEntersAfterStack: ["S04", "DEADLOCK"],
  forkEntersAfterDup: ["S17"],
  cleanupAfterBarrier: ["S06", "S06.queued", "L03", "L04"],
  cleanupWaitsForInFlight: ["S06", "S06.inflight"],
  cleanupSleeps: ["B02"],
  folioPinnedWhileQueued: ["S05", "S16"],
  firstScanIgnoresUntouched: ["A03"],
  youngNotTakenForAccess: ["A04"],
  disabledLoopTestsStop: ["L05"],
  pickRechecksList: ["S13"],
  exitFreesRestingSlot: ["L04"],
  migratorTakesTurns: ["L03"],
  queueSkipsListed: ["B05"],
  promoteHoldsMmapLock: ["S07"],
  promoteChecksPte: ["S08"],
} as const satisfies Partial<Readonly<Record<keyof typeof restores, readonly string[]>>>;

export const systemDesigns: readonly Design[] = [
  {
    name: "two threads",
    doc: "the design of v2 and v3, mended: a thread of its own migrates, from a list for each mm",
    features: { separateMigrateThread: true },
    restores: restoresWithThread,
    parameters: { folios: 1 },
  },
];

/** Which features a build has; absent means off. */
export type Has = HasTrait<keyof typeof restores>;
