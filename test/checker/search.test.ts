/** Depth first, with less than exact states, and at random: against breadth first and the reference evaluator. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type CheckResult, check, type SearchOptions, wellSorted } from "../../checker/check.ts";
import { explore } from "../../checker/explore/explore.ts";
import { lowerModel } from "../../checker/lower/program.ts";
import { findModel } from "../../models/index.ts";
import {
  actor,
  add,
  declare,
  enabledSteps,
  flatten,
  holdsIn,
  initialState,
  int,
  lt,
  type Model,
  ModelError,
  type Property,
  point,
  type State,
  type System,
  set,
  step,
  substitute,
  takeStep,
} from "../../models/language/index.ts";
import { smallModel } from "../arbitrary/model.ts";
import { runs } from "../runs.ts";
import { unlimited } from "./unlimited.ts";

const now = () => 0;
const depthFirst: SearchOptions = { order: "dfs", store: { kind: "exact" }, seeds: [], maxDepth: null };
const shuffled: SearchOptions = { ...depthFirst, seeds: [3] };
const compact = (bits: number, seeds: readonly number[] = []): SearchOptions => ({
  order: "dfs",
  store: { kind: "hash-compact", bits },
  seeds,
  maxDepth: null,
});
const bits = (bytes: number, seeds: readonly number[] = []): SearchOptions => ({
  order: "dfs",
  store: { kind: "bitstate", hashes: 3, bytes },
  seeds,
  maxDepth: null,
});
const walks = (seeds: readonly number[], number = 40, maxDepth = 40): SearchOptions => ({
  order: "random",
  seeds,
  walks: number,
  maxDepth,
});

function peterson(): Model {
  const entry = findModel("peterson")!;
  const parameters = Object.fromEntries(Object.entries(entry.parameters).map(([n, p]) => [n, p.default]));
  return entry.build({ patch: null, features: {}, parameters });
}

/** Counts to five, beside an invariant that 3 falsifies and one that nothing does. */
function counter(): Model {
  const { variables, v } = declare({ n: { sort: int(0, 5), initial: 0, doc: "a number" } });
  const up = step("up", "count", { when: lt(v.n, 5), do: [set(v.n, add(v.n, 1))] });
  const actors = [actor({ name: "counter", doc: "counts", initial: "count", points: { count: point(up) } })];
  const invariant = (id: string, n: number): Property => ({
    id,
    title: "-",
    says: "-",
    kind: "invariant",
    holds: lt(v.n, n),
  });
  const properties = [invariant("FALSE", 3), invariant("TRUE", 9)];
  return { name: "toy", title: "A toy", identities: {}, variables, actors, properties };
}

const verdicts = (result: CheckResult) => result.properties.map(({ id, verdict }) => [id, verdict]);

test("depth first finds the same graph, verdicts and coverage as breadth first, in any order of steps", () => {
  fc.assert(
    fc.property(smallModel(200), (model) => {
      const breadth = check(model, { now });
      for (const search of [depthFirst, shuffled]) {
        const depth = check(model, { now, search });
        expect(depth.statistics.states).toBe(breadth.statistics.states);
        expect(depth.statistics.transitions).toBe(breadth.statistics.transitions);
        expect(depth.cut).toBeNull();
        expect(verdicts(depth)).toEqual(verdicts(breadth));
        expect(depth.properties.map(({ vacuous }) => vacuous)).toEqual(
          breadth.properties.map(({ vacuous }) => vacuous),
        );
        expect(depth.coverage).toEqual(breadth.coverage);
      }
    }),
    runs(10),
  );
});

test("what is found without exact states is what breadth first finds; what is not found is inconclusive", () => {
  fc.assert(
    fc.property(smallModel(400), (model) => {
      const exact = new Map(check(model, { now }).properties.map((p) => [p.id, p]));
      const searches = [compact(64), compact(8), bits(1024), bits(64), walks([1, 2])];
      for (const search of searches) {
        const { properties } = check(model, { now, search });
        for (const { id, kind, verdict, counterexample } of properties) {
          if (verdict === "inconclusive") continue;
          expect(verdict).toBe(exact.get(id)!.verdict);
          expect(verdict === "holds" ? kind : "reachable").toBe("reachable");
          if (counterexample === null) continue;
          expect(counterexample.steps.length).toBeGreaterThanOrEqual(
            exact.get(id)!.counterexample!.steps.length,
          );
          expect(
            shorterBy(
              model,
              id,
              counterexample.steps.map(({ event }) => event),
            ),
          ).toBeNull();
        }
      }
      // Nothing is omitted of so few states, so everything that one state or step shows is found.
      for (const { id, kind, verdict } of check(model, { now, search: compact(64) }).properties) {
        if (!["invariant", "assertion", "deadlock"].includes(kind)) continue;
        expect([id, verdict === "violated"]).toEqual([id, exact.get(id)!.verdict === "violated"]);
      }
    }),
    runs(10),
  );
});

/** The position of a step without which the run still violates the property; null where each is needed. */
function shorterBy(model: Model, id: string, events: readonly string[]): number | null {
  const system = flatten(model);
  const property = model.properties.find((p) => p.id === id);
  const at = events.findIndex((_, i) => violates(system, property, events.toSpliced(i, 1)));
  return at < 0 ? null : at;
}

