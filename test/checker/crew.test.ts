/** Several threads that explore together, against one alone: whatever their number, the result has the same bytes. */
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CheckOptions, type CheckResult, check, reportDeath } from "../../checker/check.ts";
import { explore } from "../../checker/explore/explore.ts";
import { mergeMarks, newMarks, readMarks } from "../../checker/explore/findings.ts";
import { lowerModel } from "../../checker/lower/program.ts";
import { featuresOf, findModel } from "../../models/index.ts";
import type { Model } from "../../models/language/index.ts";
import { smallModel } from "../arbitrary/model.ts";
import { runs } from "../runs.ts";
import { lateCrew, startAndAwait } from "./support/crew.ts";
import { unlimited } from "./unlimited.ts";

const fromTheStart = { seconds: 0, block: 1 };

/** The whole result as text. The clock stands still, so nothing in it may differ. */
function resultText(model: Model, workers: number, more: Partial<CheckOptions> = {}): string {
  const result = check(model, {
    now: () => 0,
    maxMemoryBytes: 2 ** 26,
    workers,
    startThread: startAndAwait,
    crewFrom: fromTheStart,
    ...more,
  });
  return JSON.stringify(result);
}

/** A model of the catalogue in its first version. */
function build(name: string, sizes: Readonly<Record<string, number>> = {}): Model {
  const entry = findModel(name);
  if (entry === undefined) throw new Error(`no model ${name}`);
  const parameters = Object.fromEntries(Object.entries(entry.parameters).map(([key, p]) => [key, p.default]));
  const patch = entry.patches[0] ?? null;
  return entry.build({ patch, features: featuresOf(entry, patch), parameters: { ...parameters, ...sizes } });
}

/** Judged on states and steps, so that the search is all there is to pay for. */
const several = ["S04", "S05", "S13", "S17", "S06.inflight"];
const reduced = { reduce: ["symmetry", "por", "dead"], shortest: true } as const;

describe("the result is the same for one, two and three threads", () => {
  test.each([
    ["the daemon, with several violations", build("system"), { properties: several, maxStates: 40_000 }],
    ["its first violation", build("system"), { stopAtFirst: true }],
    ["the daemon reduced", build("system"), { ...reduced, properties: several, maxStates: 8000 }],
    ["by symmetry alone", build("system"), { reduce: ["symmetry"], properties: ["S05"], maxStates: 2000 }],
    ["by partial order alone", build("system"), { reduce: ["por"], properties: ["S05"], maxStates: 2000 }],
    ["by dead variables alone", build("system"), { reduce: ["dead"], properties: ["S05"], maxStates: 2000 }],
    ["the daemon, cut at a number of states", build("system"), { maxStates: 5000 }],
    ["the throttle", build("throttle"), {}],
    ["a protocol that blocks", build("two-phase-commit"), {}],
  ] as const)("%s", (_, model, more: Partial<CheckOptions>) => {
    const alone = resultText(model, 1, more);
    const { applied } = (JSON.parse(alone) as CheckResult).reductions;
    for (const reduction of more.shortest ? [] : (more.reduce ?? []))
      expect(applied.map((note) => note.reduction)).toContain(reduction);
    for (const workers of [2, 3]) expect(resultText(model, workers, more)).toBe(alone);
  });

  test("random models, state by state", () => {
    fc.assert(
      fc.property(
        smallModel(300),
        fc.integer({ min: 2, max: 3 }),
        fc.constantFrom(1, 8),
        (model, workers, fromBlock) => {
          const program = lowerModel(model);
          const limits = { ...unlimited, maxMemoryBytes: 2 ** 24 };
          const alone = explore(program, model.properties, limits);
          const together = explore(program, model.properties, {
            ...limits,
            // With smaller blocks the leader expands some of them alone.
            parallel: { workers, startThread: startAndAwait, fromSeconds: 0, fromBlock },
          });
          expect(together.workers).toBeLessThanOrEqual(workers);
          if (fromBlock === 1) expect(together.workers).toBe(workers);
          const { states } = alone.counts;
          const found = ({ counts, findings, levels, taken, reached, arena, parents }: typeof alone) => ({
            counts,
            findings,
            levels,
            taken: [...taken],
            reached: [...reached],
            arena: [...arena.subarray(0, states * program.layout.words)],
            parents: Array.from({ length: states }, (_, s) => s).map(parents()),
          });
          expect(found(together)).toEqual(found(alone));
        },
      ),
      runs(6),
    );
  });

  const large = build("kmm", { mms: 2 });
  /** Explores that model as far as the index has grown; alone it is explored once. */
  const growing = (workers: number, { startThread, awaitAll }: ReturnType<typeof lateCrew>) => {
    const now = () => {
      awaitAll();
      return 0;
    };
    return explore(lowerModel(large), large.properties, {
      ...unlimited,
      now,
      maxStates: 260_000,
      maxMemoryBytes: 2 ** 26,
      parallel: { workers, startThread, fromSeconds: 0, fromBlock: 1 },
    });
  };
  const punctual = { startThread: startAndAwait, awaitAll: () => {} };
  let alone: ReturnType<typeof explore> | undefined;

  test.each([
    ["while all explore", punctual],
    ["before all explore", lateCrew()],
  ])("a model for which the index grows %s", (_, crew) => {
    alone ??= growing(1, punctual);
    const [one, three] = [alone, growing(3, crew)];
    const { words } = lowerModel(large).layout;
    expect([one.workers, three.workers]).toEqual([1, 3]);
    // The index starts with room for 49,152, and grows fourfold.
    expect(one.counts.states).toBeGreaterThan(200_000);
    expect(three.counts).toEqual(one.counts);
    expect(three.findings).toEqual(one.findings);
    expect(three.levels).toEqual(one.levels);
    const { states } = one.counts;
    const arena = one.arena.subarray(0, states * words);
    const other = three.arena.subarray(0, states * words);
    // Node compares some times faster than vitest, which tells where they differ.
    if (!isDeepStrictEqual(other, arena)) expect(other).toEqual(arena);
    const numbers = Array.from({ length: 1000 }, (_, i) => Math.floor((i * states) / 1000));
    const found = (by: typeof one) => numbers.map((n) => by.find(arena.subarray(n * words, (n + 1) * words)));
    expect(found(three)).toEqual(numbers);
    expect(found(one)).toEqual(numbers);
  });
});

