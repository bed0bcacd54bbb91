/** Mutants of a model small enough to count by hand, and the comparison of graphs with a slow twin. */
import { expect, test } from "vitest";
import { check } from "../../checker/check.ts";
import { compareGraphs } from "../../checker/compare.ts";
import { mutate, sampleMutants } from "../../checker/mutate/index.ts";
import { judgeMutants } from "../../checker/mutation.ts";
import {
  actor,
  add,
  and,
  arrayOf,
  at,
  bool,
  checkModel,
  count,
  declare,
  enabledSteps,
  finalPoint,
  flatten,
  get,
  initialState,
  int,
  is,
  le,
  lt,
  type Model,
  not,
  oneOf,
  point,
  type State,
  self,
  set,
  step,
  takeStep,
} from "../../models/language/index.ts";
import { exitRace } from "../cli/support/exit-race.ts";
import { turns } from "../cli/support/turns.ts";

const { variables, v } = declare({
  lock: { sort: oneOf("free", "held"), initial: "free", doc: "mutex" },
  tries: { sort: int(0, 3), initial: 0, doc: "how often it was taken" },
  seen: { sort: arrayOf("task", bool), initial: [false, false], doc: "who had it", history: true },
});
const me = self("task");

/** Two tasks take a mutex once each. */
const mutex: Model = {
  name: "mutex",
  title: "a mutex",
  identities: { task: 2 },
  variables,
  actors: [
    actor({
      name: "task",
      doc: "takes the mutex once",
      forEach: "task",
      initial: "lock",
      points: {
        lock: point(
          step("take", "take it", {
            when: and(is(v.lock, "free"), lt(v.tries, 2)),
            do: [set(v.lock, "held"), set(v.tries, add(v.tries, 1)), set(get(v.seen, me), true)],
            to: "inside",
          }),
        ),
        inside: point(step("give", "give it back", { do: [set(v.lock, "free")], to: "done" })),
        done: finalPoint,
      },
    }),
  ],
  properties: [
    {
      kind: "invariant",
      id: "ONE",
      title: "one inside",
      says: "Two are inside.",
      holds: le(
        count("task", "t", (t) => at("task", ["inside"], t)),
        1,
      ),
    },
    { kind: "reachable", id: "END", title: "both end", says: "They do not.", goal: not(lt(v.tries, 2)) },
    {
      kind: "deadlock",
      id: "FREE",
      title: "who stops is done",
      says: "A task is stuck.",
      final: le(
        count("task", "t", (t) => at("task", ["lock", "inside"], t)),
        0,
      ),
    },
  ],
};
const now = () => 0;

test("the mutants of a mutex and their killers, counted by hand", () => {
  const result = judgeMutants(mutex, { now, everyProperty: true });
  expect(result).toMatchObject({ asked: ["ONE", "END", "FREE"], notAsked: [], possible: 11, refused: 0 });
  const rows = result.mutants.map(({ step: of, change, outcome }) => [
    `${of} ${change.operator}`,
    outcome.kind === "killed" ? outcome.by.join() : outcome.kind,
  ]);
  expect(rows).toEqual([
    ["take drop-step", "END,FREE"],
    ["take drop-guard", "ONE"],
    ["take drop-guard", "equivalent"],
    ["take drop-lock", "ONE"],
    ["take drop-effect", "ONE"],
    ["take drop-effect", "END"],
    ["take swap-effects", "equivalent"],
    ["take widen-constant", "equivalent"],
    ["take widen-constant", "FREE"],
    ["give drop-step", "END,FREE"],
    ["give drop-effect", "END,FREE"],
  ]);
});

