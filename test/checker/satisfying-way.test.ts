/** The way that would have avoided a violated formula can be gone on so that the formula is satisfied, and none begins later. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { check, explain } from "../../checker/check.ts";
import {
  enabledSteps,
  type Fairness,
  flatten,
  formulaOf,
  initialState,
  type State,
  type Step,
  takeStep,
} from "../../models/language/index.ts";
import { drawFrom, pick, repeat } from "../arbitrary/draw.ts";
import type { Graph } from "../oracle/lassos.ts";
import { runs } from "../runs.ts";
import { graphModel, inStates } from "./graph-model.ts";

const now = () => 0;

interface Case {
  readonly graph: Graph;
  readonly fairness: readonly Fairness[];
  readonly text: string;
  readonly q: readonly number[];
  readonly r: readonly number[];
}

/** The text of a formula that is asked as a response, not as a formula. */
const response = "[] (q -> <> r)";

/** The violating run as the states of the graph, and the way shown, if any; null where the formula holds. */
function avoided({ graph, fairness, text, q, r }: Case) {
  const [from, to] = [inStates(...q), inStates(...r)];
  const plain = graphModel(graph, fairness, formulaOf(text, { q: from, r: to }));
  const asked = { id: "L", kind: "leadsTo", title: "a response", says: "It is late.", from, to } as const;
  const model = text === response ? { ...plain, properties: [asked] } : plain;
  const [result] = check(model, { now }).properties;
  const counterexample = result?.counterexample ?? null;
  if (counterexample === null) return null;
  const system = flatten(model);
  const follow = (from: State, events: readonly string[]) => {
    const states = [from];
    const steps: Step[] = [];
    for (const event of events) {
      const step = enabledSteps(system, states.at(-1)!).find((one) => one.event === event)!;
      steps.push(step);
      states.push(takeStep(system, states.at(-1)!, step));
    }
    return { states, steps };
  };
  const run = follow(
    initialState(system),
    counterexample.steps.map(({ event }) => event),
  );
  const { avoidance, causes } = explain(system, run, counterexample.loopStart, model.properties[0]!);
  const { kind, reason, shared, steps } = avoidance;
  const way = follow(
    run.states[shared]!,
    steps.map(({ event }) => event),
  );
  const numbers = (states: readonly State[]) => states.map((state) => Number(state.context["s"]));
  return {
    kind,
    reason,
    shared,
    run: numbers(run.states),
    way: numbers([...run.states.slice(0, shared), ...way.states]),
    loopStart: counterexample.loopStart!,
    isForever: causes.every(({ span }) => span!.kind === "forever"),
  };
}

/** Whether a fair run that begins with these states of the graph satisfies the formula, by the checker: they become a path of their own. */
function canGoOn({ graph, fairness, text, q, r }: Case, path: readonly number[]): boolean {
  const before = path.slice(0, -1);
  const shift = (state: number) => state + before.length;
  const goal = (states: readonly number[]) =>
    inStates(...before.flatMap((state, i) => (states.includes(state) ? [i] : [])), ...states.map(shift));
  const edges = [
    ...before.map((_, i) => ({ from: i, to: i + 1 < before.length ? i + 1 : shift(path.at(-1)!), mover: 0 })),
    ...graph.edges.map(({ from, to, mover }) => ({ from: shift(from), to: shift(to), mover })),
  ];
  // State 0 is where it begins.
  const swap = (state: number) => {
    const first = before.length === 0 ? path.at(-1)! : 0;
    return state === first ? 0 : state === 0 ? first : state;
  };
  const swapped = edges.map(({ from, to, mover }) => ({ from: swap(from), to: swap(to), mover }));
  const atoms =
    before.length === 0
      ? { q: inStates(...q.map(swap)), r: inStates(...r.map(swap)) }
      : { q: goal(q), r: goal(r) };
  const states = shift(graph.states);
  const model = graphModel({ states, edges: swapped }, fairness, formulaOf(`!(${text})`, atoms));
  return check(model, { now }).properties[0]!.counterexample !== null;
}

const oneWay = (...pairs: readonly (readonly [number, number])[]): Graph => ({
  states: 4,
  edges: pairs.map(([from, to]) => ({ from, to, mover: 0 })),
});

/** It may stay, go to where q is true alone and stay there, or by a longer way to where q and r are. */
const fork = oneWay([0, 0], [0, 1], [1, 1], [0, 2], [2, 3], [3, 3]);

