/** A larger environment: one that may do what an actor does and what an edit makes of it. */
import type { Actor, Model, Property } from "../../models/language/index.ts";
import type { Mutant } from "./edit.ts";

/** A model with the steps of another beside its own. */
export interface Both {
  readonly model: Model;
  /** The name that a step has in the mutant. */
  readonly nameOf: (step: string) => string;
}

/**
 * The original, in which the step as the edit leaves it stands beside the step as it was, under a name of its own. What an
 * assertion says of the step, it says of both. Where the edit removes the step, this is the original.
 *
 * @param mutant - one of `original`
 */
export function withBoth(original: Model, mutant: Mutant): Both {
  const { actor: name, point, step } = mutant;
  const find = ({ actors }: Model) => actors.find((actor) => actor.name === name);
  const [actor, other] = [find(original), find(mutant.model)];
  const edited = other?.config.states[point]?.on?.[step];
  if (actor === undefined || edited === undefined) return { model: original, nameOf: (known) => known };
  const fresh = freshName(actor, step);
  const { config } = actor;
  const states = {
    ...config.states,
    [point]: { ...config.states[point], on: { ...config.states[point]?.on, [fresh]: edited } },
  };
  const wider: Actor = { ...actor, config: { ...config, states } };
  return {
    model: {
      ...original,
      actors: original.actors.map((one) => (one === actor ? wider : one)),
      properties: original.properties.map((property) => askBoth(property, name, step, fresh)),
    },
    nameOf: (known) => (known === fresh ? step : known),
  };
}

function freshName({ config }: Actor, step: string): string {
  const taken = new Set(Object.values(config.states).flatMap(({ on = {} }) => Object.keys(on)));
  let name = `${step}/edited`;
  while (taken.has(name)) name = `${name}+`;
  return name;
}

function askBoth(property: Property, actor: string, step: string, fresh: string): Property {
  if (property.kind !== "assertion") return property;
  const on = property.on.map((one) =>
    one.actor === actor && one.steps.includes(step) ? { ...one, steps: [...one.steps, fresh] } : one,
  );
  return { ...property, on };
}
