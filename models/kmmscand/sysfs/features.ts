/** Which traits of the series matter to the settings, and what each fix restores. */
import { featuresOfModel, type Has as HasTrait } from "../features.ts";

const restores = {
  scaleTurnsOff: [],
  nodeValidatedFirst: ["A08"],
  periodReadByScan: ["A08.period"],
  scaleInherited: ["A09"],
} as const;

export const sysfsFeatures = featuresOfModel(restores, ["scaleTurnsOff"]);

/** Which features a build has; absent means off. */
export type Has = HasTrait<keyof typeof restores>;
