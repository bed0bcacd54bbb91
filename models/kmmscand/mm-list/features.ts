/** Which traits of the series matter to the scan list, and what each fix restores. */
import { featuresOfModel, type Has } from "../features.ts";

const restores = {
  execEntersAfterStack: ["S04", "B04"],
  forkEntersAfterDup: ["S17"],
  pickRechecksList: ["S13"],
  exitFreesRestingSlot: ["L04"],
  exitAdvancesCursor: ["L01"],
  exitIsTraced: [],
  firstScanDelayed: [],
} as const;

export const listFeatures = featuresOfModel(restores);

export type HasListFeature = Has<keyof typeof restores>;
