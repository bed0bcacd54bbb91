/**
 * Dead variables: what nobody reads again before it is written gets its first value, so states that differ by it alone
 * become one. A dead place stays dead until it is written, and nothing that happens depends on it, so the runs are the same.
 */
import type { Effect, Property, Sort, Step, System, Value } from "../../models/language/index.ts";
import { lowerEffects } from "../lower/effect.ts";
import { Block } from "../lower/emit.ts";
import type { Environment } from "../lower/expression.ts";
import { and, type BoolNode, compare, constant, no, or, read, yes } from "../lower/node.ts";
import { choose, literal, partOf, type Symbolic, withPart } from "../lower/value.ts";
import { variableWrites, wordText } from "../lower/write.ts";
import { type Access, accessOf, assertedReads, guardReads, meet, type Place, readsOf } from "./access.ts";
import { conditionsOf } from "./walk.ts";

/** A place that is dead while every reader stands at one of its points. */
export interface DeadPlace {
  readonly place: Place;
  /** By instance the points from which it does not read the place before writing it; null for all points. */
  readonly where: readonly (readonly number[] | null)[];
}

/** Places that are dead somewhere, for these properties. */
export function deadPlaces(env: Environment, properties: readonly Property[]): readonly DeadPlace[] {
  const { system } = env;
  const steps = system.steps.map((step) => stepAccess(env, step, properties));
  const relevant = relevantVariables(env, properties);
  const watched = properties
    .filter(({ kind }) => kind !== "assertion")
    .flatMap(conditionsOf)
    .flatMap(readsOf);
  return Object.entries(system.model.variables).flatMap(([name, { sort }]) => {
    const nowhere = system.instances.map(() => null);
    if (!relevant.has(name)) return [{ place: [name], where: nowhere }];
    return placesIn(name, sort, env).flatMap((place): DeadPlace[] => {
      if (meet([place], watched)) return [];
      const where = system.instances.map((instance, position) => {
        const live = livePoints(system, position, place, steps, relevant);
        if (live.size === 0) return null;
        return instance.points.flatMap((_, point) => (live.has(point) ? [] : [point]));
      });
      return where.some((points) => points !== null && points.length === 0) ? [] : [{ place, where }];
    });
  });
}

/** A variable; of an array each element. */
function placesIn(name: string, sort: Sort, { scope }: Environment): readonly Place[] {
  if (sort.kind !== "array") return [[name]];
  return Array.from({ length: scope.identities[sort.index] ?? 0 }, (_, i) => [name, i]);
}

interface StepAccess {
  readonly guard: readonly Place[];
  readonly effects: readonly (Access & { readonly mayFail: boolean })[];
}

function stepAccess(env: Environment, step: Step, properties: readonly Property[]): StepAccess {
  return {
    guard: [...guardReads(step), ...assertedReads(env.system, step, properties)],
    effects: step.effects.map((effect) => ({ ...accessTo(effect), mayFail: mayFail(effect, env) })),
  };
}

function accessTo(effect: Effect): Access {
  const { reads, writes, kills } = accessOf([effect]);
  return { reads, writes, kills };
}

/** True where the effect can be an error of the model, so what it reads decides whether its step is taken. */
function mayFail(effect: Effect, env: Environment): boolean {
  return lowerEffects([effect], env).error.op !== "false";
}

/** Variables on which anything that happens or is asked for depends; history is not among them unless it is asked for. */
function relevantVariables(env: Environment, properties: readonly Property[]): ReadonlySet<string> {
  const { system } = env;
  const relevant = new Set<string>();
  const add = (places: readonly Place[]) => {
    for (const [variable] of places) relevant.add(String(variable));
  };
  add(properties.flatMap(conditionsOf).flatMap(readsOf));
  const steps = system.steps.map((step) => stepAccess(env, step, properties));
  for (const { guard } of steps) add(guard);
  for (let size = -1; size !== relevant.size; ) {
    size = relevant.size;
    for (const effect of steps.flatMap(({ effects }) => effects))
      if (matters(effect, relevant)) add(effect.reads);
  }
  return relevant;
}

function matters({ writes, mayFail }: StepAccess["effects"][number], relevant: ReadonlySet<string>): boolean {
  return mayFail || writes.some(([variable]) => relevant.has(String(variable)));
}

/** The points from which the instance may read the place before it writes all of it. */
function livePoints(
  system: System,
  position: number,
  place: Place,
  accesses: readonly StepAccess[],
  relevant: ReadonlySet<string>,
): ReadonlySet<number> {
  const mine = system.steps.filter(({ instance }) => instance === position);
  const live = new Set<number>();
  for (const { from, index } of mine) {
    const { guard, effects } = accesses[index]!;
    const reads = effects.filter((effect) => matters(effect, relevant)).flatMap((effect) => effect.reads);
    if (meet([place], [...guard, ...reads])) live.add(from);
  }
  for (let size = -1; size !== live.size; ) {
    size = live.size;
    for (const { from, to, index } of mine) {
      const kills = accesses[index]!.effects.flatMap((effect) => effect.kills);
      const killed = kills.some((kill) => kill.every((key, i) => key === place[i]));
      if (live.has(to) && !killed) live.add(from);
    }
  }
  return live;
}

/** Definition of `reset(w0, ...)`, which leaves in `c0, c1, ...` the state with what is dead reset. */
export function resetText(env: Environment, places: readonly DeadPlace[], words: string): string {
  const { system, scope } = env;
  const variables = new Map(env.variables);
  for (const { place, where } of places) {
    const [name, element] = [String(place[0]), place[1]];
    const { sort, initial } = system.model.variables[name]!;
    const dead = condition(env, where);
    const old = variables.get(name)!;
    variables.set(
      name,
      element === undefined
        ? choose(dead, literal(initial, sort, scope.identities), old, scope.identities)
        : withElementReset(old, Number(element), initial, dead, env),
    );
  }
  const writes = variableWrites(variables, env);
  const block = new Block();
  for (const { at, value } of writes) {
    block.use(at);
    block.use(value);
  }
  const declarations = block.declarations();
  const text = Array.from(
    { length: env.layout.words },
    (_, i) => `c${i} = ${wordText(i, writes, block)} | 0;\n`,
  );
  return `function reset(${words}) {\n${declarations}${text.join("")}}\n`;
}

function withElementReset(
  array: Symbolic,
  index: number,
  initial: Value,
  dead: BoolNode,
  { scope: { identities } }: Environment,
): Symbolic {
  const old = partOf(array, index, identities);
  const first = literal((initial as readonly Value[])[index]!, old.sort, identities);
  return withPart(array, index, choose(dead, first, old, identities), identities);
}

function condition({ layout }: Environment, where: DeadPlace["where"]): BoolNode {
  return where
    .map((points, instance) => {
      if (points === null) return yes;
      const point = read(layout.points[instance]!);
      return points.map((at) => compare("eq", point, constant(at))).reduce<BoolNode>(or, no);
    })
    .reduce<BoolNode>(and, yes);
}
