/** The same infinite run with the shortest way to its loop, and the loop gone through once. */
import type { InfiniteRun } from "../../models/language/index.ts";

/**
 * A search for runs of a formula goes through pairs of a state and what is left to be satisfied, so it may be in the loop
 * already when it still counts its steps to the way there, or go through it twice. The states of the run stay the same for ever.
 */
export function tightened(run: InfiniteRun): InfiniteRun {
  const { states, steps, loopStart } = run;
  if (loopStart === steps.length) return run;
  const keys = states.map((state) => JSON.stringify(state));
  const length = period(
    keys.slice(loopStart, -1),
    steps.slice(loopStart).map(({ index }) => index),
  );
  let start = loopStart;
  let last = loopStart + length;
  while (start > 0 && keys[start - 1] === keys[last - 1]) {
    start--;
    last--;
  }
  // The loop's own steps, begun earlier: what led to it may have been other steps between the same states.
  const ahead = loopStart - start;
  const at = (k: number) => loopStart + ((((k - ahead) % length) + length) % length);
  const loop = Array.from({ length }, (_, k) => at(k));
  return {
    states: [
      ...states.slice(0, start + 1),
      ...loop.map((i) => states[i + 1] as InfiniteRun["states"][number]),
    ],
    steps: [...steps.slice(0, start), ...loop.map((i) => steps[i] as InfiniteRun["steps"][number])],
    loopStart: start,
  };
}

/** The length of the shortest part that the loop repeats, states and steps alike. */
function period(states: readonly string[], steps: readonly number[]): number {
  const { length } = steps;
  const repeats = (part: number) =>
    steps.every((step, i) => step === steps[i % part] && states[i] === states[i % part]);
  for (let part = 1; part < length; part++) if (length % part === 0 && repeats(part)) return part;
  return length;
}
