/** The findings as tables in Markdown, for a page. */
import type { FindingsReport } from "./findings-report.ts";
import { byModel, legend } from "./findings-rows.ts";

/** One table a model; then what no model decides. */
export function findingsMarkdown(report: FindingsReport): string {
  const open = report.properties
    .filter(({ undecided }) => undecided !== null)
    .map(({ id, says, undecided, log }) => [id, says, undecided ?? "", log ? "yes" : "no"]);
  const hidden = report.defects
    .filter(({ unshown }) => unshown !== null)
    .map(({ id, patches, says, unshown }) => [id, patches.join(", "), says, unshown ?? ""]);
  return [
    `In the tables ${legend}.`,
    "",
    ...byModel(report).flatMap(({ model, versions, usual, rows }) => [
      `\`${model}\`${usual === "" ? "" : `, at ${usual}`}`,
      "",
      ...lines(
        ["property", "defects", ...versions, "at other sizes"],
        rows.map(({ property, defects, cells, scope }) => [
          property,
          defects.join(", "),
          ...versions.map((version) => cells[version] ?? ""),
          scope === usual ? "" : scope,
        ]),
      ),
      "",
    ]),
    "Properties that no model decides:",
    "",
    ...lines(["property", "says", "why", "`validate` judges logs by it"], open),
    "",
    "Defects that no model shows, or not in each version that has them:",
    "",
    ...lines(["defect", "versions", "what", "why"], hidden),
    "",
  ].join("\n");
}

function lines(titles: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return [titles, titles.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
}
