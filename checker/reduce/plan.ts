/** Which reductions are sound for what is asked, and why the others are switched off. */
import { type Model, type Property, sizeOf } from "../../models/language/index.ts";
import type { Environment } from "../lower/expression.ts";
import type { Reduction, ReductionNote } from "../result.ts";
import { type AmplePoint, amplePoints } from "./ample.ts";
import { type DeadPlace, deadPlaces } from "./dead.ts";
import { whyNotInterchangeable } from "./symmetry.ts";

/** What a search may leave out. */
export interface Plan {
  /** Identities whose individuals are interchangeable. */
  readonly kinds: readonly string[];
  readonly ample: readonly AmplePoint[];
  readonly dead: readonly DeadPlace[];
  readonly applied: readonly ReductionNote[];
  readonly off: readonly ReductionNote[];
}

/** Most individuals of a kind whose orders are all tried where they are alike. */
const mostIndividuals = 5;

/**
 * Decides about each reduction that was asked for.
 *
 * @param whyNot - why the search goes without any; null where it need not
 */
export function planReductions(
  env: Environment,
  asked: readonly Reduction[],
  properties: readonly Property[],
  whyNot: string | null,
): Plan {
  const applied: ReductionNote[] = [];
  const off: ReductionNote[] = [];
  if (whyNot !== null) {
    return {
      kinds: [],
      ample: [],
      dead: [],
      applied,
      off: asked.map((reduction) => ({ reduction, says: whyNot })),
    };
  }
  const kinds = asked.includes("symmetry") ? interchangeable(env, properties, applied, off) : [];
  const ample = asked.includes("por") ? independent(env, properties, applied, off) : [];
  const dead = asked.includes("dead") ? unread(env, properties, applied, off) : [];
  return { kinds, ample, dead, applied, off };
}

function interchangeable(
  { system, scope }: Environment,
  properties: readonly Property[],
  applied: ReductionNote[],
  off: ReductionNote[],
): readonly string[] {
  const { model } = system;
  const several = Object.keys(model.identities).filter((kind) => sizeOf(scope.identities, kind) > 1);
  if (several.length === 0)
    off.push({ reduction: "symmetry", says: "there are no two individuals of a kind" });
  return several.filter((kind) => {
    const size = sizeOf(scope.identities, kind);
    const why =
      (size > mostIndividuals ? `${size} of them are too many orders to try` : null) ??
      whyNotInterchangeable(model, properties, kind) ??
      whyNotFairly(model, properties, kind);
    if (why === null)
      applied.push({ reduction: "symmetry", says: `the ${size} individuals of ${kind} are interchangeable` });
    else off.push({ reduction: "symmetry", says: `${kind}: ${why}` });
    return why === null;
  });
}

/** A state of the reduced graph stands for several, in which another instance is the one that waits for its turn. */
function whyNotFairly(model: Model, properties: readonly Property[], kind: string): string | null {
  const temporal = properties.find(({ kind: of }) => of === "leadsTo" || of === "ltl");
  if (temporal === undefined) return null;
  for (const { name, forEach, fairness, config } of model.actors) {
    const each = `${temporal.id} speaks of runs that are fair to each ${name}`;
    if (forEach === kind && fairness !== "none") return each;
    const steps = Object.values(config.states).flatMap(({ on }) => Object.entries(on ?? {}));
    for (const [event, alternatives] of steps) {
      const isFair = alternatives.some(({ meta }) => meta?.fairness !== undefined);
      const kinds = [forEach, ...Object.values(alternatives[0]?.meta?.choose ?? {})];
      if (isFair && kinds.includes(kind)) return `${each}.${event}`;
    }
  }
  return null;
}

function independent(
  env: Environment,
  properties: readonly Property[],
  applied: ReductionNote[],
  off: ReductionNote[],
): readonly AmplePoint[] {
  const graphwide = properties.find(({ kind }) => ["leadsTo", "ltl", "alwaysPossible"].includes(kind));
  if (graphwide !== undefined) {
    off.push({
      reduction: "por",
      says: `${graphwide.id} depends on all runs, and only some of them are kept`,
    });
    return [];
  }
  const points = amplePoints(env, properties);
  if (points.length === 0) {
    const says = "every step may be noticed by other instances or by a property";
    off.push({ reduction: "por", says });
    return [];
  }
  const where = new Set(
    points.map(({ instance, point }) => env.system.instances[instance]?.points[point] ?? ""),
  );
  const many = where.size === 1 ? "a program point" : `${where.size} program points`;
  applied.push({
    reduction: "por",
    says: `nobody can notice the steps of ${many} early, so they are taken first`,
  });
  return points;
}

function unread(
  env: Environment,
  properties: readonly Property[],
  applied: ReductionNote[],
  off: ReductionNote[],
): readonly DeadPlace[] {
  const places = deadPlaces(env, properties);
  const names = [...new Set(places.map(({ place }) => String(place[0])))];
  if (names.length === 0)
    off.push({ reduction: "dead", says: "every variable may be read again at any time" });
  else applied.push({ reduction: "dead", says: `reset while nobody will read them: ${listed(names)}` });
  return places;
}

function listed(names: readonly string[]): string {
  const most = 6;
  if (names.length <= most + 1) return names.join(", ");
  return `${names.slice(0, most).join(", ")} and ${names.length - most} more`;
}
