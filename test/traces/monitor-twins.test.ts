/** The monitors with arithmetic against the same thing said slowly, from what was done and not from what was printed. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { PropertyReport } from "../../traces/validate.ts";
import { property, validateText } from "./support/logs.ts";
import { type LogWriter, writeLog } from "./support/writer.ts";

const GIB = 2 ** 30;
const MMS = ["a1", "b2", "c3"] as const;
const IDS = ["A03", "A04", "B01", "B05", "L01", "L03", "P04"];

interface Visit {
  readonly mm: number;
  /** The mm is entered anew before. */
  readonly anew: boolean;
  /** Pages looked at, and whether each was accessed. */
  readonly looks: readonly (readonly [number, boolean])[];
  readonly excess: number;
  readonly vmas: readonly number[];
  readonly gib: number;
  readonly ms: number;
  readonly migrated: number;
}

const visit: fc.Arbitrary<Visit> = fc.record({
  mm: fc.nat(2),
  anew: fc.boolean(),
  looks: fc.array(fc.tuple(fc.nat(30), fc.boolean()), { minLength: 1, maxLength: 25 }),
  excess: fc.constantFrom(-3, 0, 0, 0, 1, 8, 9, 15),
  vmas: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }),
  gib: fc.constantFrom(1, 4, 16),
  ms: fc.constantFrom(1, 1, 1, 1, 1, 1, 2000, 9000),
  migrated: fc.nat(6),
});

const accessed = ({ looks }: Visit): number => looks.filter(([, isSet]) => isSet).length;
const totalOf = (v: Visit): number => Math.max(0, accessed(v) + v.excess);

function write(visits: readonly Visit[]): LogWriter {
  const log = writeLog();
  for (const v of visits) {
    const mm = MMS[v.mm]!;
    if (v.anew) log.enter(mm);
    // Each step has a microsecond of its own: of two equal lines one would be a copy.
    log.start(mm).wait(v.ms - 0.01 - (v.vmas.length + v.looks.length) / 1000);
    let at = 0;
    for (const gib of v.vmas) {
      const [from, to] = [at * GIB, (at + gib) * GIB];
      log.probe(
        "walk_vma",
        `(walk+0x0/0x1) vm_start=0x${from.toString(16)} vm_end=0x${to.toString(16)} mm=0xffff1`,
      );
      log.at -= 0.009;
      at += gib;
    }
    for (const [page, isSet] of v.looks) {
      log.probe(
        "pte_entry",
        `(hot+0x0/0x1) pte=0x${isSet ? 67 : 47} addr=0x${(page * 4096).toString(16)} mm=0xffff1`,
      );
      log.at -= 0.009;
    }
    log.end(mm, { total: totalOf(v), size: v.gib * GIB }).migrate(mm, 0, v.migrated);
  }
  return log;
}

type Said = "holds" | "inconclusive" | "violated";
const worst = (all: readonly Said[]): Said =>
  all.includes("violated") ? "violated" : all.includes("inconclusive") ? "inconclusive" : "holds";

function slowB01({ ms, gib }: Visit): Said {
  const bound = 250 + 250 * gib;
  return ms <= bound ? "holds" : ms <= 4 * bound ? "inconclusive" : "violated";
}

function slowP04({ vmas, gib }: Visit): Said {
  const walked = vmas.slice(0, -1).reduce((sum, n) => sum + n, 0);
  return walked <= gib ? "holds" : "violated";
}

/** The pages queued without an access; `again` does not count first looks of the mm's present life. */
function slowWindow(visits: readonly Visit[], at: number, again: boolean): Said {
  const v = visits[at]!;
  const total = totalOf(v);
  if (total === 0) return "holds";
  const lives = visits.slice(0, at + 1).filter(({ mm }) => mm === v.mm);
  const born = lives.findLastIndex(({ anew }) => anew);
  const before = new Set(
    lives.slice(Math.max(0, born), -1).flatMap(({ looks }) => looks.map(([page]) => page)),
  );
  let fresh = 0;
  for (const [page, isSet] of v.looks) {
    if (!before.has(page) && !isSet) fresh++;
    before.add(page);
  }
  const excess = total - accessed(v) - (again ? fresh : 0);
  return excess <= 0 ? "holds" : excess <= 8 ? "inconclusive" : "violated";
}

/** The largest number that waited, and what waits at the end. */
function slowQueue(visits: readonly Visit[]): readonly [number, number] {
  const waiting = [0, 0, 0];
  let peak = 0;
  for (const v of visits) {
    if (v.anew) waiting[v.mm] = 0;
    waiting[v.mm]! += totalOf(v);
    peak = Math.max(peak, waiting[0]! + waiting[1]! + waiting[2]!);
    waiting[v.mm] = Math.max(0, waiting[v.mm]! - v.migrated);
  }
  return [peak, waiting[0]! + waiting[1]! + waiting[2]!];
}

/** Rounds that are over, and the most that an mm missed in a row: each round is the longest run without a repetition. */
function slowRounds(visits: readonly Visit[]): readonly [number, number] {
  const rounds: number[][] = [[]];
  let missed = 0;
  // A mm_enter counts as having had its turn then, and does not end a round.
  const last: (number | null)[] = [null, null, null];
  for (const v of visits) {
    if (v.anew) {
      last[v.mm] = rounds.length - 1;
      if (!rounds.at(-1)!.includes(v.mm)) rounds.at(-1)!.push(v.mm);
    }
    if (rounds.at(-1)!.includes(v.mm)) rounds.push([]);
    else if (last[v.mm] !== null) missed = Math.max(missed, rounds.length - 2 - last[v.mm]!);
    rounds.at(-1)!.push(v.mm);
    last[v.mm] = rounds.length - 1;
  }
  return [rounds.length - 1, missed];
}

test("say the same as their slow twins", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(visit, { minLength: 1, maxLength: 8 }), async (visits) => {
      const report = await validateText(write(visits).whole(), { properties: IDS });
      const of = (id: string): PropertyReport => property(report, id);
      expect(of("B01").verdict).toBe(worst(visits.map(slowB01)));
      expect(of("P04").verdict).toBe(worst(visits.map(slowP04)));
      expect(of("A03").verdict).toBe(worst(visits.map((_, i) => slowWindow(visits, i, false))));
      expect(of("A04").verdict).toBe(worst(visits.map((_, i) => slowWindow(visits, i, true))));
      const [peak, left] = slowQueue(visits);
      if (peak > 0) expect(of("B05").reason).toMatch(new RegExp(`(?:^|\\()${peak} waited at most`));
      if (left > 0) expect(of("B05").reason).toContain(`, ${left} wait at the end`);
      const [rounds, missed] = slowRounds(visits);
      const turns = /(\d+) rounds, (\d+) missed/.exec(of("L01").reason);
      if (turns !== null) expect(turns.slice(1).map(Number)).toEqual([rounds, missed]);
    }),
    { numRuns: 120 },
  );
});
