/** The check of temporal formulas. */
import type { Formula } from "../formula.ts";
import { type Ask, report } from "./ask.ts";
import { checkExpr } from "./expr.ts";
import { boolean } from "./suits.ts";

/** Most temporal operators, and most conditions, of one formula: an automaton of it must stay small. */
const most = 30;

export function checkFormula(formula: Formula, path: string, ask: Ask): void {
  const seen = { operators: 0, conditions: 0 };
  const go = (f: Formula, at: string): void => {
    switch (f.kind) {
      case "state":
        seen.conditions++;
        checkExpr(f.holds, boolean, `${at}/holds`, ask);
        return;
      case "and":
      case "or":
        f.of.forEach((part, i) => {
          go(part, `${at}/of/${i}`);
        });
        return;
      case "not":
        go(f.of, `${at}/of`);
        return;
      case "next":
      case "eventually":
      case "always":
        seen.operators++;
        go(f.of, `${at}/of`);
        return;
      case "until":
      case "release":
      case "weakUntil":
        seen.operators++;
        break;
      case "implies":
        break;
    }
    go(f.left, `${at}/left`);
    go(f.right, `${at}/right`);
  };
  go(formula, path);
  if (seen.operators > most) {
    report(ask, path, `a formula has ${seen.operators} temporal operators, but at most ${most} are possible`);
  }
  if (seen.conditions > most) {
    report(ask, path, `a formula has ${seen.conditions} conditions, but at most ${most} are possible`);
  }
}