/** Takes the events as far as they can be taken; true where a state or the last step of them violates the property. */
function violates(system: System, property: Property | undefined, events: readonly string[]): boolean {
  let state = initialState(system);
  for (const event of [...events, null]) {
    if (isViolated(system, property, state)) return true;
    const taken = enabledSteps(system, state).find((s) => s.event === event);
    if (taken === undefined) return false;
    if (property?.kind === "assertion") {
      const { name } = system.instances[taken.instance]!.actor;
      const asserted = property.on.some((on) => on.actor === name && on.steps.includes(taken.name));
      if (asserted && !holdsIn(system, state, substitute(property.holds, taken.bindings))) return true;
    }
    try {
      state = takeStep(system, state, taken);
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      return property === undefined;
    }
  }
  return false;
}

function isViolated(system: System, property: Property | undefined, state: State): boolean {
  if (property?.kind === "invariant") return !holdsIn(system, state, property.holds);
  if (property?.kind !== "deadlock") return false;
  return enabledSteps(system, state).length === 0 && !holdsIn(system, state, property.final);
}

test("the same seed gives the same bytes, and another seed another walk", () => {
  const model = peterson();
  for (const search of [walks([5]), bits(256, [5]), shuffled])
    expect(JSON.stringify(check(model, { now, search }))).toBe(JSON.stringify(check(model, { now, search })));
  const seen = [1, 2, 3].map((seed) => check(model, { now, search: walks([seed]) }).statistics.states);
  expect(new Set(seen).size).toBeGreaterThan(1);
});

test("seeds walk apart: those of two searches find what one with both finds", () => {
  fc.assert(
    fc.property(smallModel(200), (model) => {
      const whole = check(model, { now, search: walks([1, 2], 5, 15) }).properties;
      const parts = [1, 2].map((seed) => check(model, { now, search: walks([seed], 5, 15) }).properties);
      for (const property of whole) {
        const first = parts
          .map((part) => part.find(({ id }) => id === property.id))
          .find((found) => found !== undefined && found.verdict !== "inconclusive");
        if (property.verdict === "inconclusive") expect(first).toBeUndefined();
        else expect(first).toEqual(property);
      }
    }),
    runs(10),
  );
});

test("signatures of few bits lose states and say so; those of many lose none here", () => {
  const model = peterson();
  const states = check(model, { now }).statistics.states;
  expect(check(model, { now, search: compact(64) })).toMatchObject({ statistics: { states } });
  const small = check(model, { now, search: compact(10) });
  expect(small.statistics.states).toBeLessThan(1024);
  expect(small.search.omission).toBeGreaterThan(0.99);
  expect(small.cut).toContain("left out is about 1.000");
  expect(small.verdict).toBe("inconclusive");
  const tiny = check(model, { now, search: bits(128) });
  expect(tiny.statistics.states).toBeLessThan(states);
  expect(tiny.search.omission).toBeGreaterThan(0.99);
});

test("a swarm keeps what any of its searches has found, and what the surest of them leaves out", () => {
  const model = peterson();
  const alone = [1, 2, 3].map((seed) => check(model, { now, search: bits(4096, [seed]) }));
  const swarm = check(model, { now, search: bits(4096, [1, 2, 3]) });
  expect(swarm.search.seeds).toEqual([1, 2, 3]);
  expect(swarm.search.omission).toBe(Math.min(...alone.map(({ search }) => search.omission!)));
  expect(swarm.statistics.states).toBe(Math.max(...alone.map(({ statistics }) => statistics.states)));
  expect(new Set(alone.map(({ statistics }) => statistics.states)).size).toBeGreaterThan(1);
  expect(swarm.properties.every(({ reason }) => reason.endsWith(swarm.cut!))).toBe(true);
  const exact = check(model, { now, search: { ...depthFirst, seeds: [1, 2] } });
  expect(exact).toMatchObject({ verdict: "holds", cut: null, search: { omission: 0 } });
});

test("a limit ends every search and leaves nothing that holds", () => {
  const model = peterson();
  const exact = check(model, { now }).statistics;
  const limits = [
    { maxStates: 500, says: "500 states" },
    { maxMemoryBytes: 1000, says: "1000 bytes" },
    { interrupted: () => true, says: "interrupted" },
  ];
  for (const search of [depthFirst, compact(64), bits(4096), walks([1])]) {
    for (const { says, ...limit } of limits) {
      const { cut, verdict } = check(model, { now, search, ...limit });
      expect(cut).toContain(says);
      expect(verdict).toBe("inconclusive");
    }
  }
  const shallow = check(model, { now, search: { ...depthFirst, maxDepth: 20 } });
  expect(shallow.cut).toBe("states deeper than 20 steps were not expanded");
  expect(shallow.statistics).toMatchObject({ depth: 20 });
  expect(shallow.statistics.states).toBeLessThan(exact.states);
});

test("the first violation ends a search that is asked to stop there", () => {
  for (const search of [depthFirst, compact(64), bits(65536), walks([1])]) {
    const result = check(counter(), { now, search, stopAtFirst: true });
    expect(result.cut).toContain("first violation");
    expect(verdicts(result)).toEqual([
      ["FALSE", "violated"],
      ["TRUE", "inconclusive"],
    ]);
    expect(result.properties[0]!.counterexample!.steps).toHaveLength(3);
  }
});

test("a write outside a sort is found as well, and shown by a run that ends before it", () => {
  let broken = 0;
  fc.assert(
    fc.property(smallModel(100), (model) => {
      const { counts } = explore(lowerModel(model), [], unlimited);
      const result = check(model, { now, search: compact(64) });
      const [first] = result.properties;
      expect(first?.id === wellSorted).toBe(counts.errors > 0);
      if (counts.errors > 0) broken++;
    }),
    runs(15),
  );
  expect(broken).toBeGreaterThan(0);
});
