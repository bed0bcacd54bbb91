/** Limits of memory and time, and interrupts, after the search: what is judged on runs, and runs that are shortened. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type CheckOptions, type CheckResult, check } from "../../checker/check.ts";
import { featuresOf, findModel } from "../../models/index.ts";
import {
  actor,
  add,
  bool,
  declare,
  int,
  lt,
  type Model,
  not,
  or,
  point,
  set,
  step,
} from "../../models/language/index.ts";
import { smallModel } from "../arbitrary/model.ts";
import { runs } from "../runs.ts";
import { apart } from "./support/apart.ts";

const now = () => 0;
const model = (options: Partial<CheckOptions>) => (of: Model) => check(of, { now, ...options });

/** Verdicts, with the reason where there is none. */
const told = ({ properties }: CheckResult) =>
  properties.map(({ id, verdict, reason }) => (verdict === "inconclusive" ? [id, reason] : [id, verdict]));

/** A limit takes verdicts away and changes none; how many it takes away. */
function lost(limited: CheckResult, full: CheckResult, reason: string): number {
  expect(limited.cut).toBeNull();
  const wanted = told(full);
  const missing = told(limited).filter((line, i) => {
    if (line[1] === wanted[i]?.[1]) return false;
    expect(line).toEqual([wanted[i]?.[0], `not decided: ${reason}`]);
    return true;
  });
  return missing.length;
}

function catalogued(name: string): Model {
  const entry = findModel(name);
  if (entry === undefined) throw new Error(`no model ${name}`);
  const parameters = Object.fromEntries(Object.entries(entry.parameters).map(([key, p]) => [key, p.default]));
  const patch = entry.patches[0] ?? null;
  return entry.build({ patch, features: featuresOf(entry, patch), parameters });
}

test("what is judged on runs takes no more memory than allowed, and says what it took", () => {
  let [judged, given] = [0, 0];
  fc.assert(
    fc.property(smallModel(200), fc.double({ min: 0, max: 1, noNaN: true }), (of, share) => {
      const full = model({})(of);
      const most = full.statistics.peakMemoryBytes;
      const search = model({ properties: [] })(of).statistics.peakMemoryBytes;
      // So little is not missed by a search that is about to end.
      if (most - search < 4096) return;
      expect(model({ maxMemoryBytes: most })(of)).toEqual(full);
      judged++;
      const within = (maxMemoryBytes: number) =>
        lost(
          model({ maxMemoryBytes })(of),
          full,
          `the limit of ${maxMemoryBytes} bytes of memory was reached`,
        );
      // Where the way of a counterexample is what takes most, an uncalm one takes less.
      given += within(most - 1);
      expect(model({ maxMemoryBytes: most - 1 })(of).statistics.peakMemoryBytes).toBeLessThan(most);
      // The search itself asks for room for one state more than it finds.
      given += within(Math.ceil(search + (most - search) * share) + 64);
    }),
    runs(40),
  );
  expect(judged).toBeGreaterThan(0);
  expect(given).toBeGreaterThan(0);
});

test.each(["two-phase-commit", "peterson"])(
  "an interrupt while the runs of %s are judged takes verdicts away",
  (name) => {
    const of = catalogued(name);
    let looks = 0;
    const count = () => {
      looks++;
      return false;
    };
    const full = check(of, { now, interrupted: count });
    const all = looks;
    const after = (most: number) => {
      looks = 0;
      return check(of, { now, interrupted: () => looks++ >= most });
    };
    // The last look is at the last property on runs, and the first one that it takes away.
    expect(lost(after(all - 1), full, "the search was interrupted")).toBe(1);
    const ofRuns = full.properties.filter(({ kind }) => ["leadsTo", "ltl", "alwaysPossible"].includes(kind));
    let search = 0;
    check(of, { now, properties: [], interrupted: () => search++ < 0 });
    expect(lost(after(search), full, "the search was interrupted")).toBe(ofRuns.length);
  },
);

test("so does a limit of time", () => {
  const of = catalogued("peterson");
  let clock = 0;
  const full = check(of, { now: () => clock++ });
  const end = clock;
  clock = 0;
  const limited = check(of, { now: () => clock++, maxSeconds: (end - 20) / 1000 });
  expect(lost(limited, full, `the limit of ${(end - 20) / 1000} seconds was reached`)).toBeGreaterThan(0);
});

/** Counts, beside a light that is switched on and off: half of a random walk is in vain. */
function counter(most: number): Model {
  const { variables, v } = declare({
    n: { sort: int(0, most), initial: 0, doc: "a number" },
    light: { sort: bool, initial: false, doc: "a light" },
  });
  const up = step("up", "count", { when: lt(v.n, most), do: [set(v.n, add(v.n, 1))] });
  const toggle = step("toggle", "switch the light", { do: [set(v.light, not(v.light))] });
  const actors = [
    actor({ name: "counter", doc: "counts", initial: "count", points: { count: point(up, toggle) } }),
  ];
  const properties = [{ id: "P", title: "-", says: "-", kind: "invariant", holds: lt(v.n, most) }] as const;
  return { name: "toy", title: "A toy", identities: {}, variables, actors, properties };
}

