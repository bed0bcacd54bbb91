/** The checker's door: explores a model and judges its properties. */
import {
  type ExprData,
  enabledSteps,
  fairnessOn,
  falsifies,
  holdsIn,
  holdsOn,
  type InfiniteRun,
  type Model,
  ModelError,
  type Property,
  type State,
  type Step,
  type System,
  takeStep,
  whyNotFair,
} from "../models/language/index.ts";
import { checkBySample, errorOf, summaryOf } from "./check-runs.ts";
import { combineSearches, worst } from "./combine.ts";
import { coverageOf, detailWithin } from "./coverage/coverage.ts";
import { finite, lastState } from "./explain/counterexample.ts";
import { attempt, describeStep, extend, type Run, replay } from "./explain/replay.ts";
import { tightened } from "./explain/tighten.ts";
import type { SnapshotArrays } from "./explore/checkpoint.ts";
import type { Parallel, StartThread } from "./explore/crew.ts";
import { usualCrewFrom } from "./explore/crew-from.ts";
import { type Exploration, explore, type Limits } from "./explore/explore.ts";
import type { Finding } from "./explore/findings.ts";
import { Meter, within } from "./explore/meter.ts";
import { refusalOf } from "./explore/refusal.ts";
import { InternalError } from "./internal-error.ts";
import { lowerModel, type Program } from "./lower/program.ts";
import { TooLarge } from "./lower/too-large.ts";
import { judgeAlwaysPossible } from "./property/always-possible.ts";
import { whereFails, whereFalse, whereStuck } from "./property/ends.ts";
import { judgeLeadsTo } from "./property/leads-to.ts";
import type { Lasso } from "./property/part.ts";
import { lassoFrom, pathTo } from "./property/path.ts";
import { judgeFormula } from "./property/temporal.ts";
import { takenByLikes } from "./reduce/likes.ts";
import { sumOfOrbits } from "./reduce/orbits.ts";
import { type Plan, planReductions } from "./reduce/plan.ts";
import { reduceProgram } from "./reduce/reduce.ts";
import type { CheckResult, Counterexample, PropertyResult, Reduction, Verdict } from "./result.ts";
import { limitsFor, type SavedCheck } from "./saved-check.ts";
import { exploreDepthFirst } from "./search/depth-first-graph.ts";
import type { SearchOptions } from "./search/options.ts";
import { MalformedModel, refuseMalformed } from "./well-formed.ts";

export { combineCosts, combineSearches } from "./combine.ts";
export { explain } from "./explain/explain.ts";
export type { SnapshotArrays } from "./explore/checkpoint.ts";
export { reportDeath, type StartThread } from "./explore/crew.ts";
export { InternalError } from "./internal-error.ts";
export type * from "./result.ts";
export type { SavedCheck } from "./saved-check.ts";
export type { SearchOptions, StoreOptions } from "./search/options.ts";
export { MalformedModel, tooLarge } from "./well-formed.ts";

