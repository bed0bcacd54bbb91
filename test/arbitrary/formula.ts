/** Random temporal formulas over given conditions. */
import { type ExprData, type Formula, ltl } from "../../models/language/index.ts";
import { type Draw, pick } from "./draw.ts";

/** A formula of at most so many levels of operators; `condition` draws what stands at the leaves. */
export function drawFormula(draw: Draw, depth: number, condition: () => ExprData): Formula {
  const go = () => drawFormula(draw, depth - 1, condition);
  if (depth <= 0) return ltl.state(condition());
  switch (pick(draw, kinds)) {
    case "state":
      return ltl.state(condition());
    case "not":
      return ltl.not(go());
    case "next":
      return ltl.next(go());
    case "eventually":
      return ltl.eventually(go());
    case "always":
      return ltl.always(go());
    case "and":
      return ltl.and(...Array.from({ length: draw(4) }, go));
    case "or":
      return ltl.or(...Array.from({ length: draw(4) }, go));
    case "implies":
      return ltl.implies(go(), go());
    case "until":
      return ltl.until(go(), go());
    case "release":
      return ltl.release(go(), go());
    case "weakUntil":
      return ltl.weakUntil(go(), go());
  }
}

const kinds = [
  "state",
  "eventually",
  "always",
  "until",
  "release",
  "weakUntil",
  "implies",
  "next",
  "not",
  "and",
  "or",
] as const;
