/** Paths in an exploration. */
import type { State } from "../../models/language/index.ts";
import type { Exploration } from "../explore/explore.ts";
import { pack, unpack } from "../lower/layout.ts";
import { calmestPath, levelsTo } from "./calmest-path.ts";
import type { Lasso, Moves } from "./part.ts";
import { realLasso, realPath } from "./real-path.ts";
import { realSteps } from "./real-steps.ts";
import { shortestPath } from "./shortest-path.ts";

/** With more states than this before the last one, the first path found is taken as it is. */
const mostStatesToCalm = 1_000_000;

/**
 * The states on a shortest path from the initial state to state number `to`, both included; of all shortest paths one
 * with the fewest changes of actor, because a reader follows one actor at a time. A search that was not breadth first has
 * no levels to choose from: its path is a shortest one through the states that it has stored. Where states stand for
 * several, the path is one of the model, to a state for which number `to` stands.
 */
export function pathTo(exploration: Exploration, to: number): readonly State[] {
  const real = realSteps(exploration);
  if (real === null) return numbersTo(exploration, to).map((number) => stateNumber(exploration, number));
  const calm = exploration.levels.length > 0 && to <= mostStatesToCalm;
  const levels = calm
    ? levelsTo(exploration, to)
    : numbersTo(exploration, to)
        .slice(1)
        .map((number) => new Set([number]));
  const { layout } = exploration.program;
  return realPath(exploration, real, levels).map((words) => unpack(layout, words));
}

/** The lasso as a run of the model, from the last state of a path to its start. */
export function lassoFrom(exploration: Exploration, path: readonly State[], lasso: Lasso): Moves {
  const real = realSteps(exploration);
  const start = path.at(-1);
  if (real !== null && start !== undefined) {
    return realLasso(exploration, real, pack(exploration.program.layout, start), lasso);
  }
  const moves = [...lasso.stem, ...lasso.loop].map(({ step, state }) => ({
    step,
    state: stateNumber(exploration, state),
  }));
  return { moves, loopLength: lasso.loop.length };
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
