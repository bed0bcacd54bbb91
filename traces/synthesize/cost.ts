/**
 * What scanning and migration cost on a clock of assumptions: NUMA balancing in memory tiering mode (NUMAB2), which pays in the context of
 * the process, beside the daemon, which pays in its own threads. It counts pages and multiplies; nothing is measured.
 *
 * The workload is abench at its plainest: all of its memory lies in the slow tier at first, and every page is touched between
 * any two looks at it. So each page is promoted once, on the first look, and looked at again for the rest of the run.
 */
import { CONSTANTS, type SimulatedPatch, tuned } from "./throttle.ts";

/** What is assumed; each can be given another value. */
export interface CostAssumptions {
  /** Visiting one page table entry: the walk, and testing and clearing its accessed bit. Nanoseconds. */
  readonly visitNs: number;
  /** Allocating and queueing the entry of one accessed page. Nanoseconds. */
  readonly queueNs: number;
  /** Making one page table entry PROT_NONE, its share of the TLB flush included. Nanoseconds. */
  readonly protectNs: number;
  /** Taking one hint fault, without the migration. Nanoseconds. */
  readonly faultNs: number;
  /** Migrating one page of 4 KiB: unmapping, flushing, copying, mapping. Nanoseconds. */
  readonly migrateNs: number;
  /** numa_balancing scan_size_mb. */
  readonly numaScanSizeMb: number;
  /** numa_balancing scan_period_min_ms, at which NUMAB2 is taken to stay. */
  readonly numaScanPeriodMs: number;
  /** mm_scan_period_ms: the daemon's first period, which its throttle then changes. */
  readonly mmScanPeriodMs: number;
}

export interface Assumption {
  readonly name: keyof CostAssumptions;
  readonly value: number;
  readonly unit: "ns" | "MiB" | "ms";
  readonly what: string;
  /** Where the value comes from. */
  readonly source: string;
}

const GUESS = "assumed: an order of magnitude for a server CPU, not measured";
const SYSCTL = "default of the kernel's NUMA balancing";

/** The assumptions, with the values that hold if none are given. */
export const ASSUMPTIONS: readonly Assumption[] = [
  { name: "visitNs", value: 10, unit: "ns", what: "visit a page table entry", source: GUESS },
  { name: "queueNs", value: 100, unit: "ns", what: "queue an accessed page", source: GUESS },
  { name: "protectNs", value: 50, unit: "ns", what: "make an entry PROT_NONE", source: GUESS },
  { name: "faultNs", value: 1500, unit: "ns", what: "take a hint fault", source: GUESS },
  { name: "migrateNs", value: 4000, unit: "ns", what: "migrate a page of 4 KiB", source: GUESS },
  { name: "numaScanSizeMb", value: 256, unit: "MiB", what: "NUMAB2: protected a turn", source: SYSCTL },
  { name: "numaScanPeriodMs", value: 1000, unit: "ms", what: "NUMAB2: between turns", source: SYSCTL },
  {
    name: "mmScanPeriodMs",
    value: 2000,
    unit: "ms",
    what: "daemon: first period",
    source: "default of mm_scan_period_ms",
  },
];

/** The sizes of the cover letter's table with its times: seconds of `abench -m 2 -d 1 -i 512` on 6.14-rc6, two nodes, 512 CPUs. */
export const PUBLISHED = [
  { size: "8G", gib: 8, numab1: 186.71, numab2: 134.33, patched: 120.52 },
  { size: "16G", gib: 16, numab1: 376.09, numab2: 292.24, patched: 275.97 },
  { size: "32G", gib: 32, numab1: 744.37, numab2: 585.06, patched: 546.49 },
  { size: "64G", gib: 64, numab1: 1534.49, numab2: 1278.98, patched: 1205.2 },
] as const;
export type Published = (typeof PUBLISHED)[number];

/** Work of one side. Pages and entries are counts, times milliseconds. */
export interface Work {
  readonly turns: number;
  readonly visited: number;
  /** Hint faults of NUMAB2; pages that the daemon queued. */
  readonly found: number;
  readonly migrated: number;
  readonly scanMs: number;
  /** Hint faults without their migrations; 0 for the daemon, which causes none. */
  readonly faultMs: number;
  readonly migrateMs: number;
  readonly totalMs: number;
  /** When the last page was promoted, milliseconds from the start; null if the run ends before. */
  readonly promotedMs: number | null;
}

