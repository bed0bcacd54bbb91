/** Verdicts on formulas against runs that are enumerated and judged by the definition of the operators. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Counterexample, check } from "../../checker/check.ts";
import {
  type ExprData,
  enabledSteps,
  type Fairness,
  flatten,
  holdsIn,
  initialState,
  ltl,
  type Model,
  ModelError,
  type State,
  takeStep,
} from "../../models/language/index.ts";
import { type Draw, drawFrom, pick, repeat } from "../arbitrary/draw.ts";
import { drawFormula } from "../arbitrary/formula.ts";
import { smallModel } from "../arbitrary/model.ts";
import {
  type Edge,
  type Graph,
  isFair,
  isFairToEdges,
  isTrueOf,
  type LassoRun,
  someLasso,
} from "../oracle/lassos.ts";
import { runs } from "../runs.ts";
import { graphModel, inStates, isTrueIn } from "./graph-model.ts";

const entropy = (most: number) => fc.noBias(fc.array(fc.nat(0xffff), { maxLength: most, size: "max" }));

function judge(model: Model) {
  const result = check(model, { now: () => 0, properties: ["P"] }).properties.find(({ id }) => id === "P");
  if (result === undefined) throw new Error("no property was judged");
  return result;
}

function drawSets(draw: Draw, states: number): readonly ExprData[] {
  const some = () => Array.from({ length: states }, (_, s) => s).filter(() => draw(2) === 1);
  return [
    inStates(...some()),
    inStates(...some()),
    inStates(...some()),
    { kind: "bool", value: draw(2) === 1 },
  ];
}

test("on a graph with one run the verdict is the formula's truth", () => {
  fc.assert(
    fc.property(entropy(80), (numbers) => {
      const draw = drawFrom(numbers);
      const states = 1 + draw(7);
      const edges = repeat(states - 1, (from): Edge => ({ from, to: from + 1, mover: 0 }));
      const back = draw(states + 1);
      const all = back === states ? edges : [...edges, { from: states - 1, to: back, mover: 0 }];
      const conditions = drawSets(draw, states);
      const formula = drawFormula(draw, 2 + draw(3), () => pick(draw, conditions));
      const run: LassoRun = { edges: all, loopStart: back === states ? all.length : back };
      const truth = isTrueOf(run, formula, isTrueIn);
      const { verdict } = judge(graphModel({ states, edges: all }, ["weak"], formula));
      expect(verdict).toBe(truth ? "holds" : "violated");
    }),
    runs(250),
  );
});

test("on a random graph a violation is a fair run that falsifies the formula, and where it holds none is found", () => {
  const verdicts = { holds: 0, violated: 0, inconclusive: 0 };
  fc.assert(
    fc.property(entropy(120), (numbers) => {
      const draw = drawFrom(numbers);
      const states = 1 + draw(6);
      const fairness = repeat(1 + draw(3), () => pick<Fairness>(draw, ["weak", "strong", "none"]));
      const edges = repeat(1 + draw(10), (): Edge => {
        return { from: draw(states), to: draw(states), mover: draw(fairness.length) };
      });
      const graph: Graph = { states, edges };
      const conditions = drawSets(draw, states);
      const formula = drawFormula(draw, 1 + draw(3), () => pick(draw, conditions));
      const { verdict, counterexample } = judge(graphModel(graph, fairness, formula));
      verdicts[verdict]++;
      const refutes = (run: LassoRun) => isFair(graph, run, fairness) && !isTrueOf(run, formula, isTrueIn);
      if (counterexample !== null) {
        const run = lassoOf(counterexample, edges);
        expect(refutes(run)).toBe(true);
        expect(counterexample.fairness).toEqual(respected(graph, run, fairness));
      } else {
        expect(verdict).toBe("holds");
        expect(someLasso(graph, 8, 1500, refutes)).toBe(false);
      }
    }),
    runs(200),
  );
  expect(Math.min(verdicts.holds, verdicts.violated)).toBeGreaterThan(20);
});

test("where edges ask for fairness by themselves, too, for formulas and for responses", () => {
  const verdicts = { holds: 0, violated: 0, inconclusive: 0 };
  fc.assert(
    fc.property(entropy(120), (numbers) => {
      const draw = drawFrom(numbers);
      const states = 2 + draw(3);
      const fairness = repeat(1 + draw(2), () => pick<Fairness>(draw, ["weak", "strong", "none"]));
      const edges = repeat(3 + draw(6), (): Edge => {
        return { from: draw(states), to: draw(states), mover: draw(fairness.length) };
      });
      const ofEdges = edges.map(() => pick<Fairness>(draw, ["none", "weak", "strong", "strong"]));
      const graph: Graph = { states, edges };
      const conditions = drawSets(draw, states);
      const [from, to] = [pick(draw, conditions), pick(draw, conditions)];
      const isResponse = draw(2) === 1;
      const response = ltl.always(ltl.implies(ltl.state(from), ltl.eventually(ltl.state(to))));
      const formula = isResponse ? response : drawFormula(draw, 1 + draw(3), () => pick(draw, conditions));
      const asModel = (asked: readonly Fairness[]): Model => {
        const model = graphModel(graph, fairness, formula, asked);
        const { id, title, says } = model.properties[0]!;
        return isResponse
          ? { ...model, properties: [{ id, title, says, kind: "leadsTo", from, to }] }
          : model;
      };
      const { verdict, counterexample } = judge(asModel(ofEdges));
      verdicts[verdict]++;
      const refutes = (run: LassoRun) =>
        isFair(graph, run, fairness) &&
        isFairToEdges(graph, run, ofEdges) &&
        !isTrueOf(run, formula, isTrueIn);
      if (counterexample !== null) expect(refutes(lassoOf(counterexample, edges))).toBe(true);
      else {
        expect(verdict).toBe("holds");
        expect(someLasso(graph, 8, 1500, refutes)).toBe(false);
      }
    }),
    runs(250),
  );
  expect(Math.min(verdicts.holds, verdicts.violated)).toBeGreaterThan(20);
});

/** How a fair run is fair, told anew from its edges. */
function respected(graph: Graph, { edges, loopStart }: LassoRun, fairness: readonly Fairness[]) {
  const loop = edges.slice(loopStart);
  return fairness.flatMap((kind, actor) => {
    if (kind === "none") return [];
    const taken = loop.some(({ mover }) => mover === actor);
    const unable = loop.flatMap(({ from }, i) =>
      graph.edges.some((edge) => edge.from === from && edge.mover === actor) ? [] : [loopStart + i],
    );
    const at = taken || unable.length === loop.length ? null : unable[0];
    return [{ name: `a${actor}`, kind, by: taken ? "taken" : "unable", at }];
  });
}

