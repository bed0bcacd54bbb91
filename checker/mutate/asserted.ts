/** Assertions of a step that an edit has removed. */
import type { Model, Property } from "../../models/language/index.ts";

export interface Asserted {
  /** Assertions without the steps that their actors no longer have; one that names no other step is left out. */
  readonly properties: readonly Property[];
  /** Ids of assertions that are asked of fewer steps. */
  readonly shortened: readonly string[];
  /** Ids of assertions that are left out. */
  readonly unasked: readonly string[];
}

/** The properties of an edited model, such that its assertions name only steps that it has. */
export function assertedOf({ actors, properties }: Pick<Model, "actors" | "properties">): Asserted {
  const known = new Map(
    actors.map(({ name, config }) => [
      name,
      new Set(Object.values(config.states).flatMap(({ on = {} }) => Object.keys(on))),
    ]),
  );
  const left = properties.map((property) => {
    if (property.kind !== "assertion") return property;
    const on = property.on
      .map(({ actor, steps }) => ({ actor, steps: steps.filter((step) => known.get(actor)?.has(step)) }))
      .filter(({ steps }) => steps.length > 0);
    return steps(on) === steps(property.on) ? property : { ...property, on };
  });
  const isEmpty = (property: Property) => property.kind === "assertion" && property.on.length === 0;
  return {
    properties: left.filter((property) => !isEmpty(property)),
    shortened: left.filter((one, i) => one !== properties[i] && !isEmpty(one)).map(({ id }) => id),
    unasked: left.filter(isEmpty).map(({ id }) => id),
  };
}

function steps(on: (Property & { readonly kind: "assertion" })["on"]): number {
  return on.reduce((sum, one) => sum + one.steps.length, 0);
}
