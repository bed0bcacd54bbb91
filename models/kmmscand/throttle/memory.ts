/** What the throttle reads and writes: the slot, the prctl scale, and what the migrator counts. */
import { bool, declare, int } from "../../language/index.ts";
import { expectations } from "./expectation.ts";
import type { Limits } from "./throttle-law.ts";

/** The sizes of the model. */
export interface Scope {
  /** The prctl scale that a process begins with. */
  readonly scale: number;
  /** Calls of prctl. */
  readonly prctls: number;
  /** Entries between two updates of the failure share; 0 where no migration fails. */
  readonly window: number;
  /** Idle scans that scan_delta can make useful. */
  readonly decays: number;
  /** Bound of the queue in chunks; 0 where it is not counted. */
  readonly queue: number;
  /** Chunks that the migrator takes in a second. */
  readonly rate: number;
}

/** Pages that the busiest scan finds: after `decays` scans as many as the threshold are left of it. */
export const manyPages = ({ threshold }: Limits, { decays }: Scope) => threshold * 16 ** decays;

/** A chunk of the queue is what a scan of the least size finds where every page is hot; the largest size has so many. */
export const chunksOf = ({ size }: Limits) => size.max / size.min;

/** Wide enough for what v3 stores at the largest scale and failure share. */
const widest = 2 ** 17;

export function memory(limits: Limits, scope: Scope) {
  const entries = int(0, scope.window);
  // A quarter of the window before stays.
  const decayed = int(0, 2 * scope.window);
  return declare({
    period: { sort: int(0, widest), initial: limits.period.start, doc: "scan_period of the slot in ms" },
    size: { sort: int(0, widest), initial: limits.size.start, doc: "scan_size of the slot in MiB" },
    delta: {
      sort: int(0, 2 * manyPages(limits, scope)),
      initial: 0,
      doc: "scan_delta in pages: 0 where the scan before was idle",
    },
    scale: { sort: int(0, 10), initial: scope.scale, doc: "pte_scan_scale of the mm" },
    succeeded: {
      sort: entries,
      initial: 0,
      doc: "entries that were migrated since the counts were taken over",
    },
    failed: { sort: entries, initial: 0, doc: "entries that failed since the counts were taken over" },
    msuccess: { sort: decayed, initial: 0, doc: "msuccess of the migration slot" },
    mfailed: { sort: decayed, initial: 0, doc: "mfailed of the migration slot" },
    fratio: { sort: int(0, 100), initial: 0, doc: "failed migrations of the mm in percent" },
    queue: {
      sort: int(0, scope.queue + 1),
      initial: 0,
      doc: "entries that wait for the migrator, in chunks, up to one behind the bound",
    },
    ...expectations(limits, 2 * manyPages(limits, scope)),
    scale_meant: {
      sort: int(0, 10),
      initial: scope.scale,
      doc: "the scale that the process or its parent has asked for",
      history: true,
    },
    steady: {
      sort: bool,
      initial: true,
      doc: "scale and failure share are those that the last scan has seen",
      history: true,
    },
    unseen: {
      sort: int(0, scope.window + 1),
      initial: 0,
      doc: "entries that were consumed since the failure share was updated",
      history: true,
    },
  });
}

export type Memory = ReturnType<typeof memory>["v"];