export interface CheckOptions {
  /** Ids of the properties to judge; all that the model declares where absent. */
  readonly properties?: readonly string[];
  /** Breadth first where absent. */
  readonly search?: SearchOptions;
  /** Reductions to apply where they are sound for the properties and the search; none where absent. */
  readonly reduce?: readonly Reduction[];
  /**
   * Gives up partial order in a breadth-first search once a property is violated, and searches again without it: only then
   * is a run a shortest one.
   */
  readonly shortest?: boolean;
  /** Counts the states for which those explored stand under other names, where they are kept. */
  readonly orbits?: boolean;
  /**
   * Limits; a search that reaches one is cut, and what is undecided then is inconclusive. The seconds are those of the whole
   * check: of all its searches and of what follows them.
   */
  readonly maxStates?: number;
  readonly maxMemoryBytes?: number;
  readonly maxSeconds?: number;
  /** Looks at all states once more for {@link CoverageDetail}, where they are kept. */
  readonly coverage?: boolean;
  /** Ends the search at the first violation instead of reporting every violated property. */
  readonly stopAtFirst?: boolean;
  /** Threads that explore; one where absent. The result is the same for any number. */
  readonly workers?: number;
  /** Starts the other threads; needed where there is more than one. */
  readonly startThread?: StartThread;
  /** From how many seconds on, and for blocks of how many states, more than one thread explores; tests use small numbers. */
  readonly crewFrom?: { readonly seconds: number; readonly block: number };
  /** Stores a breadth-first search at intervals of so many seconds and where it ends before it is decided. */
  readonly checkpoints?: {
    readonly everySeconds: number;
    /** The arrays are only to be read, and change once it returns. */
    readonly save: (saved: SavedCheck, arrays: SnapshotArrays) => void;
  };
  /** Goes on with a search of the same model, properties, reductions and `stopAtFirst`; limits and workers may differ. */
  readonly resume?: { readonly saved: SavedCheck; readonly fill: (arrays: SnapshotArrays) => void };
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
  /** By which factor the last levels of a breadth-first search grew, see `explore/trend.ts`; null for other searches. */
  readonly trend: number | null;
  /** Id of the property that is judged on all runs, after the search; null during the search. */
  readonly judging: string | null;
}

/** Id of the built-in property that every model has: no step writes a value outside its sort. */
export const wellSorted = "SORTS";

/**
 * Explores a model and judges its properties: every reachable state, breadth first, unless another search is asked
 * for.
 *
 * Same model and options give the same result, durations and memory apart. The built-in property {@link wellSorted} is
 * listed only where it is violated.
 *
 * @throws MalformedModel for a value that is no model, with the first diagnostic of `checkModel`, or is too large a one
 * @throws InternalError where an internal check fails, for instance a counterexample that does not replay
 */
export function check(model: Model, options: CheckOptions): CheckResult {
  refuseMalformed(model);
  return checkWellFormed(model, options);
}

/**
 * {@link check} of a model that is known to have no diagnostics.
 *
 * @throws MalformedModel for a model that is too large
 * @throws InternalError where an internal check fails
 */
export function checkWellFormed(model: Model, options: CheckOptions): CheckResult {
  try {
    return checkSound(model, options);
  } catch (error) {
    throw error instanceof TooLarge ? new MalformedModel(error.message) : error;
  }
}

function checkSound(model: Model, options: CheckOptions): CheckResult {
  const wanted = options.properties;
  const properties = model.properties.filter((p) => wanted === undefined || wanted.includes(p.id));
  const search = options.search ?? { order: "bfs" };
  const limits: Limits = {
    maxStates: options.maxStates ?? 2 ** 31,
    maxMemoryBytes: options.maxMemoryBytes ?? 2 ** 33,
    maxSeconds: options.maxSeconds ?? Number.POSITIVE_INFINITY,
    started: options.now(),
    stopAtFirst: options.stopAtFirst ?? false,
    now: options.now,
    interrupted: options.interrupted ?? (() => false),
    onProgress: ({ states, transitions, depth, frontier }, { seconds, memoryBytes, trend, judging }) =>
      options.onProgress?.({
        states,
        transitions,
        depth,
        frontier,
        seconds,
        memoryBytes,
        trend: trend ?? null,
        judging: judging ?? null,
      }),
    ...parallelOf(options),
  };
  const program = lowerModel(model);
  const asked = options.reduce ?? [];
  const inDetail = options.coverage ?? false;
  const plan = planReductions(program.env, asked, properties, whyNotReduced(search, inDetail));
  if (plan.ample.length === 0 || options.shortest !== true || search.order !== "bfs") {
    return searchBy(
      plan,
      program,
      properties,
      limitsFor(options, limits, null),
      search,
      inDetail,
      options.orbits,
    );
  }
  const first = limitsFor(options, { ...limits, stopAtFirst: true }, null);
  const quick = options.resume?.saved.quick ?? searchBy(plan, program, properties, first, search, inDetail);
  if (quick.verdict !== "violated") return quick;
  const whole = withoutPartialOrder(program.env, asked, properties, search);
  const full = searchBy(whole, program, properties, limitsFor(options, limits, quick), search, inDetail);
  return full.cut === null ? full : withFound(full, quick);
}

