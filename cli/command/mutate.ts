/** `kmmcheck mutate`: whether the properties of a model notice what an edit breaks. */
import type { MutationResult, Operator } from "../../checker/mutation.ts";
import { ExitCode, type Verdict } from "../exit-code.ts";
import { effectText, expressionText } from "../expression-text.ts";
import type { Host } from "../host.ts";
import { InputError } from "../input-error.ts";
import { loadModel } from "../load-model.ts";
import { type CommonOptions, printReport, progressLine } from "../print.ts";
import { type MutateReport, mutateText, type ReportedMutant } from "../report/mutate-report.ts";
import { VERSION } from "../version.ts";

export interface MutateOptions extends CommonOptions {
  readonly patch?: string;
  readonly feature: Readonly<Record<string, boolean>>;
  readonly set: Readonly<Record<string, number>>;
  readonly operator?: readonly Operator[];
  readonly maxMutants?: number;
  readonly seed?: number;
  readonly every: boolean;
  readonly maxStates: number;
}

export async function mutate(name: string, options: MutateOptions, host: Host): Promise<ExitCode> {
  const { patch, feature: features, set: parameters, operator, maxMutants, seed, maxStates } = options;
  if (seed !== undefined && maxMutants === undefined)
    throw new InputError("--seed draws the mutants of --max-mutants: give both");
  const loaded = await loadModel({ model: name, patch, features, parameters }, host);
  const line = progressLine(host);
  const limits = {
    maxStates,
    ...(operator === undefined ? {} : { operators: operator }),
    ...(maxMutants === undefined ? {} : { maxMutants, seed: seed ?? 1 }),
    ...(options.every ? { everyProperty: true } : {}),
  };
  const result = await host
    .mutate(loaded.model, limits, (p) =>
      line.show(`${loaded.model.name}: ${p.judged} of ${p.of} mutants, ${p.survivors} survive`),
    )
    .finally(line.clear);
  if (result.original.cut !== null) {
    throw new InputError(
      `${loaded.model.name} was not explored to its end (${result.original.cut}): make it smaller with --set, or raise --max-states`,
    );
  }
  if (result.asked.length === 0) {
    throw new InputError(
      `no property of ${loaded.model.name} holds, so none can notice a mutant: mutate a version in which they hold, such as --patch fixed`,
    );
  }
  const mutants = result.mutants.map(reportMutant);
  const verdict = verdictOf(result);
  const report: MutateReport = {
    tool: "kmmcheck",
    version: VERSION,
    command: "mutate",
    ...loaded.subject,
    verdict,
    cut: result.cut,
    sample: maxMutants === undefined ? null : { most: maxMutants, seed: seed ?? 1 },
    properties: result.asked.map((id) => ({
      id,
      kills: mutants.filter(({ killedBy }) => killedBy.includes(id)).length,
      emptied: mutants.filter(({ emptied }) => emptied.includes(id)).length,
    })),
    notAsked: result.notAsked,
    counts: {
      states: result.original.states,
      transitions: result.original.transitions,
      possible: result.possible,
      refused: result.refused.length,
      judged: mutants.length,
      killed: countOf(mutants, "killed"),
      equivalent: countOf(mutants, "equivalent"),
      narrower: countOf(mutants, "narrower"),
      wider: countOf(mutants, "wider"),
      survived: countOf(mutants, "survived"),
      undecided: countOf(mutants, "undecided"),
      unasked: mutants.filter(({ unasked }) => unasked.length > 0).length,
    },
    refused: result.refused.map(({ change, ...edit }) => ({
      ...edit,
      operator: change.operator,
      says: changeText(change),
    })),
    mutants,
  };
  printReport(report, (layout) => mutateText(report, layout), options, host);
  return ExitCode[verdict];
}

function countOf(mutants: readonly ReportedMutant[], outcome: ReportedMutant["outcome"]): number {
  return mutants.filter((mutant) => mutant.outcome === outcome).length;
}

function verdictOf({ mutants, cut }: MutationResult): Verdict {
  if (mutants.some(({ outcome }) => outcome.kind === "survived")) return "violated";
  // Where no mutant is judged, nothing is said about the properties.
  if (mutants.length === 0) return "inconclusive";
  return cut !== null || mutants.some(({ outcome }) => outcome.kind === "undecided")
    ? "inconclusive"
    : "holds";
}

type Judged = MutationResult["mutants"][number];

function reportMutant({ change, outcome, shortened: _shortened, ...where }: Judged): ReportedMutant {
  return {
    ...where,
    operator: change.operator,
    says: changeText(change),
    outcome: outcome.kind,
    killedBy: outcome.kind === "killed" ? outcome.by : [],
    emptied: outcome.kind === "killed" ? outcome.vacuous : [],
    difference: "difference" in outcome ? outcome.difference : null,
    reason: outcome.kind === "undecided" ? outcome.reason : "",
  };
}

function changeText(change: Judged["change"]): string {
  switch (change.operator) {
    case "drop-step":
      return "the step is removed";
    case "drop-guard":
      return `without ${expressionText(change.condition)}`;
    case "drop-lock":
      return `without ${expressionText(change.condition)} and ${effectText(change.effect)}`;
    case "drop-effect":
      return `without ${effectText(change.effect)}`;
    case "swap-effects":
      return `${effectText(change.second)} before ${effectText(change.first)}`;
    case "widen-constant": {
      const { value, within } = change;
      const text = "condition" in within ? expressionText(within.condition) : effectText(within.effect);
      return `${value + 1} in place of ${value} in ${text}`;
    }
  }
}
