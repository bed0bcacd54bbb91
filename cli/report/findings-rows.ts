/** The findings as rows: one a property of a model, one cell a version. */
import type { Finding, FindingsReport } from "./findings-report.ts";
import { versionsAmong } from "./versions.ts";

export interface FindingsRow {
  readonly model: string;
  readonly property: string;
  /** By version; versions that the model does not have are missing. */
  readonly cells: Readonly<Record<string, string>>;
  readonly defects: readonly string[];
  /** Sizes, with the versions that they are for where they differ: `folios=1 (v1, v2)`. */
  readonly scope: string;
}

/** What the cells mean. */
export const legend =
  "a number is the length of the shortest run that violates the property; after the stroke, how many of its last steps repeat for ever (0: nothing moves any more); `holds*` is vacuous: the premise never came true";

/** The rows of one model. */
export interface ModelRows {
  readonly model: string;
  readonly versions: readonly string[];
  /** The sizes of most rows. */
  readonly usual: string;
  readonly rows: readonly FindingsRow[];
}

export function byModel({ findings }: Pick<FindingsReport, "findings">): readonly ModelRows[] {
  const all = rowsOf(findings);
  return [...new Set(all.map(({ model }) => model))].map((model) => {
    const rows = all.filter((row) => row.model === model);
    const times = new Map<string, number>();
    for (const { scope } of rows) times.set(scope, (times.get(scope) ?? 0) + 1);
    return {
      model,
      versions: columnsOf(findings.filter((f) => f.model === model)),
      usual: [...times].sort(([, a], [, b]) => b - a)[0]?.[0] ?? "",
      rows,
    };
  });
}

/** A version, or a design of it. */
const columnOf = ({ patch, design }: Finding) => (design === null ? patch : `${patch} (${design})`);

/** The versions, then the designs. */
function columnsOf(findings: readonly Finding[]): readonly string[] {
  const designs = findings.filter(({ design }) => design !== null).map(columnOf);
  return [...versionsAmong(findings.map(({ patch }) => patch)), ...new Set(designs)];
}

function rowsOf(findings: readonly Finding[]): readonly FindingsRow[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${finding.model} ${finding.property}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()].map((group) => ({
    model: group[0]?.model ?? "",
    property: group[0]?.property ?? "",
    cells: Object.fromEntries(group.map((finding) => [columnOf(finding), cellOf(finding)])),
    defects: [...new Set(group.flatMap(({ defects }) => defects))].sort(),
    scope: scopeOf(group),
  }));
}

function cellOf({ verdict, vacuous, steps, loop }: Finding): string {
  if (verdict === "holds") return vacuous ? "holds*" : "holds";
  if (verdict === "inconclusive") return "?";
  if (steps === null) return "violated";
  return loop === null ? `${steps}` : `${steps}/${loop}`;
}

function scopeOf(group: readonly Finding[]): string {
  const scopes = new Map<string, string[]>();
  for (const finding of group) {
    const sizes = Object.entries(finding.parameters).map(([name, value]) => `${name}=${value}`);
    const text = sizes.join(" ");
    scopes.set(text, [...(scopes.get(text) ?? []), columnOf(finding)]);
  }
  if (scopes.size === 1) return [...scopes.keys()][0] ?? "";
  return [...scopes].map(([text, patches]) => `${patches.join(", ")}: ${text}`).join("; ");
}
