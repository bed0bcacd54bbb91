/** Whether a run that could be taken violates a property: judged anew, not believed. */
import { wellSorted } from "../checker/check.ts";
import {
  type ExprData,
  enabledSteps,
  holdsIn,
  holdsOn,
  type InfiniteRun,
  isAbout,
  ltl,
  ModelError,
  type Property,
  type State,
  type Step,
  type System,
  substitute,
  takeStep,
  whyNotFair,
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
    case "alwaysPossible":
      if (property.from !== undefined && !holds(property.from, last)) {
        return "ends in a state that the property does not ask about";
      }
      return whyStillPossible(system, last, property.goal);
    case "leadsTo":
    case "ltl":
      if (loopStart === null) return "is finite, so that what was promised may still come";
      return whyPromiseIsKept(system, { ...run, loopStart }, property);
  }
}

function whyPromiseIsKept(
  system: System,
  run: InfiniteRun,
  property: Property & { readonly kind: "leadsTo" | "ltl" },
): string | null {
  const fault = whyNotFair(system, run);
  if (fault !== null) return fault;
  const { state, always, implies, eventually } = ltl;
  const formula =
    property.kind === "ltl"
      ? property.formula
      : always(implies(state(property.from), eventually(state(property.to))));
  return holdsOn(system, run, formula) ? "keeps the promise" : null;
}

/** Most states among which a replay looks for a way to a goal. */
const mostStates = 100_000;

/** Null where no way leads from the state to one in which the goal is true. */
function whyStillPossible(system: System, from: State, goal: ExprData): string | null {
  const queue = [from];
  const seen = new Set([JSON.stringify(from)]);
  for (const state of queue) {
    if (holdsIn(system, state, goal)) return "ends where the goal can still be reached";
    for (const step of enabledSteps(system, state)) {
      if (writesOutside(system, state, step)) continue;
      const after = takeStep(system, state, step);
      const key = JSON.stringify(after);
      if (seen.has(key)) continue;
      if (seen.size >= mostStates) return null;
      seen.add(key);
      queue.push(after);
    }
  }
  return null;
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
  const actor = system.instances[step.instance]?.actor.name ?? "";
  if (!isAbout(property, actor, step.name))
    return `ends with ${step.event}, of which the property says nothing`;
  const value = (expr: ExprData) => holdsIn(system, before, substitute(expr, step.bindings));
  if (property.premise !== undefined && !value(property.premise)) return "ends where the premise is false";
  return value(property.holds) ? "ends with a step at which the property is true" : null;
}
