/**
 * Shortens a run that shows something of a property, so that a person can read it.
 *
 * Parts of the run are taken out, large ones first (delta debugging, Zeller and Hildebrandt 2002); of the rest every step
 * that can still be taken is taken. What still shows the same is kept. In the end no single step can be taken out: the
 * run is 1-minimal, unless the budget was used up before.
 */
import { initialState } from "../../models/language/index.ts";
import { pack } from "../lower/layout.ts";
import type { Program } from "../lower/program.ts";
import type { Find } from "./find.ts";
import type { Stepper } from "./stepper.ts";

/** Expansions that shortening one run may take. */
const budget = 4_000_000;

/** Expansions between two questions whether to end: some hundredths of a second, and enough for most runs. */
const slice = 1 << 14;

/** A shortened find, and whether no single step of it can be taken out. */
export interface Shrunk extends Find {
  readonly minimal: boolean;
}

/**
 * Shortens a run as far as the budget allows, or until it is to be given up; what it has then is still a run that shows the
 * same.
 *
 * @param stepper - of the same program and properties; its `open` is changed
 * @param property - what the run shows, as in {@link Find}
 * @param isToEnd - asked at intervals; what was not tried then is not tried any more
 */
export function shrink(
  program: Program,
  stepper: Stepper,
  property: number,
  find: Find,
  isToEnd: () => boolean,
): Shrunk {
  const replayer = new Replayer(program, stepper, property, isToEnd);
  let best = replayer.try([], find.run) ?? find;
  /** Takes out parts of the size wherever that leaves less; true where it did. */
  const pass = (size: number): boolean => {
    const before = best.run.length;
    for (let at = 0; at < best.run.length && replayer.left > 0; ) {
      const shorter = replayer.try(best.run.slice(0, at), best.run.slice(at + size));
      if (shorter !== null && shorter.run.length < best.run.length) best = shorter;
      else at += size;
    }
    return best.run.length < before;
  };
  for (let size = Math.ceil(best.run.length / 2); size > smallest; size = Math.ceil(size / 2)) pass(size);
  // Several steps at once are tried again as well: a loop is taken out as a whole or not at all.
  for (let again = true; again; ) {
    again = false;
    for (let size = smallest; size >= 1; size--) again = pass(size) || again;
  }
  return { ...best, minimal: replayer.left > 0 };
}

/** Parts of up to so many steps are tried until none can be taken out. */
const smallest = 4;

/** Takes steps one after the other on packed states until the property shows. */
class Replayer {
  /** Expansions that are left. */
  left = budget;
  private readonly isToEnd: () => boolean;
  private readonly stepper: Stepper;
  private readonly property: number;
  private readonly initial: Int32Array;
  private readonly state: Int32Array;

  constructor(program: Program, stepper: Stepper, property: number, isToEnd: () => boolean) {
    this.isToEnd = isToEnd;
    this.stepper = stepper;
    this.property = property;
    this.initial = pack(program.layout, initialState(program.system));
    this.state = new Int32Array(stepper.words);
    stepper.open.fill(0);
    stepper.open[property] = 1;
    stepper.alerts.length = 0;
  }

  /** The run up to where the property shows, without the steps that cannot be taken; null where it does not show. */
  try(first: readonly number[], rest: readonly number[]): Find | null {
    const { stepper, state } = this;
    const { words, steps, successors, alerts } = stepper;
    const run: number[] = [];
    state.set(this.initial);
    const shown = (): Find | null => {
      const step = alerts.find(({ property }) => property === this.property)?.step;
      alerts.length = 0;
      return step === undefined ? null : { state: -1, step, run };
    };
    stepper.judge(state, 0);
    let found = shown();
    if (found !== null) return found;
    let count = 0;
    for (let i = 0, moved = true; i <= first.length + rest.length; i++) {
      if (moved) {
        if (this.left-- <= 0) return null;
        if ((budget - this.left) % slice === 0 && this.isToEnd()) this.left = 0;
        const errors = stepper.errors();
        count = stepper.expand(state, 0);
        if (count === 0 && stepper.errors() === errors) stepper.halt(state, 0);
        found = shown();
        if (found !== null) return found;
        if (count === 0) return null;
      }
      const wanted = i < first.length ? first[i] : rest[i - first.length];
      const chosen = wanted === undefined ? -1 : indexBelow(steps, wanted, count);
      moved = chosen >= 0;
      if (!moved) continue;
      for (let k = 0; k < words; k++) state[k] = successors[chosen * words + k] ?? 0;
      run.push(wanted ?? 0);
      stepper.judge(state, 0);
      found = shown();
      if (found !== null) return found;
    }
    return null;
  }
}

function indexBelow(items: Uint32Array, wanted: number, count: number): number {
  for (let i = 0; i < count; i++) if (items[i] === wanted) return i;
  return -1;
}
