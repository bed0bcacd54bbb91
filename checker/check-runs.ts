/**
 * Verdicts of searches that may leave states out: what they find is real, for it is shortened and then replayed on the
 * reference evaluator; what they do not find is inconclusive.
 */
import {
  holdsIn,
  ModelError,
  type Property,
  type System,
  substitute,
  takeStep,
} from "../models/language/index.ts";
import { finite, lastState } from "./explain/counterexample.ts";
import { follow, type Run } from "./explain/replay.ts";
import type { Limits } from "./explore/explore.ts";
import { Meter } from "./explore/meter.ts";
import { InternalError } from "./internal-error.ts";
import type { Program } from "./lower/program.ts";
import type { Counterexample, PropertyResult, SearchSummary, Verdict } from "./result.ts";
import type { Find } from "./search/find.ts";
import type { SearchOptions } from "./search/options.ts";
import { type Sample, sample } from "./search/sample.ts";
import { shrink } from "./search/shrink.ts";
import { compileStepper } from "./search/stepper.ts";

/** A search made, and what it says of the properties. */
export interface SampledCheck {
  readonly sample: Sample;
  readonly search: SearchSummary;
  readonly properties: readonly PropertyResult[];
}

/** @param seed - of a depth-first search; null for the model's order, and for random walks, which have seeds of their own */
export function checkBySample(
  program: Program,
  properties: readonly Property[],
  limits: Limits,
  search: Exclude<SearchOptions, { readonly order: "bfs" }>,
  seed: number | null,
  sorts: Omit<PropertyResult, "verdict" | "reason" | "says" | "counterexample">,
): SampledCheck {
  const meter = new Meter(limits);
  const made = sample(program, properties, limits, search, seed);
  const { system } = program;
  const stepper = compileStepper(program, properties);
  const isToEnd = () => meter.refusal() !== null;
  const shortened = (k: number): Find | null => {
    const find = made.finds[k];
    return find === undefined ? null : shrink(program, stepper, k, find, isToEnd);
  };
  const judge = (property: Property, k: number): PropertyResult => {
    const find = shortened(k);
    const [verdict, reason, counterexample] = verdictOf(system, property, find, made.cut);
    const { id, title, kind, says, defects = [] } = property;
    return { id, title, kind, verdict, vacuous: false, reason, says, defects, counterexample };
  };
  const broken = shortened(properties.length);
  return {
    sample: made,
    search: summaryOf(search, seed === null ? null : [seed], made.omission),
    properties: [
      ...(broken === null ? [] : [{ ...sorts, ...brokenStep(system, broken) }]),
      ...properties.map(judge),
    ],
  };
}

function verdictOf(
  system: System,
  property: Property,
  find: Find | null,
  cut: string,
): readonly [Verdict, string, Counterexample | null] {
  if (find === null) return ["inconclusive", `not decided: ${cut}`, null];
  const run = follow(system, find.run);
  const violated = (confirmed: boolean, reason: string, whole: Run = run) => {
    if (!confirmed)
      throw new InternalError(`the reference evaluator does not confirm the violation of ${property.id}`);
    return ["violated", reason, finite(system, whole, property.says)] as const;
  };
  switch (property.kind) {
    case "invariant":
      return violated(!holdsIn(system, lastState(run), property.holds), "a reachable state falsifies it");
    case "deadlock":
      return violated(
        !holdsIn(system, lastState(run), property.final),
        "a state that nothing leaves is not an end",
      );
    case "assertion": {
      const bindings = system.steps[find.step]?.bindings ?? {};
      return violated(
        !holdsIn(system, lastState(run), substitute(property.holds, bindings)),
        "a step is taken where it is false",
        follow(system, [...find.run, find.step]),
      );
    }
    case "reachable":
      if (!holdsIn(system, lastState(run), property.goal))
        throw new InternalError(`the reference evaluator does not confirm that ${property.id} is reached`);
      return ["holds", "a state that satisfies it is reachable", null];
    default:
      throw new InternalError(`a search for states has found something of ${property.id}`);
  }
}

/** The error of the model that a step is, told by the reference evaluator. */
export function errorOf(system: System, run: Run, index: number) {
  const step = system.steps[index];
  if (step === undefined) throw new InternalError("an unknown step wrote outside its sort");
  try {
    takeStep(system, lastState(run), step);
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    const says = `Step ${step.event} is an error of the model: ${error.message}.`;
    return { reason: error.message, says, counterexample: finite(system, run, says) };
  }
  throw new InternalError(`step ${step.event} writes outside a sort only when packed`);
}

function brokenStep(system: System, find: Find) {
  return { verdict: "violated" as const, ...errorOf(system, follow(system, find.run), find.step) };
}

/** What a result tells of the search that was made. */
export function summaryOf(
  search: SearchOptions,
  seeds: readonly number[] | null,
  omission: number | null,
): SearchSummary {
  const none = { seeds: [], walks: null, maxDepth: null, bits: null, storeBytes: null };
  switch (search.order) {
    case "bfs":
      return { order: "bfs", store: "exact", ...none, omission };
    case "random": {
      const { walks, maxDepth } = search;
      return { order: "random", store: "none", ...none, seeds: search.seeds, walks, maxDepth, omission };
    }
    case "dfs": {
      const { store, maxDepth } = search;
      return {
        ...none,
        order: "dfs",
        store: store.kind,
        seeds: seeds ?? [],
        maxDepth,
        bits: store.kind === "hash-compact" ? store.bits : store.kind === "bitstate" ? store.hashes : null,
        storeBytes: store.kind === "bitstate" ? store.bytes : null,
        omission,
      };
    }
  }
}