test.each([
  ["<> q", [0, 1]],
  ["<> (q && <> r)", [0, 2, 3]],
  ["<> q && [] (q -> r)", [0, 2, 3]],
])("%s is avoided by going on where it can still become true", (text, way) => {
  const one = avoided({ graph: fork, fairness: ["none"], text, q: [1, 3], r: [3] })!;
  expect(one.kind).toBe("wayOut");
  expect(one.way.slice(one.shared)).toEqual(way);
});

test("a way to q that cannot keep it is none", () => {
  const text = "<> [] q";
  const cannot = oneWay([0, 0], [0, 1], [1, 2], [2, 2]);
  expect(avoided({ graph: cannot, fairness: ["none"], text, q: [1], r: [] })!.kind).toBe("none");
  const can = oneWay([0, 0], [0, 1], [1, 1], [1, 2], [2, 2]);
  expect(avoided({ graph: can, fairness: ["none"], text, q: [1], r: [] })!.way).toEqual([0, 0, 1]);
  // An actor that has to go on in the end takes it away again.
  expect(
    avoided({
      graph: {
        ...can,
        edges: [...can.edges.slice(0, 3), { from: 1, to: 2, mover: 1 }, ...can.edges.slice(4)],
      },
      fairness: ["none", "weak"],
      text,
      q: [1],
      r: [],
    })!.kind,
  ).toBe("none");
});

const unanswered = "; but no fair run from there answers every later request";

test.each([
  [
    "a way to it from which no request follows",
    [
      [0, 1],
      [1, 1],
    ],
    [0, 1],
    "",
  ],
  [
    "the nearest way, where each leaves a later request alone",
    [
      [0, 1],
      [1, 2],
      [2, 2],
    ],
    [0, 1],
    unanswered,
  ],
  [
    "a longer way that leaves none alone",
    [
      [0, 1],
      [1, 2],
      [2, 2],
      [0, 3],
      [3, 4],
      [4, 4],
    ],
    [0, 3, 4],
    "",
  ],
] as const)("of a response it is %s", (_, edges, way, more) => {
  const graph: Graph = { ...oneWay([0, 0], ...edges), states: 5 };
  const one = avoided({ graph, fairness: ["none"], text: response, q: [0, 2], r: [1, 4] })!;
  expect(one.way.slice(one.shared)).toEqual(way);
  expect(one.reason).toBe(`the loop could be left for what it promises, and never is${more}`);
});

test("of a response it may have to be left earlier than for what it promises alone", () => {
  const graph = oneWay([0, 1], [1, 1], [1, 2], [2, 3], [3, 3], [0, 4], [4, 4]);
  const one = avoided({
    graph: { ...graph, states: 5 },
    fairness: ["none"],
    text: response,
    q: [0, 3],
    r: [2, 4],
  })!;
  expect([one.run, one.shared, one.way]).toEqual([[0, 1, 2, 3, 3], 0, [0, 4]]);
  const more = "what it promises cannot come any more in a run that answers every request";
  expect(one.reason).toBe(`from step 1 of the run on, ${more}`);
});

test("on random graphs the way can be gone on, and from no later state of the run can it be satisfied", () => {
  let judged = 0;
  let none = 0;
  const texts = [
    "<> q",
    "<> (q && <> r)",
    "<> q && [] (q -> r)",
    "<> [] q",
    "<> q && <> [] !r",
    "[] <> q && <> [] !r",
    response,
  ];
  const entropy = fc.noBias(fc.array(fc.nat(0xffff), { minLength: 60, maxLength: 60 })).map(drawFrom);
  fc.assert(
    fc.property(entropy, (draw) => {
      const states = 3 + draw(4);
      const edges = repeat(4 + draw(8), () => ({ from: draw(states), to: draw(states), mover: draw(2) }));
      const some = () => repeat(1 + draw(2), () => 1 + draw(states - 1));
      const of: Case = {
        graph: { states, edges },
        fairness: ["none", pick(draw, ["weak", "strong"])],
        text: pick(draw, texts),
        q: some(),
        r: some(),
      };
      const one = avoided(of);
      if (one === null || !one.isForever || one.run.length + states > 15) return;
      const last = one.kind === "none" || one.reason.endsWith(unanswered) ? -1 : one.shared;
      if (last < 0 && one.kind === "wayOut" && one.way.length + states <= 16)
        expect(canGoOn(of, one.way)).toBe(false);
      if (last >= 0) {
        judged++;
        if (one.way.length + states <= 16) expect(canGoOn(of, one.way)).toBe(true);
      } else none++;
      for (let k = Math.max(last + 1, one.loopStart); k < one.run.length; k++) {
        expect(canGoOn(of, one.run.slice(0, k + 1))).toBe(false);
      }
    }),
    runs(150),
  );
  expect(Math.min(judged, none)).toBeGreaterThan(4);
});