/** What a search that was cut left undecided, and an earlier one with partial order had decided, by a run that may be longer. */
function withFound(full: CheckResult, quick: CheckResult): CheckResult {
  const isOpen = (id: string) => full.properties.every((p) => p.id !== id || p.verdict === "inconclusive");
  const found = quick.properties.filter(({ id, verdict }) => verdict !== "inconclusive" && isOpen(id));
  if (found.length === 0) return full;
  const own = full.properties.map((property) => found.find(({ id }) => id === property.id) ?? property);
  const others = found.filter(({ id }) => full.properties.every((property) => property.id !== id));
  const properties = [...others, ...own];
  const ids = found.map(({ id }) => id).join(", ");
  const says = `the verdict on ${ids} is that of a search with it, whose runs may not be shortest ones`;
  const off = full.reductions.off.map((note) =>
    note.reduction === "por" ? { ...note, says: `${note.says}; ${says}` } : note,
  );
  const verdict = worst(properties.map((property) => property.verdict));
  return { ...full, verdict, properties, reductions: { ...full.reductions, off } };
}

/** One search, or one for each seed, with the plan's reductions. */
function searchBy(
  plan: Plan,
  full: Program,
  properties: readonly Property[],
  limits: Limits,
  search: SearchOptions,
  inDetail: boolean,
  weighed = false,
): CheckResult {
  const program = reduceProgram(full, plan);
  let orbits: number | null = null;
  const weigh = (exploration: Exploration): Exploration => {
    const { arena, counts } = exploration;
    if (weighed) orbits = sumOfOrbits(full, arena, counts.states, plan.kinds);
    return exploration;
  };
  const searches: Searched[] = [];
  const searchWith = (seed: number | null): Searched => {
    const meter = new Meter(limits);
    const judged = (exploration: Exploration, seeds: readonly number[]) =>
      judgeGraph(weigh(exploration), { properties, search, seeds, plan, inDetail, meter, limits });
    if (search.order === "bfs") return judged(explore(program, properties, limits), []);
    if (search.order === "dfs" && search.store.kind === "exact") {
      const exploration = exploreDepthFirst(program, properties, limits, { seed, maxDepth: search.maxDepth });
      return judged(exploration, seed === null ? [] : [seed]);
    }
    return judgeSample(program, properties, limits, search, seed);
  };
  for (const seed of seedsOf(search)) {
    if (searches.length > 0 && isToEnd(searches, limits)) break;
    searches.push(searchWith(seed));
  }
  const whole = searches.length === 1 ? searches[0] : combineSearches(searches);
  if (whole === undefined) throw new InternalError("no search was made");
  const verdict = worst(whole.properties.map((property) => property.verdict));
  return {
    verdict,
    ...whole,
    reductions: { applied: plan.applied, off: plan.off, ...(orbits === null ? {} : { orbits }) },
  };
}

/** Whether no search with a further seed is to be made. */
function isToEnd(searches: readonly Searched[], limits: Limits): boolean {
  const isFound = ({ properties }: Searched) => properties.some(({ verdict }) => verdict === "violated");
  return (limits.stopAtFirst && searches.some(isFound)) || refusalOf(limits) !== null;
}

/** The plan with everything but partial order, which was tried. */
function withoutPartialOrder(
  env: Program["env"],
  asked: readonly Reduction[],
  properties: readonly Property[],
  search: SearchOptions,
): Plan {
  const others = asked.filter((reduction) => reduction !== "por");
  const plan = planReductions(env, others, properties, whyNotReduced(search, false));
  const says = "a property is violated, and only a search without it finds a shortest run";
  return { ...plan, off: [...plan.off, { reduction: "por", says }] };
}

