/**
 * Of all shortest paths to a state, one with the fewest changes of actor, and of those one with the fewest changed
 * variables, added up over its steps.
 *
 * Backwards, level by level, the states and edges from which the target can still be reached in time; forwards, for each
 * of them and each actor that can have moved last, the best way so far. Ties go to the model's order.
 */
import type { Exploration } from "../explore/explore.ts";
import { changeCounter } from "./changed-cells.ts";
import { successorReader } from "./successors.ts";

interface Edge {
  readonly from: number;
  readonly to: number;
  /** Position of the instance that moves. */
  readonly mover: number;
  /** Variables that it changes. */
  readonly changed: number;
}

/** The best way to a state with a given last mover. */
interface Way {
  /** Changes of actor. */
  readonly switches: number;
  /** Changed variables, step by step. */
  readonly changed: number;
  readonly state: number;
  readonly mover: number;
  readonly before: Way | null;
}

/** State numbers from the initial state to `to`, both included. */
export function calmestPath(exploration: Exploration, to: number): readonly number[] {
  let ways = new Map<number, readonly Way[]>([
    [0, [{ switches: 0, changed: 0, state: 0, mover: -1, before: null }]],
  ]);
  for (const edges of levelsOfEdges(exploration, to)) {
    const next = new Map<number, readonly Way[]>();
    for (const edge of edges) {
      const best = (ways.get(edge.from) ?? []).map((way) => follow(way, edge)).reduce(calmer);
      const known = next.get(edge.to) ?? [];
      next.set(edge.to, withWay(known, best));
    }
    ways = next;
  }
  const numbers: number[] = [];
  const last = (ways.get(to) ?? []).reduce(calmer);
  for (let way: Way | null = last; way !== null; way = way.before) numbers.push(way.state);
  return numbers.reverse();
}

function follow(before: Way, { to, mover, changed }: Edge): Way {
  const switches = before.switches + (before.mover !== -1 && before.mover !== mover ? 1 : 0);
  return { switches, changed: before.changed + changed, state: to, mover, before };
}

/** The first of equals is kept, so the model's order decides. */
function calmer(a: Way, b: Way): Way {
  return b.switches < a.switches || (b.switches === a.switches && b.changed < a.changed) ? b : a;
}

/** At most one way for each last mover. */
function withWay(ways: readonly Way[], way: Way): readonly Way[] {
  const same = ways.findIndex(({ mover }) => mover === way.mover);
  if (same < 0) return [...ways, way];
  const known = ways[same];
  return known === undefined || calmer(known, way) === known ? ways : ways.with(same, way);
}

/** The edges of shortest paths to the state, from the first step to the last. */
function levelsOfEdges(exploration: Exploration, to: number): readonly (readonly Edge[])[] {
  const { levels, program } = exploration;
  const reader = successorReader(exploration);
  const { words } = program.layout;
  const changesBetween = changeCounter(program.layout, program.system.model);
  const depth = levels.findLastIndex((first) => first <= to);
  const all: (readonly Edge[])[] = [];
  let wanted = new Set([to]);
  for (let level = depth - 1; level >= 0; level--) {
    const edges: Edge[] = [];
    for (let from = levels[level] ?? 0; from < (levels[level + 1] ?? 0); from++) {
      const count = reader.read(from);
      for (let e = 0; e < count; e++) {
        const target = reader.targets[e] ?? 0;
        const mover = program.system.steps[reader.steps[e] ?? 0]?.instance ?? 0;
        if (!wanted.has(target)) continue;
        const changed = changesBetween(exploration.arena, from * words, target * words);
        edges.push({ from, to: target, mover, changed });
      }
    }
    wanted = new Set(edges.map(({ from }) => from));
    all.push(edges);
  }
  return all.reverse();
}
