/** Why a run violates its property: what is false, who waits for what, and what would have avoided it. */
import {
  type ExprData,
  type Formula,
  holdsIn,
  type InfiniteRun,
  type Property,
  runFormula,
  type State,
  type System,
  substitute,
} from "../../models/language/index.ts";
import { InternalError } from "../internal-error.ts";
import type { Cause, Explanation, Span } from "../result.ts";
import { avoid, avoidRun } from "./avoid.ts";
import { causesOf, causesThrough } from "./cause.ts";
import { evidenceAgainst, fold } from "./evidence.ts";
import type { Run } from "./replay.ts";
import { standings } from "./standing.ts";

/**
 * Explains a run that is known to violate the property.
 *
 * @param property - null for the built-in property that no step writes outside a sort
 * @param loopStart - as in a counterexample: null for a finite run
 */
export function explain(
  system: System,
  run: Run,
  loopStart: number | null,
  property: Property | null,
): Explanation {
  const formula = property === null ? null : runFormula(property);
  if (formula !== null && loopStart !== null) return ofRun(system, { ...run, loopStart }, formula, property);
  const at = property?.kind === "assertion" ? run.steps.length - 1 : run.steps.length;
  const state = run.states[at];
  if (state === undefined) throw new InternalError("a run without states");
  return {
    at,
    shownBy: run.steps.length,
    causes: property === null ? [] : whatFails(system, run, state, property),
    actors: standings(system, state),
    avoidance: avoid(system, run, property),
  };
}

/** More causes than this explain nothing; those that come last decide. */
const mostCauses = 8;

function ofRun(system: System, run: InfiniteRun, formula: Formula, property: Property | null): Explanation {
  const { shownBy, facts } = evidenceAgainst(system, run, formula);
  const at = Math.min(shownBy ?? run.loopStart, run.steps.length);
  const causes = facts.flatMap(({ condition, span }) =>
    causesThrough(system, statesIn(system, run, condition, span), condition, span),
  );
  return {
    at,
    shownBy,
    causes: withoutDuplicates(causes).slice(-mostCauses),
    actors: standings(system, run.states[at] as State),
    avoidance: avoidRun(system, run, formula, { shownBy, facts }, property),
  };
}

/** What different parts of a formula have in common is told once. */
function withoutDuplicates(causes: readonly Cause[]): readonly Cause[] {
  const keyOf = ({ condition, value, where, span }: Cause) => JSON.stringify([condition, value, where, span]);
  return [...new Map(causes.map((cause) => [keyOf(cause), cause])).values()];
}

/** The states of a run in which a fact is so. */
function statesIn(system: System, run: InfiniteRun, condition: ExprData, span: Span): readonly State[] {
  const { states, steps, loopStart } = run;
  const positions = { length: Math.max(steps.length, loopStart + 1), loopStart };
  const stateAt = (offset: number) => states[fold(positions, offset)] as State;
  const last = span.to ?? positions.length - 1;
  const all = Array.from({ length: last - span.from + 1 }, (_, k) => stateAt(span.from + k));
  return span.kind === "again" ? all.filter((state) => holdsIn(system, state, condition)) : all;
}

function whatFails(system: System, run: Run, state: State, property: Property): readonly Cause[] {
  switch (property.kind) {
    case "invariant":
      return causesOf(system, state, property.holds);
    case "assertion": {
      const last = run.steps.at(-1);
      return causesOf(system, state, substitute(property.holds, last?.bindings ?? {}));
    }
    case "deadlock":
      return causesOf(system, state, property.final);
    case "alwaysPossible":
    case "reachable":
      return causesOf(system, state, property.goal);
    case "leadsTo":
    case "ltl":
      throw new InternalError(`a finite run does not violate ${property.id}`);
  }
}
