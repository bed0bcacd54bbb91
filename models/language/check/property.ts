/** The check of properties. */
import type { ExprData } from "../expr.ts";
import type { Property } from "../model.ts";
import { scopeOfActor, scopeOfStep } from "./actor.ts";
import { type Ask, report, reportUnknown } from "./ask.ts";
import { checkExpr } from "./expr.ts";
import { checkFormula } from "./formula.ts";
import { boolean } from "./suits.ts";

type Assertion = Property & { readonly kind: "assertion" };

export function checkProperty(property: Property, path: string, ask: Ask): void {
  const bool = (expr: ExprData | undefined, name: string, inner: Ask = ask) => {
    if (expr !== undefined) checkExpr(expr, boolean, `${path}/${name}`, inner);
  };
  switch (property.kind) {
    case "invariant":
      bool(property.holds, "holds");
      bool(property.premise, "premise");
      return;
    case "assertion":
      for (const inner of scopesOf(property, path, ask)) {
        bool(property.holds, "holds", inner);
        bool(property.premise, "premise", inner);
      }
      return;
    case "leadsTo":
      bool(property.from, "from");
      bool(property.to, "to");
      return;
    case "ltl":
      checkFormula(property.formula, `${path}/formula`, ask);
      return;
    case "alwaysPossible":
      bool(property.from, "from");
      bool(property.goal, "goal");
      return;
    case "reachable":
      bool(property.goal, "goal");
      return;
    case "deadlock":
      bool(property.final, "final");
      return;
    default:
      refuseKind(property, path, ask);
  }
}

const kinds: readonly Property["kind"][] = [
  "invariant",
  "assertion",
  "leadsTo",
  "ltl",
  "alwaysPossible",
  "reachable",
  "deadlock",
];

/** A kind that TypeScript and the schema refuse, but JavaScript lets pass. */
function refuseKind({ kind }: { readonly kind: string }, path: string, ask: Ask): void {
  reportUnknown(ask, `${path}/kind`, "kind of property", kind, kinds);
}

/** An assertion must make sense in every step it names: `self` and choices are bound as there. */
function scopesOf(property: Assertion, path: string, ask: Ask): readonly Ask[] {
  if (property.on.length === 0) report(ask, `${path}/on`, "an assertion names no steps");
  return property.on.flatMap(({ actor: name, steps }, i) => {
    const at = `${path}/on/${i}`;
    if (steps.length === 0) report(ask, `${at}/steps`, "an assertion names no steps");
    const actor = ask.actors.find((a) => a.name === name);
    if (actor === undefined) {
      const known = ask.actors.map((a) => a.name);
      reportUnknown(ask, `${at}/actor`, "actor", name, known);
      return [];
    }
    const all = Object.values(actor.config.states).flatMap((point) => Object.entries(point.on ?? {}));
    const known = [...new Set(all.map(([step]) => step))];
    const scope = scopeOfActor(actor, ask.scope);
    return steps.flatMap((given, k) => {
      const named = all.filter(([step]) => step === given);
      if (named.length === 0) {
        const message = `actor ${actor.name} has no step ${given}`;
        report(ask, `${at}/steps/${k}`, message, { given, known });
      }
      return named.map(([, [first]]): Ask => ({ ...ask, scope: scopeOfStep(first, scope) }));
    });
  });
}
