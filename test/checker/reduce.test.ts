/** Reductions against their slow twins: the full graph, and all renamings of every state. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { check } from "../../checker/check.ts";
import { explore } from "../../checker/explore/explore.ts";
import { lowerModel } from "../../checker/lower/program.ts";
import { planReductions } from "../../checker/reduce/plan.ts";
import { reduceProgram } from "../../checker/reduce/reduce.ts";
import type { CheckResult, Reduction } from "../../checker/result.ts";
import type { Patch } from "../../models/entry.ts";
import { system as daemon } from "../../models/kmmscand/system/system.ts";
import {
  enabledSteps,
  flatten,
  type Model,
  ModelError,
  type State,
  type System,
  takeStep,
} from "../../models/language/index.ts";
import { anyModel } from "../arbitrary/model.ts";
import { symmetricModel } from "../arbitrary/symmetric.ts";
import { build } from "../models/kmmscand/build.ts";
import { exploreNaively } from "../oracle/naive-explorer.ts";
import { orbitOf, renameState, renamingsOf } from "../oracle/orbits.ts";
import { runs } from "../runs.ts";
import { unlimited } from "./unlimited.ts";

const most = 500;

const checked = (model: Model, reduce: readonly Reduction[]) =>
  check(model, { now: () => 0, reduce, maxStates: most });

/** What reductions must not change. Which steps are used is known of complete searches only. */
const kept = ({ verdict, properties, coverage }: CheckResult) => ({
  verdict,
  coverage,
  properties: properties.map(({ id, verdict: own, vacuous }) => ({ id, verdict: own, vacuous })),
});

const sets: readonly (readonly Reduction[])[] = [
  ["symmetry"],
  ["por"],
  ["dead"],
  ["symmetry", "por", "dead"],
];

test.each([
  ["any model", anyModel],
  ["a model without names", symmetricModel],
] as const)(
  "%s has the same verdicts, coverage and lengths of runs with reductions as without",
  (_, models) => {
    fc.assert(
      fc.property(models, (model) => {
        const full = checked(model, []);
        if (full.cut !== null) return;
        const maxStates = Math.ceil(full.statistics.states / 2);
        const cut = check(model, { now: () => 0, reduce: ["por"], shortest: true, maxStates });
        for (const { id, verdict } of cut.properties) {
          const wanted = full.properties.find((property) => property.id === id)?.verdict;
          if (verdict !== "inconclusive") expect([id, verdict]).toEqual([id, wanted]);
        }
        for (const reduce of sets) {
          const result = checked(model, reduce);
          expect(result.cut).toBeNull();
          expect(kept(result)).toEqual(kept(full));
          expect(result.statistics.states).toBeLessThanOrEqual(full.statistics.states);
          // Partial order may take a longer way; the others reach every state as early as it can be reached.
          if (reduce.includes("por")) continue;
          for (const [i, { kind, counterexample }] of result.properties.entries()) {
            if (kind === "leadsTo" || kind === "ltl") continue;
            expect(counterexample?.steps.length).toBe(full.properties[i]?.counterexample?.steps.length);
          }
        }
      }),
      runs(12),
    );
  },
);

test.each([
  [["symmetry"], 2, 12_924, 61_316],
  [["por"], 1, 2683, 9253],
  [["dead"], 1, 2230, 8199],
] as const)("%s alone makes the repaired daemon smaller", (reduce, folios, states, transitions) => {
  const model = build(daemon, "fixed", { parameters: { folios, queue: 1 } });
  const properties = model.properties.filter(({ id }) => id === "S05");
  const result = check({ ...model, properties }, { now: () => 0, reduce });
  expect(result.statistics).toMatchObject({ states, transitions });
});

test("orbits of canonical states add up to the states of the full graph", () => {
  const options = { now: () => 0, maxStates: most } as const;
  let several = 0;
  fc.assert(
    fc.property(symmetricModel, (model) => {
      const full = check(model, { ...options, properties: [] });
      if (full.cut !== null) return;
      const { reductions, statistics } = check(model, {
        ...options,
        properties: [],
        reduce: ["symmetry"],
        orbits: true,
      });
      expect(reductions.orbits).toBe(full.statistics.states);
      if (statistics.states < full.statistics.states) several++;
    }),
    runs(20),
  );
  expect(several).toBeGreaterThan(0);
});

test("the daemon has the same reduced graphs as ever", () => {
  const states = (patch: Patch, reduce: readonly Reduction[], properties?: readonly string[]) => {
    const model = build(daemon, patch);
    const { statistics } = check(model, {
      now: () => 0,
      reduce,
      ...(properties === undefined ? {} : { properties }),
    });
    return statistics.states;
  };
  expect(states("v0", ["symmetry"], ["S05"])).toBe(99_238);
  expect(states("fixed", ["symmetry", "por", "dead"], ["S05"])).toBe(9_441);
});

function interchangeable(model: Model): readonly string[] {
  return planReductions(lowerModel(model).env, ["symmetry"], [], null).kinds;
}

test("there are as many canonical states as classes of states that differ by names only", () => {
  let classes = 0;
  fc.assert(
    fc.property(
      symmetricModel.filter((model) => interchangeable(model).length > 0),
      (model) => {
        const program = lowerModel(model);
        const plan = planReductions(program.env, ["symmetry"], [], null);
        const full = explore(program, [], { ...unlimited, maxStates: 300 });
        if (full.cut !== null) return;
        const system = flatten(model);
        const renamings = renamingsOf(system, plan.kinds);
        const orbits = new Set<string>();
        exploreNaively(system, (state) => orbits.add(orbitOf(system, state, renamings)));
        const { counts } = explore(reduceProgram(program, plan), [], unlimited);
        expect(counts).toMatchObject({ states: orbits.size, depth: full.counts.depth });
        if (orbits.size < full.counts.states) classes++;
      },
    ),
    runs(12),
  );
  expect(classes).toBeGreaterThan(0);
});

/** The states after one step, and how many steps are errors. */
function after(system: System, state: State): readonly string[] {
  return enabledSteps(system, state)
    .map((step) => {
      try {
        return JSON.stringify(takeStep(system, state, step));
      } catch (error) {
        if (error instanceof ModelError) return "error";
        throw error;
      }
    })
    .sort();
}

test("renaming interchangeable individuals before a step is renaming them after it", () => {
  fc.assert(
    fc.property(
      symmetricModel.filter((model) => interchangeable(model).length > 0),
      (model) => {
        const system = flatten(model);
        const states: State[] = [];
        try {
          exploreNaively(system, (state) => {
            if (states.push(state) === 12) throw new RangeError("enough");
          });
        } catch (error) {
          if (!(error instanceof RangeError)) throw error;
        }
        for (const names of renamingsOf(system, interchangeable(model))) {
          const renamed = (text: string) =>
            text === "error" ? text : JSON.stringify(renameState(system, JSON.parse(text), names));
          for (const state of states) {
            expect(after(system, renameState(system, state, names))).toEqual(
              after(system, state).map(renamed).sort(),
            );
          }
        }
      },
    ),
    runs(12),
  );
});
