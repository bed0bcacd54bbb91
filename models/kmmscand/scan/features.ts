/** Which traits of the series matter to the way from VMA to VMA, and what each fix restores. */
import { featuresOfModel, type Has as HasTrait } from "../features.ts";

const restores = {
  holesPassed: ["A05.resume", "L02"],
  resumesWhereItStopped: ["L02.again", "A05", "A05.resume", "L02"],
  firstVmaKept: ["L02"],
  listSplicedAtEnd: ["A05.list"],
  splicedBeforeExtension: [],
  stopsOnceOverBudget: ["B01", "L02"],
  walkCountsPages: ["B01", "B02"],
  pageBudget: ["B01", "B01.budget", "B02"],
  sizeNotExtended: ["B01"],
} as const;

export const scanFeatures = featuresOfModel(restores, ["splicedBeforeExtension"]);

/** Which features a build has; absent means off. */
export type Has = HasTrait<keyof typeof restores>;
