/**
 * What tells the posted daemon from one in which every property holds: one switch a defect, on where it is closed.
 *
 * The table is the only place that knows which patch has which feature; the machines ask for features, never for patches.
 */
import type { Feature } from "../../entry.ts";

export const systemFeatures = [
  {
    name: "execEntersAfterStack",
    doc: "exec calls __kmmscand_enter once the stack VMA is in, so its error path has nothing to undo",
    closes: ["D01"],
    restores: ["S04", "DEADLOCK"],
    patches: ["fixed"],
  },
  {
    name: "forkEntersAfterDup",
    doc: "fork calls __kmmscand_enter once every VMA is copied, so a half-built tree is never listed",
    closes: ["D27"],
    restores: ["S17"],
    patches: ["v3", "fixed"],
  },
  {
    name: "cleanupAfterBarrier",
    doc: "exit waits for the walker first and cleans the migration list afterwards, so nothing is appended behind it",
    closes: ["D06"],
    restores: ["S06", "S06.queued"],
    patches: ["fixed"],
  },
  {
    name: "cleanupWaitsForInFlight",
    doc: "cleanup looks at cur_migrate_mm also where the list is empty, and waits for the entry being promoted",
    closes: ["D07"],
    restores: ["S06", "S06.inflight"],
    patches: ["fixed"],
  },
  {
    name: "folioPinnedWhileQueued",
    doc: "an entry owns a reference to its folio until it is consumed",
    closes: ["D02"],
    restores: ["S05"],
    patches: ["fixed"],
  },
  {
    name: "firstScanIgnoresUntouched",
    doc: "PG_idle is set before the accessed bit is looked at, so it is clear only if this visit found the bit set",
    closes: ["D60"],
    restores: ["A03"],
    patches: ["v3", "fixed"],
  },
  {
    name: "youngFlagCleared",
    doc: "the daemon clears PG_young once it has looked at it",
    closes: ["D62"],
    restores: ["A04"],
    patches: ["fixed"],
  },
  {
    name: "nullEntryNotCounted",
    doc: "an entry whose mm was cleared by an exit is freed without touching the counters",
    closes: ["D70"],
    restores: ["A02"],
    patches: ["v2", "v3", "fixed"],
  },
  {
    name: "disabledLoopTestsStop",
    doc: "the loop that waits for scan_enabled also ends on kthread_should_stop",
    closes: ["D55"],
    restores: ["L05"],
    patches: ["fixed"],
  },
  {
    name: "pickRechecksList",
    doc: "scan_mm_slot tests under mm_lock that the list still has a slot",
    closes: ["D28"],
    restores: ["S13"],
    patches: ["fixed"],
  },
  {
    name: "exitFreesRestingSlot",
    doc: "a slot knows whether it is being scanned (is_scanned), so exit frees one that the cursor merely rests on",
    closes: ["D47"],
    restores: ["L04"],
    patches: ["v1", "v2", "v3", "fixed"],
  },
] as const satisfies readonly Feature[];

export type SystemFeature = (typeof systemFeatures)[number]["name"];

/** Which features a build has; absent means off. */
export type Has = (feature: SystemFeature) => boolean;
