/** Judges the mutants of a model: which property notices which edit. */
import type { Model } from "../models/language/index.ts";
import { type CheckOptions, check, checkWellFormed } from "./check.ts";
import {
  type CompareLimits,
  type Comparison,
  compareGraphs,
  type Difference,
  leavesOutChoices,
  type Observed,
  observe,
} from "./compare.ts";
import {
  type Mutant,
  mutate,
  type Operator,
  type RefusedEdit,
  sampleMutants,
  withBoth,
} from "./mutate/index.ts";
import type { CheckResult } from "./result.ts";

export type { Operator } from "./mutate/index.ts";

export interface MutationOptions
  extends Pick<CheckOptions, "maxStates" | "maxMemoryBytes" | "maxSeconds" | "now" | "interrupted"> {
  /** Kinds of edits; all where absent. */
  readonly operators?: readonly Operator[];
  /** Judges so many mutants at most, drawn by `seed`; all where absent. */
  readonly maxMutants?: number;
  readonly seed?: number;
  /** Finds every property that kills a mutant, instead of ending its search at the first. */
  readonly everyProperty?: boolean;
  readonly onMutant?: (progress: MutationProgress) => void;
}

export interface MutationProgress {
  readonly judged: number;
  readonly of: number;
  readonly survivors: number;
}

export type Outcome =
  /**
   * Properties that hold in the original are violated, or hold only because their premise is never true any more. What is
   * said of a step that the edit removes is not asked, and lacking that step alone is nothing that kills.
   */
  | { readonly kind: "killed"; readonly by: readonly string[]; readonly vacuous: readonly string[] }
  /** What can be observed is the same, so no property of the code could tell it from the original. */
  | { readonly kind: "equivalent"; readonly states: number; readonly transitions: number }
  /** Each of its fair runs is one of the original's: it leaves out what others may choose. */
  | { readonly kind: "narrower"; readonly difference: Difference }
  /**
   * It edits the environment, and the properties hold also where that may do both what it did and what the edit makes of it.
   * The mutant only leaves out choices of that larger environment.
   */
  | { readonly kind: "wider"; readonly difference: Difference }
  /** It behaves differently, and no property notices. */
  | { readonly kind: "survived"; readonly difference: Difference }
  | { readonly kind: "undecided"; readonly reason: string };

export type JudgedMutant = Omit<Mutant, "model"> & { readonly outcome: Outcome };

export interface MutationResult {
  /** Properties that hold in the original: the only ones that can kill. */
  readonly asked: readonly string[];
  /** Properties that do not hold in the original, or were not decided there. */
  readonly notAsked: readonly string[];
  readonly original: { readonly cut: string | null; readonly states: number; readonly transitions: number };
  /** Edits of these operators that leave a model. */
  readonly possible: number;
  /** Edits of these operators that leave none. */
  readonly refused: readonly RefusedEdit[];
  readonly mutants: readonly JudgedMutant[];
  /** Null where every mutant that was to be judged was; else why not. */
  readonly cut: string | null;
}

/**
 * Explores the model and each of its mutants.
 *
 * A mutant is judged by the properties that hold in the original. One that none of them notices is compared with the
 * original state by state. The limits are those of each single exploration.
 */
export function judgeMutants(model: Model, options: MutationOptions): MutationResult {
  const { maxMutants, seed = 1, interrupted = () => false } = options;
  const base = check(model, limitsOf(options));
  const asked = base.properties.filter(({ verdict }) => verdict === "holds").map(({ id }) => id);
  const all = mutate(model);
  const isAsked = ({ change }: Pick<Mutant, "change">) =>
    options.operators === undefined || options.operators.includes(change.operator);
  const possible = all.mutants.filter(isAsked);
  const chosen = maxMutants === undefined ? possible : sampleMutants(possible, maxMutants, seed);
  const mutants: JudgedMutant[] = [];
  let survivors = 0;
  let known: Observed | undefined;
  const original = () => {
    known ??= observe(model, comparisonLimits(options));
    return known;
  };
  if (asked.length > 0) {
    for (const mutant of chosen) {
      if (interrupted()) break;
      const { model: _model, ...about } = mutant;
      const outcome = judge(model, mutant, { asked, vacuous: vacuousIn(base) }, options, original);
      if (outcome.kind === "survived") survivors += 1;
      mutants.push({ ...about, outcome });
      options.onMutant?.({ judged: mutants.length, of: chosen.length, survivors });
    }
  }
  return {
    asked,
    notAsked: base.properties.filter(({ verdict }) => verdict !== "holds").map(({ id }) => id),
    original: {
      cut: base.cut,
      states: base.statistics.states,
      transitions: base.statistics.transitions,
    },
    possible: possible.length,
    refused: all.refused.filter(isAsked),
    mutants,
    cut:
      asked.length > 0 && mutants.length < chosen.length
        ? `interrupted after ${mutants.length} of ${chosen.length} mutants`
        : null,
  };
}

