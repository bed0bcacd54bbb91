/**
 * The load-time check: everything TypeScript refuses in a typed model is refused here in a JSON model, with the path of
 * the offending node. A model without diagnostics can be evaluated, composed and lowered without further checks.
 */
import { checkActor } from "./check/actor.ts";
import { type Ask, checkName, checkUnique, type Diagnostic, report } from "./check/ask.ts";
import { checkProperty } from "./check/property.ts";
import { checkIdentities, checkVariables } from "./check/variables.ts";
import type { Model } from "./model.ts";

export type { Diagnostic } from "./check/ask.ts";

/**
 * All diagnostics of a model, in the order of the model; empty for a well-formed one.
 *
 * @param sound - a model without diagnostics: of actors that are objects of its own, among its own variables, there are none
 */
export function checkModel(model: Model, sound?: Model): readonly Diagnostic[] {
  const { name, identities, variables, actors, properties } = model;
  const found: Diagnostic[] = [];
  const ask: Ask = { scope: { identities, variables, bound: {} }, actors, points: false, found };
  checkName(ask, name, "/name");
  checkIdentities(ask);
  checkVariables(ask, variables);
  // What follows is about names that may not mean anything yet.
  if (found.length > 0) return found;
  if (actors.length === 0) report(ask, "/actors", "a model has no actors");
  checkUnique(
    ask,
    actors.map((actor) => actor.name),
    "/actors",
    "actor",
  );
  const known = identities === sound?.identities && variables === sound.variables ? sound.actors : [];
  actors.forEach((actor, i) => {
    if (!known.includes(actor)) checkActor(actor, `/actors/${i}`, ask);
  });
  checkUnique(
    ask,
    properties.map(({ id }) => id),
    "/properties",
    "property",
  );
  properties.forEach((property, i) => {
    checkProperty(property, `/properties/${i}`, { ...ask, points: true });
  });
  return withoutTwins(found);
}

/** An assertion is checked for each of its steps, but what is wrong with it is said once. */
function withoutTwins(found: readonly Diagnostic[]): readonly Diagnostic[] {
  const said = new Set<string>();
  return found.filter(({ path, message }) => {
    const twin = said.has(`${path} ${message}`);
    said.add(`${path} ${message}`);
    return !twin;
  });
}
