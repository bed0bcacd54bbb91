/** Depth-first search with exact states: the same graph as breadth first, its states numbered otherwise. */
import type { Property } from "../../models/language/index.ts";
import type { Exploration, Limits } from "../explore/explore.ts";
import type { Program } from "../lower/program.ts";
import { searchDepthFirst } from "./depth-first.ts";
import { exactSet } from "./exact-set.ts";
import { compileHasher } from "./hasher.ts";
import { randomOf } from "./prng.ts";
import { compileStepper } from "./stepper.ts";

export interface DepthFirstGraphOptions {
  /** Shuffles the steps of each state; null for the model's order. */
  readonly seed: number | null;
  readonly maxDepth: number | null;
}

/** Explores all reachable states, depth first. The exploration has no levels. */
export function exploreDepthFirst(
  program: Program,
  properties: readonly Property[],
  limits: Limits,
  { seed, maxDepth }: DepthFirstGraphOptions,
): Exploration {
  const stepper = compileStepper(program, properties);
  const visited = exactSet(compileHasher(program.layout.words, 0));
  const { finds, extent, cut, seconds } = searchDepthFirst(program, stepper, visited, limits, {
    maxDepth: maxDepth ?? Number.POSITIVE_INFINITY,
    order: seed === null ? null : randomOf(seed),
    isViolation: (k) => properties[k]?.kind !== "reachable",
  });
  const findings = properties.map((property, k) => (property.kind === "deadlock" ? undefined : finds[k]));
  const stuck = properties.map((property, k) => (property.kind === "deadlock" ? finds[k] : undefined));
  const broken = finds[properties.length];
  const { states, transitions, errors, depth, frontier } = extent;
  return {
    program,
    properties,
    counts: { states, transitions, errors, depth, expanded: states - frontier, frontier },
    findings: { failures: findings, stuck, broken: broken === undefined ? [] : [broken] },
    cut,
    arena: visited.arena(),
    parents: () => {
      const parents = visited.parents();
      return (state) => parents[state] ?? 0;
    },
    levels: [],
    taken: stepper.taken,
    reached: stepper.reached,
    find: visited.find,
    seconds,
    memoryBytes: extent.bytes,
    peakMemoryBytes: extent.bytes,
    workers: 1,
  };
}
