/** The document that `models --json` prints, and its text. */
import type { Design, Feature, Parameter, Property } from "../../models/index.ts";
import { escapeAll } from "./escape.ts";
import type { Style } from "./style.ts";
import { table } from "./table.ts";
import { labelled, wrap } from "./wrap.ts";

export interface ModelReport {
  readonly name: string;
  readonly title: string;
  readonly doc: string;
  readonly patches: readonly string[];
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly features: readonly Feature[];
  readonly designs: readonly Design[];
  readonly properties: readonly (Pick<Property, "id" | "kind" | "title" | "says"> & {
    readonly defects: readonly string[];
  })[];
}

/** A feature in all models in which it makes a difference. */
export interface FeatureReport extends Pick<Feature, "name" | "doc" | "closes"> {
  readonly models: readonly {
    readonly model: string;
    /** Versions of that model that have the feature. */
    readonly patches: readonly string[];
    /** Versions of that model that have not. */
    readonly lacking: readonly string[];
    /** Versions of that model to which it does not apply. */
    readonly inapplicable: readonly string[];
    readonly restores: readonly string[];
  }[];
}

export interface ModelsReport {
  readonly tool: "kmmcheck";
  readonly version: string;
  readonly command: "models";
  readonly models: readonly ModelReport[];
  readonly features: readonly FeatureReport[];
}

export interface ModelsTextOptions {
  readonly width: number;
  readonly style: Style;
  readonly features: boolean;
}

export function modelsText(raw: ModelsReport, options: ModelsTextOptions): string {
  const report = escapeAll(raw);
  const blocks = report.models.map((model) =>
    (options.features ? featureLines : modelLines)(model, options).join("\n"),
  );
  return `${blocks.join("\n\n")}\n`;
}

function title(model: ModelReport, { width, style }: ModelsTextOptions): readonly string[] {
  return wrap(`${model.name}: ${model.title}`, width, 2).map(style.strong);
}

function modelLines(model: ModelReport, options: ModelsTextOptions): readonly string[] {
  const { width, style } = options;
  const indent = 14;
  const line = (label: string, text: string) => labelled(`  ${label}`, text, { width, indent });
  const parameters = Object.entries(model.parameters).map(
    ([name, p]) => `${name}=${p.default} (${p.min} to ${p.max}): ${p.doc}`,
  );
  return [
    ...title(model, options),
    ...wrap(model.doc, width - 2).map((text) => `  ${text}`),
    ...(model.patches.length === 0 ? [] : [line("versions", model.patches.join(", "))]),
    ...parameters.map((text, i) => line(i === 0 ? "parameters" : "", text)),
    ...(model.features.length === 0
      ? []
      : [line("features", model.features.map(({ name }) => name).join(", "))]),
    ...table(
      [{ title: "id" }, { title: "kind" }, { title: "property", fill: true }, { title: "defects", max: 14 }],
      model.properties.map((p) => [p.id, p.kind, p.title, p.defects.join(", ")]),
      { width, indent: 2, heading: style.faint },
    ),
  ];
}

/** What a feature restores only in another design than that of fixed: `B05 (two threads)`. */
function restoresElsewhere({ designs }: ModelReport, name: string): string {
  const found = designs.flatMap(({ name: design, restores }) => {
    const ids = restores[name] ?? [];
    return ids.length === 0 ? [] : [`${ids.join(", ")} (${design})`];
  });
  return found.join("; ");
}

function inapplicableTo({ inapplicable = [] }: Feature): readonly string[] {
  return inapplicable.length === 0 ? [] : [`does not apply to ${inapplicable.join(", ")}`];
}

/** Which feature closes what, and which version has it. */
function featureLines(model: ModelReport, options: ModelsTextOptions): readonly string[] {
  const { width, style } = options;
  if (model.features.length === 0) return [...title(model, options), "  no features"];
  return [
    ...title(model, options),
    ...table(
      [
        { title: "feature", max: 26 },
        { title: "closes", max: 10 },
        { title: "restores", max: 10 },
        { title: "in", max: 9 },
        { title: "what it is", fill: true },
      ],
      model.features.map((f) => [
        f.name,
        f.closes.join(", "),
        f.restores.length > 0 ? f.restores.join(", ") : restoresElsewhere(model, f.name),
        f.patches.join(", "),
        [f.doc, ...inapplicableTo(f)].join("; "),
      ]),
      { width, indent: 2, heading: style.faint },
    ),
  ];
}
