/** Mutants of a model small enough to count by hand, and the comparison of graphs with a slow twin. */
import { expect, test } from "vitest";
import { check } from "../../checker/check.ts";
import { type Comparison, compareGraphs, leavesOutChoices, observe } from "../../checker/compare.ts";
import { mutate, sampleMutants, withBoth } from "../../checker/mutate/index.ts";
import { judgeMutants } from "../../checker/mutation.ts";
import {
  actor,
  add,
  and,
  arrayOf,
  at,
  type Bool,
  bool,
  checkModel,
  count,
  declare,
  type Expr,
  emits,
  enabledSteps,
  evaluate,
  finalPoint,
  flatten,
  get,
  greatest,
  initialState,
  int,
  is,
  le,
  lt,
  type Model,
  not,
  oneOf,
  type Property,
  point,
  type State,
  scopeOf,
  self,
  set,
  step,
  sub,
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
const limits = {
  maxStates: 1000,
  maxMemoryBytes: 2 ** 30,
  maxSeconds: 60,
  now,
  interrupted: () => false,
};

function compare(original: Model, mutant: Model): Comparison {
  return compareGraphs(observe(original, limits), observe(mutant, limits), limits);
}

test("the mutants of a mutex and their killers, counted by hand", () => {
  const result = judgeMutants(mutex, { now, everyProperty: true });
  expect(result).toMatchObject({ asked: ["ONE", "END", "FREE"], notAsked: [], possible: 11, refused: [] });
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
    if (mutant.change.operator === "drop-step") repaired["properties"] = structuredClone(model.properties);
    expect(repaired).toEqual(model);
    // History belongs to the properties: what it remembers is not edited.
    expect(
      mutant.pointer.endsWith("params") || JSON.stringify(mutant.change).includes("seen") === false,
    ).toBe(true);
  }
});

