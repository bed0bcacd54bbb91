/** The coverage that a configuration demands, judged like a property. */
import type { CheckResult, CoverageDetail } from "../../checker/check.ts";
import type { LeastCoverage } from "./config.ts";
import type { RunOutcome } from "./judge.ts";

const nouns: Readonly<Record<keyof CoverageDetail, string>> = {
  steps: "steps taken",
  points: "program points entered",
  guards: "outcomes of guards seen",
  values: "values assumed",
  premises: "premises true at least once",
};

/** Names listed in a message before it only counts them. */
const mostNames = 5;

/** Holds where everything reaches its least share; a search that was cut decides nothing. */
export function judgeCoverage(least: LeastCoverage, result: CheckResult): RunOutcome["properties"][number] {
  const { detail } = result.coverage;
  const base = {
    id: "COVERAGE",
    vacuous: false,
    title: "the model is used as far as is demanded",
    defects: [],
  };
  if (result.cut !== null || detail === null) {
    const reason = `not decided: ${result.cut ?? result.coverage.cut ?? "the states were not kept"}`;
    return { ...base, verdict: "inconclusive", reason, message: reason };
  }
  const short = (Object.keys(nouns) as (keyof CoverageDetail)[]).flatMap((kind) => {
    const [demanded, { used, total, unused }] = [least[kind] ?? 0, detail[kind]];
    if (100 * used >= demanded * total) return [];
    const names = unused.slice(0, mostNames).join(", ");
    const more = unused.length > mostNames ? ` and ${unused.length - mostNames} more` : "";
    return [`${used} of ${total} ${nouns[kind]}, ${demanded} % demanded; not: ${names}${more}`];
  });
  const reason = short.length === 0 ? "everything reaches its least share" : short.join("; ");
  return { ...base, verdict: short.length === 0 ? "holds" : "violated", reason, message: reason };
}