/** Why a search goes without reductions altogether; null where it need not. */
function whyNotReduced(search: SearchOptions, inDetail: boolean): string | null {
  if (inDetail) return "coverage in detail is about every state and step";
  if (search.order === "bfs" || (search.order === "dfs" && search.store.kind === "exact")) return null;
  return "this search keeps runs by their steps, which a state that stands for others does not have";
}

/** One search for each; null for one that leaves nothing to chance, or chooses by seeds of its own. */
function seedsOf(search: SearchOptions): readonly (number | null)[] {
  return search.order === "dfs" && search.seeds.length > 0 ? search.seeds : [null];
}

type Searched = Omit<CheckResult, "verdict" | "reductions">;

/** What is asked of a graph. */
interface Inquiry {
  readonly properties: readonly Property[];
  readonly search: SearchOptions;
  readonly seeds: readonly number[];
  readonly plan: Plan;
  readonly inDetail: boolean;
  readonly meter: Meter;
  readonly limits: Limits;
}

function judgeGraph(exploration: Exploration, inquiry: Inquiry): Searched {
  const { properties, search, seeds, plan, inDetail, meter, limits } = inquiry;
  const { counts, seconds, memoryBytes, peakMemoryBytes } = exploration;
  const reportOf = (judging: string) => (memoryBytes: number, passed: number) =>
    limits.onProgress(counts, { seconds: passed, memoryBytes, judging });
  const judged = properties.map((property, k) =>
    judge(exploration, property, k, meter, reportOf(property.id)),
  );
  const { system } = exploration.program;
  const used = coverageOf(system, takenByLikes(system, exploration.taken, plan.kinds));
  const coverage = inDetail
    ? detailWithin(exploration, used, properties, judged, { meter, report: reportOf("COVERAGE") })
    : used;
  return {
    cut: exploration.cut,
    search: summaryOf(search, seeds, exploration.cut === null ? 0 : null),
    properties: [...judgeSorts(exploration, meter), ...judged],
    statistics: {
      states: counts.states,
      transitions: counts.transitions,
      depth: counts.depth,
      seconds,
      statesPerSecond: seconds > 0 ? Math.round(counts.states / seconds) : 0,
      bytesPerState: Math.round((memoryBytes / counts.states) * 10) / 10,
      peakMemoryBytes: Math.max(peakMemoryBytes, meter.peak),
    },
    coverage,
  };
}

function judgeSample(
  program: Program,
  properties: readonly Property[],
  limits: Limits,
  search: Exclude<SearchOptions, { readonly order: "bfs" }>,
  seed: number | null,
): Searched {
  const { sample, ...judged } = checkBySample(program, properties, limits, search, seed, sortsProperty);
  const { extent, cut, seconds, taken } = sample;
  return {
    cut,
    ...judged,
    statistics: {
      states: extent.states,
      transitions: extent.transitions,
      depth: extent.depth,
      seconds,
      statesPerSecond: seconds > 0 ? Math.round(extent.states / seconds) : 0,
      bytesPerState: Math.round((extent.bytes / extent.states) * 10) / 10,
      peakMemoryBytes: extent.bytes,
    },
    coverage: coverageOf(program.system, taken),
  };
}

function parallelOf(options: CheckOptions): { readonly parallel?: Parallel } {
  const { workers = 1, startThread, crewFrom = usualCrewFrom } = options;
  if (workers === 1 || startThread === undefined) return {};
  return { parallel: { workers, startThread, fromSeconds: crewFrom.seconds, fromBlock: crewFrom.block } };
}

/** The built-in property as it is listed where it is violated. */
const sortsProperty = {
  id: wellSorted,
  title: "every step writes values of their sort",
  kind: "assertion",
  vacuous: false,
  defects: [],
} as const;

/** Why a property holds of which a model leaves nothing to ask. */
const byConstruction = "true by construction: nothing is left that could make it false";

/** Whether an expression is the constant true. */
function isTrue(holds: ExprData): boolean {
  if (holds.kind === "bool") return holds.value;
  return holds.kind === "and" && holds.of.every(isTrue);
}

