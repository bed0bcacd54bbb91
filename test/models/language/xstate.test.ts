/** The reference evaluator against XState: the composed machine takes the same steps to the same states. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { getInitialSnapshot, getNextSnapshot, type Snapshot } from "xstate";
import {
  enabledSteps,
  flatten,
  initialState,
  type Model,
  ModelError,
  type State,
  type System,
  takeStep,
} from "../../../models/index.ts";
import { compose, pointsOf } from "../../../models/xstate.ts";
import { anyModel } from "../../arbitrary/model.ts";
import { runs } from "../../runs.ts";

type Machine = ReturnType<typeof compose>;

/** The outcome of something that may be an error of the model. */
function outcome<T>(make: () => T): T | ModelError {
  try {
    return make();
  } catch (error) {
    if (error instanceof ModelError) return error;
    throw error;
  }
}

function viewOf(system: System, { points, context }: State) {
  return { points: system.instances.map((instance, i) => instance.points[points[i] ?? -1]), context };
}

function viewOfSnapshot(system: System, snapshot: ReturnType<typeof getInitialSnapshot<Machine>>) {
  return { points: pointsOf(system, snapshot.value), context: snapshot.context };
}

/** Walks both at once, choosing among the enabled steps by `choices`. Returns the number of steps compared. */
function walk(model: Model, choices: readonly number[]): number {
  const system = flatten(model);
  const machine = compose(system);
  const events = [...new Set(system.steps.map(({ event }) => event))];
  let state = initialState(system);
  let snapshot = getInitialSnapshot(machine);
  let compared = 0;
  for (const choice of choices) {
    expect(viewOfSnapshot(system, snapshot)).toEqual(viewOf(system, state));
    const steps = enabledSteps(system, state);
    expect(events.filter((type) => snapshot.can({ type }))).toEqual(
      events.filter((event) => steps.some((step) => step.event === event)),
    );
    let moved = false;
    for (let k = 0; k < steps.length && !moved; k++) {
      const step = steps[(choice + k) % steps.length];
      if (step === undefined) continue;
      const before: Snapshot<unknown> = snapshot;
      const next = outcome(() => takeStep(system, state, step));
      const nextSnapshot = outcome(() => getNextSnapshot(machine, snapshot, { type: step.event }));
      compared++;
      if (next instanceof ModelError || nextSnapshot instanceof ModelError) {
        expect(nextSnapshot).toEqual(next);
        expect(snapshot).toBe(before);
      } else {
        state = next;
        snapshot = nextSnapshot;
        moved = true;
      }
    }
    if (!moved) break;
  }
  return compared;
}

test("on random walks of random models the evaluator and XState agree on what is enabled and on what follows", () => {
  let compared = 0;
  fc.assert(
    fc.property(anyModel, fc.array(fc.nat(1000), { minLength: 8, maxLength: 8 }), (model, choices) => {
      compared += walk(model, choices);
    }),
    runs(50),
  );
  expect(compared).toBeGreaterThan(150);
});