test("an interrupt ends the shortening of a run, which is then a longer one", () => {
  const search = { order: "random", seeds: [1], walks: 1, maxDepth: 1000 } as const;
  const stepsAfter = (most: number) => {
    let looks = 0;
    const { properties } = check(counter(120), { now, search, interrupted: () => looks++ >= most });
    return [properties[0]?.verdict, properties[0]?.counterexample?.steps.length ?? 0] as const;
  };
  expect(stepsAfter(1e9)).toEqual(["violated", 120]);
  // The walk is looked at once; the next look is that of the shortening.
  const [verdict, steps] = stepsAfter(1);
  expect(verdict).toBe("violated");
  expect(steps).toBeGreaterThan(120);
});

/** Ticks of a clock that goes on whenever it is looked at: what the whole check takes. */
function timed(of: Model, options: Partial<CheckOptions>) {
  let clock = 0;
  return { result: check(of, { ...options, now: () => clock++ }), ticks: clock };
}

test("the seconds are those of both searches, where one without partial order follows one with it", () => {
  const of = apart(6);
  const options = { reduce: ["por"], shortest: true } as const;
  const full = timed(of, options);
  const first = timed(of, { reduce: ["por"], stopAtFirst: true });
  expect([full.result.cut, first.result.verdict]).toEqual([null, "violated"]);
  const maxSeconds = (full.ticks - 5) / 1000;
  expect(first.ticks).toBeLessThan(full.ticks - 5);
  const { result } = timed(of, { ...options, maxSeconds });
  expect(result.cut).toBe(`the limit of ${maxSeconds} seconds was reached`);
  expect(result.properties[0]?.verdict).toBe("violated");
});

test.each([
  ["an interrupt", 9000, { after: 1, stopAtFirst: false }, "inconclusive"],
  ["the first violation", 5, { after: 1e9, stopAtFirst: true }, "violated"],
] as const)("after %s no further seed is searched", (_, most, { after, stopAtFirst }, verdict) => {
  const store = { kind: "bitstate", hashes: 3, bytes: 1024 } as const;
  const search = { order: "dfs", store, seeds: [1, 2, 3, 4, 5], maxDepth: null } as const;
  let looks = 0;
  const result = check(counter(most), { now, search, stopAtFirst, interrupted: () => ++looks > after });
  expect(result.verdict).toBe(verdict);
  expect(result.search.seeds).toEqual([1]);
});

/** Two counters that both count to the end. */
function counters(most: number): Model {
  const { variables, v } = declare({
    n: { sort: int(0, most), initial: 0, doc: "a number" },
    m: { sort: int(0, most), initial: 0, doc: "another" },
  });
  const up = (name: "n" | "m") =>
    actor({
      name,
      doc: "counts",
      initial: "count",
      points: {
        count: point(
          step(`up${name}`, "count", { when: lt(v[name], most), do: [set(v[name], add(v[name], 1))] }),
        ),
      },
    });
  const holds = or(lt(v.n, most), lt(v.m, most));
  const actors = [up("n"), up("m")];
  const properties = [{ id: "P", title: "-", says: "-", kind: "invariant", holds }] as const;
  return { name: "toy", title: "A toy", identities: {}, variables, actors, properties };
}

test.each(["bfs", "dfs"] as const)(
  "by %s, where there is no memory to choose a way, the way that was found is shown",
  (order) => {
    const of = counters(40);
    const search =
      order === "bfs" ? { order } : ({ order, store: { kind: "exact" }, seeds: [], maxDepth: null } as const);
    const bytes = check({ ...of, properties: [] }, { now, search }).statistics.peakMemoryBytes;
    const full = check(of, { now, search });
    const limited = check(of, { now, search, maxMemoryBytes: bytes + 64 });
    const shown = ({ properties }: CheckResult) => properties[0]?.counterexample?.steps ?? [];
    expect([full.cut, limited.cut, limited.verdict]).toEqual([null, null, "violated"]);
    expect(full.statistics.peakMemoryBytes).toBeGreaterThan(bytes + 64);
    expect(limited.statistics.peakMemoryBytes).toBeLessThanOrEqual(bytes + 64);
    expect(shown(full)).toHaveLength(80);
  },
);

test.each([
  [1000, null, "violated", 6],
  [20, "the limit of 20 states was reached", "violated", 12],
  [8, "the limit of 8 states was reached", "inconclusive", null],
] as const)(
  "under partial order, cut at %i states, what was found counts and nothing else",
  (maxStates, cut, verdict, steps) => {
    const of = apart(6);
    const result = check(of, { now, reduce: ["por"], shortest: true, maxStates });
    const [property] = result.properties;
    expect([result.cut, result.verdict, property?.verdict]).toEqual([cut, verdict, verdict]);
    expect(property?.counterexample?.steps.length ?? null).toBe(steps);
    const says = "the verdict on END is that of a search with it, whose runs may not be shortest ones";
    expect(result.reductions.off.some((note) => note.says.endsWith(says))).toBe(steps === 12);
  },
);