function judge(
  exploration: Exploration,
  property: Property,
  k: number,
  meter: Meter,
  report: (bytes: number, seconds: number) => void,
): PropertyResult {
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
  const undecided = (why = cut): PropertyResult => result("inconclusive", `not decided: ${why}`);
  /** Judges runs, within the limits of the search. */
  const ofRuns = <T>(work: () => T, then: (found: T) => PropertyResult): PropertyResult => {
    const found = within<T | string>(
      () => {
        meter.begin(exploration, report);
        return work();
      },
      (why) => why,
    );
    return typeof found === "string" ? undecided(found) : then(found);
  };
  switch (property.kind) {
    case "invariant": {
      const failure = findings.failures[k];
      if (failure !== undefined) {
        const ends = whereFalse(exploration, failure.state, property.holds);
        const run = replay(exploration.program.system, pathTo(exploration, failure.state, meter, ends));
        confirm(!holdsIn(exploration.program.system, lastState(run), property.holds), property);
        return result(
          "violated",
          "a reachable state falsifies it",
          finite(exploration.program.system, run, property.says),
        );
      }
      if (cut !== null) return undecided();
      const vacuous = property.premise !== undefined && reached[k] === 0;
      return result(
        "holds",
        vacuous
          ? "its premise is never true"
          : isTrue(property.holds)
            ? byConstruction
            : "true in every reachable state",
        null,
        vacuous,
      );
    }
    case "assertion": {
      const failure = findings.failures[k];
      if (failure !== undefined) {
        const run = failingStep(exploration, failure, property, k, meter);
        return result(
          "violated",
          "a step is taken where it is false",
          finite(exploration.program.system, run, property.says),
        );
      }
      if (cut !== null) return undecided();
      const vacuous = reached[k] === 0;
      return result(
        "holds",
        vacuous
          ? `its steps are never taken${property.premise === undefined ? "" : " under its premise"}`
          : isTrue(property.holds)
            ? byConstruction
            : "true at every such step",
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
        const ends = whereStuck(exploration, stuck.state, property.final);
        const run = replay(exploration.program.system, pathTo(exploration, stuck.state, meter, ends));
        confirm(!holdsIn(exploration.program.system, lastState(run), property.final), property);
        return result(
          "violated",
          "a state that nothing leaves is not an end",
          finite(exploration.program.system, run, property.says),
        );
      }
      return cut !== null ? undecided() : result("holds", "every state that nothing leaves is an end");
    }
    case "leadsTo": {
      if (cut !== null) return undecided();
      const { from, to } = property;
      return ofRuns(
        () => judgeLeadsTo(exploration, from, to, meter),
        (response) => {
          if (response.kind === "holds") {
            const reason = response.vacuous ? "its premise is never true" : "true on every fair run";
            return result("holds", reason, null, response.vacuous);
          }
          const { shown } = lasso(exploration, response.lasso, property.says, meter);
          return result("violated", "a fair run never gets there", shown);
        },
      );
    }
    case "ltl": {
      if (cut !== null) return undecided();
      return ofRuns(
        () => judgeFormula(exploration, property.formula, meter),
        (judgement) => {
          if (judgement.kind === "tooLarge") return undecided("the automaton of its formula is too large");
          if (judgement.kind === "holds") {
            const reason = judgement.vacuous ? "its premise is never true" : "true of every fair run";
            return result("holds", reason, null, judgement.vacuous);
          }
          const { run, shown } = lasso(exploration, judgement.lasso, property.says, meter);
          confirm(!holdsOn(exploration.program.system, run, property.formula), property);
          return result("violated", "a fair run falsifies it", shown);
        },
      );
    }
    case "alwaysPossible": {
      if (cut !== null) return undecided();
      return ofRuns(
        () => judgeAlwaysPossible(exploration, property.goal, property.from, meter),
        (possibility) => {
          if (possibility.kind === "holds") {
            const { distance } = possibility;
            if (property.from === undefined) return result("holds", "possible from every reachable state");
            if (distance === null) return result("holds", "its premise is never true", null, true);
            return { ...result("holds", "possible from every state that it asks about"), distance };
          }
          const run = replay(exploration.program.system, pathTo(exploration, possibility.state, meter));
          return result(
            "violated",
            "a state is reachable from which it is not possible any more",
            finite(exploration.program.system, run, property.says),
          );
        },
      );
    }
  }
}

