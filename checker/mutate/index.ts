/** Mutants of a model: the door of this folder. */
import { checkModel, type Model, type PointData } from "../../models/language/index.ts";
import { randomOf } from "../search/prng.ts";
import { type Edit, type Mutant, type Path, pointerOf, replaceAt, without } from "./edit.ts";
import { stepEdits } from "./step-edits.ts";

export type { Mutant, Operator } from "./edit.ts";
export { withBoth } from "./environment.ts";

/** What the edits of a model give. */
export interface Mutation {
  /** In the order of the model; the edits of a step operator by operator. */
  readonly mutants: readonly Mutant[];
  /** Edits after which the model is no longer one: refused by {@link checkModel}, and not counted. */
  readonly refused: number;
}

/**
 * All models that one edit of a step gives. Effects on history variables are left as they are: they belong to the
 * properties, not to the code that is modelled.
 *
 * @param model - a model without diagnostics of `checkModel`
 */
export function mutate(model: Model): Mutation {
  const all = model.actors.flatMap((actor, a) =>
    Object.entries(actor.config.states).flatMap(([point, data]) =>
      pointEdits(model, data, ["actors", a, "config", "states", point]).map(({ edit, ...where }) => ({
        actor: actor.name,
        point,
        ...where,
        change: edit.change,
        pointer: pointerOf(edit.path),
        model: replaceAt(model, edit.path, edit.node),
      })),
    ),
  );
  const sound = all.filter((mutant) => checkModel(mutant.model).length === 0);
  return {
    mutants: sound.map((mutant, i) => ({ number: i + 1, ...mutant })),
    refused: all.length - sound.length,
  };
}

interface StepEdit {
  readonly step: string;
  readonly alternative: number;
  readonly edit: Edit;
}

function pointEdits(model: Model, { on = {} }: PointData, path: Path): readonly StepEdit[] {
  return Object.entries(on).flatMap(([step, alternatives]) =>
    alternatives.flatMap((transition, alternative) => {
      const { [step]: _dropped, ...others } = on;
      const drop: Edit = {
        change: { operator: "drop-step" },
        ...(alternatives.length === 1
          ? { path: [...path, "on"], node: others }
          : { path: [...path, "on", step], node: without(alternatives, alternative) }),
      };
      const edits = [drop, ...stepEdits(model, transition, [...path, "on", step, alternative])];
      return edits.map((edit) => ({ step, alternative, edit }));
    }),
  );
}

/** So many of the mutants at most, drawn by the seed, in their order. */
export function sampleMutants(mutants: readonly Mutant[], most: number, seed: number): readonly Mutant[] {
  const random = randomOf(seed);
  let left = Math.min(most, mutants.length);
  return mutants.filter((_, i) => {
    if (random.below(mutants.length - i) >= left) return false;
    left -= 1;
    return true;
  });
}
