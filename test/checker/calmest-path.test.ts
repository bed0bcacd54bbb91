/** The path with the fewest changes of actor, against all shortest paths. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Exploration, explore } from "../../checker/explore/explore.ts";
import { lowerModel } from "../../checker/lower/program.ts";
import { calmestPath } from "../../checker/property/calmest-path.ts";
import { successorReader } from "../../checker/property/successors.ts";
import { smallModel } from "../arbitrary/model.ts";
import { unlimited } from "./unlimited.ts";

/** Edges with their movers. */
function edgesFrom(exploration: Exploration): (state: number) => readonly { to: number; mover: number }[] {
  const reader = successorReader(exploration);
  const { steps } = exploration.program.system;
  return (state) =>
    Array.from({ length: reader.read(state) }, (_, e) => ({
      to: reader.targets[e]!,
      mover: steps[reader.steps[e]!]!.instance,
    }));
}

/** Length and fewest changes over all walks of that length, by trying them all. */
function fewestChanges(exploration: Exploration, to: number, length: number): number {
  const edges = edgesFrom(exploration);
  let ways = new Map([["0 -1", 0]]);
  for (let i = 0; i < length; i++) {
    const next = new Map<string, number>();
    for (const [key, changes] of ways) {
      const [state, last] = key.split(" ").map(Number) as [number, number];
      for (const { to: target, mover } of edges(state)) {
        const sum = changes + (last === -1 || last === mover ? 0 : 1);
        const there = `${target} ${mover}`;
        if (sum < (next.get(there) ?? Number.POSITIVE_INFINITY)) next.set(there, sum);
      }
    }
    ways = next;
  }
  return Math.min(...[...ways].filter(([key]) => key.startsWith(`${to} `)).map(([, changes]) => changes));
}

test("no walk of the same length changes the actor less often, and none is shorter", () => {
  fc.assert(
    fc.property(smallModel(150), fc.nat(), (model, choice) => {
      const exploration = explore(lowerModel(model), [], unlimited);
      const to = choice % exploration.counts.states;
      const path = calmestPath(exploration, to);
      expect(path[0]).toBe(0);
      expect(path.at(-1)).toBe(to);
      const depth = exploration.levels.findLastIndex((first) => first <= to);
      expect(path.length - 1).toBe(depth);
      const edges = edgesFrom(exploration);
      // The path's own changes, with the best choice of mover where several lead the same way.
      let last = new Map([[-1, 0]]);
      for (let i = 1; i < path.length; i++) {
        const movers = edges(path[i - 1]!).flatMap(({ to: target, mover }) =>
          target === path[i] ? [mover] : [],
        );
        expect(movers.length).toBeGreaterThan(0);
        last = new Map(
          movers.map((mover) => [
            mover,
            Math.min(...[...last].map(([before, n]) => n + (before === -1 || before === mover ? 0 : 1))),
          ]),
        );
      }
      expect(Math.min(...last.values())).toBe(depth === 0 ? 0 : fewestChanges(exploration, to, depth));
    }),
    { numRuns: 60 },
  );
});
