/** The checker's door: explores a model and judges its properties. */
import {
  holdsIn,
  holdsOn,
  type InfiniteRun,
  type Model,
  ModelError,
  type Property,
  type State,
  takeStep,
  whyNotFair,
} from "../models/language/index.ts";
import { describeRun, extend, type Run, replay, viewState } from "./explain/replay.ts";
import { type Exploration, explore } from "./explore/explore.ts";
import { InternalError } from "./internal-error.ts";
import { lowerModel } from "./lower/program.ts";
import { judgeAlwaysPossible } from "./property/always-possible.ts";
import { judgeLeadsTo } from "./property/leads-to.ts";
import type { Lasso } from "./property/part.ts";
import { pathTo, stateNumber } from "./property/path.ts";
import { judgeFormula } from "./property/temporal.ts";
import type { CheckResult, Counterexample, Coverage, PropertyResult, Verdict } from "./result.ts";

export { InternalError } from "./internal-error.ts";
export type * from "./result.ts";

export interface CheckOptions {
  /** Ids of the properties to judge; all that the model declares where absent. */
  readonly properties?: readonly string[];
  /** Limits; a search that reaches one is cut, and what is undecided then is inconclusive. */
  readonly maxStates?: number;
  readonly maxMemoryBytes?: number;
  readonly maxSeconds?: number;
  /** Ends the search at the first violation instead of reporting every violated property. */
  readonly stopAtFirst?: boolean;
  /** Monotonic clock in milliseconds. */
  readonly now: () => number;
  /** Asked at intervals; true ends the search with what is known. */
  readonly interrupted?: () => boolean;
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly frontier: number;
  readonly seconds: number;
  readonly memoryBytes: number;
}

/** Id of the built-in property that every model has: no step writes a value outside its sort. */
export const wellSorted = "SORTS";

/**
 * Explores every reachable state of a checked model, breadth first, and judges its properties.
 *
 * Same model and options give the same result, durations and memory apart. The built-in property {@link wellSorted} is
 * listed only where it is violated.
 *
 * @param model - a model without diagnostics of `checkModel`
 * @throws InternalError where an internal check fails, for instance a counterexample that does not replay
 */
export function check(model: Model, options: CheckOptions): CheckResult {
  const wanted = options.properties;
  const properties = model.properties.filter((p) => wanted === undefined || wanted.includes(p.id));
  const exploration = explore(lowerModel(model), properties, {
    maxStates: options.maxStates ?? 2 ** 31,
    maxMemoryBytes: options.maxMemoryBytes ?? 2 ** 33,
    maxSeconds: options.maxSeconds ?? Number.POSITIVE_INFINITY,
    stopAtFirst: options.stopAtFirst ?? false,
    now: options.now,
    interrupted: options.interrupted ?? (() => false),
    onProgress: ({ states, transitions, depth, frontier }, seconds, memoryBytes) =>
      options.onProgress?.({ states, transitions, depth, frontier, seconds, memoryBytes }),
  });
  const results = [
    ...judgeSorts(exploration),
    ...properties.map((property, k) => judge(exploration, property, k)),
  ];
  const { counts, seconds, memoryBytes, peakMemoryBytes } = exploration;
  return {
    verdict: worst(results.map((result) => result.verdict)),
    cut: exploration.cut,
    properties: results,
    statistics: {
      states: counts.states,
      transitions: counts.transitions,
      depth: counts.depth,
      seconds,
      statesPerSecond: seconds > 0 ? Math.round(counts.states / seconds) : 0,
      bytesPerState: Math.round((memoryBytes / counts.states) * 10) / 10,
      peakMemoryBytes,
    },
    coverage: coverageOf(exploration),
  };
}

/** Violated before inconclusive before holds. */
function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("violated")) return "violated";
  return verdicts.includes("inconclusive") ? "inconclusive" : "holds";
}

