/** Explanations: every cause is true, every way out is a run, and nothing nearer was overlooked. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Counterexample, check, explain } from "../../checker/check.ts";
import { causesOf } from "../../checker/explain/cause.ts";
import { standings } from "../../checker/explain/standing.ts";
import { featuresOf } from "../../models/entry.ts";
import { findModel } from "../../models/index.ts";
import {
  actor,
  add,
  and,
  arrayOf,
  type Bool,
  bool,
  contains,
  declare,
  type Expr,
  enabledSteps,
  environmentOf,
  eq,
  evaluate,
  exists,
  finalPoint,
  flatten,
  forall,
  formulaOf,
  get,
  gt,
  holdsIn,
  id,
  idOrNone,
  initialState,
  int,
  isNone,
  length,
  listOf,
  lt,
  type Model,
  ne,
  not,
  or,
  type Property,
  point,
  type State,
  type Step,
  type System,
  set,
  step,
  substitute,
  takeStep,
} from "../../models/language/index.ts";
import { drawFrom, repeat } from "../arbitrary/draw.ts";
import { smallModel } from "../arbitrary/model.ts";
import { exploreNaively } from "../oracle/naive-explorer.ts";
import { runs } from "../runs.ts";
import { graphModel, inStates } from "./graph-model.ts";

const now = () => 0;

/** The counterexample as a run on the reference evaluator. */
function runOf(system: System, { steps }: Counterexample): { states: State[]; steps: Step[] } {
  const states = [initialState(system)];
  const taken: Step[] = [];
  for (const { event } of steps) {
    const state = states.at(-1)!;
    const step = enabledSteps(system, state).find((one) => one.event === event)!;
    taken.push(step);
    states.push(takeStep(system, state, step));
  }
  return { states, steps: taken };
}

/** The state after so many steps, the loop being gone through again, or the run staying at its end. */
function stateAfter(
  { states }: { readonly states: readonly State[] },
  loopStart: number | null,
  steps: number,
): State {
  const last = states.length - 1;
  if (steps <= last || loopStart === null || loopStart === last) return states[Math.min(steps, last)]!;
  return states[loopStart + ((steps - loopStart) % (last - loopStart))]!;
}

function explained(model: Model) {
  const system = flatten(model);
  return check(model, { now }).properties.flatMap((result) => {
    const property = model.properties.find(({ id }) => id === result.id);
    if (result.counterexample === null || property === undefined) return [];
    const run = runOf(system, result.counterexample);
    const explanation = explain(system, run, result.counterexample.loopStart, property);
    return [{ system, property, run, counterexample: result.counterexample, explanation }];
  });
}

describe("a condition is false because of", () => {
  const { variables, v } = declare({
    holder: { sort: idOrNone("mm"), initial: null, doc: "" },
    users: { sort: arrayOf("mm", int(0, 3)), initial: [1, 0], doc: "" },
    queue: { sort: listOf(id("mm"), 2), initial: [1], doc: "" },
  });
  const system = flatten({
    name: "m",
    title: "",
    identities: { mm: 2 },
    variables,
    actors: [],
    properties: [],
  });
  const state = initialState(system);
  const mm = (value: number) => ({ kind: "id", of: "mm", value }) as const;
  const because = (condition: Expr<Bool>) =>
    causesOf(system, state, condition).map((cause) => [
      cause.condition,
      cause.value,
      cause.operands.map((o) => o.value),
    ]);

  test("each false conjunct, and no true one", () => {
    expect(because(and(isNone(v.holder), gt(length(v.queue), 1), lt(length(v.queue), 1)))).toEqual([
      [gt(length(v.queue), 1), false, [1]],
      [lt(length(v.queue), 1), false, [1]],
    ]);
  });
  test("all disjuncts; a negated conjunction is false because of all its parts", () => {
    const parts = and(isNone(v.holder), gt(length(v.queue), 0));
    expect(because(not(parts))).toEqual([
      [isNone(v.holder), true, [null]],
      [gt(length(v.queue), 0), true, [1]],
    ]);
    expect(because(or(not(isNone(v.holder)), lt(length(v.queue), 1))).length).toBe(2);
  });
  test("the individuals for which it fails, by their names", () => {
    const positive = forall("mm", "m", (m) => gt(get(v.users, m), 0));
    expect(because(positive)).toEqual([[gt(get(v.users, mm(1)), 0), false, [0]]]);
    expect(because(exists("mm", "m", (m) => gt(get(v.users, m), 1))).map(([, , values]) => values)).toEqual([
      [1],
      [0],
    ]);
  });
  test("an element of a list", () => {
    expect(because(not(contains(v.queue, mm(1))))).toEqual([[contains(v.queue, mm(1)), true, [[1]]]]);
  });
  test("an index that is not written down", () => {
    const [cause] = causesOf(system, state, ne(get(v.users, v.holder), 0));
    expect(cause?.operands.map(({ expr }) => expr)).toEqual([get(v.users, v.holder), v.holder]);
  });
});