type Limits = Pick<CheckOptions, "maxStates" | "maxMemoryBytes" | "maxSeconds" | "now" | "interrupted">;

function limitsOf({ maxStates, maxMemoryBytes, maxSeconds, now, interrupted }: MutationOptions): Limits {
  return {
    ...(maxStates === undefined ? {} : { maxStates }),
    ...(maxMemoryBytes === undefined ? {} : { maxMemoryBytes }),
    ...(maxSeconds === undefined ? {} : { maxSeconds }),
    now,
    ...(interrupted === undefined ? {} : { interrupted }),
  };
}

interface Asked {
  readonly asked: readonly string[];
  /** Those whose premise is never true of the original, or need not be true. */
  readonly vacuous: readonly string[];
}

/** @param observed - the graph of the original: explored when the first mutant is compared with it */
function judge(
  original: Model,
  mutant: Mutant,
  properties: Asked,
  options: MutationOptions,
  observed: () => Observed,
): Outcome {
  // An edit after which the model is no longer one was refused.
  const noticed = notice(mutant.model, askedOf(mutant, properties), options, checkWellFormed);
  if (noticed !== null) return noticed;
  const limits = comparisonLimits(options);
  const edit = observe(mutant.model, limits);
  const outcome = outcomeOf(compareGraphs(observed(), edit, limits));
  const edited = original.actors.find(({ name }) => name === mutant.actor);
  if (outcome.kind !== "survived" || edited?.environment !== true) return outcome;
  const { model: both, nameOf } = withBoth(original, mutant);
  const wider = notice(both, properties, options);
  if (wider !== null) return wider.kind === "undecided" ? wider : outcome;
  // Who has to move has to do so in either of the two wherever the larger one has to.
  const parts = edited.fairness === "none" ? [edit] : [edit, observed()];
  const larger = observe(both, limits);
  for (const part of parts) {
    const choice = leavesOutChoices(part, larger, nameOf);
    if (choice.kind !== "yes") return choice.kind === "undecided" ? choice : outcome;
  }
  return { ...outcome, kind: "wider" };
}

/** What is asked of a mutant: an assertion that has lost a step may be left without a premise for that alone. */
function askedOf({ shortened, unasked }: Mutant, { asked, vacuous }: Asked): Asked {
  return { asked: asked.filter((id) => !unasked.includes(id)), vacuous: [...vacuous, ...shortened] };
}

/** What the properties say of a model; null where none is violated or loses its premise. */
function notice(
  model: Model,
  { asked, vacuous }: Asked,
  options: MutationOptions,
  checkIt = check,
): (Outcome & { readonly kind: "killed" | "undecided" }) | null {
  const stopAtFirst = options.everyProperty !== true;
  const result = checkIt(model, { ...limitsOf(options), properties: asked, stopAtFirst });
  const by = violatedIn(result);
  const empty = vacuousIn(result).filter((id) => !vacuous.includes(id));
  if (by.length + empty.length > 0) return { kind: "killed", by, vacuous: empty };
  if (result.cut !== null) return { kind: "undecided", reason: result.cut };
  const open = result.properties.find(({ verdict }) => verdict === "inconclusive");
  return open === undefined ? null : { kind: "undecided", reason: `${open.id} is ${open.reason}` };
}

function comparisonLimits(options: MutationOptions): CompareLimits {
  return {
    maxStates: options.maxStates ?? 2 ** 31,
    maxMemoryBytes: options.maxMemoryBytes ?? 2 ** 33,
    maxSeconds: options.maxSeconds ?? Number.POSITIVE_INFINITY,
    now: options.now,
    interrupted: options.interrupted ?? (() => false),
  };
}

function violatedIn({ properties }: CheckResult): readonly string[] {
  return properties.filter(({ verdict }) => verdict === "violated").map(({ id }) => id);
}

function vacuousIn({ properties }: CheckResult): readonly string[] {
  return properties.filter((property) => property.vacuous).map(({ id }) => id);
}

function outcomeOf(comparison: Comparison): Outcome {
  switch (comparison.kind) {
    case "different":
      return { kind: "survived", difference: comparison.difference };
    case "equal":
      return { kind: "equivalent", states: comparison.states, transitions: comparison.transitions };
    default:
      return comparison;
  }
}
