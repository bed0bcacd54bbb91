/**
 * Ways to a state, compared by how often another actor takes over, then by how many variables they change. Of equals the
 * first is kept: the model's order decides.
 */

/** About what one way takes, with the map in which it is looked up. */
export const bytesOfWay = 128;

/** The best way to a state with a given last mover. */
export interface Way<State> {
  /** Changes of actor. */
  readonly switches: number;
  /** Changed variables, step by step. */
  readonly changed: number;
  /** Position of the instance that moved last; -1 where nobody has. */
  readonly mover: number;
  readonly state: State;
  readonly before: Way<State> | null;
}

/** One step onward: who moves, and how many variables it changes. */
export interface Stride {
  readonly mover: number;
  readonly changed: number;
}

/** The way that has not begun. */
export function beginning<State>(state: State): Way<State> {
  return { switches: 0, changed: 0, mover: -1, state, before: null };
}

/** The calmest of the ways, with one more step. */
export function onward<State>(ways: readonly Way<State>[], stride: Stride, state: State): Way<State> {
  return calmest(ways.map((before) => follow(before, stride, state)));
}

function follow<State>(before: Way<State>, { mover, changed }: Stride, state: State): Way<State> {
  const switches = before.switches + (before.mover !== -1 && before.mover !== mover ? 1 : 0);
  return { switches, changed: before.changed + changed, mover, state, before };
}

/** The calmest way. There must be one. */
export function calmest<State>(ways: readonly Way<State>[]): Way<State> {
  return ways.reduce(calmer);
}

function calmer<State>(a: Way<State>, b: Way<State>): Way<State> {
  return b.switches < a.switches || (b.switches === a.switches && b.changed < a.changed) ? b : a;
}

/** The ways and one more, at most one for each last mover. */
export function withWay<State>(ways: readonly Way<State>[], way: Way<State>): readonly Way<State>[] {
  const same = ways.findIndex(({ mover }) => mover === way.mover);
  if (same < 0) return [...ways, way];
  const known = ways[same];
  return known === undefined || calmer(known, way) === known ? ways : ways.with(same, way);
}

/** The last steps that may follow a way, which are no part of it. */
export type LastSteps<State> = (way: Way<State>) => readonly Stride[];

/** Nothing follows. */
export const noLastStep: LastSteps<unknown> = ({ mover }) => [{ mover, changed: 0 }];

/** The states on the calmest of the ways, a last step included. There must be one that has a last step. */
export function calmestTo<State>(ways: readonly Way<State>[], last: LastSteps<State>): readonly State[] {
  const whole = ways.flatMap((way) => last(way).map((stride) => follow(way, stride, way.state)));
  return statesOf(calmest(whole)).slice(0, -1);
}

/** The states on the way, from where it began. */
export function statesOf<State>(way: Way<State>): readonly State[] {
  const states: State[] = [];
  for (let at: Way<State> | null = way; at !== null; at = at.before) states.push(at.state);
  return states.reverse();
}