test("on random models causes are what they say, and blocked steps are blocked", () => {
  fc.assert(
    fc.property(smallModel(200), (model) => {
      for (const { system, run, counterexample, explanation } of explained(model)) {
        const state = run.states[explanation.at]!;
        const enabled = new Set(enabledSteps(system, state).map(({ event }) => event));
        const all = [
          ...explanation.causes,
          ...explanation.actors.flatMap((a) => a.blocked.flatMap((b) => b.causes)),
        ];
        const { loopStart } = counterexample;
        for (const { condition, value, where, span } of all) {
          const env = environmentOf(system, stateAfter(run, loopStart, span?.from ?? explanation.at));
          const locals = Object.fromEntries(where.map((one) => [one.name, one]));
          expect(evaluate(condition, env, locals)).toBe(value);
        }
        for (const { able, blocked, ended } of explanation.actors) {
          expect(able.every(({ event }) => enabled.has(event))).toBe(true);
          expect(blocked.some(({ event }) => enabled.has(event))).toBe(false);
          expect(blocked.every((one) => one.causes.length > 0)).toBe(true);
          expect(ended && able.length + blocked.length > 0).toBe(false);
        }
        expect(explanation.actors.flatMap(({ able }) => able).length).toBe(enabled.size);
      }
    }),
    runs(15),
  );
});

/** Whether a run violates an invariant or an assertion anywhere. */
function violates(
  system: System,
  property: Property,
  states: readonly State[],
  steps: readonly Step[],
): boolean {
  if (property.kind === "invariant") return states.some((state) => !holdsIn(system, state, property.holds));
  if (property.kind !== "assertion") throw new Error(property.kind);
  return steps.some((step, i) => {
    const actor = system.instances[step.instance]!.actor.name;
    const holds = (expr: typeof property.holds) =>
      holdsIn(system, states[i]!, substitute(expr, step.bindings));
    return (
      property.on.some((on) => on.actor === actor && on.steps.includes(step.name)) &&
      (property.premise === undefined || holds(property.premise)) &&
      !holds(property.holds)
    );
  });
}

/** The other run in full, taken step by step. */
function otherRun({ system, run, explanation }: ReturnType<typeof explained>[number]) {
  const { shared, steps } = explanation.avoidance;
  const events = [...run.steps.slice(0, shared), ...steps].map(({ event }) => event);
  const states = [initialState(system)];
  const taken = events.map((event) => {
    const step = enabledSteps(system, states.at(-1)!).find((one) => one.event === event)!;
    states.push(takeStep(system, states.at(-1)!, step));
    return step;
  });
  return { states, steps: taken };
}

test("a run said to pass passes, and a way out leads there, on random models", () => {
  fc.assert(
    fc.property(smallModel(200), (model) => {
      for (const one of explained(model)) {
        const { system, property, run, explanation } = one;
        const { kind, deviations, shared } = explanation.avoidance;
        if (kind === "none") continue;
        const other = otherRun(one);
        expect(run.steps[shared]?.event === other.steps[shared]?.event && shared < other.steps.length).toBe(
          false,
        );
        if (kind === "wayOut") continue;
        expect(deviations.length).toBeGreaterThan(0);
        expect(violates(system, property, run.states, run.steps)).toBe(true);
        expect(violates(system, property, other.states, other.steps)).toBe(false);
      }
    }),
    runs(20),
  );
});

