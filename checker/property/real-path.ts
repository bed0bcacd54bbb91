/** Runs of the model itself along states that stand for several. */
import type { Exploration } from "../explore/explore.ts";
import type { Meter } from "../explore/meter.ts";
import { InternalError } from "../internal-error.ts";
import { unpack } from "../lower/layout.ts";
import { changeCounter } from "./changed-cells.ts";
import type { Lasso, Move, Moves } from "./part.ts";
import type { RealStep, RealSteps } from "./real-steps.ts";
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

/** About what a word of a state takes: in the array, and as a number in the text by which it is looked up. */
const bytesOfState = 16;

/**
 * Real packed states from the initial one on, each stood for by one of the numbers of its level; of all such paths one with
 * the fewest changes of actor, then of variables. Ties go to the model's order.
 *
 * @param levels - for each step the numbers of the states to which it may lead
 * @param meter - null for work that is not to be given up
 * @throws LimitReached where the meter says so
 */
export function realPath(
  exploration: Exploration,
  steps: RealSteps,
  levels: readonly ReadonlySet<number>[],
  meter: Meter | null,
  last: LastSteps<Int32Array> = noLastStep,
): readonly Int32Array[] {
  const { program, arena } = exploration;
  const changesBetween = changeCounter(program.layout, program.system.model);
  const { words } = program.layout;
  const pair = new Int32Array(2 * words);
  const changes = (before: Int32Array, after: Int32Array) => {
    pair.set(before);
    pair.set(after, words);
    return changesBetween(pair, 0, words);
  };
  const initial = arena.slice(0, words);
  let ways = new Map([[initial.join(), [beginning(initial)] as readonly Way<Int32Array>[]]]);
  for (const wanted of levels) {
    const next = new Map<string, readonly Way<Int32Array>[]>();
    for (const known of ways.values()) {
      const from = (known[0] as Way<Int32Array>).state;
      for (const { step, state } of steps.from(from)) {
        meter?.poll();
        if (!wanted.has(steps.numberOf(state))) continue;
        meter?.take(bytesOfWay + bytesOfState * words);
        const mover = program.system.steps[step]?.instance ?? -1;
        const changed = changes(from, state);
        const key = state.join();
        next.set(key, withWay(next.get(key) ?? [], onward(known, { mover, changed }, state)));
      }
    }
    ways = next;
  }
  const ends = [...ways.values()].flat();
  if (ends.length === 0) throw new InternalError("a path of the reduced graph is no path of the model");
  return calmestTo(ends, last);
}

/**
 * A real lasso along one of the reduced graph. The loop may come back to its first state under other names; it is then gone
 * through again until the names are those with which some earlier round began.
 */
export function realLasso(
  exploration: Exploration,
  steps: RealSteps,
  start: Int32Array,
  { stem, loop }: Lasso,
): Moves {
  const moves: RealStep[] = [];
  let at = start;
  const go = (move: Move) => {
    const taken = pick(exploration, steps, at, move);
    moves.push(taken);
    at = taken.state;
  };
  stem.forEach(go);
  const rounds = new Map<string, number>();
  while (loop.length > 0 && !rounds.has(at.join())) {
    rounds.set(at.join(), moves.length);
    loop.forEach(go);
  }
  const { layout } = exploration.program;
  return {
    moves: moves.map(({ step, state }) => ({ step, state: unpack(layout, state) })),
    loopLength: loop.length === 0 ? 0 : moves.length - (rounds.get(at.join()) ?? 0),
  };
}

/** A real step along an edge of the reduced graph: the same one if it leads there, else one of the same instance, or of its like. */
function pick(exploration: Exploration, steps: RealSteps, at: Int32Array, move: Move): RealStep {
  const { system } = exploration.program;
  const instanceOf = (step: number) => system.instances[system.steps[step]?.instance ?? -1];
  const mover = instanceOf(move.step);
  const fitting = steps.from(at).filter(({ state }) => steps.numberOf(state) === move.state);
  const taken =
    fitting.find(({ step }) => step === move.step) ??
    fitting.find(({ step }) => instanceOf(step) === mover) ??
    fitting.find(({ step }) => instanceOf(step)?.actor === mover?.actor);
  if (taken === undefined) throw new InternalError("an edge of the reduced graph is no step of the model");
  return taken;
}
