/** Properties as formulas of TLA+. */
import { type Actor, isAbout, type Property } from "../../../models/language/index.ts";
import type { Action } from "./action.ts";
import { type Environment, found } from "./environment.ts";
import { bracketed, expressionText, operandText } from "./expression.ts";
import { temporalText } from "./temporal.ts";

/**
 * Under which word the configuration lists a formula. A goal is an invariant that must be violated, at which TLC ends, so
 * it is listed in a comment.
 */
export type Role = "INVARIANT" | "PROPERTY" | "GOAL";

export interface Formula {
  readonly name: string;
  readonly text: string;
  readonly role: Role;
  /** What a violation means. */
  readonly about: string;
}

export interface PropertyOptions {
  readonly actions: readonly Action[];
  readonly env: Environment;
  readonly self: string;
  readonly actors: readonly Actor[];
}

/** Null where TLC has no formula for the property. */
export function propertyFormula(property: Property, options: PropertyOptions): Formula | null {
  const { env } = options;
  const about = `If violated: ${property.says}`;
  const named = (role: Formula["role"], text: string, said = about): Formula => ({
    name: env.names.take(property.id),
    text,
    role,
    about: said,
  });
  switch (property.kind) {
    case "invariant":
      return named("INVARIANT", expressionText(property.holds, env));
    case "assertion":
      return named("INVARIANT", assertionText(property, options));
    case "deadlock":
      return named("INVARIANT", `~ENABLED Next => ${operandText(property.final, env)}`);
    case "reachable":
      return named(
        "GOAL",
        `~${operandText(property.goal, env)}`,
        "A violation is a run that gets there, so it must be violated.",
      );
    case "leadsTo":
      return named("PROPERTY", `${operandText(property.from, env)} ~> ${operandText(property.to, env)}`);
    case "ltl": {
      const text = temporalText(property.formula, (expr) => operandText(expr, env));
      return text === null ? null : named("PROPERTY", text);
    }
    case "alwaysPossible":
      return null;
  }
}

/** Why {@link propertyFormula} gives none. */
export function whyNoFormula({ kind }: Property): string {
  return kind === "ltl"
    ? "Left out: TLA+ has no `next` and no `until`, and this one cannot be said without."
    : "Left out: no formula of TLA+ says that something stays possible.";
}

/**
 * Of every step, whatever `self` and the choices are: it can be taken only where the assertion is true. Said of states,
 * since `[][...]_vars` says nothing of a step that changes nothing.
 */
function assertionText(
  property: Property & { readonly kind: "assertion" },
  { actions, self, actors, env }: PropertyOptions,
): string {
  const about = actions.filter(({ actor, step }) => isAbout(property, actor, step));
  const each = about.map(({ call, parameters, actor, env: inner }) => {
    const { forEach } = actors.find(({ name }) => name === actor) ?? {};
    const own = forEach === undefined ? [] : [{ name: self, of: forEach }];
    const over = [...own, ...parameters].map(
      ({ name, of }) => `\\A ${name} \\in ${found(env.names.identities, of)} : `,
    );
    const premise = property.premise === undefined ? "" : ` /\\ ${operandText(property.premise, inner)}`;
    return `(${over.join("")}ENABLED ${call}${premise} => ${bracketed(expressionText(property.holds, inner))})`;
  });
  return each.join(" /\\ ");
}
