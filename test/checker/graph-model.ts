/** Models that are a given graph: one variable says in which state they are, and each edge is a step. */
import {
  type Actor,
  actor,
  type Bool,
  declare,
  type Expr,
  type ExprData,
  eq,
  type Fairness,
  type Formula,
  int,
  type Model,
  or,
  type Property,
  point,
  set,
  step,
} from "../../models/language/index.ts";
import type { Graph } from "../oracle/lassos.ts";

const { variables, v } = declare({ s: { sort: int(0, 15), initial: 0, doc: "the state" } });

/** Formulas over two conditions, one of each kind. */
export const shapes = [
  "<> p",
  "[]<> p",
  "<>[] p",
  "p U q",
  "[] (p -> <> q)",
  "[]<> p -> []<> q",
  "<> (p && [] !q)",
  "q V p",
  "p W q",
  "[] (p -> (p U q))",
  "(<>[] p) || ([]<> q)",
  "!(<> p && <> q)",
];

/** A condition that is true in these states of the graph. */
export function inStates(...states: readonly number[]): Expr<Bool> {
  return or(...states.map((state) => eq(v.s, state)));
}

/** Whether a condition made by {@link inStates}, or a constant, is true in a state. */
export function isTrueIn(state: number, expr: ExprData): boolean {
  if (expr.kind === "bool") return expr.value;
  return (
    expr.kind === "or" &&
    expr.of.some((part) => part.kind === "eq" && part.right.kind === "int" && part.right.value === state)
  );
}

/** The graph as a model with an actor for each entry of `fairness`, which makes the edges that are its own; edges may be fair, too. */
export function graphModel(
  graph: Graph,
  fairness: readonly Fairness[],
  formula: Formula,
  /** Fairness of single edges, by their position. */
  ofEdges: readonly Fairness[] = [],
): Model {
  const property: Property = { id: "P", kind: "ltl", title: "a formula", says: "It is false.", formula };
  const actors = fairness.map((kind, number): Actor => {
    const mine = graph.edges.filter(({ mover }) => mover === number);
    const steps = mine.map((edge, i) => {
      const asked = ofEdges[graph.edges.indexOf(edge)] ?? "none";
      return step(`e${i}`, `from ${edge.from} to ${edge.to}`, {
        when: eq(v.s, edge.from),
        do: [set(v.s, edge.to)],
        ...(asked === "none" ? {} : { fairness: asked }),
      });
    });
    return actor({
      name: `a${number}`,
      doc: "makes edges",
      fairness: kind,
      initial: "here",
      points: { here: point(...steps) },
    });
  });
  return { name: "graph", title: "A graph", identities: {}, variables, actors, properties: [property] };
}
