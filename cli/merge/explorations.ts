/** The parts of an exploration as one. */
import { combineCosts, combineSearches, type Share } from "../../checker/check.ts";
import { worst } from "../exit-code.ts";
import { InputError } from "../input-error.ts";
import type { ExploreReport, ReportedProperty } from "../report/explore-report.ts";
import { seedsOfPart } from "../shard.ts";
import type { Part } from "./parts.ts";

/**
 * The report of the whole. Of parts that share out seeds what the first one has found counts; of parts that share out
 * properties each has judged its own.
 *
 * @param parts - all of them, in their order
 */
export function mergeExplorations(parts: readonly Part<ExploreReport>[]): ExploreReport {
  const [first] = parts;
  if (first === undefined) throw new InputError("there is nothing to merge");
  const whole = first.report.shard.divides === "seeds" ? mergeSeeds(parts) : mergeProperties(parts);
  return {
    ...first.report,
    ...whole,
    verdict: whole.properties.length === 0 ? "inconclusive" : worst(whole.properties.map((p) => p.verdict)),
    shard: null,
  };
}

type Merged = Pick<ExploreReport, "cut" | "search" | "properties" | "statistics" | "coverage">;

function mergeSeeds(parts: readonly Part<ExploreReport>[]): Merged {
  for (const { name, report } of parts) {
    const judged = report.properties.map(({ id }) => id).filter((id) => report.shard.properties.includes(id));
    if (judged.join() !== report.shard.properties.join())
      throw new InputError("it does not judge every property", { file: name });
  }
  for (const { name, report } of parts) {
    // A search that was ended has not come to all of its seeds.
    const own = seedsOfPart(report.shard, report.shard.seeds);
    const { seeds } = report.search;
    if (seeds.length === 0 || seeds.some((seed, k) => seed !== own[k]))
      throw new InputError("its seeds are not those of its part", { file: name });
  }
  return combineSearches(parts.map(({ report }) => report));
}

function mergeProperties(parts: readonly Part<ExploreReport>[]): Merged {
  const reports = parts.map(({ report }) => report);
  const [first] = reports;
  if (first === undefined) throw new InputError("there is nothing to merge");
  const listed = reports.flatMap(({ properties }) => properties);
  const own = first.shard.properties.map((id): ReportedProperty => {
    const [judged, twin] = listed.filter((property) => property.id === id);
    if (judged === undefined) throw new InputError(`${id} is judged in no part`);
    if (twin !== undefined) throw new InputError(`${id} is judged in two parts`);
    return judged;
  });
  // A write outside a sort is listed by every part that has seen it.
  const builtIn = listed.find(({ id }) => !first.shard.properties.includes(id));
  const { statistics, coverage } = combineCosts(reports);
  const omissions = reports.map(({ search }) => search.omission);
  return {
    cut: reports.map(({ cut }) => cut).find((cut) => cut !== null) ?? null,
    search: {
      ...first.search,
      omission: omissions.includes(null) ? null : Math.max(...omissions.map((omission) => omission ?? 1)),
    },
    properties: builtIn === undefined ? own : [builtIn, ...own],
    statistics,
    coverage: {
      ...coverage,
      detail: coverage.detail && { ...coverage.detail, premises: premisesOf(reports) },
    },
  };
}

/** Every part has looked at the premises of its own properties. */
function premisesOf(reports: readonly ExploreReport[]): Share {
  const shares = reports.flatMap(({ coverage }) => coverage.detail?.premises ?? []);
  const total = shares.reduce((sum, share) => sum + share.total, 0);
  const all = shares.flatMap((share) => share.unused);
  const unused = (reports[0]?.shard?.properties ?? []).filter((id) => all.includes(id));
  return { used: total - unused.length, total, unused };
}