/** A write outside a sort is an error of the model; it is reported like a violated property. */
function judgeSorts(exploration: Exploration, meter: Meter): readonly PropertyResult[] {
  const [broken] = exploration.findings.broken;
  if (broken === undefined) return [];
  const { system } = exploration.program;
  const run = replay(system, pathTo(exploration, broken.state, meter));
  const step = stepsAt(system, lastState(run), broken.step).find((taken) =>
    isError(system, lastState(run), taken),
  );
  return [{ ...sortsProperty, verdict: "violated", ...errorOf(system, run, step?.index ?? broken.step) }];
}

function isError(system: System, state: State, step: Step): boolean {
  try {
    takeStep(system, state, step);
    return false;
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return true;
  }
}

/** The steps enabled in a real state, first the one that was found, whose name may be that of another individual here. */
function stepsAt(system: System, state: State, found: number): readonly Step[] {
  const enabled = enabledSteps(system, state);
  return [
    ...enabled.filter(({ index }) => index === found),
    ...enabled.filter(({ index }) => index !== found),
  ];
}

/** The run to a step at which an assertion is false. */
function failingStep(
  exploration: Exploration,
  { state }: Finding,
  property: Property & { readonly kind: "assertion" },
  k: number,
  meter: Meter,
): Run {
  const { system } = exploration.program;
  const failing = (last: State) =>
    enabledSteps(system, last).flatMap((step) => {
      const after = falsifies(system, last, step, property) ? attempt(system, last, step) : null;
      if (after === null) return [];
      const { changes } = describeStep(system, step, last, after);
      return [{ step, mover: step.instance, changed: changes.length }];
    });
  const run = replay(system, pathTo(exploration, state, meter, whereFails(exploration, state, k, failing)));
  const before = run.steps.at(-1)?.instance;
  const [first] = failing(lastState(run)).sort(
    (a, b) => Number(b.mover === before) - Number(a.mover === before) || a.changed - b.changed,
  );
  if (first === undefined)
    throw new InternalError(`the reference evaluator does not confirm the violation of ${property.id}`);
  return extend(system, run, first.step);
}

function confirm(agrees: boolean, property: Property): void {
  if (!agrees)
    throw new InternalError(`the reference evaluator does not confirm the violation of ${property.id}`);
}

/** Takes the steps of a lasso, and makes sure that it goes where the packed program went and is fair. */
function lasso(
  exploration: Exploration,
  found: Lasso,
  failure: string,
  meter: Meter,
): { readonly run: InfiniteRun; readonly shown: Counterexample } {
  const { system } = exploration.program;
  const path = pathTo(exploration, found.start, meter);
  const { moves, loopLength } = lassoFrom(exploration, path, found);
  let run = replay(system, path);
  for (const { step, state } of moves) {
    const taken = system.steps[step];
    if (taken === undefined) throw new InternalError("an unknown step is on a lasso");
    run = extend(system, run, taken);
    if (JSON.stringify(lastState(run)) !== JSON.stringify(state))
      throw new InternalError(`step ${taken.event} of a lasso leads elsewhere`);
  }
  const infinite = tightened({ ...run, loopStart: run.steps.length - loopLength });
  const fault = whyNotFair(system, infinite);
  if (fault !== null) throw new InternalError(`a lasso ${fault}`);
  return {
    run: infinite,
    shown: {
      ...finite(system, infinite, failure),
      loopStart: infinite.loopStart,
      fairness: fairnessOn(system, infinite),
    },
  };
}
