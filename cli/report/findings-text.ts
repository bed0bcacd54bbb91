/** The text of `explore --all`. */
import { escapeAll } from "./escape.ts";
import type { FindingsReport } from "./findings-report.ts";
import { byModel, legend, type ModelRows } from "./findings-rows.ts";
import { counted } from "./numbers.ts";
import { type Style, verdictText } from "./style.ts";
import { table } from "./table.ts";
import { labelled, wrap } from "./wrap.ts";

interface Layout {
  readonly width: number;
  readonly style: Style;
}

const LABEL = 12;

export function findingsText(raw: FindingsReport, layout: Layout): string {
  const report = escapeAll(raw);
  const { width, style } = layout;
  const label = (name: string, text: string) => labelled(name, text, { width, indent: LABEL });
  const open = report.narrowed ? [] : report.properties.filter(({ undecided }) => undecided !== null);
  const hidden = report.narrowed ? [] : report.defects.filter(({ unshown }) => unshown !== null);
  const states = report.runs.reduce((sum, run) => sum + run.states, 0);
  const lines = [
    ...wrap(legend.replaceAll("`", ""), width),
    ...byModel(report).flatMap((model) => modelLines(model, layout)),
    ...(open.length === 0 ? [] : ["", style.strong("Decided by no model")]),
    ...open.map(({ id, undecided, log }) =>
      label(`  ${id}`, `${undecided}${log ? "; validate judges logs by it" : ""}`),
    ),
    ...(hidden.length === 0
      ? []
      : ["", style.strong("Defects that no model shows, or not in each version that has them")]),
    ...hidden.map(({ id, says, unshown }) => label(`  ${id}`, `${says}: ${unshown}`)),
    "",
    label("searches", `${counted(report.runs.length, "search", "searches")}, ${counted(states, "state")}`),
    ...report.runs.flatMap(({ model, patch, cut }) =>
      cut === null ? [] : [label("stopped", `${model} ${patch}: ${cut}`)],
    ),
    ...(report.interrupted ? [style.unsure("stopped before all searches were done")] : []),
    verdictText(style, report.verdict, label("verdict", `${report.verdict} (${tally(report)})`)),
  ];
  return `${lines.join("\n")}\n`;
}

function tally({ findings }: FindingsReport): string {
  const words = ["violated", "inconclusive", "holds"] as const;
  return words
    .map((word) => ({ word, n: findings.filter(({ verdict }) => verdict === word).length }))
    .filter(({ n }) => n > 0)
    .map(({ word, n }) => `${n} ${word}`)
    .join(", ");
}

/** The sizes of most rows come once, the others under their row. */
function modelLines(
  { model, versions, usual, rows }: ModelRows,
  { width, style }: Layout,
): readonly string[] {
  return [
    "",
    style.strong(model),
    ...(usual === "" ? [] : wrap(usual, width - 2, 2).map((line) => `  ${line}`)),
    ...table(
      [
        { title: "property" },
        ...versions.map((title) => ({ title })),
        { title: "defects", fill: true as const },
      ],
      rows.map(({ property, cells, defects }) => [
        property,
        ...versions.map((version) => cells[version] ?? ""),
        defects.join(", "),
      ]),
      {
        width,
        indent: 2,
        heading: style.faint,
        notes: (row) => {
          const scope = rows[row]?.scope ?? usual;
          return scope === usual ? [] : wrap(scope, width - 6, 2).map((line) => `      ${line}`);
        },
      },
    ),
  ];
}
