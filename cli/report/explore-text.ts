/** The text of an exploration: what was explored, one line a property, each violation as a run, what it cost. */
import type { CoverageDetail } from "../../checker/result.ts";
import { escapeAll } from "./escape.ts";
import type { ExploreReport, ReportedCounterexample, ReportedProperty } from "./explore-report.ts";
import { interleaving } from "./interleaving.ts";
import { bytes, count, counted, seconds } from "./numbers.ts";
import { searchText } from "./search-text.ts";
import { type Style, verdictText } from "./style.ts";
import { table } from "./table.ts";
import { tally } from "./tally.ts";
import { labelled, wrap } from "./wrap.ts";

export interface TextOptions {
  readonly width: number;
  readonly style: Style;
  readonly full: boolean;
  /** Shows why a reduction was switched off, as `full` does. */
  readonly whyNotReduced?: boolean;
}

const LABEL = 14;

export function exploreText(raw: ExploreReport, options: TextOptions): string {
  const report = escapeAll(raw);
  const lines = [
    ...subjectLines(report, options),
    "",
    ...propertyTable(report, options),
    ...report.properties
      .filter(({ verdict }) => verdict === "violated")
      .flatMap((p) => violation(p, options)),
    "",
    ...summary(report, options),
  ];
  return `${lines.join("\n")}\n`;
}

/** The header: model, version, sizes, and the features that were switched by hand. */
export function subjectLines(
  report: Pick<ExploreReport, "model" | "title" | "patch" | "parameters" | "features" | "changedFeatures">,
  { width, style }: TextOptions,
): readonly string[] {
  const name = [report.model, report.patch].filter((part) => part !== null).join(" ");
  const [first = "", ...more] = wrap(`${name}: ${report.title}`, width, 2);
  const sizes = Object.entries(report.parameters).map(([key, n]) => `${key}=${n}`);
  const switched = report.changedFeatures.map((key) => `${key}=${report.features[key] ? "on" : "off"}`);
  return [
    style.strong(first),
    ...more.map((line) => style.strong(line)),
    ...(sizes.length === 0 ? [] : [labelled("  parameters", sizes.join(", "), { width, indent: LABEL })]),
    ...(switched.length === 0 ? [] : [labelled("  features", switched.join(", "), { width, indent: LABEL })]),
  ];
}

function propertyTable({ properties, cut }: ExploreReport, { width, style }: TextOptions): readonly string[] {
  if (properties.length === 0) return ["  no properties"];
  const rows = properties.map((p) => [
    p.verdict,
    p.id,
    titleOf(p, cut),
    p.verdict === "holds" ? "" : p.defects.join(", "),
  ]);
  return table(
    [
      { title: "verdict", paint: (line, row) => verdictText(style, properties[row]?.verdict ?? "", line) },
      { title: "id" },
      { title: "property", fill: true },
      { title: "defects", max: 14 },
    ],
    rows,
    { width, indent: 2, heading: style.faint },
  );
}

/** The title, and why the verdict is not a plain one; a limit that was hit is told once, below. */
function titleOf(property: ReportedProperty, cut: string | null): string {
  const { title, verdict, vacuous, reason, distance } = property;
  if (verdict === "inconclusive" && !(cut !== null && reason.endsWith(cut))) return `${title} -- ${reason}`;
  if (vacuous) return `${title} (vacuous: ${reason})`;
  if (verdict === "holds" && reason.startsWith("true by construction")) return `${title} (by construction)`;
  if (distance === undefined) return title;
  const { least, most } = distance;
  return `${title} (in ${least === most ? counted(least, "step") : `${least} to ${counted(most, "step")}`})`;
}

/** A violated property: its name, and the run that violates it. */
export function violation(property: ReportedProperty, options: TextOptions): readonly string[] {
  const { width, style } = options;
  const known = property.defects.length === 0 ? "" : ` [${property.defects.join(", ")}]`;
  const head = wrap(`${property.id} violated: ${property.title}${known}`, width, 2).map(style.bad);
  // What a violation means closes the run; it is said here where there is no run or the run says something else.
  const closing = property.counterexample?.failure;
  const says = closing === property.says ? [] : wrap(property.says, width - 2).map((line) => `  ${line}`);
  return ["", ...head, ...says, "", ...runLines(property, options)];
}

/** The run of a violated property, the failure sentence, and where everybody stands in the end. */
function runLines(property: ReportedProperty, options: TextOptions): readonly string[] {
  const { width, style } = options;
  const run = property.counterexample;
  if (run === null) return wrap(property.reason, width - 2).map((line) => `  ${line}`);
  const points = Object.entries(run.final.points).map(([actor, point]) => `${actor} at ${point}`);
  const out = [
    ...interleaving(run, options),
    "",
    ...wrap(`=> ${run.failure}`, width - 2, 3).map((line) => style.bad(`  ${line}`)),
    labelled("  in the end", points.join(", "), { width, indent: LABEL }),
    ...fairnessLine(run, options),
  ];
  if (!options.full) return out;
  const values = Object.entries(run.final.text).map(([name, text]) => `${name} = ${text}`);
  return [...out, labelled("  variables", values.join("; "), { width, indent: LABEL })];
}

