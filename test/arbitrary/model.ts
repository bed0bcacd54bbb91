/**
 * Random well-formed models, small enough to explore: variables of every sort, actors with instances, choices and
 * alternatives, every kind of expression and effect, steps that are errors of the model, properties of every kind.
 */
import fc from "fast-check";
import {
  type Actor,
  bind,
  type ExprData,
  flatten,
  type Identities,
  type Model,
  type PointData,
  type Property,
  type TransitionData,
} from "../../models/language/index.ts";
import { exploreNaively } from "../oracle/naive-explorer.ts";
import { type Draw, drawFrom, pick, rarely, repeat } from "./draw.ts";
import { drawEffects } from "./effect.ts";
import { drawExpr } from "./expr.ts";
import { drawFormula } from "./formula.ts";
import { drawVariables } from "./sort.ts";
import { type Surroundings, sourcesOf } from "./surroundings.ts";

/** Any well-formed model. Its state space is finite but may be large: walk it, or use {@link smallModel}. */
export const anyModel: fc.Arbitrary<Model> = fc
  .noBias(fc.array(fc.nat(0xffff), { minLength: 60, maxLength: 900, size: "max" }))
  .map((entropy) => drawModel(drawFrom(entropy)));

/** A model with at most so many reachable states, and more than one unless a step is an error. */
export function smallModel(maxStates: number): fc.Arbitrary<Model> {
  return anyModel.filter((model) => {
    let seen = 0;
    try {
      const { states, errors } = exploreNaively(flatten(model), () => {
        seen++;
        if (seen > maxStates) throw tooLarge;
      });
      return states > 1 || errors > 0;
    } catch (error) {
      if (error === tooLarge) return false;
      throw error;
    }
  });
}

const tooLarge = new Error("more states than asked for");

export function drawModel(draw: Draw): Model {
  const identities: Identities = {
    mm: pick(draw, [2, 1, 3]),
    ...(draw(2) === 1 ? { folio: 1 + draw(3) } : {}),
  };
  const variables = drawVariables(draw, identities);
  const s: Surroundings = {
    draw,
    scope: { identities, variables, bound: {} },
    actors: [],
    roots: {},
    looped: [],
    fixed: [],
  };
  const actors = repeat(1 + draw(4), (i) => drawActor(`a${i}`, s));
  const properties = repeat(draw(5), (i) => drawProperty(`p${i}`, actors, { ...s, actors }));
  return { name: "random", title: "A random model", identities, variables, actors, properties };
}

function drawActor(name: string, s: Surroundings): Actor {
  const { draw } = s;
  const forEach = draw(3) === 0 ? undefined : pick(draw, Object.keys(s.scope.identities));
  const inner =
    forEach === undefined
      ? s
      : { ...s, scope: bind(s.scope, "self", { kind: "id", of: forEach, nullable: false } as const) };
  const names = repeat(pick(draw, [2, 3, 1, 3]), (i) => `f:${i}`);
  const states = names.map((point, i): [string, PointData] => [
    point,
    i > 0 && rarely(draw, 8) ? { type: "final" } : { on: drawSteps(names, inner) },
  ]);
  const fairness = pick(draw, ["weak", "none", "strong"] as const);
  return {
    name,
    doc: "",
    ...(forEach === undefined ? {} : { forEach }),
    fairness,
    ...(fairness === "none" ? { environment: true } : {}),
    config: { initial: rarely(draw, 4) ? pick(draw, names) : "f:0", states: Object.fromEntries(states) },
  };
}

function drawSteps(
  points: readonly string[],
  s: Surroundings,
): Readonly<Record<string, readonly TransitionData[]>> {
  const { draw } = s;
  const steps = repeat(pick(draw, [1, 2, 2, 3, 0]), (i): [string, readonly TransitionData[]] => {
    const choose: Record<string, string> = {};
    for (const name of ["c", "d"].slice(0, pick(draw, [0, 0, 1, 2]))) {
      choose[name] = pick(draw, Object.keys(s.scope.identities));
    }
    let { scope } = s;
    for (const [name, of] of Object.entries(choose))
      scope = bind(scope, name, { kind: "id", of, nullable: false });
    const alternatives = repeat(pick(draw, [1, 1, 2, 3]), () =>
      drawTransition(points, choose, { ...s, scope }),
    );
    return [`step${i}`, alternatives];
  });
  return Object.fromEntries(steps);
}

function drawTransition(
  points: readonly string[],
  choose: Readonly<Record<string, string>>,
  s: Surroundings,
): TransitionData {
  const { draw } = s;
  const emits = draw(3) === 1 ? { event: "kmem_event", args: drawArguments(s) } : undefined;
  const meta = {
    ...(draw(4) === 1 ? { why: "it matters" } : {}),
    ...(emits === undefined ? {} : { emits }),
    ...(Object.keys(choose).length === 0 ? {} : { choose }),
  };
  return {
    ...(draw(4) === 0 ? {} : { target: pick(draw, points) }),
    ...(draw(2) === 0 ? {} : { guard: { type: "holds", params: drawExpr({ kind: "bool" }, 3, s) } }),
    ...(draw(6) === 0
      ? {}
      : { actions: [{ type: "update", params: drawEffects(pick(draw, [1, 2, 3]), 3, s) }] }),
    description: "a random step",
    ...(Object.keys(meta).length === 0 ? {} : { meta }),
  };
}

function drawArguments(s: Surroundings): Readonly<Record<string, ExprData>> {
  const sources = sourcesOf(s, drawExpr);
  return Object.fromEntries(repeat(s.draw(3), (i) => [`arg${i}`, pick(s.draw, sources).build(1)]));
}

function drawProperty(id: string, actors: readonly Actor[], s: Surroundings): Property {
  const { draw } = s;
  const bool = (at: Surroundings = s) => drawExpr({ kind: "bool" }, 3, at);
  const base = { id, title: "A random property", says: "It fails." };
  const premise = (at: Surroundings = s) => (draw(3) === 1 ? { premise: bool(at) } : {});
  switch (draw(7)) {
    case 1: {
      const actor = pick(draw, actors);
      const steps = stepNames(actor);
      if (steps.length === 0) break;
      const step = pick(draw, steps);
      const inner: Surroundings =
        actor.forEach === undefined
          ? s
          : { ...s, scope: bind(s.scope, "self", { kind: "id", of: actor.forEach, nullable: false }) };
      return {
        ...base,
        kind: "assertion",
        on: [{ actor: actor.name, steps: [step] }],
        holds: bool(inner),
        ...premise(inner),
      };
    }
    case 2:
      return { ...base, kind: "leadsTo", from: bool(), to: bool() };
    case 3:
      return { ...base, kind: "reachable", goal: bool() };
    case 4:
      return { ...base, kind: "deadlock", final: bool() };
    case 5:
      return { ...base, kind: "ltl", formula: drawFormula(draw, 2, () => bool()) };
    case 6:
      return { ...base, kind: "alwaysPossible", goal: bool(), ...(draw(2) === 1 ? { from: bool() } : {}) };
  }
  return { ...base, kind: "invariant", holds: bool(), ...premise() };
}

function stepNames(actor: Actor): readonly string[] {
  return [...new Set(Object.values(actor.config.states).flatMap((point) => Object.keys(point.on ?? {})))];
}
