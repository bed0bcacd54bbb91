/** What separates the versions where their settings are concerned. */
import type { Feature } from "../../entry.ts";

export const sysfsFeatures = [
  {
    name: "prctlScale",
    doc: "prctl sets a scale for each process, and 0 turns its scans off",
    closes: [],
    restores: [],
    patches: ["p1", "v1", "v2", "v3", "fixed"],
  },
  {
    name: "nodeValidatedFirst",
    doc: "target_node_store looks at the node before it writes sleep_expire",
    closes: ["D75"],
    restores: ["A08"],
    patches: ["fixed"],
  },
  {
    name: "periodReadByScan",
    doc: "a scan looks at mm_scan_period_ms, not only the entry of an mm does",
    closes: [],
    restores: ["A08.period"],
    patches: ["fixed"],
  },
  {
    name: "scaleInherited",
    doc: "fork copies the scale",
    closes: ["D71"],
    restores: ["A09"],
    patches: ["p1", "v1", "fixed"],
  },
] as const satisfies readonly Feature[];

type SysfsFeature = (typeof sysfsFeatures)[number]["name"];

/** Which features a build has. */
export type Has = (feature: SysfsFeature) => boolean;
