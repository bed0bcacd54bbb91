/** Costs counted in strides are those of a run page by page. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  ASSUMPTIONS,
  type CostAssumptions,
  costOf,
  daemonWork,
  numab2Work,
  PUBLISHED,
} from "../../traces/synthesize/cost.ts";
import { CONSTANTS, SIMULATED_PATCHES, tuned } from "../../traces/synthesize/throttle.ts";

const defaults = Object.fromEntries(
  ASSUMPTIONS.map(({ name, value }) => [name, value]),
) as unknown as CostAssumptions;

/** The daemon, one page and one nanosecond count after the other. */
function slowDaemon(pages: number, runMs: number, patch: "v0" | "v1" | "v2" | "v3", of: CostAssumptions) {
  const end = runMs * 1e6;
  const isQueued = Array.from({ length: pages }, () => false);
  let [visited, scanNs, migrated, at, turns] = [0, 0, 0, 0, 0];
  let idleFrom = 0;
  let now = CONSTANTS[patch].delay * 1e6;
  let slot = { period: of.mmScanPeriodMs, size: CONSTANTS[patch].firstSize, delta: 0 };
  while (now < end) {
    turns++;
    const queue: number[] = [];
    let cut = false;
    // Whether a scan queues is the same for all of its pages: those of the first round do.
    const first = isQueued.includes(false);
    for (let bytes = 0; bytes < slot.size && at < pages; bytes += 4096, at++) {
      const cost = of.visitNs + (first ? of.queueNs : 0);
      if (now + cost > end) {
        cut = true;
        break;
      }
      now += cost;
      scanNs += cost;
      visited++;
      if (!isQueued[at]) queue.push(at);
      isQueued[at] = true;
    }
    if (cut) break;
    if (at === pages) at = 0;
    idleFrom = Math.max(idleFrom, now);
    for (const _ of queue) {
      idleFrom += of.migrateNs;
      if (idleFrom <= end) migrated++;
    }
    slot = tuned(patch, slot, queue.length);
    now += slot.period * 1e6;
  }
  const found = isQueued.filter(Boolean).length;
  return { turns, visited, found, migrated, scanMs: scanNs / 1e6 };
}

function slowNumab2(pages: number, runMs: number, of: CostAssumptions) {
  const isProtected = Array.from({ length: pages }, () => false);
  let [turns, visited, at] = [0, 0, 0];
  for (let now = of.numaScanPeriodMs; now < runMs; now += of.numaScanPeriodMs) {
    turns++;
    let budget = of.numaScanSizeMb * 256;
    for (let looks = 8 * budget; looks > 0 && budget > 0 && at < pages; looks--, at++) {
      visited++;
      if (isProtected[at]) continue;
      isProtected[at] = true;
      budget--;
    }
    if (at === pages) at = 0;
  }
  return { turns, visited, found: isProtected.filter(Boolean).length };
}

test("the daemon's work is that of a page at a time", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...SIMULATED_PATCHES),
      fc.integer({ min: 1, max: 3000 }),
      fc.integer({ min: 0, max: 40_000 }),
      fc.constantFrom(0, 10, 200_000),
      fc.constantFrom(0, 4000, 3_000_000),
      (patch, pages, runMs, visitNs, migrateNs) => {
        const of = { ...defaults, visitNs, queueNs: 7, migrateNs };
        expect(daemonWork(pages, runMs, patch, of)).toMatchObject(slowDaemon(pages, runMs, patch, of));
      },
    ),
    { numRuns: 60 },
  );
});

test("NUMAB2's work is that of a page at a time", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5000 }),
      fc.integer({ min: 0, max: 30_000 }),
      fc.integer({ min: 1, max: 4 }),
      (pages, runMs, numaScanSizeMb) => {
        const of = { ...defaults, numaScanSizeMb };
        expect(numab2Work(pages, runMs, of)).toMatchObject(slowNumab2(pages, runMs, of));
      },
    ),
    { numRuns: 60 },
  );
});

test("every page is promoted once, and each part is its count times its cost", () => {
  for (const published of PUBLISHED) {
    for (const patch of SIMULATED_PATCHES) {
      const { numab2, daemon } = costOf(published, patch, defaults);
      const pages = published.gib * 262_144;
      for (const work of [numab2, daemon]) {
        expect(work).toMatchObject({ found: pages, migrated: pages, migrateMs: (pages * 4000) / 1e6 });
        expect(work.totalMs).toBeCloseTo(work.scanMs + work.faultMs + work.migrateMs, 6);
      }
      expect(numab2.faultMs).toBe((pages * 1500) / 1e6);
      expect(numab2.promotedMs).toBe(published.gib * 4 * 1000);
      expect(daemon.faultMs).toBe(0);
    }
  }
});

test("8 GiB in v0: two scans of the first pass, then the period grows to its maximum", () => {
  const work = costOf(PUBLISHED[0], "v0", defaults).daemon;
  // GiB: 4 and 4, 8 three times while the size halves from its maximum, then 4, 2, 1 and a half nineteen times.
  expect({ turns: work.turns, visited: work.visited }).toEqual({ turns: 27, visited: 48.5 * 2 ** 18 });
  expect(work.scanMs).toBeCloseTo((48.5 * 2 ** 18 * 10 + 2 ** 21 * 100) / 1e6, 6);
});
