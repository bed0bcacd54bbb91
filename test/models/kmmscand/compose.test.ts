/** The composed XState machine and the reference evaluator take the same steps, on random walks. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { initialTransition, transition } from "xstate";
import { enabledSteps, flatten, initialState, takeStep } from "../../../models/index.ts";
import { kmmscandModels } from "../../../models/kmmscand/index.ts";
import { compose, pointsOf } from "../../../models/xstate.ts";
import { runs } from "../../runs.ts";
import { build } from "./build.ts";

const cases = kmmscandModels.flatMap((entry) => entry.patches.map((patch) => ({ entry, patch })));

test.each(cases)("$entry.name on $patch runs in XState as on the evaluator", ({ entry, patch }) => {
  const flat = flatten(build(entry, patch));
  const machine = compose(flat);
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 60 }), (choices) => {
      let state = initialState(flat);
      let [snapshot] = initialTransition(machine);
      for (const choice of choices) {
        const steps = enabledSteps(flat, state);
        // XState takes what the event enables; the evaluator is asked for every step, so a disabled event is tried too.
        const events = new Set(steps.map(({ event }) => event));
        const other = flat.steps[choice % flat.steps.length];
        if (other !== undefined) expect(snapshot.can({ type: other.event })).toBe(events.has(other.event));
        const step = steps[choice % steps.length];
        if (step === undefined) return;
        state = takeStep(flat, state, step);
        [snapshot] = transition(machine, snapshot, { type: step.event });
        expect(pointsOf(flat, snapshot.value)).toEqual(
          flat.instances.map(({ points }, i) => points[state.points[i] ?? -1]),
        );
        expect(snapshot.context).toEqual(state.context);
      }
    }),
    runs(40),
  );
});
