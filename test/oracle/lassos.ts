/** Runs of a small graph as lassos, and temporal formulas judged on them by their definition, without automata. */
import type { ExprData, Formula } from "../../models/language/index.ts";

export interface Edge {
  readonly from: number;
  readonly to: number;
  readonly mover: number;
}

export interface Graph {
  readonly edges: readonly Edge[];
  readonly states: number;
}

/** The edges of a run from state 0; those from `loopStart` on repeat for ever, and where there are none it has ended. */
export interface LassoRun {
  readonly edges: readonly Edge[];
  readonly loopStart: number;
}

/** Calls `visit` with every lasso of at most so many edges, until it returns true or `budget` walks were tried. */
export function someLasso(
  graph: Graph,
  longest: number,
  budget: number,
  visit: (lasso: LassoRun) => boolean,
): boolean {
  let left = budget;
  const walk = (edges: readonly Edge[], at: number): boolean => {
    if (left-- <= 0) return false;
    const out = graph.edges.filter(({ from }) => from === at);
    if (out.length === 0) return visit({ edges, loopStart: edges.length });
    for (let i = 0; i < edges.length; i++) {
      if (edges[i]?.from === at && visit({ edges, loopStart: i })) return true;
    }
    if (edges.length >= longest) return false;
    return out.some((edge) => walk([...edges, edge], edge.to));
  };
  return walk([], 0);
}

/** Fair to an actor of which only the loop is seen: by the definitions of weak and strong fairness. */
export function isFair(graph: Graph, { edges, loopStart }: LassoRun, fairness: readonly string[]): boolean {
  const loop = edges.slice(loopStart);
  return fairness.every((kind, actor) => {
    if (loop.some(({ mover }) => mover === actor)) return true;
    const able = loop.map((e) => graph.edges.some(({ from, mover }) => from === e.from && mover === actor));
    if (kind === "strong") return !able.includes(true);
    return kind !== "weak" || able.length === 0 || able.includes(false);
  });
}

/** Fair to single edges, given by their position: one that is always, or again and again, there to be taken is taken. */
export function isFairToEdges(
  graph: Graph,
  { edges, loopStart }: LassoRun,
  ofEdges: readonly string[],
): boolean {
  const loop = edges.slice(loopStart);
  return graph.edges.every((edge, i) => {
    if (loop.includes(edge)) return true;
    const able = loop.map(({ from }) => from === edge.from);
    if (ofEdges[i] === "strong") return !able.includes(true);
    return ofEdges[i] !== "weak" || able.length === 0 || able.includes(false);
  });
}

/** True where the formula is true of the run: `true at position i` as the textbooks define it, by looking ahead. */
export function isTrueOf(
  { edges, loopStart }: LassoRun,
  formula: Formula,
  valueAt: (state: number, expr: ExprData) => boolean,
): boolean {
  const visited = [0, ...edges.map(({ to }) => to)];
  const ended = loopStart === edges.length;
  const size = ended ? visited.length : edges.length;
  const next = (i: number) => (i + 1 < size ? i + 1 : ended ? i : loopStart);
  /** The positions from `i` on, each of those in the loop at least once. */
  const onwards = (i: number): readonly number[] => {
    const all = [i];
    while (all.length <= 2 * size) all.push(next(all[all.length - 1] as number));
    return all;
  };
  const memo = new Map<Formula, (boolean | undefined)[]>();
  const at = (f: Formula, i: number): boolean => {
    const known = memo.get(f) ?? [];
    memo.set(f, known);
    known[i] ??= compute(f, i);
    return known[i];
  };
  const compute = (f: Formula, i: number): boolean => {
    switch (f.kind) {
      case "state":
        return valueAt(visited[i] as number, f.holds);
      case "not":
        return !at(f.of, i);
      case "and":
        return f.of.every((g) => at(g, i));
      case "or":
        return f.of.some((g) => at(g, i));
      case "implies":
        return at(f.right, i) || !at(f.left, i);
      case "next":
        return at(f.of, next(i));
      case "eventually":
        return onwards(i).some((j) => at(f.of, j));
      case "always":
        return onwards(i).every((j) => at(f.of, j));
      case "until":
      case "weakUntil":
        for (const j of onwards(i)) {
          if (at(f.right, j)) return true;
          if (!at(f.left, j)) return false;
        }
        return f.kind === "weakUntil";
      case "release":
        for (const j of onwards(i)) {
          if (!at(f.right, j)) return false;
          if (at(f.left, j)) return true;
        }
        return true;
    }
  };
  return at(formula, 0);
}
