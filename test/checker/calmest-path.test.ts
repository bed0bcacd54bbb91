/** The path with the fewest changes of actor, and then of variables, against all shortest paths. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { describeStep } from "../../checker/explain/replay.ts";
import { type Exploration, explore } from "../../checker/explore/explore.ts";
import { Meter } from "../../checker/explore/meter.ts";
import { lowerModel } from "../../checker/lower/program.ts";
import { calmestPath } from "../../checker/property/calmest-path.ts";
import { stateNumber } from "../../checker/property/path.ts";
import { successorReader } from "../../checker/property/successors.ts";
import { smallModel } from "../arbitrary/model.ts";
import { runs } from "../runs.ts";
import { unlimited } from "./unlimited.ts";

/** Changes of actor and changed variables, as one number whose first part counts first. */
const price = (switches: number, variables: number) => switches * 1e6 + variables;

/** Edges with their movers, and the variables that a counterexample would list under them. */
function edgesFrom(exploration: Exploration) {
  const reader = successorReader(exploration);
  const { system } = exploration.program;
  const known = new Map<number, readonly { to: number; mover: number; variables: number }[]>();
  return (state: number) => {
    const before = known.get(state);
    if (before !== undefined) return before;
    const edges = Array.from({ length: reader.read(state) }, (_, e) => {
      const [to, step] = [reader.targets[e]!, system.steps[reader.steps[e]!]!];
      const shown = describeStep(system, step, stateNumber(exploration, state), stateNumber(exploration, to));
      return { to, mover: step.instance, variables: shown.changes.length };
    });
    known.set(state, edges);
    return edges;
  };
}

type Edges = ReturnType<typeof edgesFrom>;

/** The lowest price over walks that take the given way at each step, by the last mover. */
function cheapest(edges: Edges, from: number, length: number, fits: (i: number, to: number) => boolean) {
  let ways = new Map([[`${from} -1`, 0]]);
  for (let i = 1; i <= length; i++) {
    const next = new Map<string, number>();
    for (const [key, sum] of ways) {
      const [state, last] = key.split(" ").map(Number) as [number, number];
      for (const { to, mover, variables } of edges(state)) {
        if (!fits(i, to)) continue;
        const there = `${to} ${mover}`;
        const total = sum + price(last === -1 || last === mover ? 0 : 1, variables);
        if (total < (next.get(there) ?? Number.POSITIVE_INFINITY)) next.set(there, total);
      }
    }
    ways = next;
  }
  return Math.min(...ways.values());
}

test("no walk of the same length changes the actor, and then variables, less often, and none is shorter", () => {
  fc.assert(
    fc.property(smallModel(150), fc.nat(), (model, choice) => {
      const exploration = explore(lowerModel(model), [], unlimited);
      const to = choice % exploration.counts.states;
      const path = calmestPath(exploration, to, new Meter(unlimited));
      expect(path[0]).toBe(0);
      expect(path.at(-1)).toBe(to);
      const depth = exploration.levels.findLastIndex((first) => first <= to);
      expect(path.length - 1).toBe(depth);
      const edges = edgesFrom(exploration);
      // Where several steps lead the same way, the best choice among them counts.
      const taken = cheapest(edges, 0, depth, (i, state) => state === path[i]);
      const best = cheapest(edges, 0, depth, (i, state) => i < depth || state === to);
      expect(taken).toBe(best);
    }),
    runs(40),
  );
});
