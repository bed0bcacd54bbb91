/** `kmmcheck models`: what can be explored. */
import { featuresOf, type ModelEntry } from "../../models/index.ts";
import { ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { InputError, unknownName } from "../input-error.ts";
import { type CommonOptions, printReport } from "../print.ts";
import { featuresText } from "../report/features-text.ts";
import {
  type FeatureReport,
  type ModelReport,
  type ModelsReport,
  modelsText,
} from "../report/models-report.ts";
import { VERSION } from "../version.ts";

export interface ModelsOptions extends CommonOptions {
  readonly features: boolean;
}

export async function models(only: string | null, options: ModelsOptions, host: Host): Promise<ExitCode> {
  const catalogue = await host.catalogue();
  const chosen = only === null ? catalogue : catalogue.filter(({ name }) => name === only);
  if (only !== null && chosen.length === 0) {
    throw new InputError(
      unknownName(
        "model",
        only,
        catalogue.map(({ name }) => name),
      ),
    );
  }
  const report: ModelsReport = {
    tool: "kmmcheck",
    version: VERSION,
    command: "models",
    models: chosen.map(describe),
    features: sharedFeatures(chosen),
  };
  const features = options.features && only === null;
  printReport(
    report,
    (layout) =>
      features ? featuresText(report, layout) : modelsText(report, { ...layout, features: options.features }),
    options,
    host,
  );
  return ExitCode.holds;
}

/** An entry as data; its properties are those of the first version at default sizes. */
function describe(entry: ModelEntry): ModelReport {
  const patch = entry.patches[0] ?? null;
  const parameters = Object.entries(entry.parameters).map(([name, p]) => [name, p.default]);
  const model = entry.build({
    patch,
    features: featuresOf(entry, patch),
    parameters: Object.fromEntries(parameters),
  });
  return {
    name: entry.name,
    title: entry.title,
    doc: entry.doc,
    patches: entry.patches,
    parameters: entry.parameters,
    features: entry.features,
    designs: entry.designs ?? [],
    properties: model.properties.map(({ id, kind, title, says, defects = [] }) => ({
      id,
      kind,
      title,
      says,
      defects,
    })),
  };
}

/** One row a feature, however many models have it, in the order in which they come first. */
function sharedFeatures(entries: readonly ModelEntry[]): readonly FeatureReport[] {
  const rows = new Map<string, FeatureReport>();
  for (const entry of entries) {
    for (const { name, doc, closes, restores, patches, inapplicable = [] } of entry.features) {
      const row = rows.get(name) ?? { name, doc, closes, models: [] };
      const own = entry.patches.filter((patch) => patches.includes(patch));
      const apart = entry.patches.filter((patch) => inapplicable.includes(patch));
      const lacking = entry.patches.filter((patch) => !own.includes(patch) && !apart.includes(patch));
      const use = { model: entry.name, patches: own, lacking, inapplicable: apart, restores };
      const models = [...row.models, use];
      rows.set(name, { ...row, models });
    }
  }
  return [...rows.values()];
}
