/** Random walks from the initial state: each step is drawn from those that can be taken. */
import { initialState } from "../../models/language/index.ts";
import type { Limits } from "../explore/explore.ts";
import { pack } from "../lower/layout.ts";
import type { Program } from "../lower/program.ts";
import type { Find } from "./find.ts";
import { compileHasher } from "./hasher.ts";
import { type Extent, watchOf } from "./limits.ts";
import { randomOf } from "./prng.ts";
import type { Stepper } from "./stepper.ts";
import { compactSet } from "./visited.ts";

export interface Walks {
  /** By position of the property; last a write outside a sort. */
  readonly finds: readonly (Find | undefined)[];
  /** Its states are distinct by a signature of 64 bits, its transitions the steps that were taken. */
  readonly extent: Extent;
  /** Null where all walks were taken. */
  readonly cut: string | null;
  readonly seconds: number;
}

export interface WalkOptions {
  readonly seeds: readonly number[];
  /** Walks of each seed. */
  readonly walks: number;
  /** Steps of a walk at most. */
  readonly maxDepth: number;
  readonly isViolation: (property: number) => boolean;
}

/** What a run of numbers takes for each. */
const bytesOfStep = 8;

/** Walk `w` of a seed depends on nothing but the model, the seed and `w`. */
export function walkAtRandom(
  program: Program,
  stepper: Stepper,
  limits: Limits,
  { seeds, walks, maxDepth, isViolation }: WalkOptions,
): Walks {
  const { words, successors, steps } = stepper;
  const watch = watchOf(limits);
  const seen = compactSet(compileHasher(words, 0), 64);
  const initial = pack(program.layout, initialState(program.system));
  const state = new Int32Array(words);
  const finds: (Find | undefined)[] = [];
  let [transitions, depth, found] = [0, 0, 0];
  let run: number[] = [];
  const drain = () => {
    for (const { property, step } of stepper.alerts) {
      if (stepper.open[property] === 0) continue;
      stepper.open[property] = 0;
      finds[property] = { state: -1, step, run: [...run] };
      if (isViolation(property)) found++;
    }
    stepper.alerts.length = 0;
  };
  const arrive = () => {
    seen.add(state, 0, 0);
    depth = Math.max(depth, run.length);
    stepper.judge(state, 0);
    if (stepper.alerts.length > 0) drain();
  };
  const extent = (): Extent => ({
    states: seen.count(),
    transitions,
    errors: stepper.errors(),
    depth,
    frontier: 0,
    found,
    bytes: seen.bytes() + bytesOfStep * run.length,
  });
  const refusal = (): string | null => {
    if (limits.stopAtFirst && found > 0) return "the search ended at the first violation";
    if (seen.count() >= limits.maxStates) return `the limit of ${limits.maxStates} states was reached`;
    const fits = seen.bytes() + bytesOfStep * run.length <= limits.maxMemoryBytes;
    if (!fits || (seen.room() < 1 && !seen.grow(limits.maxMemoryBytes)))
      return `the limit of ${limits.maxMemoryBytes} bytes of memory was reached`;
    return watch.why(extent);
  };
  const walk = (seed: number, number: number): string | null => {
    const random = randomOf(seed, number);
    state.set(initial);
    run = [];
    arrive();
    for (;;) {
      const cut = refusal();
      if (cut !== null) return cut;
      const errors = stepper.errors();
      const count = stepper.expand(state, 0);
      if (stepper.alerts.length > 0) drain();
      if (count === 0) {
        if (stepper.errors() === errors) stepper.halt(state, 0);
        if (stepper.alerts.length > 0) drain();
        return null;
      }
      if (run.length === maxDepth) return null;
      const chosen = random.below(count);
      for (let i = 0; i < words; i++) state[i] = successors[chosen * words + i] ?? 0;
      run.push(steps[chosen] ?? 0);
      transitions++;
      arrive();
    }
  };

  let cut: string | null = null;
  for (let s = 0; s < seeds.length && cut === null; s++) {
    for (let w = 0; w < walks && cut === null; w++) cut = walk(seeds[s] ?? 0, w);
  }
  return { finds, extent: extent(), cut, seconds: watch.seconds() };
}
