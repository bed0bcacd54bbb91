/** From a check's result to the document that is printed: individuals get their names, the subject is added. */
import type { CheckResult, Counterexample, PathStep, PropertyResult, StateView } from "../checker/check.ts";
import { flatten, type Model, type System, scopeOf, sortOf } from "../models/index.ts";
import { changeText } from "./change-text.ts";
import type { Comparison } from "./compare-reductions.ts";
import type { LoadedModel } from "./load-model.ts";
import type {
  ExploreReport,
  ReportedCounterexample,
  ReportedProperty,
  ReportedState,
  ReportedStep,
  SearchWithout,
  Shard,
} from "./report/explore-report.ts";
import { valueText } from "./value-text.ts";
import { VERSION } from "./version.ts";

/** What every verdict takes for granted. */
export function assumptionsOf(model: Model): readonly string[] {
  const scope = Object.entries(model.identities).map(([name, n]) => `${name}=${n}`);
  return [
    "sequential consistency (every step is seen by all CPUs at once, in one order)",
    ...(scope.length === 0 ? [] : [`a small scope (${scope.join(", ")}): larger ones are not covered`]),
    "the model in place of the C code",
  ];
}

/** A search without reductions, and what it has in common with the one that is reported. */
export interface Compared {
  readonly without: CheckResult;
  readonly comparison: Comparison;
}

/** @param compared - the search without reductions, where one was made to compare */
export function reportCheck(
  loaded: LoadedModel,
  result: CheckResult,
  shard: Shard | null = null,
  compared: Compared | null = null,
): ExploreReport {
  const system = flatten(loaded.model);
  return {
    tool: "kmmcheck",
    version: VERSION,
    command: "explore",
    ...loaded.subject,
    changedFeatures: loaded.changedFeatures,
    // Where nothing is judged, nothing holds.
    verdict: result.properties.length === 0 ? "inconclusive" : result.verdict,
    cut: result.cut,
    search: result.search,
    shard,
    properties: result.properties.map((property) => reportProperty(property, system)),
    statistics: result.statistics,
    coverage: result.coverage,
    reductions: { ...result.reductions, without: compared === null ? null : searchWithout(result, compared) },
    assumptions: assumptionsOf(loaded.model),
  };
}

function searchWithout(result: CheckResult, { without, comparison }: Compared): SearchWithout {
  const { states, transitions, depth, seconds } = without.statistics;
  const factor = Math.round((states / result.statistics.states) * 100) / 100;
  return { states, transitions, depth, seconds, factor, ...comparison };
}

function reportProperty(property: PropertyResult, system: System): ReportedProperty {
  const run = property.counterexample;
  return { ...property, counterexample: run === null ? null : reportRun(run, system) };
}

export function reportRun(run: Counterexample, system: System): ReportedCounterexample {
  return {
    ...run,
    initial: reportState(run.initial, system.model),
    steps: run.steps.map((step) => reportStep(step, system)),
    final: reportState(run.final, system.model),
  };
}

function reportState(state: StateView, model: Model): ReportedState {
  const text = Object.entries(state.context).map(([name, value]) => [
    name,
    valueText(value, model.variables[name]?.sort ?? null),
  ]);
  return { ...state, text: Object.fromEntries(text) };
}

export function reportStep(step: PathStep, system: System): ReportedStep {
  return {
    ...step,
    changes: step.changes.map((change) => ({ ...change, text: changeText(change, system.model) })),
    emits: step.emits === null ? null : { ...step.emits, text: emissionText(step, step.emits, system) },
  };
}

function emissionText(step: PathStep, emits: NonNullable<PathStep["emits"]>, system: System): string {
  const data = system.steps.find(
    ({ event, emits: e }) => event === step.event && e?.event === emits.event,
  )?.emits;
  const args = Object.entries(emits.args).map(([name, value]) => {
    const expr = data?.args[name];
    return `${name}=${valueText(value, expr === undefined ? null : sortOf(expr, scopeOf(system)))}`;
  });
  return [emits.event, ...args].join(" ");
}
