/** Whether a run that could be taken violates a property: judged anew, not believed. */
import { wellSorted } from "../checker/check.ts";
import {
  type ExprData,
  enabledSteps,
  holdsIn,
  ModelError,
  type Property,
  type State,
  type Step,
  type System,
  substitute,
  takeStep,
} from "../models/index.ts";
import type { TakenRun } from "./replay-run.ts";

/** Null where the run violates the property; else why it does not, as the end of a sentence. */
export function whyNotViolated(
  system: System,
  run: TakenRun,
  loopStart: number | null,
  property: Property | typeof wellSorted,
): string | null {
  const last = run.states.at(-1);
  if (last === undefined) return "has no states";
  const holds = (expr: ExprData, state: State) => holdsIn(system, state, expr);
  if (property === wellSorted) {
    const breaks = enabledSteps(system, last).some((step) => writesOutside(system, last, step));
    return breaks ? null : "ends where every step writes values of their sort";
  }
  switch (property.kind) {
    case "invariant":
      return holds(property.holds, last) ? "ends in a state in which the property is true" : null;
    case "assertion":
      return whyAssertionHolds(system, run, property);
    case "reachable":
      return "cannot show that something is unreachable: no run can";
    case "deadlock":
      if (enabledSteps(system, last).length > 0) return "ends in a state that a step leaves";
      return holds(property.final, last) ? "ends where it may end" : null;
    case "leadsTo": {
      if (loopStart === null) return "is finite, so that what was promised may still come";
      const repeats = whyNotForEver(system, run, loopStart);
      if (repeats !== null) return repeats;
      const kept = run.states.findLastIndex((state) => holds(property.to, state));
      const inLoop = kept >= loopStart && loopStart < run.steps.length;
      const pending = run.states.some((state, i) => i > kept && holds(property.from, state));
      return pending && !inLoop ? null : "keeps the promise";
    }
  }
}

function writesOutside(system: System, state: State, step: Step): boolean {
  try {
    takeStep(system, state, step);
    return false;
  } catch (error) {
    if (error instanceof ModelError) return true;
    throw error;
  }
}

function whyAssertionHolds(
  system: System,
  run: TakenRun,
  property: Property & { readonly kind: "assertion" },
): string | null {
  const step = run.steps.at(-1);
  const before = run.states.at(-2);
  if (step === undefined || before === undefined) return "takes no step";
  const actor = system.instances[step.instance]?.actor.name;
  const concerned = property.on.some((on) => on.actor === actor && on.steps.includes(step.name));
  if (!concerned) return `ends with ${step.event}, of which the property says nothing`;
  const value = (expr: ExprData) => holdsIn(system, before, substitute(expr, step.bindings));
  if (property.premise !== undefined && !value(property.premise)) return "ends where the premise is false";
  return value(property.holds) ? "ends with a step at which the property is true" : null;
}

/** Null where the part from `loopStart` on can go on for ever, and fairly so. */
function whyNotForEver(system: System, run: TakenRun, loopStart: number): string | null {
  const loop = run.states.slice(loopStart);
  const [first, last] = [loop[0], loop.at(-1)];
  if (first === undefined || JSON.stringify(first) !== JSON.stringify(last)) return "does not close its loop";
  const moving = new Set(run.steps.slice(loopStart).map(({ instance }) => instance));
  const unfair = system.instances.find(
    (instance, i) =>
      instance.actor.fairness === "weak" &&
      !moving.has(i) &&
      loop.every((state) => enabledSteps(system, state).some((step) => step.instance === i)),
  );
  return unfair === undefined ? null : `is not fair: ${unfair.name} could move all the time and never does`;
}
