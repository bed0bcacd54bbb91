/**
 * What tells the versions apart as far as the trace events of one mm show it.
 *
 * The table is the only place that knows which patch has which feature; the machines ask for features, never for patches.
 */
import type { Feature } from "../../entry.ts";

export const oneMmFeatures = [
  {
    name: "eventsWithoutTask",
    doc: "trace events print no task name, so nothing looks at mm->owner, which an exit clears",
    closes: ["D29"],
    restores: ["S13"],
    patches: ["v1", "v2", "v3", "fixed"],
  },
  {
    name: "exitShown",
    doc: "__kmmscand_exit begins with the trace event kmem_mm_exit, for every mm, tracked or not",
    closes: [],
    restores: [],
    patches: ["v1", "v2", "v3", "fixed"],
  },
  {
    name: "nodeShown",
    doc: "the end of a scan and each migration print the target node",
    closes: [],
    restores: [],
    patches: ["v1", "v2", "v3", "fixed"],
  },
  {
    name: "countsShown",
    doc: "each migration prints how many succeeded and failed so far",
    closes: [],
    restores: [],
    patches: ["v3"],
  },
  {
    name: "separateMigrateThread",
    doc: "a thread of its own migrates, while the daemon goes on; entries reach its list after each VMA",
    closes: [],
    restores: [],
    patches: ["v1", "v2", "v3"],
  },
  {
    name: "exitFreesRestingSlot",
    doc: "a slot knows whether it is being scanned, so exit frees one that the cursor merely rests on",
    closes: [],
    restores: [],
    patches: ["v1", "v2", "v3", "fixed"],
  },
  {
    name: "collectCleansQueue",
    doc: "an exit that leaves its slot to the daemon leaves it the queued entries as well",
    closes: [],
    restores: [],
    patches: ["v1", "v2", "v3", "fixed"],
  },
  {
    name: "queuePerMm",
    doc: "each mm has a migration list of its own; the migrator stays with one until its mm exits (D45)",
    closes: [],
    restores: [],
    patches: ["v2", "v3"],
  },
  {
    name: "scaleTurnsOff",
    doc: "prctl can turn the scans of a process off; its visits then show nothing",
    closes: [],
    restores: [],
    patches: ["v1", "v2", "v3", "fixed"],
  },
  {
    name: "forkEntersAfterDup",
    doc: "fork calls the enter hook once every VMA is copied, so a fork that fails has not entered",
    closes: [],
    restores: [],
    patches: ["v3", "fixed"],
  },
] as const satisfies readonly Feature[];

export type OneMmFeature = (typeof oneMmFeatures)[number]["name"];

/** Which features a build has; absent means off. */
export type Has = (feature: OneMmFeature) => boolean;
