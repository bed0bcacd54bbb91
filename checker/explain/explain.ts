/** Why a run violates its property: what is false, who waits for what, and what would have avoided it. */
import {
  type ExprData,
  type Formula,
  falsifies,
  holdsIn,
  type Property,
  type State,
  type System,
  substitute,
} from "../../models/language/index.ts";
import { InternalError } from "../internal-error.ts";
import type { Avoidance, Cause, Explanation } from "../result.ts";
import { causesOf } from "./cause.ts";
import { type Forbidden, mostDeviations, mostPositions, nearestPassing } from "./passing.ts";
import { describeRun, type Run } from "./replay.ts";
import { standings } from "./standing.ts";
import { isDoomed, lastWayOut, mostStates, successors, type WayOut } from "./way-out.ts";

/**
 * Explains a run that is known to violate the property.
 *
 * @param property - null for the built-in property that no step writes outside a sort
 * @param loopStart - as in a counterexample: null for a finite run
 */
export function explain(
  system: System,
  run: Run,
  loopStart: number | null,
  property: Property | null,
): Explanation {
  const at = whereToLook(run, loopStart, property);
  const state = run.states[at];
  if (state === undefined) throw new InternalError("a run without states");
  return {
    at,
    causes: property === null ? [] : whatFails(system, run, state, property),
    actors: standings(system, state),
    avoidance: avoid(system, run, loopStart, property),
  };
}

/** An assertion fails before the last step, a promise where the loop begins, all else in the last state. */
function whereToLook(run: Run, loopStart: number | null, property: Property | null): number {
  if (property?.kind === "assertion") return run.steps.length - 1;
  return loopStart ?? run.steps.length;
}

function whatFails(system: System, run: Run, state: State, property: Property): readonly Cause[] {
  switch (property.kind) {
    case "invariant":
      return causesOf(system, state, property.holds);
    case "assertion": {
      const last = run.steps.at(-1);
      return causesOf(system, state, substitute(property.holds, last?.bindings ?? {}));
    }
    case "deadlock":
      return causesOf(system, state, property.final);
    case "leadsTo":
      return causesOf(system, state, property.to);
    case "alwaysPossible":
    case "reachable":
      return causesOf(system, state, property.goal);
    case "ltl":
      return conditionsIn(property.formula).flatMap((condition) => causesOf(system, state, condition));
  }
}

/** The state conditions of a formula, in its order. */
function conditionsIn(formula: Formula): readonly ExprData[] {
  if (formula.kind === "state") return [formula.holds];
  if ("left" in formula) return [...conditionsIn(formula.left), ...conditionsIn(formula.right)];
  return [formula.of].flat().flatMap(conditionsIn);
}

const nothing = (reason: string): Avoidance => ({
  kind: "none",
  reason,
  deviations: [],
  shared: 0,
  steps: [],
});

function avoid(system: System, run: Run, loopStart: number | null, property: Property | null): Avoidance {
  const holds = (expr: ExprData) => (state: State) => holdsIn(system, state, expr);
  switch (property?.kind) {
    case undefined:
      return nothing("the step itself is wrong, whatever comes before it");
    case "invariant": {
      const bad = (state: State) => !holdsIn(system, state, property.holds);
      return near(system, run, { state: bad, step: () => false });
    }
    case "assertion":
      return near(system, run, {
        state: () => false,
        step: (s, step) => falsifies(system, s, step, property),
      });
    case "deadlock":
      return lastChance(system, run, holds(property.final));
    case "leadsTo":
      return wayOut(system, run, loopStart, holds(property.to), "what it promises");
    case "alwaysPossible":
      return wayOut(system, run, loopStart, holds(property.goal), "its goal");
    case "reachable":
      return nothing("no run gets there");
    case "ltl":
      return nothing("a formula does not name one state that the run should have come to");
  }
}

function near(system: System, run: Run, forbidden: Forbidden): Avoidance {
  if (run.steps.length === 0) return nothing("the initial state itself is wrong");
  const found = nearestPassing(system, run, forbidden);
  if (found === null)
    return nothing(
      `no run with at most ${mostDeviations} deviations avoids it (${mostPositions} positions were looked at)`,
    );
  const { deviations } = found;
  const count = deviations.length === 1 ? "one deviation" : `${deviations.length} deviations`;
  const reason =
    found.kind === "passing"
      ? `with ${count} the same last step violates nothing`
      : `with ${count} the last step is not taken any more`;
  return { kind: found.kind, reason, deviations, ...differing(system, run, found.run) };
}

/** What two runs share, and how the other one goes on. */
function differing(system: System, run: Run, other: Run): Pick<Avoidance, "shared" | "steps"> {
  const first = other.steps.findIndex((step, i) => step.event !== run.steps[i]?.event);
  const shared = first < 0 ? other.steps.length : first;
  return { shared, steps: describeRun(system, other).slice(shared) };
}

function wayOut(
  system: System,
  run: Run,
  loopStart: number | null,
  goal: (state: State) => boolean,
  what: string,
): Avoidance {
  const found = lastWayOut(system, run, goal);
  if (found === null) return nothing(`no state of the run has a way to ${what}`);
  if (found === "unknown") return nothing(`not decided: there is more to look at than ${mostStates} states`);
  const inLoop = loopStart !== null && found.shared >= loopStart;
  const reason = inLoop
    ? `the loop could be left for ${what}, and never is`
    : `from step ${found.shared + 1} of the run on, ${what} cannot be reached any more`;
  return shown(system, found, reason);
}

/** Up to where an end could be reached, else up to where not every continuation gets stuck. */
function lastChance(system: System, run: Run, final: (state: State) => boolean): Avoidance {
  const end = wayOut(system, run, null, final, "an end");
  return end.kind === "wayOut" ? end : lastChoice(system, run, final);
}

/** The latest state of the run in which another step leads to where not every run gets stuck. */
function lastChoice(system: System, run: Run, final: (state: State) => boolean): Avoidance {
  for (let shared = run.steps.length - 1; shared >= 0; shared--) {
    const before = run.states[shared] as State;
    const other = successors(system, before).find(
      ({ step, state }) => step.event !== run.steps[shared]?.event && !isDoomed(system, state, final),
    );
    if (other === undefined) continue;
    const way = { shared, run: { states: [before, other.state], steps: [other.step] } };
    return shown(system, way, `after step ${shared + 1} of the run every continuation gets stuck`);
  }
  return nothing("every run gets stuck");
}

function shown(system: System, { shared, run }: WayOut, reason: string): Avoidance {
  return { kind: "wayOut", reason, deviations: [], shared, steps: describeRun(system, run) };
}
