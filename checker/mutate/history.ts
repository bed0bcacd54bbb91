/** History variables: what only properties read is neither edited nor compared. */
import {
  type Actor,
  type Effect,
  type ExprData,
  type Model,
  type PointData,
  rootOf,
  type TransitionData,
  targetsOf,
} from "../../models/language/index.ts";

/** Bound names that stand for elements of a list, with the variable that the list is in. */
export type Holders = Readonly<Record<string, string | null>>;

const holderOf = (holders: Holders) => (name: string) =>
  Object.hasOwn(holders, name) ? (holders[name] ?? null) : null;

/** The names bound inside a loop. */
export function holdersIn(effect: Effect & { readonly kind: "each" }, holders: Holders): Holders {
  const holder = "of" in effect.in ? null : rootOf(effect.in.elements, holderOf(holders));
  return { ...holders, [effect.as]: holder };
}

/** True where the effect writes history variables and nothing else. */
export function isHistory(model: Model, effect: Effect, holders: Holders): boolean {
  const every = (effects: readonly Effect[], names: Holders) =>
    effects.every((inner) => isHistory(model, inner, names));
  switch (effect.kind) {
    case "when":
      return every([...effect.then, ...effect.else], holders);
    case "each":
      return every(effect.do, holdersIn(effect, holders));
    default:
      return targetsOf(effect).every((target) => isHistoryPlace(model, target, holders));
  }
}

function isHistoryPlace(model: Model, place: ExprData, holders: Holders): boolean {
  const name = rootOf(place, holderOf(holders));
  return name !== null && Object.hasOwn(model.variables, name) && model.variables[name]?.history === true;
}

/**
 * The model as the code that it models could be observed: without history variables, what writes them, trace events and
 * properties. A checked model never reads history for anything else, so every run of it is a run of the original with the
 * history left out, and the other way round.
 */
export function withoutHistory(model: Model): Model {
  const kept = Object.entries(model.variables).filter(([, { history }]) => history !== true);
  return {
    ...model,
    variables: Object.fromEntries(kept),
    actors: model.actors.map((actor) => stripActor(model, actor)),
    properties: [],
  };
}

function stripActor(model: Model, actor: Actor): Actor {
  const strip = (point: PointData): PointData => ({
    ...point,
    ...(point.on === undefined
      ? {}
      : {
          on: mapValues(point.on, (alternatives) => alternatives.map((t) => stripStep(model, t))),
        }),
  });
  return { ...actor, config: { ...actor.config, states: mapValues(actor.config.states, strip) } };
}

function stripStep(model: Model, transition: TransitionData): TransitionData {
  const { actions, meta, ...rest } = transition;
  const choose = meta?.choose;
  return {
    ...rest,
    ...(choose === undefined ? {} : { meta: { choose } }),
    ...(actions === undefined
      ? {}
      : {
          actions: actions.map((action) => ({ ...action, params: stripEffects(model, action.params, {}) })),
        }),
  };
}

function stripEffects(model: Model, effects: readonly Effect[], holders: Holders): readonly Effect[] {
  return effects
    .filter((effect) => !isHistory(model, effect, holders))
    .map((effect): Effect => {
      switch (effect.kind) {
        case "when":
          return {
            ...effect,
            then: stripEffects(model, effect.then, holders),
            else: stripEffects(model, effect.else, holders),
          };
        case "each":
          return { ...effect, do: stripEffects(model, effect.do, holdersIn(effect, holders)) };
        case "splice":
          return isHistoryPlace(model, effect.to, holders) ? { kind: "clear", list: effect.from } : effect;
        default:
          return effect;
      }
    });
}

function mapValues<A, B>(of: Readonly<Record<string, A>>, f: (value: A) => B): Readonly<Record<string, B>> {
  return Object.fromEntries(Object.entries(of).map(([name, value]) => [name, f(value)]));
}
