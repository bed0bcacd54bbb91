/** Lassos lose what they repeat, and stay the same run. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { check } from "../../checker/check.ts";
import { tightened } from "../../checker/explain/tighten.ts";
import { formulaOf, type InfiniteRun, type State, type Step } from "../../models/language/index.ts";
import { runs } from "../runs.ts";
import { graphModel, inStates } from "./graph-model.ts";

const stateOf = (s: number): State => ({ points: [0], context: { s } });
const stepOf = (index: number) => ({ index }) as Step;

/** A run through states and by steps that are given by numbers; the last state is the first one of the loop again. */
function runOf(states: readonly number[], steps: readonly number[], loopStart: number): InfiniteRun {
  const closed = [...states, states[loopStart] as number];
  return { states: closed.map(stateOf), steps: steps.map(stepOf), loopStart };
}

/** The first so many states of the run, and the steps that are taken after its beginning of `from` steps. */
function unroll({ states, steps, loopStart }: InfiniteRun, count: number) {
  const at = (i: number) =>
    i < steps.length ? i : loopStart + ((i - loopStart) % (steps.length - loopStart));
  const all = Array.from({ length: count }, (_, i) => at(i));
  return { states: all.map((i) => states[i]?.context["s"]), steps: all.map((i) => steps[i]?.index) };
}

test("the states stay the same for ever, the steps from where the loop began, and nothing shorter is the same", () => {
  let shorter = 0;
  const few = fc.array(fc.record({ s: fc.nat(2), step: fc.nat(1) }), { minLength: 1, maxLength: 4 });
  const cases = fc.record({
    stem: few,
    loop: few,
    rounds: fc.integer({ min: 1, max: 3 }),
    before: fc.nat(5),
  });
  fc.assert(
    fc.property(cases, ({ stem, loop, rounds, before }) => {
      const repeated = Array.from({ length: rounds * loop.length }, (_, i) => loop[i % loop.length]!);
      // The end of the way to the loop is often what the loop does as well.
      const lead = repeated.slice(repeated.length - Math.min(before, repeated.length));
      const all = [...stem, ...lead, ...repeated];
      const run = runOf(
        all.map(({ s }) => s),
        all.map(({ step }) => step),
        stem.length + lead.length,
      );
      const found = tightened(run);
      const [was, is] = [unroll(run, 80), unroll(found, 80)];
      expect(is.states).toEqual(was.states);
      expect(is.steps.slice(run.loopStart)).toEqual(was.steps.slice(run.loopStart));
      const length = found.steps.length - found.loopStart;
      const from = (start: number) => (_: unknown, i: number) => i >= start && i < 60;
      const isPeriod = (p: number) =>
        [was.states, was.steps].every((of) =>
          of.filter(from(run.loopStart)).every((value, i) => value === of[run.loopStart + i + p]),
        );
      expect(Array.from({ length }, (_, i) => i + 1).filter(isPeriod)).toEqual([length]);
      const isStart = (start: number) =>
        was.states.filter(from(start)).every((value, i) => value === was.states[start + i + length]);
      expect(Array.from({ length: found.loopStart + 1 }, (_, i) => i).filter(isStart)).toEqual([
        found.loopStart,
      ]);
      if (found.steps.length < run.steps.length) shorter++;
    }),
    runs(300),
  );
  expect(shorter).toBeGreaterThan(50);
});

test("a run that ends stays as it is", () => {
  const run = { states: [stateOf(0), stateOf(0)], steps: [stepOf(0)], loopStart: 1 };
  expect(tightened(run)).toBe(run);
});

test("where a run has to leave its first state to falsify a formula, the loop begins as early as it can", () => {
  const edges = [
    { from: 0, to: 1, mover: 0 },
    { from: 1, to: 0, mover: 0 },
  ];
  const formula = formulaOf("[] !second", { second: inStates(1) });
  const [result] = check(graphModel({ states: 2, edges }, ["weak"], formula), { now: () => 0 }).properties;
  expect(result?.counterexample?.loopStart).toBe(0);
  expect(result?.counterexample?.steps.map(({ event }) => event)).toEqual(["a0.e0", "a0.e1"]);
});
