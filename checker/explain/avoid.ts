/** What would have avoided a violation. */
import {
  type ExprData,
  type Formula,
  falsifies,
  holdsIn,
  type InfiniteRun,
  type Property,
  type State,
  type Step,
  type System,
} from "../../models/language/index.ts";
import type { Avoidance } from "../result.ts";
import { type Evidence, fold } from "./evidence.ts";
import { type Forbidden, mostDeviations, mostPositions, nearestPassing } from "./passing.ts";
import { describeRun, type Run } from "./replay.ts";
import { satisfyingWay } from "./satisfying-way.ts";
import { watchFormula, watchStates } from "./watch.ts";
import { isDoomed, lastWayOut, mostStates, successors, type WayOut } from "./way-out.ts";

const nothing = (reason: string): Avoidance => ({
  kind: "none",
  reason,
  deviations: [],
  shared: 0,
  steps: [],
});

/** Of a finite run, judged by its states and steps. */
export function avoid(system: System, run: Run, property: Property | null): Avoidance {
  const holds = (expr: ExprData) => (state: State) => holdsIn(system, state, expr);
  switch (property?.kind) {
    case "invariant": {
      const watch = watchStates((state) => !holdsIn(system, state, property.holds));
      return near(system, run, { watch, step: () => false }, null);
    }
    case "assertion": {
      const step = (state: State, one: Step) => falsifies(system, state, one, property);
      return near(system, run, { watch: watchStates(() => false), step }, null);
    }
    case "deadlock":
      return lastChance(system, run, holds(property.final));
    case "alwaysPossible":
      return wayOut(system, run, null, holds(property.goal), "its goal");
    case "reachable":
      return nothing("no run gets there");
    default:
      return nothing("the step itself is wrong, whatever comes before it");
  }
}

/** Another run up to where the violation shows, else a way to what is missing in the loop from which a formula can still be satisfied. */
export function avoidRun(
  system: System,
  run: InfiniteRun,
  formula: Formula,
  { shownBy, facts }: Evidence,
  property: Property | null,
): Avoidance {
  const { steps, loopStart } = run;
  if (shownBy !== null && (shownBy <= steps.length || loopStart < steps.length)) {
    const watch = watchFormula(system, formula);
    if (watch === null) return nothing("not looked for: the automaton of its formula is too large");
    return near(system, beginning(run, shownBy), { watch, step: () => false }, shownBy);
  }
  const lasting = facts.filter(({ span }) =>
    span.to === null ? span.kind === "forever" : span.to > steps.length,
  );
  if (lasting.length === 0)
    return nothing(
      "no single state is missing: what comes again and again in the loop would have to come to an end",
    );
  const goal = (state: State) => lasting.some(({ condition }) => !holdsIn(system, state, condition));
  const found = satisfyingWay(system, run, formula, goal);
  if (property?.kind === "leadsTo") return wayToPromise(system, run, goal, found);
  if (found === "unknown") {
    const way = wayOut(system, run, loopStart, goal, "what is missing");
    return way.kind === "none" ? way : { ...way, reason: `${way.reason}; that alone need not be enough` };
  }
  if (found === null)
    return nothing("no run that leaves this one brings what is missing and satisfies the formula");
  const reason =
    found.shared >= loopStart
      ? "the loop could be left so that the formula can still be satisfied, and never is"
      : `from step ${found.shared + 1} of the run on, what is missing cannot come any more in a run that satisfies the formula`;
  return shown(system, found, reason);
}

/**
 * A way to what a response promises.
 *
 * @param found - where it may be left for a run that answers every request
 */
function wayToPromise(
  system: System,
  run: InfiniteRun,
  goal: (state: State) => boolean,
  found: WayOut | null | "unknown",
): Avoidance {
  const way = wayOut(system, run, run.loopStart, goal, "what it promises");
  if (found === null || found === "unknown") {
    const further =
      found === null
        ? "but no fair run from there answers every later request"
        : "whether later requests can be answered then is not decided";
    return way.kind === "none" ? way : { ...way, reason: `${way.reason}; ${further}` };
  }
  // It may have to be left earlier than for the promise alone.
  if (way.kind === "wayOut" && way.shared === found.shared) return shown(system, found, way.reason);
  const reason =
    found.shared >= run.loopStart
      ? "the loop could be left for what it promises, and never is"
      : `from step ${found.shared + 1} of the run on, what it promises cannot come any more in a run that answers every request`;
  return shown(system, found, reason);
}

/** So many steps of a run, its loop being gone through as often as needed. */
function beginning({ states, steps, loopStart }: InfiniteRun, length: number): Run {
  const positions = { length: steps.length, loopStart };
  const places = Array.from({ length }, (_, i) => fold(positions, i));
  return {
    states: [states[0] as State, ...places.map((i) => states[i + 1] as State)],
    steps: places.map((i) => steps[i] as Step),
  };
}

/** @param number - of the last step, where the run goes on after it */
function near(system: System, run: Run, forbidden: Forbidden, number: number | null): Avoidance {
  if (run.steps.length === 0) return nothing("the initial state itself is wrong");
  const found = nearestPassing(system, run, forbidden);
  if (found === null) return nothing(`no run with at most ${mostDeviations} deviations avoids it`);
  if (found === "unknown")
    return nothing(
      `not decided: the runs with at most ${mostDeviations} deviations have more than ${mostPositions} positions`,
    );
  const { deviations } = found;
  const last = number === null ? "last step" : `step ${number}`;
  const count = deviations.length === 1 ? "one deviation" : `${deviations.length} deviations`;
  const reason =
    found.kind === "passing"
      ? `with ${count} the same ${last} violates nothing`
      : `with ${count} ${number === null ? `the ${last}` : last} is not taken any more`;
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
