/** Every model that ships: the packed program, the reference evaluator and XState agree on it. */
import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { getInitialSnapshot, getNextSnapshot } from "xstate";
import { explore } from "../../checker/explore/explore.ts";
import { pack, unpack } from "../../checker/lower/layout.ts";
import { lowerModel } from "../../checker/lower/program.ts";
import { successorReader } from "../../checker/property/successors.ts";
import {
  catalogue,
  enabledSteps,
  featuresOf,
  flatten,
  type Model,
  type ModelEntry,
  type Patch,
  takeStep,
} from "../../models/index.ts";
import { compose, pointsOf } from "../../models/xstate.ts";
import { judge } from "../models/kmmscand/build.ts";
import { excuses, withoutIndividuals } from "./never-taken.ts";
import { unlimited } from "./unlimited.ts";

/** Models of hundreds of thousands of states by default, at sizes where they have the same steps and fewer states. */
const smaller: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  system: { folios: 1, queue: 1 },
  daemon: { stores: 0 },
};

function build(entry: ModelEntry, patch: Patch | null): Model {
  const usual = Object.entries(entry.parameters).map(([name, p]) => [name, p.default]);
  const parameters = { ...Object.fromEntries(usual), ...smaller[entry.name] };
  return entry.build({ patch, features: featuresOf(entry, patch), parameters });
}

const every = catalogue.flatMap((entry) =>
  (entry.patches.length === 0 ? [null] : entry.patches).map((patch) => {
    const model = build(entry, patch);
    return {
      name: patch === null ? entry.name : `${entry.name} ${patch}`,
      model,
      text: JSON.stringify(model),
      excused: excuses.filter(
        ({ model: of, patches }) =>
          of === entry.name && (patches === undefined || (patch !== null && patches.includes(patch))),
      ),
    };
  }),
);

/** A version that changes nothing of a model has that of another one: it is judged once, with the names of both. */
const shipped = [...new Set(every.map(({ text }) => text))].map((text) => {
  const [one, ...others] = every.filter((other) => other.text === text);
  return {
    ...one!,
    name: [one!, ...others].map(({ name }) => name).join(", "),
    excusedAs: others.map(({ excused }) => excused),
  };
});

describe.each(shipped)("$name", ({ model, excused, excusedAs }) => {
  test("every step is taken and every premise comes true, but for those with a reason", () => {
    const { coverage, properties } = judge(model);
    const unused = [...coverage.stepsNeverTaken, ...coverage.pointsNeverEntered].map(withoutIndividuals);
    expect([...new Set(unused)].toSorted()).toEqual(excused.flatMap(({ steps = [] }) => steps).toSorted());
    const vacuous = properties.filter((property) => property.vacuous).map(({ id }) => id);
    expect(vacuous).toEqual(excused.flatMap((excuse) => excuse.vacuous ?? []));
    expect(excusedAs).toEqual(excusedAs.map(() => excused));
  });

  test("packed steps are the evaluator's steps, and packing is undone by unpacking", () => {
    const system = flatten(model);
    const program = lowerModel(model);
    const exploration = explore(program, [], unlimited);
    const reader = successorReader(exploration);
    const { words } = program.layout;
    // A few hundred states, spread over all that were found.
    const stride = Math.max(1, Math.floor(exploration.counts.states / 300));
    for (let s = 0; s < exploration.counts.states; s += stride) {
      const state = unpack(program.layout, exploration.arena, s * words);
      expect(pack(program.layout, state).join()).toBe(
        exploration.arena.subarray(s * words, (s + 1) * words).join(),
      );
      const packed = Array.from({ length: reader.read(s) }, (_, e) => ({
        event: system.steps[reader.steps[e]!]!.event,
        state: unpack(program.layout, exploration.arena, reader.targets[e]! * words),
      }));
      const evaluated = enabledSteps(system, state).map((step) => ({
        event: step.event,
        state: takeStep(system, state, step),
      }));
      // Node compares some times faster than vitest, which tells where they differ.
      if (!isDeepStrictEqual(packed, evaluated)) expect(packed).toEqual(evaluated);
    }
  });

  test("every counterexample replays through XState", () => {
    const system = flatten(model);
    const machine = compose(system);
    for (const { id, counterexample } of judge(model).properties) {
      if (counterexample === null) continue;
      let snapshot = getInitialSnapshot(machine);
      expect(snapshot.context, id).toEqual(counterexample.initial.context);
      for (const { event } of counterexample.steps) {
        expect(snapshot.can({ type: event }), `${id}: ${event}`).toBe(true);
        snapshot = getNextSnapshot(machine, snapshot, { type: event });
      }
      expect(snapshot.context, id).toEqual(counterexample.final.context);
      expect(pointsOf(system, snapshot.value), id).toEqual(Object.values(counterexample.final.points));
    }
  });
});
