/**
 * Partial order: where an instance stands at a point whose steps no other instance can disturb or notice, only its steps
 * are taken (ample sets, Peled 1993).
 *
 * All is decided from program points, before the search: so the reduced graph is the same whatever order the search has and
 * however many workers share it. The conditions are those of the literature: an ample set is not empty (C0); nothing that
 * another instance may do from where it stands, however far it goes, reads or writes what the set writes, or writes what
 * it reads (C1); it changes nothing that a property reads (C2); and every cycle of the reduced graph has a state in which
 * all steps are taken (C3), because every cycle of program points has a point without an ample set.
 */
import type { ExprData, Property, Step, System } from "../../models/language/index.ts";
import { lowerEffects } from "../lower/effect.ts";
import { readText } from "../lower/emit.ts";
import type { Environment } from "../lower/expression.ts";
import {
  type Access,
  accessOf,
  assertedReads,
  emittedReads,
  guardReads,
  meet,
  type Place,
  pointsOfActor,
  readsOf,
} from "./access.ts";
import { conditionsOf, partsOfExpr } from "./walk.ts";

/** A point whose steps may stand for all. */
export interface AmplePoint {
  readonly instance: number;
  readonly point: number;
  /** By instance its points from which nothing disturbs the steps; null where that is so from all. */
  readonly safe: readonly (readonly number[] | null)[];
}

/** The points that may have ample sets, for these properties. */
export function amplePoints(env: Environment, properties: readonly Property[]): readonly AmplePoint[] {
  const { system } = env;
  const accesses = system.steps.map((step) => stepAccess(system, step, properties));
  const seen = readByStates(properties);
  return system.instances.flatMap((instance, position) => {
    const found = instance.points.flatMap((_, point): AmplePoint[] => {
      const steps = system.steps.filter((step) => step.instance === position && step.from === point);
      if (steps.length === 0 || steps.some((step) => meet(accesses[step.index]!.writes, seen))) return [];
      // A step that writes outside a sort is not taken, so it cannot stand for others.
      if (steps.some((step) => lowerEffects(step.effects, env).error.op !== "false")) return [];
      const safe = safePoints(system, position, steps, accesses);
      return safe === null ? [] : [{ instance: position, point, safe }];
    });
    return withoutCycles(system, position, found);
  });
}

/** What a step reads and writes, its guard, what is asserted of it and where its instance is included. */
function stepAccess(system: System, step: Step, properties: readonly Property[]): Access {
  const { reads, writes, kills } = accessOf(step.effects);
  const more = [...guardReads(step), ...assertedReads(system, step, properties), ...emittedReads(step)];
  const { actor, points } = system.instances[step.instance]!;
  const noticed = testsIn(properties).some(
    (test) =>
      test.actor === actor.name &&
      test.points.includes(points[step.from]!) !== test.points.includes(points[step.to]!),
  );
  return {
    reads: [...more, ...reads],
    writes: noticed ? [...writes, [pointsOfActor(actor.name)]] : writes,
    kills,
  };
}

/** The tests of program points in properties. */
function testsIn(properties: readonly Property[]): readonly (ExprData & { readonly kind: "at" })[] {
  const inside = (expr: ExprData): readonly (ExprData & { readonly kind: "at" })[] => [
    ...(expr.kind === "at" ? [expr] : []),
    ...partsOfExpr(expr).flatMap(inside),
  ];
  return properties.flatMap(conditionsOf).flatMap(inside);
}

/**
 * What must not change unnoticed: what conditions on states read. What is asserted of a step belongs to the step. A
 * deadlock is a state of the reduced graph as well, so its condition is judged there.
 */
function readByStates(properties: readonly Property[]): readonly Place[] {
  return properties
    .filter(({ kind }) => kind !== "assertion" && kind !== "deadlock")
    .flatMap(conditionsOf)
    .flatMap(readsOf);
}

function safePoints(
  system: System,
  position: number,
  steps: readonly Step[],
  accesses: readonly Access[],
): AmplePoint["safe"] | null {
  const safe: (readonly number[] | null)[] = [];
  for (const [other, { points }] of system.instances.entries()) {
    if (other === position) {
      safe.push(null);
      continue;
    }
    const disturbs = (step: Step) =>
      steps.some((mine) => depend(accesses[mine.index]!, accesses[step.index]!));
    const theirs = system.steps.filter((step) => step.instance === other);
    const bad = new Set(theirs.filter(disturbs).map(({ from }) => from));
    for (let size = -1; size !== bad.size; ) {
      size = bad.size;
      for (const { from, to } of theirs) if (bad.has(to)) bad.add(from);
    }
    const good = points.flatMap((_, point) => (bad.has(point) ? [] : [point]));
    if (good.length === 0) return null;
    safe.push(good.length === points.length ? null : good);
  }
  return safe;
}

function depend(a: Access, b: Access): boolean {
  return meet(a.writes, b.writes) || meet(a.writes, b.reads) || meet(a.reads, b.writes);
}

/** The points without those that would close a cycle of program points; one point of each cycle is given up. */
function withoutCycles(
  system: System,
  position: number,
  found: readonly AmplePoint[],
): readonly AmplePoint[] {
  const moves = system.steps.filter(({ instance }) => instance === position);
  let kept = found;
  for (;;) {
    const inside = new Set(kept.map(({ point }) => point));
    const closing = kept.findLast(({ point }) => reaches(moves, inside, point, point));
    if (closing === undefined) return kept;
    kept = kept.filter((candidate) => candidate !== closing);
  }
}

/** True where steps that leave the points lead from one to the other. */
function reaches(moves: readonly Step[], points: ReadonlySet<number>, from: number, to: number): boolean {
  const reached = new Set<number>();
  const open = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const step of moves) {
      if (step.from !== at || !points.has(at)) continue;
      if (step.to === to) return true;
      if (!reached.has(step.to)) {
        reached.add(step.to);
        open.push(step.to);
      }
    }
  }
  return false;
}

/**
 * Text that takes the steps of the first instance with an ample set and returns. `reducedMoves` counts the successors, so an
 * instance that turns out to be unable to move is passed over.
 */
export function ampleText(env: Environment, points: readonly AmplePoint[], words: string): string {
  const { layout } = env;
  const instances = [...new Set(points.map(({ instance }) => instance))];
  return instances
    .map((instance) => {
      const cases = points
        .filter((point) => point.instance === instance)
        .map(({ point, safe }) => {
          const tests = safe.flatMap((good, other) =>
            good === null
              ? []
              : [`(${good.map((at) => `${readText(layout.points[other]!)} === ${at}`).join(" || ")})`],
          );
          const call = `const before = reducedMoves;\nexpand${instance}(${words});\nif (reducedMoves !== before) return;\n`;
          return `case ${point}: {\n${tests.length === 0 ? call : `if (${tests.join(" && ")}) {\n${call}}\n`}break;\n}\n`;
        });
      return `switch (${readText(layout.points[instance]!)}) {\n${cases.join("")}}\n`;
    })
    .join("");
}