test("graphs are equal or narrower where the reference evaluator says so of their steps", () => {
  const tally = { equal: 0, narrower: 0, different: 0, undecided: 0 };
  for (const model of [mutex, chooser, turns.build({ patch: null, features: {}, parameters: {} })]) {
    for (const mutant of mutate(model).mutants) {
      const compared = compare(model, mutant.model);
      if (check(mutant.model, { now }).properties.some(({ id }) => id === "SORTS")) continue;
      tally[compared.kind] += 1;
      const [original, edited] = [edges(model), edges(mutant.model)];
      expect(compared.kind === "equal").toBe(JSON.stringify(original) === JSON.stringify(edited));
      const narrower = compared.kind !== "equal" && narrows(edited, original);
      expect([mutant.number, compared.kind === "narrower"]).toEqual([mutant.number, narrower]);
    }
  }
  expect(tally).toMatchObject({ narrower: 4, undecided: 0 });
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

/** A task tosses a coin; a switch that nobody is obliged to turn ends it. */
const coin = declare({
  heads: { sort: bool, initial: false, doc: "how it fell" },
  off: { sort: bool, initial: false, doc: "the end" },
});
const chooser: Model = {
  name: "chooser",
  title: "a choice and an environment",
  identities: {},
  variables: coin.variables,
  actors: [
    actor({
      name: "task",
      doc: "tosses, until it is off",
      initial: "toss",
      points: {
        toss: point(
          step("heads", "heads", { when: not(coin.v.off), do: [set(coin.v.heads, true)], to: "look" }),
          step("tails", "tails", { when: not(coin.v.off), do: [set(coin.v.heads, false)], to: "look" }),
          step("stop", "it is off", { when: coin.v.off, to: "done" }),
        ),
        look: point(step("again", "once more", { to: "toss" })),
        done: finalPoint,
      },
    }),
    actor({
      name: "switch",
      doc: "turns off",
      fairness: "none",
      initial: "on",
      points: {
        on: point(step("turn_off", "off", { when: not(coin.v.off), do: [set(coin.v.off, true)] })),
      },
    }),
  ],
  properties: [],
};

test("a mutant that leaves out a choice is narrower; one that cannot go on, or stops, is not", () => {
  const rows = mutate(chooser)
    .mutants.filter(({ change }) => change.operator === "drop-step")
    .map((mutant) => {
      const compared = compare(chooser, mutant.model);
      return [mutant.step, compared.kind];
    });
  expect(rows).toEqual([
    ["heads", "narrower"],
    ["tails", "narrower"],
    ["stop", "different"],
    ["again", "different"],
    ["turn_off", "narrower"],
  ]);
});

/** Someone at a door, and a clerk who serves. Whoever knocks is not the clerk's business; that one waits at most is. */
const door = declare({
  waiting: { sort: int(0, 2), initial: 0, doc: "how many wait" },
  off: { sort: bool, initial: false, doc: "the visitor has left" },
  bell: { sort: bool, initial: false, doc: "it rings" },
});
const { waiting, off, bell } = door.v;
const clerk: Model = {
  name: "clerk",
  title: "a clerk and an environment",
  identities: {},
  variables: door.variables,
  actors: [
    actor({
      name: "visitor",
      doc: "knocks while nobody waits, and leaves when they like",
      environment: true,
      initial: "street",
      points: {
        street: point(step("arrive", "come to the door", { to: "door" })),
        door: point(
          step("knock", "knock", {
            when: and(lt(waiting, 1), not(off)),
            do: [set(waiting, add(waiting, 1)), set(bell, true)],
          }),
          step("leave", "leave", { when: not(off), do: [set(off, true)] }),
        ),
      },
    }),
    actor({
      name: "clerk",
      doc: "serves who waits",
      initial: "desk",
      points: {
        desk: point(
          step("serve", "serve", { when: lt(0, waiting), do: [set(waiting, 0), set(bell, false)] }),
        ),
      },
    }),
  ],
  properties: [
    { kind: "invariant", id: "ONE", title: "one waits", says: "Two wait.", holds: le(waiting, 1) },
  ],
};

test("a mutant of the environment is wider where the properties hold of both; of the code it is not, nor where it stops", () => {
  const rows = judgeMutants(clerk, { now }).mutants.map(({ step: of, change, outcome }) => [
    `${of} ${change.operator}`,
    outcome.kind === "killed" ? outcome.by.join() : outcome.kind,
  ]);
  expect(rows).toEqual([
    ["arrive drop-step", "survived"],
    ["knock drop-step", "narrower"],
    ["knock drop-guard", "ONE"],
    ["knock drop-guard", "wider"],
    ["knock drop-effect", "wider"],
    ["knock drop-effect", "wider"],
    ["knock swap-effects", "equivalent"],
    ["knock widen-constant", "ONE"],
    ["knock widen-constant", "ONE"],
    ["leave drop-step", "narrower"],
    ["leave drop-guard", "wider"],
    ["leave drop-lock", "wider"],
    ["leave drop-effect", "wider"],
    ["serve drop-step", "survived"],
    ["serve drop-guard", "survived"],
    ["serve drop-lock", "survived"],
    ["serve drop-effect", "survived"],
    ["serve drop-effect", "survived"],
    ["serve swap-effects", "equivalent"],
    ["serve widen-constant", "survived"],
    ["serve widen-constant", "survived"],
  ]);
});

test("the step as it was and as the edit leaves it stand side by side, and both are asserted", () => {
  const first: Property = {
    kind: "assertion",
    id: "FIRST",
    title: "who knocks is the first",
    says: "Someone knocks behind another.",
    on: [{ actor: "visitor", steps: ["knock"] }],
    holds: le(waiting, 0),
  };
  const mutant = mutate(clerk).mutants.find(
    (one) => one.step === "knock" && one.change.operator === "drop-guard",
  )!;
  const both = withBoth({ ...clerk, properties: [first] }, mutant);
  const { on = {} } = both.model.actors[0]!.config.states["door"]!;
  expect(Object.keys(on)).toEqual(["knock", "leave", "knock/edited"]);
  expect(on["knock"]).toEqual(clerk.actors[0]!.config.states["door"]!.on!["knock"]);
  expect(on["knock/edited"]).toEqual(mutant.model.actors[0]!.config.states["door"]!.on!["knock"]);
  expect(both.nameOf("knock/edited")).toBe("knock");
  expect(checkModel(both.model)).toEqual([]);
  const [run] = check(both.model, { now }).properties.filter(({ id }) => id === "FIRST");
  expect(run!.counterexample!.steps.at(-1)!.event).toBe("visitor.knock/edited");
});

test("the larger environment and the choices left out are those of the reference evaluator", () => {
  const tally = { yes: 0, no: 0, undecided: 0 };
  for (const model of [mutex, chooser, clerk, turns.build({ patch: null, features: {}, parameters: {} })]) {
    for (const mutant of mutate(model).mutants) {
      if (check(mutant.model, { now }).properties.some(({ id }) => id === "SORTS")) continue;
      const both = withBoth(model, mutant);
      const found = leavesOutChoices(observe(mutant.model, limits), observe(both.model, limits), both.nameOf);
      tally[found.kind] += 1;
      // Whoever of the two models takes a step, both go on from there.
      const together = edges(model, mutant.model);
      expect(Object.keys(edges(both.model))).toEqual(Object.keys(together));
      expect([mutant.number, found.kind === "yes"]).toEqual([
        mutant.number,
        narrows(edges(mutant.model), together),
      ]);
    }
  }
  expect(tally.undecided).toBe(0);
  expect(Math.min(tally.yes, tally.no)).toBeGreaterThan(2);
});

/** A clerk who sleeps until the bell has rung twice, and the clock that rings it: it goes on, whatever anybody does. */
const ticks = declare({
  left: { sort: int(0, 3), initial: 0, doc: "how often the bell has to ring until the clerk wakes" },
  asleep: { sort: bool, initial: false, doc: "the clerk sleeps" },
});
const nap: Model = {
  name: "nap",
  title: "a clerk and a clock",
  identities: {},
  variables: ticks.variables,
  actors: [
    actor({
      name: "clock",
      doc: "rings while the clerk sleeps",
      fairness: "weak",
      environment: true,
      initial: "wall",
      points: {
        wall: point(
          step("ring", "ring", {
            when: and(ticks.v.asleep, lt(0, ticks.v.left)),
            do: [set(ticks.v.left, greatest(sub(ticks.v.left, 1), 0))],
          }),
        ),
      },
    }),
    actor({
      name: "clerk",
      doc: "sleeps and wakes",
      initial: "desk",
      points: {
        desk: point(
          step("lie_down", "sleep", { do: [set(ticks.v.left, 2), set(ticks.v.asleep, true)], to: "bed" }),
        ),
        bed: point(
          step("wake", "wake up", {
            when: le(ticks.v.left, 0),
            do: [set(ticks.v.asleep, false)],
            to: "desk",
          }),
        ),
      },
    }),
  ],
  properties: [
    {
      kind: "leadsTo",
      id: "UP",
      title: "who sleeps wakes up",
      says: "The clerk sleeps for ever.",
      from: ticks.v.asleep,
      to: not(ticks.v.asleep),
    },
  ],
};

test("a fair environment may do more, but has to do no more and no less than it had to", () => {
  const rows = judgeMutants(nap, { now }).mutants.map(({ step: of, change, outcome }) => [
    `${of} ${change.operator}`,
    outcome.kind === "killed" ? outcome.by.join() : outcome.kind,
  ]);
  expect(rows).toEqual([
    ["ring drop-step", "UP"],
    ["ring drop-guard", "equivalent"],
    // It rings while the clerk is about to get up, and then has to.
    ["ring drop-guard", "survived"],
    ["ring drop-effect", "UP"],
    ["ring widen-constant", "UP"],
    // Two ticks at once.
    ["ring widen-constant", "wider"],
    ["ring widen-constant", "UP"],
    ["lie_down drop-step", ""],
    ["lie_down drop-effect", "survived"],
    ["lie_down drop-effect", ""],
    ["lie_down swap-effects", "equivalent"],
    ["lie_down widen-constant", "survived"],
    ["wake drop-step", "UP"],
    ["wake drop-guard", "survived"],
    ["wake drop-effect", "UP"],
    ["wake widen-constant", "survived"],
  ]);
});

/** A clerk who notes a number, adds it up, tells it where `told`, and wipes the note, which is written anew before it is read. */
function notes(told: boolean): Model {
  const { variables: all, v: of } = declare({
    note: { sort: int(0, 3), initial: 0, doc: "what is on the note" },
    sum: { sort: int(0, 3), initial: 0, doc: "what was noted last" },
  });
  return {
    name: "notes",
    title: "a clerk and a note",
    identities: {},
    variables: all,
    actors: [
      actor({
        name: "clerk",
        doc: "notes and adds",
        initial: "desk",
        points: {
          desk: point(
            step("one", "note 1", { do: [set(of.note, 1)], to: "added" }),
            step("two", "note 2", { do: [set(of.note, 2)], to: "added" }),
          ),
          added: point(step("add", "add up", { do: [set(of.sum, of.note), set(of.note, 0)], to: "told" })),
          told: point(
            step("tell", "tell", {
              to: "desk",
              ...(told ? { emits: emits("told", { note: of.note }) } : {}),
            }),
          ),
        },
      }),
    ],
    properties: [
      {
        kind: "invariant",
        id: "SMALL",
        title: "the sum is small",
        says: "It is large.",
        holds: le(of.sum, 3),
      },
    ],
  };
}

test("a value that is written before it is read again tells no mutant from the original, unless an event shows it", () => {
  const judged = (told: boolean) =>
    judgeMutants(notes(told), { now }).mutants.map(({ step: of, change, outcome }) => [
      `${of} ${change.operator}`,
      outcome.kind === "killed" ? outcome.by.join() : outcome.kind,
    ]);
  const rows = (wiped: string) => [
    ["one drop-step", "narrower"],
    ["one drop-effect", "survived"],
    ["one widen-constant", "survived"],
    ["two drop-step", "narrower"],
    ["two drop-effect", "survived"],
    ["two widen-constant", "survived"],
    ["add drop-step", "survived"],
    // Nobody reads the sum, but it is what all this is for.
    ["add drop-effect", "survived"],
    ["add drop-effect", wiped],
    ["add swap-effects", "survived"],
    ["add widen-constant", wiped],
    ["tell drop-step", "survived"],
  ];
  expect(judged(false)).toEqual(rows("equivalent"));
  expect(judged(true)).toEqual(rows("survived"));
  // What a property says of the note is somebody's concern as well.
  const asked = notes(false);
  const clean: Property = {
    kind: "invariant",
    id: "NOTE",
    title: "the note is small",
    says: "It is large.",
    holds: le({ kind: "var", name: "note" }, 3),
  };
  const { mutants } = judgeMutants({ ...asked, properties: [...asked.properties, clean] }, { now });
  expect(mutants.map(({ outcome }) => outcome.kind)).not.toContain("equivalent");
});

test("equivalent models take the same steps and show the same trace events, as refinement by hand says", () => {
  const tally = { same: 0, others: 0 };
  for (const model of [notes(false), notes(true), mutex, clerk, nap]) {
    for (const mutant of mutate(model).mutants) {
      if (check(mutant.model, { now }).properties.some(({ id }) => id === "SORTS")) continue;
      const { kind } = compare(model, mutant.model);
      if (kind === "equal") {
        expect([model.name, mutant.number, bisimilar(model, mutant.model)]).toEqual([
          model.name,
          mutant.number,
          true,
        ]);
        tally.same += 1;
      } else tally.others += 1;
    }
  }
  expect(Math.min(tally.same, tally.others)).toBeGreaterThan(8);
});

/** Both models' states in classes, split until all of a class take the same steps to the same classes. */
function bisimilar(...models: readonly [Model, Model]): boolean {
  const steps = new Map<string, readonly { readonly shows: string; readonly to: string }[]>();
  const firsts = models.map((model, m) => {
    const system = flatten(model);
    const first = initialState(system);
    const open = [first];
    for (let state = open.pop(); state !== undefined; state = open.pop()) {
      const key = `${m} ${JSON.stringify(state)}`;
      if (steps.has(key)) continue;
      const here = state;
      const env = { scope: scopeOf(system), context: here.context };
      steps.set(
        key,
        enabledSteps(system, here).map((taken) => {
          const after = takeStep(system, here, taken);
          open.push(after);
          const args = Object.values(taken.emits?.args ?? {}).map((arg) => evaluate(arg, env));
          return { shows: JSON.stringify([taken.event, args]), to: `${m} ${JSON.stringify(after)}` };
        }),
      );
    }
    return `${m} ${JSON.stringify(first)}`;
  });
  let classes = new Map([...steps.keys()].map((key) => [key, ""]));
  for (let count = 0; ; ) {
    const split = new Map(
      [...steps].map(([key, out]) => [
        key,
        JSON.stringify([...new Set(out.map(({ shows, to }) => `${shows} ${classes.get(to)}`))].sort()),
      ]),
    );
    const names = [...new Set(split.values())];
    classes = new Map([...split].map(([key, text]) => [key, String(names.indexOf(text))]));
    if (names.length === count) return classes.get(firsts[0]!) === classes.get(firsts[1]!);
    count = names.length;
  }
}

/** Asked of the clerk's steps, and of the visitor's. */
const asserted: Model = {
  ...clerk,
  properties: [
    ...clerk.properties,
    asserts("OWN", [["clerk", "serve"]], lt(0, waiting)),
    asserts(
      "SHARED",
      [
        ["visitor", "knock", "leave"],
        ["clerk", "serve"],
      ],
      le(waiting, 1),
      lt(0, waiting),
    ),
    asserts("OTHER", [["visitor", "leave"]], not(off)),
  ],
};

function asserts(
  id: string,
  on: readonly (readonly [string, ...string[]])[],
  holds: Expr<Bool>,
  premise?: Expr<Bool>,
): Property {
  return {
    kind: "assertion",
    id,
    title: id,
    says: "It is not so.",
    on: on.map(([actor, ...steps]) => ({ actor, steps })),
    holds,
    ...(premise === undefined ? {} : { premise }),
  };
}

test("a step that is removed leaves its assertions, and one that has lost its steps is not asked", () => {
  const { mutants, refused } = mutate(asserted);
  expect(refused).toEqual([]);
  const drops = mutants.filter(({ change }) => change.operator === "drop-step");
  const said = drops.map(({ step, shortened, unasked, model }) => [
    step,
    shortened.join(),
    unasked.join(),
    model.properties.flatMap((one) =>
      one.kind === "assertion" ? one.on.flatMap(({ actor, steps }) => [actor, ...steps]).join(" ") : [],
    ),
  ]);
  expect(said).toEqual([
    ["arrive", "", "", ["clerk serve", "visitor knock leave clerk serve", "visitor leave"]],
    ["knock", "SHARED", "", ["clerk serve", "visitor leave clerk serve", "visitor leave"]],
    ["leave", "SHARED", "OTHER", ["clerk serve", "visitor knock clerk serve"]],
    ["serve", "SHARED", "OWN", ["visitor knock leave", "visitor leave"]],
  ]);
});

test("no mutant is killed for what is said of the step that it removes alone", () => {
  const judgedBy = (model: Model) =>
    judgeMutants(model, { now, operators: ["drop-step"] }).mutants.map(({ step, outcome }) => [
      step,
      outcome.kind === "killed" ? [...outcome.by, ...outcome.vacuous].join() : outcome.kind,
    ]);
  expect(judgedBy(asserted)).toEqual([
    // Nobody knocks, so of no step that is left is anything true.
    ["arrive", "OWN,SHARED,OTHER"],
    // The clerk is still there, and is not called.
    ["knock", "OWN"],
    ["leave", "narrower"],
    ["serve", "survived"],
  ]);
  // Whoever knocks twice finds somebody waiting: without the clerk nothing of that is asked any more.
  const premise = {
    ...asserted,
    properties: [
      asserts(
        "SHARED",
        [
          ["clerk", "serve"],
          ["visitor", "leave"],
        ],
        le(waiting, 1),
        and(lt(0, waiting), bell, off),
      ),
    ],
  };
  expect(
    check(premise, { now }).properties.map(({ id, verdict, vacuous }) => [id, verdict, vacuous]),
  ).toEqual([["SHARED", "holds", false]]);
  expect(judgedBy(premise).at(-1)).toEqual(["serve", "survived"]);
});

test("a step that stands at another point as well keeps its assertions", () => {
  const twice: Model = {
    ...asserted,
    actors: asserted.actors.map((one) =>
      one.name === "clerk"
        ? {
            ...one,
            config: { ...one.config, states: { ...one.config.states, yard: one.config.states["desk"]! } },
          }
        : one,
    ),
  };
  const drops = mutate(twice).mutants.filter(
    ({ step, change }) => step === "serve" && change.operator === "drop-step",
  );
  expect(drops.map(({ point: at, shortened, unasked }) => [at, shortened, unasked])).toEqual([
    ["desk", [], []],
    ["yard", [], []],
  ]);
  for (const { model } of drops) expect(model.properties).toEqual(twice.properties);
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

/** The steps that leave each observable state, as text with the fair instance that takes them, by walking the models together. */
type Edges = Readonly<Record<string, readonly { readonly to: string; readonly fair: number | null }[]>>;

function edges(...models: readonly [Model, ...Model[]]): Edges {
  const systems = models.map(flatten);
  const [model] = models;
  const observed = ({ points, context }: State) =>
    JSON.stringify([
      points,
      Object.entries(context).filter(([name]) => model.variables[name]!.history !== true),
    ]);
  const found = new Map<string, Map<string, { to: string; fair: number | null }>>();
  const known = new Set<string>();
  const open = systems.map(initialState);
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const key = JSON.stringify(state);
    if (known.has(key)) continue;
    known.add(key);
    const here = found.get(observed(state)) ?? new Map();
    found.set(observed(state), here);
    for (const system of systems) {
      for (const taken of enabledSteps(system, state)) {
        const after = takeStep(system, state, taken);
        const to = `${taken.event} ${JSON.stringify(taken.emits)} ${observed(after)}`;
        const fair = system.instances[taken.instance]!.actor.fairness === "none" ? null : taken.instance;
        here.set(to, { to, fair });
        open.push(after);
      }
    }
  }
  const sorted = [...found].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    sorted.map(([key, here]) => [key, [...here.values()].sort((a, b) => (a.to < b.to ? -1 : 1))]),
  );
}

/** The definition, word by word. */
function narrows(mutant: Edges, original: Edges): boolean {
  return Object.entries(mutant).every(([state, few]) => {
    const many = original[state];
    if (many === undefined) return false;
    const included = few.every(({ to }) => many.some((edge) => edge.to === to));
    const able = many.every(({ fair }) => fair === null || few.some((edge) => edge.fair === fair));
    return included && able && (few.length > 0 || many.length === 0);
  });
}
