/** What separates the versions in the way from VMA to VMA. */
import type { Feature } from "../../entry.ts";

export const scanFeatures = [
  {
    name: "holesPassed",
    doc: "an empty entry does not end the walk of its VMA",
    closes: ["D40"],
    restores: ["L02"],
    patches: ["v1", "v2", "v3", "fixed"],
  },
  {
    name: "resumesWhereItStopped",
    doc: "the address to resume at is where this walk stopped, and the walk goes on from there; off, it is behind the last entry that any walk visited, and the VMA around it is walked from its start",
    closes: ["D41", "D42"],
    restores: ["A05", "L02"],
    patches: ["v0", "p1", "fixed"],
  },
  {
    name: "firstVmaKept",
    doc: "the VMA at the address to resume at is not passed over",
    closes: ["D43"],
    restores: ["L02"],
    patches: ["v0", "v1", "v2", "v3", "fixed"],
  },
  {
    name: "listSplicedAtEnd",
    doc: "entries are handed over after each VMA, not only where the size is passed; off in the middle of v2 and of v3 (a bisection point)",
    closes: ["D48"],
    restores: ["A05.list"],
    patches: ["v0", "p1", "v1", "v2", "v3", "fixed"],
  },
  {
    name: "stopsOnceOverBudget",
    doc: "a scan over its size stops whether or not the last VMA had an entry",
    closes: ["D50"],
    restores: ["B01", "L02"],
    patches: ["v0", "p1", "v1", "fixed"],
  },
  {
    name: "pageBudget",
    doc: "nr_to_scan counts the pages of scan_size, and ends the walk inside a VMA",
    closes: ["D51", "D49"],
    restores: ["B01"],
    patches: ["fixed"],
  },
  {
    name: "sizeNotExtended",
    doc: "a scan that finds many accessed pages keeps its size",
    closes: ["D52"],
    restores: ["B01"],
    patches: ["v1", "v2", "v3", "fixed"],
  },
] as const satisfies readonly Feature[];

type ScanFeature = (typeof scanFeatures)[number]["name"];

/** Which features a build has. */
export type Has = (feature: ScanFeature) => boolean;
