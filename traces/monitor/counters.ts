/** How much the daemon's counters in /proc/vmstat moved between the two snapshots of a capture. */

import type { Capture, Snapshot } from "../capture.ts";

/** The daemon counts nothing else at the same moment: so much may differ because it ran while the counters were read. */
export const IN_FLIGHT = 2;

export interface Delta {
  readonly name: string;
  readonly before: number;
  readonly after: number;
  readonly moved: number;
  /** Where the second value stands. */
  readonly file: string;
  readonly line: number;
}

export interface Deltas {
  readonly added: Delta | null;
  readonly migrated: Delta | null;
  readonly failed: Delta | null;
  readonly scans: Delta | null;
  /** Pages that the kernel moved, whoever asked for it. */
  readonly pages: Delta | null;
}

/** The deltas of a capture; null where it has no two snapshots. */
export function deltasOf(capture: Capture | null): Deltas | null {
  const before = capture?.before ?? null;
  const after = capture?.after ?? null;
  if (before === null || after === null) return null;
  const daemon = (name: string): Delta | null =>
    delta(before, after, `nr_kmmscand_${name}`) ?? delta(before, after, `nr_kscand_${name}`);
  return {
    added: daemon("migadded"),
    migrated: daemon("migrated"),
    failed: daemon("migrate_failed"),
    scans: daemon("mm_scans"),
    pages: delta(before, after, "pgmigrate_success"),
  };
}

function delta(before: Snapshot, after: Snapshot, name: string): Delta | null {
  const first = before.counters.get(name);
  const second = after.counters.get(name);
  if (first === undefined || second === undefined || second.value < first.value) return null;
  return {
    name,
    before: first.value,
    after: second.value,
    moved: second.value - first.value,
    file: after.file,
    line: second.line,
  };
}

/** True if a capture has counters of the daemon at both ends. */
export function hasCounters(capture: Capture | null): boolean {
  return deltasOf(capture)?.migrated != null;
}

/** How many more folios the counter says were migrated than pages were moved at all; at most 0 if it may be right. */
export function countedTooHigh(deltas: Deltas): number {
  if (deltas.migrated === null || deltas.pages === null) return 0;
  const excess = deltas.migrated.moved - deltas.pages.moved;
  return excess > IN_FLIGHT ? excess : 0;
}

export const NO_COUNTERS = "the capture has no vmstat.before and vmstat.after with counters of the daemon";
