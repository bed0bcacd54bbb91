/** Mutants of a model: the door of this folder. */
import { checkModel, type Model, type PointData } from "../../models/language/index.ts";
import { randomOf } from "../search/prng.ts";
import { assertedOf } from "./asserted.ts";
import {
  type Edit,
  type Mutant,
  type Path,
  pointerOf,
  type RefusedEdit,
  replaceAt,
  without,
} from "./edit.ts";
import { stepEdits } from "./step-edits.ts";

export type { Mutant, Operator, RefusedEdit } from "./edit.ts";
export { withBoth } from "./environment.ts";

/** What the edits of a model give. */
export interface Mutation {
  /** In the order of the model; the edits of a step operator by operator. */
  readonly mutants: readonly Mutant[];
  /** Edits after which the model is no longer one: refused by {@link checkModel}. They have no number. */
  readonly refused: readonly RefusedEdit[];
}

/**
 * All models that one edit of a step gives. Effects on history variables are left as they are: they belong to the
 * properties, not to the code that is modelled.
 *
 * @param model - a model without diagnostics of `checkModel`
 */
export function mutate(model: Model): Mutation {
  const mutants: Mutant[] = [];
  const refused: RefusedEdit[] = [];
  for (const { edit, ...where } of editsOf(model)) {
    const about = { ...where, change: edit.change, pointer: pointerOf(edit.path) };
    const edited = replaceAt(model, edit.path, edit.node);
    const { properties, ...fewer } = assertedOf(edited);
    const mutant = { ...edited, properties };
    const [wrong] = checkModel(mutant, model);
    if (wrong === undefined) mutants.push({ number: mutants.length + 1, ...about, ...fewer, model: mutant });
    else refused.push({ ...about, reason: `${wrong.path}: ${wrong.message}` });
  }
  return { mutants, refused };
}

function editsOf(model: Model): readonly (StepEdit & { readonly actor: string; readonly point: string })[] {
  return model.actors.flatMap((actor, a) =>
    Object.entries(actor.config.states).flatMap(([point, data]) =>
      pointEdits(model, data, ["actors", a, "config", "states", point]).map((edit) => ({
        actor: actor.name,
        point,
        ...edit,
      })),
    ),
  );
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
