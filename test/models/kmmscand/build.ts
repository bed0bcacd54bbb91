/** Builds catalogue models for tests: the defaults of a patch, with a few things changed. */
import { type CheckResult, check, type Reduction } from "../../../checker/check.ts";
import { featuresOf, type ModelEntry, type Patch } from "../../../models/entry.ts";
import type { Model } from "../../../models/language/index.ts";

export interface Changes {
  readonly features?: Readonly<Record<string, boolean>>;
  readonly parameters?: Readonly<Record<string, number>>;
}

export function build(entry: ModelEntry, patch: Patch, changes: Changes = {}): Model {
  const defaults = Object.entries(entry.parameters).map(([name, { default: value }]) => [name, value]);
  return entry.build({
    patch,
    features: { ...featuresOf(entry, patch), ...changes.features },
    parameters: { ...Object.fromEntries(defaults), ...changes.parameters },
  });
}

const judged = new Map<string, CheckResult>();

/**
 * Checks all properties of a model, without a limit. Several files ask about the same models: each is explored once.
 *
 * @param reduce - reductions to apply; none where states are counted
 */
export function judge(model: Model, reduce: readonly Reduction[] = []): CheckResult {
  const key = JSON.stringify([model, reduce]);
  const result = judged.get(key) ?? check(model, { now: () => performance.now(), reduce });
  judged.set(key, result);
  return result;
}

export function violated(result: CheckResult): readonly string[] {
  return result.properties.filter(({ verdict }) => verdict === "violated").map(({ id }) => id);
}

/** The steps of the shortest run that violates the property: `kmmscand.pick`. */
export function runOf(result: CheckResult, id: string): readonly string[] {
  const found = result.properties.find((property) => property.id === id);
  return found?.counterexample?.steps.map(({ event }) => event) ?? [];
}
