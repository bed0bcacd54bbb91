/** Which traits of the series the trace events of one mm show, and what each fix restores. */
import { featuresOfModel, type Has as HasTrait } from "../features.ts";

const restores = {
  eventsWithoutTask: ["L01.visit", "L04.exit"],
  startTracedOnceDue: ["A10"],
  exitTracedIfListed: ["A10.exit"],
  exitIsTraced: [],
  nodeIsTraced: [],
  countsAreTraced: [],
  separateMigrateThread: [],
  queuePerMm: [],
  collectCleansQueue: [],
  exitFreesRestingSlot: [],
  scaleTurnsOff: [],
  forkEntersAfterDup: [],
} as const;

export const oneMmFeatures = featuresOfModel(restores, ["exitIsTraced"]);

/** Which features a build has; absent means off. */
export type Has = HasTrait<keyof typeof restores>;
