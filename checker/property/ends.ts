/** Where a shortest run may show a violation: in the state in which the search found it, and in others of the same level. */
import { type ExprData, enabledSteps } from "../../models/language/index.ts";
import type { Exploration } from "../explore/explore.ts";
import type { Meter } from "../explore/meter.ts";
import { type Ends, stateNumber } from "./path.ts";
import { classify, failingStates, successorReader } from "./successors.ts";

/** The states of the level of the given one, from that one on, in which a condition is false. */
export function whereFalse(exploration: Exploration, found: number, condition: ExprData): Ends {
  return { states: (meter) => falseStates(exploration, found, condition, meter), lastSteps: null };
}

/** Those of them in which nobody can move. */
export function whereStuck(exploration: Exploration, found: number, final: ExprData): Ends {
  const { system } = exploration.program;
  const states = (meter: Meter) => {
    const reader = successorReader(exploration, meter);
    return falseStates(exploration, found, final, meter).filter(
      (state) =>
        // A step that is an error of the model is none to the reader.
        reader.read(state) === 0 && enabledSteps(system, stateNumber(exploration, state)).length === 0,
    );
  };
  return { states, lastSteps: null };
}

/** The states of that level in which a step falsifies property number `k`. */
export function whereFails(
  exploration: Exploration,
  found: number,
  k: number,
  lastSteps: Ends["lastSteps"],
): Ends {
  const states = (meter: Meter) =>
    failingStates(exploration, k, meter, found, endOfLevel(exploration, found));
  return { states, lastSteps };
}

function falseStates(
  exploration: Exploration,
  found: number,
  condition: ExprData,
  meter: Meter,
): readonly number[] {
  const isTrue = classify(exploration, condition, meter, found, endOfLevel(exploration, found));
  const states: number[] = [];
  isTrue.forEach((is, i) => {
    if (is === 0) states.push(found + i);
  });
  return states;
}

function endOfLevel({ levels, counts }: Exploration, state: number): number {
  return levels.find((first) => first > state) ?? counts.states;
}
