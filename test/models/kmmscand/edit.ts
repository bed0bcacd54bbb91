/** Edits a model as one would edit the code: one step of one actor is changed, or taken out. */
import {
  and,
  type Bool,
  type Effect,
  type Expr,
  type Model,
  type PointData,
  type TransitionData,
} from "../../../models/language/index.ts";

type Change = (transition: TransitionData) => TransitionData | null;

export interface Edit {
  readonly actor: string;
  readonly step: string;
  readonly change: Change;
}

/** The model with every alternative of each named step changed; null takes it out. Throws where there is no such step. */
export function edit(model: Model, edits: readonly Edit[]): Model {
  return edits.reduce(editOne, model);
}

function editOne(model: Model, { actor, step, change }: Edit): Model {
  let found = false;
  const editPoint = (data: PointData): PointData => {
    const { [step]: alternatives, ...others } = data.on ?? {};
    if (alternatives === undefined) return data;
    found = true;
    const kept = alternatives.flatMap((transition) => change(transition) ?? []);
    return { ...data, on: kept.length === 0 ? others : { ...others, [step]: kept } };
  };
  const actors = model.actors.map((one) => {
    if (one.name !== actor) return one;
    const points = Object.entries(one.config.states).map(([name, data]) => [name, editPoint(data)]);
    return { ...one, config: { ...one.config, states: Object.fromEntries(points) } };
  });
  if (!found) throw new Error(`${actor} has no step ${step}`);
  return { ...model, actors };
}

export const takenOut: Change = () => null;
export const unguarded: Change = ({ guard: _guard, ...rest }) => rest;
export const guardedBy =
  (condition: Expr<Bool>): Change =>
  (transition) => ({ ...transition, guard: { type: "holds", params: condition } });
export const alsoGuardedBy =
  (condition: Expr<Bool>): Change =>
  (transition) =>
    guardedBy(
      transition.guard === undefined ? condition : and(transition.guard.params as Expr<Bool>, condition),
    )(transition);
/** Changes what the step does. */
export const doing =
  (effects: (before: readonly Effect[]) => readonly Effect[]): Change =>
  ({ actions = [], ...rest }) => ({
    ...rest,
    actions: [{ type: "update", params: effects(actions.flatMap(({ params }) => params)) }],
  });