test.each([
  ["mutex", mutex],
  [
    "exit race",
    exitRace.build({ patch: "fixed", features: { cleanupWaitsForInFlight: true }, parameters: {} }),
  ],
])("every mutant of the %s differs from it in the one node that it names", (_, model) => {
  const { mutants } = mutate(model);
  expect(mutants.length).toBeGreaterThan(10);
  expect(new Set(mutants.map((mutant) => JSON.stringify(mutant.model))).size).toBeGreaterThan(10);
  for (const mutant of mutants) {
    expect(checkModel(mutant.model)).toEqual([]);
    const repaired = structuredClone(mutant.model) as unknown as Node;
    const [key, parent] = [
      keysOf(mutant.pointer).at(-1)!,
      nodeAt(repaired, keysOf(mutant.pointer).slice(0, -1)),
    ];
    expect(JSON.stringify(parent[key])).not.toBe(
      JSON.stringify(nodeAt(model as unknown as Node, keysOf(mutant.pointer))),
    );
    parent[key] = nodeAt(model as unknown as Node, keysOf(mutant.pointer));
    expect(repaired).toEqual(model);
    // History belongs to the properties: what it remembers is not edited.
    expect(
      mutant.pointer.endsWith("params") || JSON.stringify(mutant.change).includes("seen") === false,
    ).toBe(true);
  }
});

test("equal graphs are those in which the reference evaluator finds the same steps", () => {
  const tally = { equal: 0, different: 0, undecided: 0 };
  for (const model of [mutex, turns.build({ patch: null, features: {}, parameters: {} })]) {
    for (const mutant of mutate(model).mutants) {
      const compared = compareGraphs(model, mutant.model, {
        maxStates: 1000,
        maxMemoryBytes: 2 ** 30,
        maxSeconds: 60,
        now,
        interrupted: () => false,
      });
      if (check(mutant.model, { now }).properties.some(({ id }) => id === "SORTS")) continue;
      tally[compared.kind] += 1;
      expect(compared.kind === "equal").toBe(edges(model) === edges(mutant.model));
    }
  }
  expect(tally).toEqual({ equal: expect.any(Number), different: expect.any(Number), undecided: 0 });
  expect(Math.min(tally.equal, tally.different)).toBeGreaterThan(2);
});

test("a sample is drawn by its seed, in order", () => {
  const { mutants } = mutate(mutex);
  const numbers = (seed: number) => sampleMutants(mutants, 4, seed).map(({ number }) => number);
  expect(numbers(1)).toEqual(numbers(1));
  expect(numbers(1)).toHaveLength(4);
  expect(numbers(1)).not.toEqual(numbers(2));
  expect(numbers(1)).toEqual(numbers(1).toSorted((a, b) => a - b));
  expect(sampleMutants(mutants, 99, 1)).toEqual(mutants);
});

test("a search that ends at the first violation has a run to it", () => {
  const broken = mutate(mutex).mutants.find(({ change }) => change.operator === "drop-lock")!;
  const result = check(broken.model, { now, stopAtFirst: true });
  expect(result.properties[0]!.counterexample!.steps.map(({ event }) => event)).toEqual([
    "task(task0).take",
    "task(task1).take",
  ]);
});

test("limits leave mutants undecided, and an interrupt leaves them out", () => {
  const few = judgeMutants(mutex, { now, maxStates: 4, operators: ["swap-effects"] });
  expect(few.original.cut).toContain("4 states");
  let asked = 0;
  const interrupted = () => ++asked > 8;
  const cut = judgeMutants(mutex, { now, interrupted });
  expect(cut.mutants.length).toBeLessThan(11);
});

type Node = Record<string, unknown>;

function keysOf(pointer: string): readonly string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function nodeAt(root: Node, keys: readonly string[]): Node {
  return keys.reduce((node, key) => node[key] as Node, root);
}

/** All steps between observable states as text, by walking the model. */
function edges(model: Model): string {
  const system = flatten(model);
  const observed = ({ points, context }: State) =>
    JSON.stringify([
      points,
      Object.entries(context).filter(([name]) => model.variables[name]!.history !== true),
    ]);
  const found = new Set<string>();
  const known = new Set<string>();
  const open = [initialState(system)];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const key = JSON.stringify(state);
    if (known.has(key)) continue;
    known.add(key);
    for (const taken of enabledSteps(system, state)) {
      const after = takeStep(system, state, taken);
      found.add(`${observed(state)} ${taken.event} ${JSON.stringify(taken.emits)} ${observed(after)}`);
      open.push(after);
    }
  }
  return [...found].sort().join("\n");
}
