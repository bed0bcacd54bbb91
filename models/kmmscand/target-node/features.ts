/** Which traits of the series matter to the choice of a node, and what each fix restores. */
import { featuresOfModel, type Has as HasTrait } from "../features.ts";

const restores = {
  separateMigrateThread: [],
  targetChosenByScan: [],
  storedNodeChecked: ["A08.store"],
  destinationChecked: ["S15"],
  unchosenTargetReadsSysfs: ["A08"],
  accessesCompared: ["A03.target"],
  destinationFollowsTask: ["S15.task"],
  fallbackNodesUsed: ["S15.room"],
  ownerPolicyAsked: ["A11"],
} as const;

export const targetNodeFeatures = featuresOfModel(restores, ["separateMigrateThread", "targetChosenByScan"]);

/** Which features a build has; absent means off. */
export type Has = HasTrait<keyof typeof restores>;