test("states of more words than a page of memory has", () => {
  const model = build("peterson");
  const pages: Model["variables"] = Object.fromEntries(
    Array.from({ length: 35 }, (_, k) => {
      const sort = { kind: "list", of: { kind: "int", min: 0, max: 2 ** 30 }, capacity: 30 } as const;
      return [`page${k}`, { sort, initial: [], doc: "" }];
    }),
  );
  const wide = { ...model, variables: { ...model.variables, ...pages } };
  const program = lowerModel(wide);
  expect(program.layout.words).toBeGreaterThan(1024);
  const [one, two] = [1, 2].map((workers) => {
    const parallel = { workers, startThread: startAndAwait, fromSeconds: 0, fromBlock: 1 };
    return explore(program, [], { ...unlimited, maxStates: 20, maxMemoryBytes: 2 ** 26, parallel });
  });
  expect([two?.workers, two?.counts]).toEqual([2, one?.counts]);
});

test("what the leader notes of a state counts, not what another is writing of the same one", () => {
  const marksOf = (state: number, step: number) => {
    const marks = newMarks(1, 1, (bytes) => new ArrayBuffer(bytes));
    marks.marks.set([state, step]);
    return marks;
  };
  // The words count from 1: the state stands there and the step does not yet.
  const found = (...all: ReturnType<typeof marksOf>[]) => readMarks(mergeMarks(all, 1, 1), 1).failures;
  expect(found(marksOf(5, 3), marksOf(5, 0))).toEqual([{ state: 4, step: 2 }]);
  expect(found(marksOf(5, 3), marksOf(4, 2))).toEqual([{ state: 3, step: 1 }]);
});

test("threads do not join a search whose levels have become narrow", () => {
  const model = build("kmm", { mms: 1 });
  /** Joined by two threads after so many looks at the clock. */
  const joinedAfter = (looks: number) => {
    let now = 0;
    const parallel = { workers: 2, startThread: startAndAwait, fromSeconds: looks / 1000, fromBlock: 1 };
    const limits = { ...unlimited, now: () => now++, maxMemoryBytes: 2 ** 26, parallel };
    return { ...explore(lowerModel(model), model.properties, limits), looks: now };
  };
  const { looks, workers, counts } = joinedAfter(Number.POSITIVE_INFINITY);
  expect(workers).toBe(1);
  const [early, late] = [joinedAfter(looks / 3), joinedAfter((looks * 9) / 10)];
  expect([early.workers, late.workers]).toEqual([2, 1]);
  expect([early.counts, late.counts]).toEqual([counts, counts]);
});

test("a thread that ends before it has joined ends the search, with its number", () => {
  const options = { now: () => 0, workers: 3, crewFrom: fromTheStart, maxMemoryBytes: 2 ** 26 };
  const startThread = (_: string, shared: object) => {
    if ((shared as { readonly member: number }).member === 2) reportDeath(shared);
  };
  expect(() => check(build("peterson"), { ...options, startThread })).toThrow(
    "worker 3 of the search ended before its time, so the search was given up",
  );
});
