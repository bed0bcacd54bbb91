/**
 * Counterexamples: from numbered states to a run on the reference evaluator. A path that does not replay is a bug of
 * kmmcheck, never shown as a counterexample.
 */
import {
  type Context,
  type ExprData,
  enabledSteps,
  environmentOf,
  evaluate,
  initialState,
  isEnabled,
  ModelError,
  type State,
  type Step,
  type System,
  takeStep,
  type Value,
} from "../../models/language/index.ts";
import { InternalError } from "../internal-error.ts";
import { beginning, calmest, onward, statesOf, type Way, withWay } from "../property/way.ts";
import type { Change, PathStep, StateView } from "../result.ts";

/** A replayed run: the states, one more than the steps. */
export interface Run {
  readonly states: readonly State[];
  readonly steps: readonly Step[];
}

/** Runs from the initial state along `visits`: each next state is recognised among the enabled steps' results. */
export function replay(system: System, visits: readonly State[]): Run {
  const same = (a: State, b: State | undefined) => JSON.stringify(a) === JSON.stringify(b);
  const initial = initialState(system);
  if (!same(initial, visits[0])) throw new InternalError("a path does not begin in the initial state");
  let from = initial;
  let ways: readonly Way<Step | null>[] = [beginning(null)];
  for (const [i, target] of visits.slice(1).entries()) {
    const leading = enabledSteps(system, from).filter((step) => {
      const after = attempt(system, from, step);
      return after !== null && same(after, target);
    });
    if (leading.length === 0)
      throw new InternalError(`a path does not replay at step ${i + 1}: no step leads there`);
    const before = ways;
    ways = leading.reduce<typeof ways>(
      (known, step) => withWay(known, onward(before, { mover: step.instance, changed: 0 }, step)),
      [],
    );
    from = target;
  }
  const steps = statesOf(calmest(ways)).filter((step) => step !== null);
  return { states: [initial, ...visits.slice(1)], steps };
}

/** The state after a step; null where the step is an error of the model. */
export function attempt(system: System, state: State, step: Step): State | null {
  try {
    return takeStep(system, state, step);
  } catch (error) {
    if (error instanceof ModelError) return null;
    throw error;
  }
}

/** The run with one more step, which must be enabled in its last state. */
export function extend(system: System, run: Run, step: Step): Run {
  const last = run.states.at(-1) as State;
  if (!isEnabled(system, last, step))
    throw new InternalError(`step ${step.event} is not enabled where it failed`);
  return { states: [...run.states, takeStep(system, last, step)], steps: [...run.steps, step] };
}

/** The run that takes the steps, given by their positions, from the initial state; each must be enabled where it is taken. */
export function follow(system: System, indices: readonly number[]): Run {
  const states: State[] = [initialState(system)];
  const steps: Step[] = [];
  for (const index of indices) {
    const step = system.steps[index];
    const from = states.at(-1) as State;
    if (step === undefined || !isEnabled(system, from, step))
      throw new InternalError(`a run does not replay at step ${steps.length + 1}`);
    steps.push(step);
    states.push(takeStep(system, from, step));
  }
  return { states, steps };
}

/** A run as the steps of a counterexample. */
export function describeRun(system: System, run: Run): readonly PathStep[] {
  return run.steps.map((step, i) =>
    describeStep(system, step, run.states[i] as State, run.states[i + 1] as State),
  );
}

/** One step between two states, with what it changed. */
export function describeStep(system: System, step: Step, before: State, after: State): PathStep {
  const instance = system.instances[step.instance];
  const value = (expr: ExprData): Value => evaluate(expr, environmentOf(system, before));
  return {
    event: step.event,
    actor: instance?.name ?? "",
    from: instance?.points[step.from] ?? "",
    to: instance?.points[step.to] ?? "",
    description: step.description,
    why: step.why,
    changes: changes(system, before.context, after.context),
    emits:
      step.emits === null
        ? null
        : {
            event: step.emits.event,
            args: Object.fromEntries(
              Object.entries(step.emits.args).map(([name, arg]) => [name, value(arg)]),
            ),
          },
  };
}

/** A state with the names of its program points. */
export function viewState(system: System, state: State): StateView {
  return {
    points: Object.fromEntries(
      system.instances.map((instance, i) => [instance.name, instance.points[state.points[i] ?? 0] ?? ""]),
    ),
    context: state.context,
  };
}

/** What differs between two contexts, array elements apart; history is not memory of the code and left out. */
function changes(system: System, before: Context, after: Context): readonly Change[] {
  return Object.entries(system.model.variables).flatMap(([name, { sort, history }]) => {
    if (history === true) return [];
    const [a, b] = [before[name] as Value, after[name] as Value];
    if (JSON.stringify(a) === JSON.stringify(b)) return [];
    if (sort.kind === "array") {
      return (b as readonly Value[]).flatMap((value, i) => {
        const old = (a as readonly Value[])[i] as Value;
        if (JSON.stringify(old) === JSON.stringify(value)) return [];
        return [{ name: `${name}[${sort.index}${i}]`, before: old, after: value }];
      });
    }
    return [{ name, before: a, after: b }];
  });
}