function judge(exploration: Exploration, property: Property, k: number): PropertyResult {
  const { cut, findings, reached } = exploration;
  const result = (
    verdict: Verdict,
    reason: string,
    counterexample: Counterexample | null = null,
    vacuous = false,
  ): PropertyResult => ({
    id: property.id,
    title: property.title,
    kind: property.kind,
    verdict,
    vacuous,
    reason,
    says: property.says,
    defects: property.defects ?? [],
    counterexample,
  });
  const undecided = (): PropertyResult => result("inconclusive", `not decided: ${cut}`);
  switch (property.kind) {
    case "invariant": {
      const failure = findings.failures[k];
      if (failure !== undefined) {
        const run = replay(exploration.program.system, pathTo(exploration, failure.state));
        confirm(!holdsIn(exploration.program.system, lastState(run), property.holds), property);
        return result("violated", "a reachable state falsifies it", finite(exploration, run, property.says));
      }
      if (cut !== null) return undecided();
      const vacuous = property.premise !== undefined && reached[k] === 0;
      return result(
        "holds",
        vacuous ? "its premise is never true" : "true in every reachable state",
        null,
        vacuous,
      );
    }
    case "assertion": {
      const failure = findings.failures[k];
      if (failure !== undefined) {
        const run = failingStep(exploration, failure.state, failure.step);
        return result(
          "violated",
          "a step is taken where it is false",
          finite(exploration, run, property.says),
        );
      }
      if (cut !== null) return undecided();
      const vacuous = reached[k] === 0;
      return result(
        "holds",
        vacuous ? "its steps are never taken under its premise" : "true at every such step",
        null,
        vacuous,
      );
    }
    case "reachable": {
      const hit = findings.failures[k];
      if (hit !== undefined) return result("holds", "a state that satisfies it is reachable");
      return cut !== null ? undecided() : result("violated", "no reachable state satisfies it");
    }
    case "deadlock": {
      const stuck = findings.stuck[k];
      if (stuck !== undefined) {
        const run = replay(exploration.program.system, pathTo(exploration, stuck.state));
        confirm(!holdsIn(exploration.program.system, lastState(run), property.final), property);
        return result(
          "violated",
          "a state that nothing leaves is not an end",
          finite(exploration, run, property.says),
        );
      }
      return cut !== null ? undecided() : result("holds", "every state that nothing leaves is an end");
    }
    case "leadsTo": {
      if (cut !== null) return undecided();
      const response = judgeLeadsTo(exploration, property.from, property.to);
      if (response.kind === "holds") {
        const reason = response.vacuous ? "its premise is never true" : "true on every fair run";
        return result("holds", reason, null, response.vacuous);
      }
      const { shown } = lasso(exploration, response.lasso, property.says);
      return result("violated", "a fair run never gets there", shown);
    }
    case "ltl": {
      if (cut !== null) return undecided();
      const judgement = judgeFormula(exploration, property.formula);
      if (judgement.kind === "tooLarge")
        return result("inconclusive", "not decided: the automaton of its formula is too large");
      if (judgement.kind === "holds") {
        const reason = judgement.vacuous ? "its premise is never true" : "true of every fair run";
        return result("holds", reason, null, judgement.vacuous);
      }
      const { run, shown } = lasso(exploration, judgement.lasso, property.says);
      confirm(!holdsOn(exploration.program.system, run, property.formula), property);
      return result("violated", "a fair run falsifies it", shown);
    }
    case "alwaysPossible": {
      if (cut !== null) return undecided();
      const possibility = judgeAlwaysPossible(exploration, property.goal);
      if (possibility.kind === "holds") return result("holds", "possible from every reachable state");
      const run = replay(exploration.program.system, pathTo(exploration, possibility.state));
      return result(
        "violated",
        "a state is reachable from which it is not possible any more",
        finite(exploration, run, property.says),
      );
    }
  }
}

/** A write outside a sort is an error of the model; it is reported like a violated property. */
function judgeSorts(exploration: Exploration): readonly PropertyResult[] {
  const [broken] = exploration.findings.broken;
  if (broken === undefined) return [];
  const { system } = exploration.program;
  const run = replay(system, pathTo(exploration, broken.state));
  const step = system.steps[broken.step];
  if (step === undefined) throw new InternalError("an unknown step wrote outside its sort");
  let wrong: string | null = null;
  try {
    takeStep(system, lastState(run), step);
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    wrong = error.message;
  }
  if (wrong === null) throw new InternalError(`step ${step.event} writes outside a sort only when packed`);
  const says = `Step ${step.event} is an error of the model: ${wrong}.`;
  return [
    {
      id: wellSorted,
      title: "every step writes values of their sort",
      kind: "assertion",
      verdict: "violated",
      vacuous: false,
      reason: wrong,
      says,
      defects: [],
      counterexample: finite(exploration, run, says),
    },
  ];
}

function failingStep(exploration: Exploration, state: number, step: number): Run {
  const { system } = exploration.program;
  const failing = system.steps[step];
  if (failing === undefined) throw new InternalError("an unknown step failed");
  return extend(system, replay(system, pathTo(exploration, state)), failing);
}

function confirm(agrees: boolean, property: Property): void {
  if (!agrees)
    throw new InternalError(`the reference evaluator does not confirm the violation of ${property.id}`);
}

function lastState(run: Run): State {
  const last = run.states.at(-1);
  if (last === undefined) throw new InternalError("a run without states");
  return last;
}

function finite(exploration: Exploration, run: Run, failure: string): Counterexample {
  const { system } = exploration.program;
  return {
    initial: viewState(system, run.states[0] as State),
    steps: describeRun(system, run),
    loopStart: null,
    final: viewState(system, lastState(run)),
    failure,
  };
}

/** Takes the steps of a lasso, and makes sure that it goes where the packed program went and is fair. */
function lasso(
  exploration: Exploration,
  { start, stem, loop }: Lasso,
  failure: string,
): { readonly run: InfiniteRun; readonly shown: Counterexample } {
  const { system } = exploration.program;
  let run = replay(system, pathTo(exploration, start));
  for (const { step, state } of [...stem, ...loop]) {
    const taken = system.steps[step];
    if (taken === undefined) throw new InternalError("an unknown step is on a lasso");
    run = extend(system, run, taken);
    if (JSON.stringify(lastState(run)) !== JSON.stringify(stateNumber(exploration, state)))
      throw new InternalError(`step ${taken.event} of a lasso leads elsewhere`);
  }
  const infinite: InfiniteRun = { ...run, loopStart: run.steps.length - loop.length };
  const fault = whyNotFair(system, infinite);
  if (fault !== null) throw new InternalError(`a lasso ${fault}`);
  return { run: infinite, shown: { ...finite(exploration, run, failure), loopStart: infinite.loopStart } };
}

function coverageOf(exploration: Exploration): Coverage {
  const { steps, instances } = exploration.program.system;
  const never = steps.filter((step) => exploration.taken[step.index] === 0);
  const entered = new Set(instances.map((instance, i) => `${i}.${instance.initial}`));
  for (const step of steps)
    if (exploration.taken[step.index] === 1) entered.add(`${step.instance}.${step.to}`);
  return {
    stepsNeverTaken: never.map((step) => `${step.event} at ${instances[step.instance]?.points[step.from]}`),
    pointsNeverEntered: instances.flatMap((instance, i) =>
      instance.points.filter((_, p) => !entered.has(`${i}.${p}`)).map((point) => `${instance.name} ${point}`),
    ),
  };
}
