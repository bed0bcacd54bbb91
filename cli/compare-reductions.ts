/** What --check-reductions compares: a search with reductions, the one without any, and one by symmetry alone. */
import type { CheckResult, PropertyResult } from "../checker/check.ts";
import { InternalError } from "../checker/internal-error.ts";

/** What was found the same, and the states for which the representatives stand; null where there are none to count. */
export interface Comparison {
  readonly same: readonly string[];
  readonly orbits: number | null;
}

/**
 * Compares searches of one model. Of a search that a limit ended only what it decided is compared.
 *
 * All reductions keep the verdicts, which premises come true, and which steps are taken and points entered: symmetry and
 * dead variables because each state stands for the ones left out, partial order because a run that is left out differs
 * from one that is kept by the order of independent steps. Symmetry and dead variables keep the lengths of shortest runs too.
 *
 * @param bySymmetry - a search by symmetry alone that counted its orbits; null where nothing is interchangeable
 * @throws InternalError at the first difference
 */
export function compareSearches(
  reduced: CheckResult,
  without: CheckResult,
  bySymmetry: CheckResult | null,
): Comparison {
  const complete = reduced.cut === null && without.cut === null;
  const ids = new Set([...reduced.properties, ...without.properties].map(({ id }) => id));
  for (const id of ids) {
    const [a, b] = [propertyOf(reduced, id), propertyOf(without, id)];
    // A model without a wrong write has no entry for it.
    const [left, right] = [a?.verdict ?? "holds", b?.verdict ?? "holds"];
    // A limit may end the search, or the judging of whole runs after it.
    if (left === "inconclusive" || right === "inconclusive") continue;
    expectSame(`the verdict on ${id}`, left, right);
    if (!complete || a === undefined || b === undefined) continue;
    expectSame(`whether ${id} is vacuous`, String(a.vacuous), String(b.vacuous));
    if (!isShortest(reduced) || a.kind === "leadsTo" || a.kind === "ltl") continue;
    expectSame(`the number of steps to the violation of ${id}`, lengthOf(a), lengthOf(b));
  }
  if (complete) {
    const unused = ({ coverage }: CheckResult) =>
      JSON.stringify([coverage.stepsNeverTaken, coverage.pointsNeverEntered]);
    expectSame("what is never used", unused(reduced), unused(without));
    const [few, all] = [reduced.statistics.states, without.statistics.states];
    if (few > all) throw new InternalError(`there are ${few} states with reductions and ${all} without them`);
  }
  const orbits = (bySymmetry?.cut ?? without.cut) === null ? (bySymmetry?.reductions.orbits ?? null) : null;
  const { states } = without.statistics;
  if (orbits !== null && orbits !== states)
    throw new InternalError(`canonical states stand for ${orbits} states, and there are ${states}`);
  return { same: complete ? ["verdicts", "vacuity", "coverage"] : ["verdicts"], orbits };
}

function propertyOf({ properties }: CheckResult, id: string): PropertyResult | undefined {
  return properties.find((property) => property.id === id);
}

function isShortest({ search, reductions }: CheckResult): boolean {
  return search.order === "bfs" && reductions.applied.every(({ reduction }) => reduction !== "por");
}

function lengthOf({ counterexample }: PropertyResult): string {
  return counterexample === null ? "none" : String(counterexample.steps.length);
}

function expectSame(what: string, reduced: string, without: string): void {
  if (reduced !== without)
    throw new InternalError(`${what} is ${reduced} with reductions and ${without} without them`);
}
