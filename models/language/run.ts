/**
 * Infinite runs on the reference evaluator: what a formula says of one, and whether it is fair. Written to be obvious;
 * every counterexample is judged by it once more.
 */
import type { ExprData } from "./expr.ts";
import { claimsOf, type Loop, type Respect, respectOf, takable } from "./fairness.ts";
import type { Formula } from "./formula.ts";
import { holdsIn, type State } from "./state.ts";
import type { Step, System } from "./system.ts";

/**
 * A run: its states, one more than its steps. The steps from `loopStart` on repeat for ever; where `loopStart` equals
 * their number, the run ends in its last state.
 */
export interface InfiniteRun {
  readonly states: readonly State[];
  readonly steps: readonly Step[];
  readonly loopStart: number;
}

/** True where the formula is true of the run. */
export function holdsOn(system: System, run: InfiniteRun, formula: Formula): boolean {
  const ends = run.loopStart === run.steps.length;
  // The last state of a loop is its first one again.
  const states = ends ? run.states : run.states.slice(0, -1);
  const following = states.map((_, i) => (i + 1 < states.length ? i + 1 : run.loopStart));
  const truth = truthOf(formula, following, (expr) => states.map((state) => holdsIn(system, state, expr)));
  return truth[0] === true;
}

/** The truth of the formula at each position of a run whose positions are followed by those given. */
export function truthOf(
  formula: Formula,
  following: readonly number[],
  valuesOf: (expr: ExprData) => readonly boolean[],
): readonly boolean[] {
  const go = (f: Formula) => truthOf(f, following, valuesOf);
  const later = (truth: readonly boolean[], i: number) => truth[following[i] as number] === true;
  const all = (value: boolean) => following.map(() => value);
  /** The fixed point of a step that is applied to every position, from all true or all false. */
  const fixed = (from: boolean, step: (truth: readonly boolean[], i: number) => boolean) => {
    let truth: readonly boolean[] = all(from);
    for (;;) {
      const before = truth;
      truth = following.map((_, i) => step(before, i));
      if (truth.every((value, i) => value === before[i])) return truth;
    }
  };
  switch (formula.kind) {
    case "state":
      return valuesOf(formula.holds);
    case "not":
      return go(formula.of).map((value) => !value);
    case "and":
      return formula.of.map(go).reduce((a, b) => a.map((value, i) => value && b[i] === true), all(true));
    case "or":
      return formula.of.map(go).reduce((a, b) => a.map((value, i) => value || b[i] === true), all(false));
    case "next": {
      const of = go(formula.of);
      return following.map((_, i) => later(of, i));
    }
    case "eventually": {
      const of = go(formula.of);
      return fixed(false, (truth, i) => of[i] === true || later(truth, i));
    }
    case "always": {
      const of = go(formula.of);
      return fixed(true, (truth, i) => of[i] === true && later(truth, i));
    }
    default: {
      const [left, right] = [go(formula.left), go(formula.right)];
      switch (formula.kind) {
        case "implies":
          return left.map((value, i) => !value || right[i] === true);
        case "until":
          return fixed(false, (truth, i) => right[i] === true || (left[i] === true && later(truth, i)));
        case "weakUntil":
          return fixed(true, (truth, i) => right[i] === true || (left[i] === true && later(truth, i)));
        case "release":
          return fixed(true, (truth, i) => right[i] === true && (left[i] === true || later(truth, i)));
      }
    }
  }
}

/** Null where the run can go on for ever as it does and is fair to every claim; else why not, as the end of a sentence. */
export function whyNotFair(system: System, run: InfiniteRun): string | null {
  const { states, steps, loopStart } = run;
  const loop = loopOf(system, run);
  if (loopStart === steps.length) {
    return loop.able.every((here) => here.length === 0) ? null : "ends in a state that a step leaves";
  }
  if (JSON.stringify(states[loopStart]) !== JSON.stringify(states.at(-1))) return "does not close its loop";
  const neglected = claimsOf(system).find((claim) => respectOf(claim, loop) === null);
  if (neglected === undefined) return null;
  const times = neglected.kind === "weak" ? "all the time" : "again and again";
  return `is not fair: ${neglected.name} could move ${times} and never does`;
}

/** How a fair run is fair, claim by claim. */
export function fairnessOn(system: System, run: InfiniteRun): readonly Respect[] {
  const loop = loopOf(system, run);
  return claimsOf(system).flatMap((claim) => respectOf(claim, loop) ?? []);
}

function loopOf(system: System, { states, steps, loopStart }: InfiniteRun): Loop {
  // The last state of a loop is its first one again.
  const inside = loopStart === steps.length ? states.slice(loopStart) : states.slice(loopStart, -1);
  return {
    start: loopStart,
    taken: steps.slice(loopStart),
    able: inside.map((state) => takable(system, state)),
  };
}
