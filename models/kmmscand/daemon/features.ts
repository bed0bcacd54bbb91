/** Which traits of the series matter to the life of the two threads, and what each fix restores. */
import { featuresOfModel, type Has as HasTrait } from "../features.ts";

const restores = {
  separateMigrateThread: [],
  disabledLoopFirst: [],
  targetChosenByScan: [],
  migrationSlots: [],
  emptyListSleeps: ["B03"],
  scanSleepHasMin: ["A06", "B03"],
  scanSleepHasMax: ["A06"],
  mmsToScanBounded: ["A06.mms_to_scan", "B03"],
  disabledLoopTestsStop: ["L05", "L05.returns"],
  sleepsInterruptibly: ["L06", "L06.wake", "A08.soon"],
  needWakeupTakenAtomically: ["L06", "L06.kept", "A08.soon"],
  everyWakerSetsNeedWakeup: ["L06", "A08.soon"],
  queueWakesMigrator: ["L06.migrator", "L06.woken"],
  migratorTestsEnabled: ["A08"],
  startTestsNewTask: ["S13", "S13.migrator", "L05.returns"],
  stopTestsThread: ["S13.migrator"],
  failedInitUndone: ["S10", "S13.group"],
  nodeinfoFailureReported: ["S13.nodeinfo"],
  nodeinfoOfPossibleNodes: ["S13.nodeinfo"],
} as const;

export const daemonFeatures = featuresOfModel(restores, [
  "separateMigrateThread",
  "disabledLoopFirst",
  "targetChosenByScan",
  "migrationSlots",
]);

/** Which features a build has; absent means off. */
export type Has = HasTrait<keyof typeof restores>;
