/** Paths in an exploration. */
import type { State } from "../../models/language/index.ts";
import type { Exploration } from "../explore/explore.ts";
import { unpack } from "../lower/layout.ts";
import { calmestPath } from "./calmest-path.ts";
import { shortestPath } from "./shortest-path.ts";

/** With more states than this before the last one, the first path found is taken as it is. */
const mostStatesToCalm = 1_000_000;

/**
 * The states on a shortest path from the initial state to state number `to`, both included; of all shortest paths one
 * with the fewest changes of actor, because a reader follows one actor at a time. A search that was not breadth first has
 * no levels to choose from: its path is a shortest one through the states that it has stored.
 */
export function pathTo(exploration: Exploration, to: number): readonly State[] {
  return numbersTo(exploration, to).map((number) => stateNumber(exploration, number));
}

function numbersTo(exploration: Exploration, to: number): readonly number[] {
  if (exploration.levels.length === 0) return shortestPath(exploration, to);
  return to <= mostStatesToCalm ? calmestPath(exploration, to) : firstPath(exploration, to);
}

/** The path by which the search found the state. */
function firstPath(exploration: Exploration, to: number): readonly number[] {
  const numbers = [to];
  for (let at = to; at !== 0; ) {
    at = exploration.parents[at] ?? 0;
    numbers.push(at);
  }
  return numbers.reverse();
}

/** State number `number`, unpacked. */
export function stateNumber(exploration: Exploration, number: number): State {
  const { layout } = exploration.program;
  return unpack(layout, exploration.arena, number * layout.words);
}
