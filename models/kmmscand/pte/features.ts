/** What separates the versions of the page-table callback. */
import type { Feature } from "../../entry.ts";

export const pteFeatures = [
  {
    name: "secondAccess",
    doc: "a folio is hot only if PG_idle was clear before the visit, too: accessed in two windows running",
    closes: [],
    restores: [],
    patches: ["v3", "fixed"],
  },
  {
    name: "toptierMarkedIdle",
    doc: "PG_idle is set on a folio of the top tier as on any other",
    closes: [],
    restores: [],
    patches: ["v0", "p1"],
  },
  {
    name: "presentTested",
    doc: "the callback passes over an entry that is not present",
    closes: ["D25"],
    restores: ["S14"],
    patches: ["p1", "v1", "v2", "v3", "fixed"],
  },
  {
    name: "callbackAddressUsed",
    doc: "the accessed bit is cleared at the address that the callback was given",
    closes: ["D31"],
    restores: ["S14.address"],
    patches: ["fixed"],
  },
  {
    name: "idleSetBeforeClear",
    doc: "PG_idle is set before the accessed bit is looked at, so it is clear only if this visit found the bit set",
    closes: ["D60"],
    restores: ["A03", "A04", "A03.second"],
    patches: ["v3", "fixed"],
  },
  {
    name: "firstVisitMarksOnly",
    doc: "a folio that was not visited before is marked, and not taken for accessed in the window before",
    closes: ["D61"],
    restores: ["A03.second"],
    patches: ["v0", "p1", "v1", "v2", "fixed"],
  },
  {
    name: "youngNotTakenForAccess",
    doc: "PG_young, which nobody clears, does not make a folio hot",
    closes: ["D62"],
    restores: ["A03", "A04"],
    patches: ["v3", "fixed"],
  },
  {
    name: "folioJudgedOnce",
    doc: "the entries of a large folio are cleared together and judged once",
    closes: ["D63", "D04"],
    restores: ["B05", "A03.second", "A03.missed"],
    patches: ["fixed"],
  },
  {
    name: "pmdEntryJudged",
    doc: "a huge PMD is judged as it is (pmd_entry), not split for the walk",
    closes: ["D64"],
    restores: ["A11"],
    patches: ["fixed"],
  },
  {
    name: "ownFlags",
    doc: "the mark of the scanner is a flag of its own, and who else clears the accessed bit hands the access on",
    closes: ["D65"],
    restores: ["A03.missed"],
    patches: ["v0", "p1", "v1", "v2", "fixed"],
  },
  {
    name: "busyFolioLeftAlone",
    doc: "a folio whose lock is held is left as it is, for another visit",
    closes: ["D66"],
    restores: ["A03.second", "A03.missed"],
    patches: ["fixed"],
  },
  {
    name: "toptierJudgedByBit",
    doc: "an access in the top tier is counted only where the accessed bit was set",
    closes: ["D67", "D62"],
    restores: ["A03.toptier"],
    patches: ["v0", "fixed"],
  },
] as const satisfies readonly Feature[];

type PteFeature = (typeof pteFeatures)[number]["name"];

/** Which features a build has. */
export type Has = (feature: PteFeature) => boolean;