/** How a loop is fair to those who ask for it. Where nothing moves any more there is nothing to tell. */
function fairnessLine(
  { fairness = [], loopStart, steps }: ReportedCounterexample,
  { width }: TextOptions,
): readonly string[] {
  if (fairness.length === 0 || loopStart === steps.length) return [];
  const groups = new Map<string, string[]>();
  for (const { name, kind, by, at } of fairness) {
    const how =
      by === "taken"
        ? "active in the loop"
        : at === null
          ? "never able in the loop"
          : `unable after step ${at}`;
    const key = kind === "strong" ? `strongly: ${how}` : how;
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  const told = [...groups].map(([how, names]) => `${names.join(", ")} (${how})`);
  return [labelled("  fair to", told.join("; "), { width, indent: LABEL })];
}

function summary(
  report: ExploreReport,
  { width, style, full, whyNotReduced = full }: TextOptions,
): readonly string[] {
  const s = report.statistics;
  const line = (label: string, text: string) => labelled(label, text, { width, indent: LABEL });
  // What a search that was cut has not used, it might have used later.
  const { detail, cut } = report.coverage;
  const unused =
    report.cut !== null ? [] : [...report.coverage.stepsNeverTaken, ...report.coverage.pointsNeverEntered];
  // Random walks of all seeds are one search.
  const several = report.search.order === "dfs" && report.search.seeds.length > 1;
  return [
    verdictText(style, report.verdict, line("verdict", tally(report.verdict, report.properties))),
    ...(report.cut === null ? [] : [style.unsure(line(cutLabel(report), report.cut))]),
    ...(report.shard === null ? [] : [line("  part", partText(report))]),
    ...(report.search.order === "bfs" ? [] : [line("  search", searchText(report.search))]),
    line(
      "  explored",
      `${counted(s.states, "state")}, ${counted(s.transitions, "transition")}, depth ${count(s.depth)}${report.cut === null ? ", complete" : ""}${several ? "; in the largest search" : ""}`,
    ),
    line(
      "  cost",
      [
        `${seconds(s.seconds)}${several ? " together" : ""}`,
        `${count(s.statesPerSecond)} states/s`,
        // Of a small model the smallest table is most of the memory.
        ...(s.states < 1000 ? [] : [`${s.bytesPerState.toFixed(0)} bytes a state`]),
        `${bytes(s.peakMemoryBytes)} at most`,
      ].join(", "),
    ),
    ...reductionLines(report.reductions, whyNotReduced).map(([label, text]) => line(label, text)),
    ...(detail === null
      ? unused.length === 0
        ? []
        : [line("  never used", listSome(unused, 8))]
      : coverageLines(detail, line)),
    ...(cut === null ? [] : [style.unsure(line("  coverage", `not decided: ${cut}`))]),
    line("  assumes", report.assumptions.join("; ")),
  ];
}

/** A search that was made to its end is not cut short, and yet has not seen everything. */
function cutLabel({ search }: ExploreReport): string {
  return search.store === "exact" ? "  cut short" : "  incomplete";
}

function partText({ shard, properties, search }: ExploreReport): string {
  if (shard === null) return "";
  const [own, all] =
    shard.divides === "properties"
      ? [properties.length, shard.properties.length]
      : [search.seeds.length, shard.seeds.length];
  return `${shard.index} of ${shard.count}: ${own} of ${all} ${shard.divides}`;
}

/** What was used of each kind of thing, and each one that was not. */
function coverageLines(
  detail: CoverageDetail,
  line: (label: string, text: string) => string,
): readonly string[] {
  return (
    [
      ["steps", "taken", detail.steps],
      ["points", "entered", detail.points],
      ["guards", "outcomes seen", detail.guards],
      ["values", "assumed", detail.values],
      ["premises", "true at least once", detail.premises],
    ] as const
  ).flatMap(([label, verb, { used, total, unused }]) => [
    line(`  ${label}`, `${used} of ${total} ${verb}${unused.length === 0 ? "" : ", not:"}`),
    ...unused.map((name) => line("", name)),
  ]);
}

/** What was left out of the search, why more was not, and what a search without reductions came to. */
function reductionLines(
  { applied, off, without }: ExploreReport["reductions"],
  whyNotReduced: boolean,
): readonly (readonly [label: string, text: string])[] {
  const told = (notes: typeof applied) =>
    notes.map(({ reduction, says }) => `${reduction} (${says})`).join("; ");
  return [
    ...(applied.length === 0 ? [] : [["  reduced by", told(applied)] as const]),
    ...(off.length === 0 || !whyNotReduced ? [] : [["  not reduced", told(off)] as const]),
    ...(without === null
      ? []
      : [
          [
            "  compared",
            `${counted(without.states, "state")}, ${counted(without.transitions, "transition")} in ${seconds(without.seconds)} without reductions: ${without.factor} times as many, the same ${without.same.join(", ")}${without.orbits === null ? "" : `; the orbits of the representatives add up to ${counted(without.orbits, "state")}`}`,
          ] as const,
        ]),
  ];
}

function listSome(names: readonly string[], most: number): string {
  if (names.length <= most) return names.join(", ");
  return `${names.slice(0, most).join(", ")} and ${names.length - most} more (--json lists them)`;
}
