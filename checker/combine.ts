/** Several checks of the same properties as one: of searches with different seeds, or of parts of a list of work. */
import type { CheckResult, CoverageDetail, PropertyResult, Share, Verdict } from "./result.ts";

/** What a check says of a property, as far as it can be combined. */
type Judged = Pick<PropertyResult, "id" | "verdict" | "reason">;

/** A check, as far as it can be combined. */
type Part<P extends Judged> = Pick<CheckResult, "cut" | "search" | "statistics" | "coverage"> & {
  readonly properties: readonly P[];
};

/** Violated before inconclusive before holds. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("violated")) return "violated";
  return verdicts.includes("inconclusive") ? "inconclusive" : "holds";
}

/**
 * Searches of the same properties: what one of them has found counts, the first one's of several, and what one of
 * them has decided is decided. States and transitions are those of the largest, as {@link combineCosts} says.
 */
export function combineSearches<P extends Judged>(parts: readonly Part<P>[]): Part<P> {
  const best = parts.reduce((a, b) => (certainty(b) > certainty(a) ? b : a));
  const first = new Map<string, P>();
  for (const rank of ["violated", "holds", "inconclusive"]) {
    for (const part of parts) {
      for (const property of part.properties) {
        if (property.verdict !== rank || first.has(property.id)) continue;
        first.set(property.id, withCut(property, part.cut, best.cut));
      }
    }
  }
  // Writes outside a sort are listed by those searches only that have seen one, and before all else.
  const longest = parts.reduce((a, b) => (b.properties.length > a.properties.length ? b : a));
  return {
    cut: best.cut,
    properties: longest.properties.flatMap(({ id }) => first.get(id) ?? []),
    search: { ...best.search, seeds: parts.flatMap(({ search }) => search.seeds) },
    ...combineCosts(parts),
  };
}

/** What is known of the whole by it: everything, all but an omission, or no more than the limit let see. */
function certainty({ cut, search }: Pick<CheckResult, "cut" | "search">): number {
  if (cut === null) return 2;
  return search.omission === null ? 0 : 2 - search.omission;
}

/** A property that one search did not decide because it was cut is undecided because the whole is. */
function withCut<P extends Judged>(property: P, own: string | null, whole: string | null): P {
  if (property.verdict !== "inconclusive" || own === null || whole === null) return property;
  if (!property.reason.endsWith(own)) return property;
  return { ...property, reason: property.reason.slice(0, -own.length) + whole };
}

/**
 * Statistics and coverage of several checks of one model. States, transitions, states a second and bytes a state are those of the
 * check that found most states, since nobody knows how many states two of them share; depth and memory are the greatest, seconds are of all.
 */
export function combineCosts(
  parts: readonly Pick<CheckResult, "statistics" | "coverage">[],
): Pick<CheckResult, "statistics" | "coverage"> {
  const all = parts.map(({ statistics }) => statistics);
  const most = (of: (s: CheckResult["statistics"]) => number) => Math.max(...all.map(of));
  const coverages = parts.map(({ coverage }) => coverage);
  const largest = all.reduce((a, b) => (b.states > a.states ? b : a));
  return {
    statistics: {
      states: largest.states,
      transitions: largest.transitions,
      depth: most((s) => s.depth),
      seconds: all.reduce((total, s) => total + s.seconds, 0),
      statesPerSecond: largest.statesPerSecond,
      bytesPerState: largest.bytesPerState,
      peakMemoryBytes: most((s) => s.peakMemoryBytes),
    },
    coverage: {
      stepsNeverTaken: everywhere(coverages.map((c) => c.stepsNeverTaken)),
      pointsNeverEntered: everywhere(coverages.map((c) => c.pointsNeverEntered)),
      detail: combineDetails(coverages.map(({ detail }) => detail)),
      cut: coverages.map(({ cut }) => cut).find((cut) => cut !== null) ?? null,
    },
  };
}

/** Unused is what no search has used; null where one of them has no detail. */
function combineDetails(details: readonly (CoverageDetail | null)[]): CoverageDetail | null {
  const all = details.filter((detail) => detail !== null);
  if (all.length < details.length) return null;
  const share = (of: (detail: CoverageDetail) => Share): Share => {
    const unused = everywhere(all.map((detail) => of(detail).unused));
    const total = Math.max(0, ...all.map((detail) => of(detail).total));
    return { used: total - unused.length, total, unused };
  };
  return {
    steps: share((d) => d.steps),
    points: share((d) => d.points),
    guards: share((d) => d.guards),
    values: share((d) => d.values),
    premises: share((d) => d.premises),
  };
}

/** The names that are in all lists, in the order of the first one. */
function everywhere([one = [], ...others]: readonly (readonly string[])[]): readonly string[] {
  return one.filter((name) => others.every((names) => names.includes(name)));
}