describe("where no near run avoids a violation", () => {
  /** Actors with so many steps each, one after the other; then there is a step that is always wrong. */
  function chains(actors: number, steps: number): Model {
    const { variables, v } = declare({
      taken: { sort: int(0, actors * steps), initial: 0, doc: "" },
    });
    const go = (to: string) => point(step("go", "", { do: [set(v.taken, add(v.taken, 1))], to }));
    const points = Object.fromEntries(Array.from({ length: steps }, (_, i) => [`at${i}`, go(`at${i + 1}`)]));
    const chain = (name: string) =>
      actor({ name, doc: "", initial: "at0", points: { ...points, [`at${steps}`]: finalPoint } });
    const last = actor({
      name: "last",
      doc: "",
      initial: "waits",
      points: {
        waits: point(step("fail", "", { when: eq(v.taken, actors * steps), to: "end" })),
        end: finalPoint,
      },
    });
    return {
      name: "chains",
      title: "",
      identities: {},
      variables,
      actors: [...Array.from({ length: actors }, (_, i) => chain(`a${i}`)), last],
      properties: [
        {
          kind: "assertion",
          id: "A",
          title: "",
          says: "",
          on: [{ actor: "last", steps: ["fail"] }],
          holds: or(),
        },
      ],
    };
  }
  const reasonOf = (model: Model) => explained(model)[0]?.explanation.avoidance.reason;

  test("it is said where all of them were looked at", () => {
    expect(reasonOf(chains(2, 2))).toBe("no run with at most 3 deviations avoids it");
  });
  test("it is not said where there are too many", () => {
    expect(reasonOf(chains(5, 4))).toBe(
      "not decided: the runs with at most 3 deviations have more than 20000 positions",
    );
  });
});

test("the last way out is the latest state from which the goal can be reached", () => {
  let judged = 0;
  const graphs = fc.noBias(fc.array(fc.nat(0xffff), { minLength: 40, maxLength: 40 })).map(drawFrom);
  fc.assert(
    fc.property(graphs, (draw) => {
      const states = 4 + draw(4);
      const edges = repeat(4 + draw(8), () => ({ from: draw(states), to: draw(states), mover: draw(2) }));
      const goal = inStates(1 + draw(states - 1));
      const graph = graphModel({ states, edges }, ["none", "weak"], formulaOf("true", {}));
      const base = { title: "", says: "" };
      const properties: readonly Property[] = [
        { ...base, id: "L", kind: "leadsTo", from: inStates(draw(states)), to: goal },
        { ...base, id: "P", kind: "alwaysPossible", goal },
      ];
      for (const one of explained({ ...graph, properties })) {
        const { system, run, explanation } = one;
        const hopeful = backwards(system, (state) => holdsIn(system, state, goal));
        const latest = run.states.findLastIndex((state) => hopeful.has(JSON.stringify(state)));
        const { kind, shared } = explanation.avoidance;
        expect(kind).toBe(latest < 0 ? "none" : "wayOut");
        if (kind === "none") continue;
        judged++;
        // An earlier one where from there every request is answered: the satisfying way is judged in a file of its own.
        if (one.property.id === "P") expect(shared).toBe(latest);
        expect(shared).toBeLessThanOrEqual(latest);
        expect(holdsIn(system, otherRun(one).states.at(-1)!, goal)).toBe(true);
      }
    }),
    runs(120),
  );
  expect(judged).toBeGreaterThan(4);
});

/** All states from which the goal can be reached, by going back from it until nothing is new. */
function backwards(system: System, goal: (state: State) => boolean): ReadonlySet<string> {
  const reached = new Set<string>();
  const edges: (readonly [string, string])[] = [];
  exploreNaively(
    system,
    (state) => goal(state) && reached.add(JSON.stringify(state)),
    (before, _, after) => edges.push([JSON.stringify(before), JSON.stringify(after)]),
  );
  for (let size = -1; size !== reached.size; ) {
    size = reached.size;
    for (const [from, to] of edges) if (reached.has(to)) reached.add(from);
  }
  return reached;
}

