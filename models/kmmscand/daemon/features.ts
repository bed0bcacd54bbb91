/** Which traits of the series matter to the life of the two threads, and what each fix restores. */
import { featuresOfModel, type Has as HasTrait } from "../features.ts";

const restores = {
  separateMigrateThread: [],
  disabledLoopFirst: [],
  emptyListSleeps: ["B03"],
  scanSleepBounded: ["A06", "B03"],
  mmsToScanBounded: ["A06.mms_to_scan", "B03"],
  disabledLoopTestsStop: ["L05", "L05.returns"],
  sleepsInterruptibly: ["L06", "L06.wake"],
  needWakeupTakenAtomically: ["L06", "L06.kept"],
  everyWakerSetsNeedWakeup: ["L06"],
  queueWakesMigrator: ["L06.migrator", "L06.woken"],
  migratorTestsEnabled: ["A08"],
  startTestsNewTask: ["S13", "S13.migrator"],
  stopTestsThread: ["S13.migrator"],
  failedInitUndone: ["S10"],
} as const;

export const daemonFeatures = featuresOfModel(restores, ["separateMigrateThread", "disabledLoopFirst"]);

/** Which features a build has; absent means off. */
export type Has = HasTrait<keyof typeof restores>;
