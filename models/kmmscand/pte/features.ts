/** Which traits of the series matter to the page-table callback, and what each fix restores. */
import { featuresOfModel, type Has as HasTrait } from "../features.ts";

const restores = {
  secondAccess: [],
  targetChosenByScan: [],
  toptierMarkedIdle: [],
  presentTested: ["S14"],
  callbackAddressUsed: ["S14.address"],
  firstScanIgnoresUntouched: ["A03", "A04", "A03.second", "A03.mark"],
  youngFlagCleared: [],
  firstVisitMarksOnly: ["A03.second"],
  youngNotTakenForAccess: ["A03", "A04"],
  folioJudgedOnce: ["B05", "A03.second", "A03.mark", "A03.missed"],
  pmdEntryJudged: ["A11"],
  ownFlags: ["A11.idle", "A03.mark", "A03.missed", "A03.uncounted"],
  busyFolioLeftAlone: ["A03.second", "A03.mark", "A03.missed"],
  toptierJudgedByBit: ["A03.toptier"],
  allocatesWithoutSleeping: ["S09"],
} as const;

export const pteFeatures = featuresOfModel(restores, ["secondAccess", "targetChosenByScan"]);

/** Which features a build has; absent means off. */
export type Has = HasTrait<keyof typeof restores>;
