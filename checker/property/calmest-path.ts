/**
 * Of all shortest paths to states of one level, one with the fewest changes of actor, and of those one with the fewest changed
 * variables, added up over its steps.
 *
 * Backwards, level by level, the states and edges from which a target can still be reached in time; forwards, for each
 * of them and each actor that can have moved last, the best way so far. Ties go to the model's order.
 */
import type { Exploration } from "../explore/explore.ts";
import type { Meter } from "../explore/meter.ts";
import { changeCounter } from "./changed-cells.ts";
import { successorReader } from "./successors.ts";
import {
  beginning,
  bytesOfWay,
  calmestTo,
  type LastSteps,
  noLastStep,
  onward,
  type Way,
  withWay,
} from "./way.ts";

interface Edge {
  readonly from: number;
  readonly to: number;
  /** Position of the instance that moves. */
  readonly mover: number;
  /** Variables that it changes. */
  readonly changed: number;
}

/** About what an edge takes, with its share of the set of those wanted. */
const bytesOfEdge = 96;

/**
 * State numbers from the initial state to one of the targets, both included.
 *
 * @param targets - states of one level, in ascending order; of equally calm paths the one to the first of them is taken
 * @throws LimitReached where the meter says so
 */
export function calmestPath(
  exploration: Exploration,
  targets: readonly number[],
  meter: Meter,
  last: LastSteps<number> = noLastStep,
): readonly number[] {
  let ways = new Map<number, readonly Way<number>[]>([[0, [beginning(0)]]]);
  for (const edges of levelsOfEdges(exploration, targets, meter)) {
    const next = new Map<number, readonly Way<number>[]>();
    for (const edge of edges) {
      meter.poll();
      meter.take(bytesOfWay);
      const best = onward(ways.get(edge.from) ?? [], edge, edge.to);
      next.set(edge.to, withWay(next.get(edge.to) ?? [], best));
    }
    ways = next;
  }
  return calmestTo(
    targets.flatMap((to) => ways.get(to) ?? []),
    last,
  );
}

/** For each step of the shortest paths to the targets, the numbers of the states to which it leads. */
export function levelsTo(
  exploration: Exploration,
  targets: readonly number[],
  meter: Meter,
): readonly ReadonlySet<number>[] {
  return levelsOfEdges(exploration, targets, meter).map((edges) => new Set(edges.map((edge) => edge.to)));
}

/** The edges of shortest paths to the targets, from the first step to the last. */
function levelsOfEdges(
  exploration: Exploration,
  targets: readonly number[],
  meter: Meter,
): readonly (readonly Edge[])[] {
  const { levels, program } = exploration;
  const reader = successorReader(exploration, meter);
  const { words } = program.layout;
  const changesBetween = changeCounter(program.layout, program.system.model);
  const depth = levels.findLastIndex((first) => first <= (targets[0] ?? 0));
  const all: (readonly Edge[])[] = [];
  let wanted = new Set(targets);
  for (let level = depth - 1; level >= 0; level--) {
    const edges: Edge[] = [];
    for (let from = levels[level] ?? 0; from < (levels[level + 1] ?? 0); from++) {
      const count = reader.read(from);
      for (let e = 0; e < count; e++) {
        const target = reader.targets[e] ?? 0;
        const mover = program.system.steps[reader.steps[e] ?? 0]?.instance ?? 0;
        if (!wanted.has(target)) continue;
        meter.take(bytesOfEdge);
        const changed = changesBetween(exploration.arena, from * words, target * words);
        edges.push({ from, to: target, mover, changed });
      }
    }
    wanted = new Set(edges.map(({ from }) => from));
    all.push(edges);
  }
  return all.reverse();
}
