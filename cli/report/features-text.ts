/** The text of `models --features`: one table of features over all models. */
import { escapeAll } from "./escape.ts";
import type { FeatureReport, ModelsReport } from "./models-report.ts";
import type { Style } from "./style.ts";
import { table } from "./table.ts";
import { versionsAmong } from "./versions.ts";
import { wrap } from "./wrap.ts";

/** One row a feature and what it is underneath; one column a version. */
export function featuresText(raw: ModelsReport, layout: { width: number; style: Style }): string {
  const { models, features } = escapeAll(raw);
  const { width, style } = layout;
  const versions = versionsAmong(models.flatMap(({ patches }) => patches));
  const lines = [
    ...wrap(
      "x: the version has it; -: it has not; (x): it has it in some of the models; .: it does not apply to it",
      width,
    ),
    "",
    ...table(
      [
        { title: "feature", max: 26, paint: style.strong },
        ...versions.map((title) => ({ title })),
        { title: "closes", max: 9 },
        { title: "in", fill: true },
      ],
      features.map((feature) => [
        feature.name,
        ...versions.map((version) => mark(feature, version)),
        feature.closes.join(", "),
        feature.models.map(({ model }) => model).join(", "),
      ]),
      {
        width,
        heading: style.faint,
        notes: (row) => wrap(features[row]?.doc ?? "", width - 4).map((line) => `    ${line}`),
      },
    ),
  ];
  return `${lines.join("\n")}\n`;
}

/** Whether a version has a feature, as far as its models tell. */
function mark({ models }: FeatureReport, version: string): string {
  const has = models.some(({ patches }) => patches.includes(version));
  const lacks = models.some(({ lacking }) => lacking.includes(version));
  if (has) return lacks ? "(x)" : "x";
  if (lacks) return "-";
  return models.some(({ inapplicable }) => inapplicable.includes(version)) ? "." : "";
}
