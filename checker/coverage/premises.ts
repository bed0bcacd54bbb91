/** Premises of properties that never come true. */
import { antecedentOf, type ExprData, type Property } from "../../models/language/index.ts";
import type { Exploration } from "../explore/explore.ts";
import type { Meter } from "../explore/meter.ts";
import type { PropertyResult } from "../result.ts";
import { unansweredOf } from "./questions.ts";

/**
 * The ids of properties whose premise, request or antecedent is true in none of the states. Of what was decided the verdict
 * tells; for what was not, the states are asked.
 *
 * @throws LimitReached where the meter says so
 */
export function unmetPremises(
  exploration: Exploration,
  properties: readonly Property[],
  judged: readonly Pick<PropertyResult, "verdict" | "vacuous">[],
  meter: Meter,
): readonly string[] {
  const isOpen = (k: number) => judged[k]?.verdict === "inconclusive";
  const asked = properties.flatMap((property, k) => {
    const premise = isOpen(k) ? premiseOf(property) : null;
    return premise === null ? [] : [{ name: property.id, conditions: [premise] }];
  });
  const unmet = new Set(asked.length === 0 ? [] : unansweredOf(exploration, asked, meter));
  return properties
    .filter(({ id, kind }, k) => {
      if (!isOpen(k)) return judged[k]?.vacuous === true;
      return kind === "assertion" ? exploration.reached[k] === 0 : unmet.has(id);
    })
    .map(({ id }) => id);
}

/** The condition on states without which the property says nothing; null where it has none, or where it is about steps. */
function premiseOf(property: Property): ExprData | null {
  if (property.kind === "invariant") return property.premise ?? null;
  if (property.kind === "leadsTo") return property.from;
  if (property.kind === "alwaysPossible") return property.from ?? null;
  return property.kind === "ltl" ? antecedentOf(property.formula) : null;
}
