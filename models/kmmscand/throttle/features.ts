/** Which traits of the series matter to the spacing of the scans, and what each fix restores. */
import { featuresOfModel, type Has as HasTrait } from "../features.ts";

const restores = {
  separateMigrateThread: [],
  scaleTurnsOff: [],
  scaleStretches: [],
  failuresStretch: [],
  stretchedPeriodClamped: ["A06"],
  periodStoredUnstretched: ["A07"],
  scanJudgedByItself: ["A07.idle"],
  failureWindowKept: ["A07.share"],
  scaleInherited: ["A09"],
  queueShortensScan: [],
  queueLengthensPeriod: [],
} as const;

export const throttleFeatures = featuresOfModel(restores, [
  "separateMigrateThread",
  "scaleTurnsOff",
  "scaleStretches",
  "failuresStretch",
]);

/** Which features a build has; absent means off. */
export type Has = HasTrait<keyof typeof restores>;
