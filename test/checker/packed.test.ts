/** The packed program against its slow twins: the reference evaluator, the naive explorer, XState. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { check, wellSorted } from "../../checker/check.ts";
import { explore } from "../../checker/explore/explore.ts";
import { pack, unpack } from "../../checker/lower/layout.ts";
import { lowerModel } from "../../checker/lower/program.ts";
import { successorReader } from "../../checker/property/successors.ts";
import {
  actor,
  add,
  append,
  declare,
  eachElement,
  enabledSteps,
  flatten,
  holdsIn,
  int,
  listOf,
  type Model,
  ModelError,
  point,
  type State,
  set,
  step,
  takeStep,
} from "../../models/language/index.ts";
import { anyModel, smallModel } from "../arbitrary/model.ts";
import { exploreNaively } from "../oracle/naive-explorer.ts";
import { runs } from "../runs.ts";
import { unlimited } from "./unlimited.ts";

/** States of a random model that are worth comparing: all, or the first few hundred. */
function someStates(model: Model, most: number): readonly State[] {
  const states: State[] = [];
  const system = flatten(model);
  try {
    exploreNaively(system, (state) => {
      if (states.push(state) >= most) throw new RangeError("enough");
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return states;
}

test("unpacking a packed state gives the state, and equal states have equal words", () => {
  fc.assert(
    fc.property(anyModel, (model) => {
      const { layout } = lowerModel(model);
      for (const state of someStates(model, 50)) {
        const words = pack(layout, state);
        expect(unpack(layout, words)).toEqual(state);
        expect(pack(layout, unpack(layout, words))).toEqual(words);
      }
    }),
    runs(25),
  );
});

test("the packed program finds the states, transitions, depth, ends and errors of the naive explorer", () => {
  fc.assert(
    fc.property(smallModel(800), (model) => {
      const system = flatten(model);
      const naive = exploreNaively(system);
      const { counts } = explore(lowerModel(model), [], unlimited);
      expect({
        states: counts.states,
        transitions: counts.transitions,
        depth: counts.depth,
        errors: counts.errors,
      }).toEqual({
        states: naive.states,
        transitions: naive.transitions,
        depth: naive.depth,
        errors: naive.errors,
      });
    }),
    runs(75),
  );
});

test("a list that one step fills and edits in turn keeps its values apart", () => {
  const { variables, v } = declare({ list: { sort: listOf(int(0, 6), 4), initial: [], doc: "" } });
  const turn = [append(v.list, 1), eachElement(v.list, "e", (e) => [set(e, add(e, 1))])];
  const fill = step("fill", "append, and count up", { do: [...turn, ...turn, ...turn, ...turn], to: "end" });
  const filler = actor({
    name: "filler",
    doc: "",
    initial: "start",
    points: { start: point(fill), end: point() },
  });
  const model: Model = { name: "m", title: "", identities: {}, variables, actors: [filler], properties: [] };
  const { layout } = lowerModel(model);
  const { arena, counts } = explore(lowerModel(model), [], unlimited);
  expect(counts.states).toBe(2);
  expect(unpack(layout, arena, layout.words).context).toEqual({ list: [5, 4, 3, 2] });
});

test("the packed program takes the same steps to the same states as the reference evaluator", () => {
  fc.assert(
    fc.property(smallModel(800), (model) => {
      const system = flatten(model);
      const program = lowerModel(model);
      const exploration = explore(program, [], { ...unlimited, maxStates: 300 });
      if (exploration.cut !== null) return;
      const reader = successorReader(exploration);
      for (let s = 0; s < Math.min(60, exploration.counts.states); s++) {
        const state = unpack(program.layout, exploration.arena, s * program.layout.words);
        const packed = Array.from({ length: reader.read(s) }, (_, e) => ({
          step: reader.steps[e],
          state: unpack(program.layout, exploration.arena, reader.targets[e]! * program.layout.words),
        }));
        const evaluated = enabledSteps(system, state).flatMap((step) => {
          try {
            return [{ step: step.index, state: takeStep(system, state, step) }];
          } catch (error) {
            if (error instanceof ModelError) return [];
            throw error;
          }
        });
        expect(packed).toEqual(evaluated);
      }
    }),
    runs(25),
  );
});

test("verdicts of invariants, assertions, goals and deadlocks are those of a look at every state", () => {
  fc.assert(
    fc.property(smallModel(800), (model) => {
      const system = flatten(model);
      const states: State[] = [];
      exploreNaively(system, (state) => states.push(state));
      const result = check(model, { now: () => 0 });
      for (const property of model.properties) {
        const verdict = result.properties.find((p) => p.id === property.id)?.verdict;
        if (property.kind === "invariant") {
          const holds = states.every((state) => holdsIn(system, state, property.holds));
          expect(verdict).toBe(holds ? "holds" : "violated");
        }
        if (property.kind === "reachable") {
          const reached = states.some((state) => holdsIn(system, state, property.goal));
          expect(verdict).toBe(reached ? "holds" : "violated");
        }
        if (property.kind === "deadlock") {
          const fine = states.every(
            (state) => enabledSteps(system, state).length > 0 || holdsIn(system, state, property.final),
          );
          expect(verdict).toBe(fine ? "holds" : "violated");
        }
      }
      const errors = exploreNaively(system).errors;
      expect(result.properties.some((p) => p.id === wellSorted)).toBe(errors > 0);
    }),
    runs(50),
  );
});
