/** Paths in an exploration. */
import type { State } from "../../models/language/index.ts";
import type { Exploration } from "../explore/explore.ts";
import { type Meter, within } from "../explore/meter.ts";
import { pack, unpack } from "../lower/layout.ts";
import { calmestPath, levelsTo } from "./calmest-path.ts";
import type { Lasso, Moves } from "./part.ts";
import { realLasso, realPath } from "./real-path.ts";
import { realSteps } from "./real-steps.ts";
import { shortestPath } from "./shortest-path.ts";
import type { Stride, Way } from "./way.ts";

/** With more states than this before the last one, the first path found is taken as it is. */
const mostStatesToCalm = 1_000_000;

/** Where a path may end as well as in the state to which it is asked for. */
export interface Ends {
  /** That state and others of its level, in ascending order. */
  readonly states: (meter: Meter) => readonly number[];
  /** The steps that are to follow in such a state, as far as they count; null where none does. */
  readonly lastSteps: ((state: State) => readonly Stride[]) | null;
}

/**
 * The states on a shortest path from the initial state to state number `to`, or to one that is as good, both included; of all
 * shortest paths one with the fewest changes of actor, because a reader follows one actor at a time. A search that was not breadth first has
 * no levels to choose from: its path is a shortest one through the states that it has stored. Where states stand for
 * several, the path is one of the model, to a state for which number `to` stands. Where the limits of the search leave no
 * room or time to choose, it is the path by which the search came.
 */
export function pathTo(
  exploration: Exploration,
  to: number,
  meter: Meter,
  ends: Ends = { states: () => [to], lastSteps: null },
): readonly State[] {
  const { lastSteps } = ends;
  const real = realSteps(exploration);
  const withinLimits = <T>(choose: () => T, first: () => T): T =>
    within(
      () => {
        meter.beginSoon(exploration);
        return choose();
      },
      () => first(),
    );
  if (real === null) {
    const numbers = withinLimits(
      () => numbersTo(exploration, to, meter, ends),
      () => firstPath(exploration, to),
    );
    return numbers.map((number) => stateNumber(exploration, number));
  }
  const { layout } = exploration.program;
  const words = withinLimits(
    () => {
      const last =
        lastSteps === null ? undefined : (way: Way<Int32Array>) => lastSteps(unpack(layout, way.state));
      return realPath(exploration, real, choicesTo(exploration, to, meter, ends), meter, last);
    },
    () => realPath(exploration, real, onlyChoices(firstPath(exploration, to)), null),
  );
  return words.map((state) => unpack(layout, state));
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

function isToCalm({ levels }: Exploration, to: number): boolean {
  return levels.length > 0 && to <= mostStatesToCalm;
}

function numbersTo(exploration: Exploration, to: number, meter: Meter, ends: Ends): readonly number[] {
  if (exploration.levels.length === 0) return shortestPath(exploration, to, meter);
  if (!isToCalm(exploration, to)) return firstPath(exploration, to);
  const { states, lastSteps } = ends;
  const last =
    lastSteps === null ? undefined : (way: Way<number>) => lastSteps(stateNumber(exploration, way.state));
  return calmestPath(exploration, states(meter), meter, last);
}

/** For each step of a path the numbers of the states to which it may lead. */
function choicesTo(
  exploration: Exploration,
  to: number,
  meter: Meter,
  ends: Ends,
): readonly ReadonlySet<number>[] {
  if (isToCalm(exploration, to)) return levelsTo(exploration, ends.states(meter), meter);
  return onlyChoices(numbersTo(exploration, to, meter, ends));
}

function onlyChoices(path: readonly number[]): readonly ReadonlySet<number>[] {
  return path.slice(1).map((number) => new Set([number]));
}

/** The path by which the search found the state. */
function firstPath(exploration: Exploration, to: number): readonly number[] {
  const numbers = [to];
  const parent = exploration.parents();
  for (let at = to; at !== 0; ) {
    at = parent(at);
    numbers.push(at);
  }
  return numbers.reverse();
}

/** State number `number`, unpacked. */
export function stateNumber(exploration: Exploration, number: number): State {
  const { layout } = exploration.program;
  return unpack(layout, exploration.arena, number * layout.words);
}
