/**
 * Linear temporal logic: a formula is violated by a fair run that the automaton of its negation accepts, so by a fair
 * component in the product of the explored graph with that automaton. A run that ends goes on where it is.
 */
import { antecedentOf, type Formula } from "../../models/language/index.ts";
import type { Exploration } from "../explore/explore.ts";
import type { Meter } from "../explore/meter.ts";
import { automatonAgainst } from "./automaton.ts";
import { fairComponent } from "./fair-component.ts";
import { fairnessOf } from "./fairness.ts";
import { loopThrough } from "./loop.ts";
import { type Lasso, type Move, stemTo, stutter } from "./part.ts";
import { productOf } from "./product.ts";
import { classify } from "./successors.ts";

export type Judgement =
  | { readonly kind: "holds"; readonly vacuous: boolean }
  | { readonly kind: "violated"; readonly lasso: Lasso }
  | { readonly kind: "tooLarge" };

/** Judges a formula on a complete exploration. */
export function judgeFormula(exploration: Exploration, formula: Formula, meter: Meter): Judgement {
  const automaton = automatonAgainst(formula);
  if (automaton === null) return { kind: "tooLarge" };
  const part = productOf(exploration, automaton, meter);
  const fair = fairnessOf(exploration.program.system);
  const component = fairComponent(part, fair, meter);
  if (component === null) return { kind: "holds", vacuous: isVacuous(exploration, formula, meter) };
  const { start, stem } = stemTo(part, component.position);
  const moves = ({ step }: Move) => step !== stutter;
  return {
    kind: "violated",
    lasso: { start, stem: stem.filter(moves), loop: loopThrough(part, component, fair, meter) },
  };
}

/** True for `always (p implies ...)` where the condition p is never true. */
function isVacuous(exploration: Exploration, formula: Formula, meter: Meter): boolean {
  const antecedent = antecedentOf(formula);
  return antecedent !== null && !classify(exploration, antecedent, meter).includes(1);
}
