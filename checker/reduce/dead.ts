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

/** What else a step reads, such as what its trace event shows. */
type Shown = (step: Step) => readonly Place[];

/** Places that are dead somewhere, for these properties. */
export function deadPlaces(env: Environment, properties: readonly Property[]): readonly DeadPlace[] {
  const { system } = env;
  const steps = system.steps.map((step) => stepAccess(env, step, properties));
  const relevant = relevantVariables(properties, steps);
  const watched = watchedBy(properties);
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

/**
 * Where one instance alone reads and writes a place, the points from which it writes it before it reads it: what a local
 * variable of a function holds there is nobody's concern. A place that no step reads is none: it is kept for somebody else.
 */
export function deadLocals(
  env: Environment,
  properties: readonly Property[],
  shown: Shown,
): readonly DeadPlace[] {
  const { system } = env;
  const { variables } = system.model;
  const steps = system.steps.map((step) => stepAccess(env, step, properties, shown));
  const watched = watchedBy(properties);
  const all = new Set(Object.keys(variables));
  return Object.entries(variables).flatMap(([name, { sort }]) =>
    placesIn(name, sort, env).flatMap((place): DeadPlace[] => {
      const users = new Set(
        system.steps.filter(({ index }) => touches(steps[index]!, place)).map(({ instance }) => instance),
      );
      if (meet([place], watched) || users.size !== 1) return [];
      const where = system.instances.map((instance, position) => {
        if (!users.has(position)) return null;
        const live = livePoints(system, position, place, steps, all);
        return live.size === 0 ? [] : instance.points.flatMap((_, at) => (live.has(at) ? [] : [at]));
      });
      return where.some((points) => points?.length === 0) ? [] : [{ place, where }];
    }),
  );
}

function touches({ guard, effects }: StepAccess, place: Place): boolean {
  return meet([place], guard) || effects.some(({ reads, writes }) => meet([place], [...reads, ...writes]));
}

/** What is asked about states. */
function watchedBy(properties: readonly Property[]): readonly Place[] {
  return properties
    .filter(({ kind }) => kind !== "assertion")
    .flatMap(conditionsOf)
    .flatMap(readsOf);
}

/** Places that are dead in both of two models with the same variables and program points, where they are dead in both. */
export function deadInBoth(ours: readonly DeadPlace[], theirs: readonly DeadPlace[]): readonly DeadPlace[] {
  return ours.flatMap(({ place, where }) =>
    theirs
      .filter((other) => meet([place], [other.place]))
      .flatMap((other): DeadPlace[] => {
        const both = where.map((points, i) => commonPoints(points, other.where[i] ?? null));
        if (both.some((points) => points?.length === 0)) return [];
        return [{ place: place.length < other.place.length ? other.place : place, where: both }];
      }),
  );
}

function commonPoints(ours: readonly number[] | null, theirs: readonly number[] | null) {
  if (ours === null || theirs === null) return ours ?? theirs;
  return ours.filter((point) => theirs.includes(point));
}

/** A variable; of an array each element. */
function placesIn(name: string, sort: Sort, { scope }: Environment): readonly Place[] {
  if (sort.kind !== "array") return [[name]];
  return Array.from({ length: scope.identities[sort.index] ?? 0 }, (_, i) => [name, i]);
}

interface StepAccess {
  /** What is read whatever the step does. */
  readonly guard: readonly Place[];
  readonly effects: readonly (Access & { readonly mayFail: boolean })[];
}

function stepAccess(
  env: Environment,
  step: Step,
  properties: readonly Property[],
  shown: Shown = () => [],
): StepAccess {
  return {
    guard: [...guardReads(step), ...assertedReads(env.system, step, properties), ...shown(step)],
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
function relevantVariables(
  properties: readonly Property[],
  steps: readonly StepAccess[],
): ReadonlySet<string> {
  const relevant = new Set<string>();
  const add = (places: readonly Place[]) => {
    for (const [variable] of places) relevant.add(String(variable));
  };
  add(properties.flatMap(conditionsOf).flatMap(readsOf));
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
