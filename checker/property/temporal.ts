/**
 * Linear temporal logic: a formula is violated by a fair run that the automaton of its negation accepts, so by a fair
 * component in the product of the explored graph with that automaton. A run that ends goes on where it is.
 */
import type { Formula } from "../../models/language/index.ts";
import type { Exploration } from "../explore/explore.ts";
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
export function judgeFormula(exploration: Exploration, formula: Formula): Judgement {
  const automaton = automatonAgainst(formula);
  if (automaton === null) return { kind: "tooLarge" };
  const part = productOf(exploration, automaton);
  const fair = fairnessOf(exploration.program.system);
  const component = fairComponent(part, fair);
  if (component === null) return { kind: "holds", vacuous: isVacuous(exploration, formula) };
  const { start, stem } = stemTo(part, component.position);
  const moves = ({ step }: Move) => step !== stutter;
  return {
    kind: "violated",
    lasso: { start, stem: stem.filter(moves), loop: loopThrough(part, component, fair) },
  };
}

/** True for `always (p implies ...)` where the condition p is never true. */
function isVacuous(exploration: Exploration, formula: Formula): boolean {
  if (formula.kind !== "always" || formula.of.kind !== "implies") return false;
  const { left } = formula.of;
  return left.kind === "state" && !classify(exploration, left.holds).includes(1);
}
