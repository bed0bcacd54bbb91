/** The path with the fewest changes of actor, and then of variables, against all shortest paths. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { check, type Reduction } from "../../checker/check.ts";
import { describeStep } from "../../checker/explain/replay.ts";
import { type Exploration, explore } from "../../checker/explore/explore.ts";
import { Meter } from "../../checker/explore/meter.ts";
import { lowerModel } from "../../checker/lower/program.ts";
import { calmestPath } from "../../checker/property/calmest-path.ts";
import { stateNumber } from "../../checker/property/path.ts";
import { successorReader } from "../../checker/property/successors.ts";
import {
  actor,
  add,
  and,
  at,
  type Bool,
  declare,
  type Expr,
  enabledSteps,
  eq,
  falsifies,
  finalPoint,
  gt,
  holdsIn,
  int,
  lt,
  type Model,
  not,
  or,
  type Property,
  point,
  type State,
  type Step,
  type System,
  set,
  step,
} from "../../models/language/index.ts";
import { smallModel } from "../arbitrary/model.ts";
import { runs } from "../runs.ts";
import { unlimited } from "./unlimited.ts";

/** Changes of actor and changed variables, as one number whose first part counts first. */
const price = (switches: number, variables: number) => switches * 1e6 + variables;

/** Edges with their movers, and the variables that a counterexample would list under them. */
function edgesFrom(exploration: Exploration) {
  const reader = successorReader(exploration);
  const { system } = exploration.program;
  const known = new Map<number, readonly { to: number; mover: number; variables: number; step: Step }[]>();
  return (state: number) => {
    const before = known.get(state);
    if (before !== undefined) return before;
    const edges = Array.from({ length: reader.read(state) }, (_, e) => {
      const [to, taken] = [reader.targets[e]!, system.steps[reader.steps[e]!]!];
      const shown = describeStep(
        system,
        taken,
        stateNumber(exploration, state),
        stateNumber(exploration, to),
      );
      return { to, mover: taken.instance, variables: shown.changes.length, step: taken };
    });
    known.set(state, edges);
    return edges;
  };
}

type Edges = ReturnType<typeof edgesFrom>;

/** The lowest price over walks that take the given way at each step, by the last mover. */
function cheapest(
  edges: Edges,
  from: number,
  length: number,
  fits: (i: number, to: number, from: number, step: Step) => boolean,
) {
  let ways = new Map([[`${from} -1`, 0]]);
  for (let i = 1; i <= length; i++) {
    const next = new Map<string, number>();
    for (const [key, sum] of ways) {
      const [state, last] = key.split(" ").map(Number) as [number, number];
      for (const { to, mover, variables, step } of edges(state)) {
        if (!fits(i, to, state, step)) continue;
        const there = `${to} ${mover}`;
        const total = sum + price(last === -1 || last === mover ? 0 : 1, variables);
        if (total < (next.get(there) ?? Number.POSITIVE_INFINITY)) next.set(there, total);
      }
    }
    ways = next;
  }
  return Math.min(...ways.values());
}

test("no walk of the same length changes the actor, and then variables, less often, and none is shorter", () => {
  fc.assert(
    fc.property(smallModel(150), fc.nat(), (model, choice) => {
      const exploration = explore(lowerModel(model), [], unlimited);
      const to = choice % exploration.counts.states;
      const path = calmestPath(exploration, [to], new Meter(unlimited));
      expect(path[0]).toBe(0);
      expect(path.at(-1)).toBe(to);
      const depth = exploration.levels.findLastIndex((first) => first <= to);
      expect(path.length - 1).toBe(depth);
      const edges = edgesFrom(exploration);
      // Where several steps lead the same way, the best choice among them counts.
      const taken = cheapest(edges, 0, depth, (i, state) => state === path[i]);
      const best = cheapest(edges, 0, depth, (i, state) => i < depth || state === to);
      expect(taken).toBe(best);
    }),
    runs(40),
  );
});

/** What shows that a state, or a step in it, violates the property; null where a run has to be looked at. */
function violation(system: System, property: Property) {
  switch (property.kind) {
    case "invariant":
      return { inState: (state: State) => !holdsIn(system, state, property.holds), byStep: null };
    case "deadlock":
      return {
        inState: (state: State) =>
          enabledSteps(system, state).length === 0 && !holdsIn(system, state, property.final),
        byStep: null,
      };
    case "assertion":
      return {
        inState: null,
        byStep: (state: State, step: Step) => falsifies(system, state, step, property),
      };
    default:
      return null;
  }
}