export interface CostRow {
  readonly size: string;
  readonly numab2: Work;
  readonly daemon: Work;
  readonly published: Published;
}

/** The row of one size: each side for the seconds that the cover letter tells of its run. */
export function costOf(published: Published, patch: SimulatedPatch, assumptions: CostAssumptions): CostRow {
  const pages = published.gib * 2 ** 18;
  return {
    size: published.size,
    numab2: numab2Work(pages, published.numab2 * 1000, assumptions),
    daemon: daemonWork(pages, published.patched * 1000, patch, assumptions),
    published,
  };
}

/**
 * NUMAB2 for a run of so many milliseconds. A turn of task_numa_work ends when it has protected scan_size_mb, when it has visited
 * eight times that, or at the end of the address space; faults and promotions are over before the next turn.
 */
export function numab2Work(pages: number, runMs: number, assumptions: CostAssumptions): Work {
  const budget = assumptions.numaScanSizeMb * 256;
  const count = { turns: 0, visited: 0, found: 0, migrated: 0 };
  let at = 0;
  let promotedMs: number | null = null;
  for (let now = assumptions.numaScanPeriodMs; now < runMs; now += assumptions.numaScanPeriodMs) {
    const fresh = count.found < pages;
    const looked = Math.min(fresh ? budget : 8 * budget, pages - at);
    count.turns++;
    count.visited += looked;
    at = (at + looked) % pages;
    if (!fresh) continue;
    count.found += looked;
    if (count.found === pages) promotedMs = now;
  }
  count.migrated = count.found;
  const { visitNs, protectNs, faultNs } = assumptions;
  const scan = count.visited * visitNs + count.found * protectNs;
  return workOf(count, scan, count.found * faultNs, promotedMs, assumptions);
}

/**
 * The daemon for a run of so many milliseconds: one mm, scanned by the throttle of the version; its migration thread works beside the
 * scans, one page after the other. Scans and migrations under way when the run ends are counted as far as they came.
 */
export function daemonWork(
  pages: number,
  runMs: number,
  patch: SimulatedPatch,
  assumptions: CostAssumptions,
): Work {
  const { visitNs, queueNs, migrateNs, mmScanPeriodMs } = assumptions;
  const count = { turns: 0, visited: 0, found: 0, migrated: 0 };
  let tuning = { period: mmScanPeriodMs, size: CONSTANTS[patch].firstSize, delta: 0 };
  let at = 0;
  let scanNs = 0;
  let promotedMs: number | null = null;
  const end = runMs * 1e6;
  let idleFrom = 0;
  let now = CONSTANTS[patch].delay * 1e6;
  while (now < end) {
    const perPage = visitNs + (count.found < pages ? queueNs : 0);
    const whole = Math.min(tuning.size / 4096, pages - at);
    const looked = perPage === 0 ? whole : Math.min(whole, Math.floor((end - now) / perPage));
    const queued = count.found < pages ? looked : 0;
    count.turns++;
    count.visited += looked;
    count.found += queued;
    scanNs += looked * perPage;
    now += looked * perPage;
    at = (at + looked) % pages;
    // A scan hands over what it has found when it is done.
    if (looked < whole) break;
    const begin = Math.max(idleFrom, now);
    const room = migrateNs === 0 ? queued : Math.floor(Math.max(0, end - begin) / migrateNs);
    count.migrated += Math.min(queued, room);
    idleFrom = begin + queued * migrateNs;
    if (promotedMs === null && count.migrated === pages) promotedMs = idleFrom / 1e6;
    tuning = tuned(patch, tuning, queued);
    now += tuning.period * 1e6;
  }
  return workOf(count, scanNs, 0, promotedMs, assumptions);
}

function workOf(
  count: Pick<Work, "turns" | "visited" | "found" | "migrated">,
  scanNs: number,
  faultNs: number,
  promotedMs: number | null,
  { migrateNs }: CostAssumptions,
): Work {
  const migration = count.migrated * migrateNs;
  return {
    ...count,
    scanMs: scanNs / 1e6,
    faultMs: faultNs / 1e6,
    migrateMs: migration / 1e6,
    totalMs: (scanNs + faultNs + migration) / 1e6,
    promotedMs,
  };
}