describe("a formula is false of a run because of", () => {
  const flag = { sort: bool, initial: false, doc: "" };
  const { variables, v } = declare({ bad: flag, asked: flag, answered: flag, ticks: flag });
  /** Breaks and mends, or asks and is answered; then it ticks for ever. */
  const machine = actor({
    name: "a",
    doc: "",
    initial: "start",
    points: {
      start: point(
        step("break", "break it", { do: [set(v.bad, true)], to: "broken" }),
        step("ask", "ask", { do: [set(v.asked, true)], to: "asking" }),
      ),
      broken: point(step("mend", "mend it", { do: [set(v.bad, false)], to: "done" })),
      asking: point(step("answer", "answer", { do: [set(v.answered, true)], to: "done" })),
      done: point(step("tick", "tick", { do: [set(v.ticks, not(v.ticks))], to: "done" })),
    },
  });
  const explainedFormula = (text: string) => {
    const formula = formulaOf(text, { bad: v.bad, asked: v.asked, answered: v.answered, ticks: v.ticks });
    const property = { id: "P", kind: "ltl", title: "", says: "", formula } as const;
    const model: Model = {
      name: "m",
      title: "",
      identities: {},
      variables,
      actors: [machine],
      properties: [property],
    };
    const [one] = explained(model);
    if (one === undefined) throw new Error(`${text} holds`);
    const { at, shownBy, causes, avoidance } = one.explanation;
    const told = causes.map(({ condition, value, span }) => {
      const { kind, from, to } = span!;
      return `${condition.kind === "var" ? condition.name : condition.kind} ${value} ${kind} ${from} ${to}`;
    });
    return { at, shownBy, told, avoidance };
  };

  test("what must never be, where it first is", () => {
    const { at, shownBy, told, avoidance } = explainedFormula("[] !bad");
    expect([at, shownBy, told]).toEqual([1, 1, ["bad true once 1 1"]]);
    expect(avoidance.kind).toBe("diverted");
    expect(avoidance.steps.map(({ description }) => description)).toEqual(["ask"]);
  });
  test("what comes too early, and what did not come before", () => {
    const { at, shownBy, told } = explainedFormula("!answered W bad");
    expect([at, shownBy, told]).toEqual([2, 2, ["bad false once 0 2", "answered true once 2 2"]]);
  });
  test("what is so in two states in a row, told once", () => {
    expect(explainedFormula("[] (asked -> X !asked)")).toMatchObject({
      shownBy: 2,
      told: ["asked true once 1 2"],
    });
  });
  test("a promise, and that it is never kept in the loop", () => {
    const { at, shownBy, told, avoidance } = explainedFormula("[] (asked -> <> bad)");
    expect([at, shownBy, told]).toEqual([2, null, ["asked true once 1 1", "bad false forever 1 null"]]);
    expect(avoidance).toMatchObject({ kind: "wayOut", shared: 0 });
  });
  test("what comes again and again", () => {
    const { shownBy, told, avoidance } = explainedFormula("<> [] ticks");
    expect([shownBy, told, avoidance.kind]).toEqual([null, ["ticks false again 2 null"], "none"]);
  });
});

test("each violation of the posted daemon is explained", () => {
  const entry = findModel("system")!;
  const model = entry.build({
    patch: "v0",
    features: featuresOf(entry, "v0"),
    parameters: { mms: 1, folios: 1, queue: 1, stores: 1 },
  });
  const told = explained(model).map((one) => {
    const { property, explanation } = one;
    const { kind, deviations } = explanation.avoidance;
    expect(explanation.causes.length).toBeGreaterThan(0);
    if (kind === "passing") {
      const { system, run } = one;
      const other = otherRun(one);
      expect(other.steps.at(-1)?.from).toBe(run.steps.at(-1)?.from);
      expect(violates(system, property, other.states, other.steps)).toBe(false);
    }
    return `${property.id} ${kind} ${deviations.map((d) => `${d.actor} ${d.kind} ${d.step}`).join(", ")}`.trim();
  });
  expect(told).toMatchInlineSnapshot(`
    [
      "S04 diverted kmmscand waits 4",
      "S05 passing memory waits 14",
      "S16 passing memory waits 15",
      "S16.isolated diverted application(mm0) waits 3",
      "S06.vma passing memory waits 15",
      "S13 passing owner(mm0) waits 6",
      "S17 passing owner(mm0) instead 8",
      "S06 passing owner(mm0) waits 12",
      "S06.queued passing owner(mm0) waits 12",
      "S06.inflight passing kmmscand waits 14",
      "A03 passing application(mm0) waits 3",
      "A04 passing application(mm0) waits 4",
      "L05 wayOut",
      "DEADLOCK wayOut",
    ]
  `);
});

test("in the initial state of peterson everybody can move", () => {
  const system = flatten(
    findModel("peterson")!.build({ patch: null, features: {}, parameters: { processes: 2 } }),
  );
  const stands = standings(system, initialState(system));
  expect(stands.map(({ actor }) => actor)).toEqual(system.instances.map(({ name }) => name));
  expect(stands.every(({ able }) => able.length > 0)).toBe(true);
});