test("no run as short that shows the violation elsewhere changes the actor, and then variables, less often", () => {
  const reductions = fc.constantFrom<readonly Reduction[]>([], ["symmetry"], ["symmetry", "por", "dead"]);
  let compared = 0;
  fc.assert(
    fc.property(smallModel(150), reductions, (model, reduce) => {
      const exploration = explore(lowerModel(model), [], unlimited);
      const { system } = exploration.program;
      const edges = edgesFrom(exploration);
      const state = (number: number) => stateNumber(exploration, number);
      for (const { id, counterexample } of check(model, { now: () => 0, reduce, shortest: true })
        .properties) {
        const property = model.properties.find((one) => one.id === id);
        const found = property === undefined ? null : violation(system, property);
        if (counterexample === null || found === null) continue;
        const { steps } = counterexample;
        const switches = steps.filter((one, i) => i > 0 && one.actor !== steps[i - 1]?.actor).length;
        const variables = steps.reduce((sum, { changes }) => sum + changes.length, 0);
        const ends = (to: number, from: number, step: Step) =>
          found.byStep === null ? found.inState(state(to)) : found.byStep(state(from), step);
        const best = cheapest(
          edges,
          0,
          steps.length,
          (i, to, from, step) => i < steps.length || ends(to, from, step),
        );
        if (steps.length > 0) expect(price(switches, variables)).toBe(best);
        compared++;
      }
    }),
    runs(30),
  );
  expect(compared).toBeGreaterThan(0);
});

describe("of two runs as short, the one in which one actor moves is shown, though the search finds the other one first", () => {
  const { variables, v } = declare({ x: { sort: int(0, 3), initial: 0, doc: "" } });
  const one = (name: string, points: Parameters<typeof actor>[0]["points"]) =>
    actor({ name, doc: "", initial: "p0", points });
  const inc = (to: string, when?: Expr<Bool>) =>
    step("inc", "", { ...(when === undefined ? {} : { when }), do: [set(v.x, add(v.x, 1))], to });
  const says = { id: "P", title: "", says: "" };
  const movers = (actors: Model["actors"], property: Property) => {
    const model = { name: "m", title: "", identities: {}, variables, actors, properties: [property] };
    return check(model, { now: () => 0 }).properties[0]?.counterexample?.steps.map(({ actor: name }) => name);
  };
  const short = one("a", { p0: point(step("go", "", { to: "p1" })), p1: finalPoint });
  const long = one("b", {
    p0: point(step("go", "", { to: "p1" })),
    p1: point(step("go", "", { to: "p2" })),
    p2: finalPoint,
  });

  test("where another state is wrong", () => {
    const wrong = or(and(at("a", ["p1"]), at("b", ["p1"])), at("b", ["p2"]));
    expect(movers([short, long], { ...says, kind: "invariant", holds: not(wrong) })).toEqual(["b", "b"]);
  });
  test("where another step is wrong", () => {
    const a = one("a", { p0: point(step("fail", "", { when: eq(v.x, 1), to: "p1" })), p1: finalPoint });
    const b = one("b", { p0: point(inc("p1")), p1: point(step("fail", "", { to: "p2" })), p2: finalPoint });
    const on = ["a", "b"].map((name) => ({ actor: name, steps: ["fail"] }));
    expect(movers([a, b], { ...says, kind: "assertion", on, holds: or() })).toEqual(["b", "b"]);
  });
  test("where another state is stuck", () => {
    // Once x is 2 nobody can move: by `a` after `b`, or by `b` twice.
    const a = one("a", { p0: point(inc("p1", eq(v.x, 1))), p1: finalPoint });
    const b = one("b", {
      p0: point(inc("p1", lt(v.x, 2))),
      p1: point(inc("p2", lt(v.x, 2))),
      p2: finalPoint,
    });
    expect(movers([a, b], { ...says, kind: "deadlock", final: or() })).toEqual(["b", "b"]);
  });
  test("where steps of several actors lead the same way", () => {
    const a = one("a", { p0: point(inc("p0", and(gt(v.x, 0), lt(v.x, 3)))) });
    const b = one("b", { p0: point(inc("p0", lt(v.x, 3))) });
    expect(movers([a, b], { ...says, kind: "invariant", holds: lt(v.x, 2) })).toEqual(["b", "b"]);
  });
});