/** The edges of a counterexample of a graph model. */
function lassoOf({ steps, loopStart }: Counterexample, edges: readonly Edge[]): LassoRun {
  const taken = steps.map(({ event }): Edge => {
    const [, actor, step] = /^a(\d+)\.e(\d+)$/.exec(event) ?? [];
    const edge = edges.filter(({ mover }) => mover === Number(actor))[Number(step)];
    if (edge === undefined) throw new Error(`unknown event ${event}`);
    return edge;
  });
  return { edges: taken, loopStart: loopStart ?? -1 };
}

test("on a random model of the language, too", () => {
  fc.assert(
    fc.property(smallModel(12), entropy(60), (model, numbers) => {
      const draw = drawFrom(numbers);
      const { graph, states } = graphOf(model);
      const conditions = model.properties.flatMap(conditionsIn);
      fc.pre(conditions.length > 0);
      const formula = drawFormula(draw, 1 + draw(3), () => pick(draw, conditions));
      const system = flatten(model);
      const fairness = system.instances.map(({ actor }) => actor.fairness);
      const property = { id: "P", kind: "ltl", title: "", says: "", formula } as const;
      const { verdict } = judge({ ...model, properties: [property] });
      const valueAt = (state: number, expr: ExprData) => holdsIn(system, states[state] as State, expr);
      const found = someLasso(
        graph,
        7,
        800,
        (run) => isFair(graph, run, fairness) && !isTrueOf(run, formula, valueAt),
      );
      // What is violated was confirmed by the reference evaluator before it was reported.
      if (found) expect(verdict).toBe("violated");
      else expect(verdict).not.toBe("inconclusive");
    }),
    runs(30),
  );
});

function conditionsIn(property: Model["properties"][number]): readonly ExprData[] {
  if (property.kind === "invariant") return [property.holds];
  if (property.kind === "leadsTo") return [property.from, property.to];
  if (property.kind === "reachable") return [property.goal];
  if (property.kind === "alwaysPossible") {
    return [property.goal, ...(property.from === undefined ? [] : [property.from])];
  }
  return property.kind === "deadlock" ? [property.final] : [];
}

/** All reachable states and the edges between them, by the reference evaluator. */
function graphOf(model: Model): { readonly graph: Graph; readonly states: readonly State[] } {
  const system = flatten(model);
  const states: State[] = [initialState(system)];
  const numbers = new Map([[JSON.stringify(states[0]), 0]]);
  const edges: Edge[] = [];
  for (let from = 0; from < states.length; from++) {
    const state = states[from] as State;
    for (const step of enabledSteps(system, state)) {
      try {
        const after = takeStep(system, state, step);
        const key = JSON.stringify(after);
        const to = numbers.get(key) ?? states.push(after) - 1;
        numbers.set(key, to);
        edges.push({ from, to, mover: step.instance });
      } catch (error) {
        if (!(error instanceof ModelError)) throw error;
      }
    }
  }
  return { graph: { states: states.length, edges }, states };
}
