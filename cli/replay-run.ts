/**
 * Takes a recorded run again, on the reference evaluator and on XState, and compares every step with the record. What
 * does not fit is an edited file, or a model that has changed since.
 */
import { getInitialSnapshot, getNextSnapshot } from "xstate";
import type { Counterexample, PathStep, StateView } from "../checker/check.ts";
import { InternalError } from "../checker/internal-error.ts";
import {
  enabledSteps,
  initialState,
  ModelError,
  type State,
  type Step,
  type System,
  same,
  takeStep,
  type Value,
} from "../models/index.ts";
import { compose, pointsOf } from "../models/xstate.ts";
import { nearest } from "./nearest.ts";
import { valueAt, variableOf } from "./value-text.ts";

/** A run that could be taken: its states, one more than its steps. */
export interface TakenRun {
  readonly kind: "taken";
  readonly states: readonly State[];
  readonly steps: readonly Step[];
}

/** Where the record does not fit the model; step 0 is the initial state. */
export interface Mismatch {
  readonly kind: "mismatch";
  readonly step: number;
  /** Which part of the record: `/steps/3`. */
  readonly path: string;
  readonly message: string;
}

export function replayRun(system: System, run: Counterexample): TakenRun | Mismatch {
  const machine = compose(system);
  let snapshot = getInitialSnapshot(machine);
  let state = initialState(system);
  const states: State[] = [state];
  const steps: Step[] = [];
  const wrong = (step: number, path: string, message: string): Mismatch => ({
    kind: "mismatch",
    step,
    path,
    message,
  });
  const start = differenceOf(system, state, run.initial);
  if (start !== null) return wrong(0, "/initial", `the initial state differs: ${start}`);
  for (const [i, record] of run.steps.entries()) {
    const path = `/steps/${i}`;
    const step = enabledSteps(system, state).find(({ event }) => event === record.event);
    if (step === undefined) return wrong(i + 1, path, whyNot(system, state, record));
    const after = tryStep(system, state, step);
    if (typeof after === "string") return wrong(i + 1, path, after);
    snapshot = getNextSnapshot(machine, snapshot, { type: step.event });
    agree(system, after, snapshot, step);
    const difference = stepDifference(system, record, step, state, after);
    if (difference !== null) return wrong(i + 1, path, difference);
    state = after;
    states.push(state);
    steps.push(step);
  }
  const end = differenceOf(system, state, run.final);
  if (end !== null) return wrong(run.steps.length, "/final", `the final state differs: ${end}`);
  return { kind: "taken", states, steps };
}

/** The state after the step; a sentence where the step is an error of the model. */
function tryStep(system: System, state: State, step: Step): State | string {
  try {
    return takeStep(system, state, step);
  } catch (error) {
    if (error instanceof ModelError) return `${step.event} is an error of the model: ${error.message}`;
    throw error;
  }
}

/** XState and the reference evaluator must be in the same state: else one of them, or the composition, is wrong. */
function agree(
  system: System,
  state: State,
  snapshot: { value: unknown; context: unknown },
  step: Step,
): void {
  const points = pointsOf(system, snapshot.value as Parameters<typeof pointsOf>[1]);
  const expected = system.instances.map((instance, i) => instance.points[state.points[i] ?? -1] ?? "");
  if (points.join("\n") !== expected.join("\n") || !same(snapshot.context as Value, state.context as Value)) {
    throw new InternalError(`XState and the reference evaluator differ after ${step.event}`);
  }
}

function whyNot(system: System, state: State, record: PathStep): string {
  const candidates = system.steps.filter(({ event }) => event === record.event);
  const [first] = candidates;
  if (first === undefined) {
    const near = nearest(record.event, [...new Set(system.steps.map(({ event }) => event))]);
    return `the model has no step ${record.event}${near === null ? "" : `; did you mean ${near}?`}`;
  }
  const instance = system.instances[first.instance];
  const point = instance?.points[state.points[first.instance] ?? -1] ?? "";
  const here = candidates.some(({ from }) => instance?.points[from] === point);
  if (here) return `${record.event} cannot be taken here: its guard is false`;
  return `${record.event} cannot be taken here: ${instance?.name} stands at ${point}`;
}

function stepDifference(
  system: System,
  record: PathStep,
  step: Step,
  before: State,
  after: State,
): string | null {
  const instance = system.instances[step.instance];
  const facts = [
    ["actor", record.actor, instance?.name],
    ["from", record.from, instance?.points[step.from]],
    ["to", record.to, instance?.points[step.to]],
  ] as const;
  for (const [name, recorded, real] of facts) {
    if (recorded !== real) return `${name} is recorded as ${recorded}, but is ${real}`;
  }
  for (const change of record.changes) {
    for (const [when, recorded, context] of [
      ["before", change.before, before.context],
      ["after", change.after, after.context],
    ] as const) {
      const real = valueAt(change.name, context);
      if (real === undefined) return `the model has no variable ${change.name}`;
      if (!same(real, recorded)) {
        return `${change.name} is recorded as ${JSON.stringify(recorded)} ${when} the step, but is ${JSON.stringify(real)}`;
      }
    }
  }
  const named = new Set(record.changes.map(({ name }) => variableOf(name)));
  const missing = Object.entries(system.model.variables).find(
    ([name, { history }]) =>
      history !== true &&
      !named.has(name) &&
      !same(before.context[name] as Value, after.context[name] as Value),
  );
  return missing === undefined ? null : `the step changes ${missing[0]}, which is not recorded`;
}

/** The first thing in which a recorded state differs; null where it is the same. */
function differenceOf(system: System, state: State, record: StateView): string | null {
  for (const [i, { name, points }] of system.instances.entries()) {
    const real = points[state.points[i] ?? -1] ?? "";
    const recorded = record.points[name];
    if (recorded !== real) return `${name} is recorded at ${recorded ?? "no point"}, but is at ${real}`;
  }
  for (const [name, real] of Object.entries(state.context)) {
    const recorded = record.context[name];
    if (recorded === undefined || !same(real, recorded)) {
      return `${name} is recorded as ${JSON.stringify(recorded) ?? "nothing"}, but is ${JSON.stringify(real)}`;
    }
  }
  const extra = Object.keys(record.context).find((name) => state.context[name] === undefined);
  return extra === undefined ? null : `the model has no variable ${extra}`;
}
