/** Verdicts on machines small enough to work out by hand. */

import { expect, test } from "vitest";
import { getInitialSnapshot, getNextSnapshot } from "xstate";
import { type CheckResult, check, wellSorted } from "../../checker/check.ts";
import {
  type Actor,
  actor,
  add,
  and,
  at,
  type Bool,
  bool,
  declare,
  type Expr,
  eq,
  flatten,
  int,
  is,
  lt,
  type Model,
  not,
  oneOf,
  or,
  type Property,
  point,
  set,
  step,
} from "../../models/index.ts";
import { compose, pointsOf } from "../../models/xstate.ts";

const now = () => 0;
const { variables, v } = declare({
  n: { sort: int(0, 5), initial: 0, doc: "a number" },
  lamp: { sort: oneOf("off", "on"), initial: "off", doc: "a lamp" },
  asked: { sort: bool, initial: false, doc: "a request" },
});

const base = { id: "P", title: "a property", says: "It is false." };

function model(actors: readonly Actor[], ...properties: readonly Property[]): Model {
  return { name: "toy", title: "A toy", identities: {}, variables, actors, properties };
}

function only(result: CheckResult) {
  const [property] = result.properties;
  if (property === undefined) throw new Error("no property was judged");
  return property;
}

const counter = actor({
  name: "counter",
  doc: "counts to five",
  initial: "count",
  points: { count: point(step("up", "count", { when: lt(v.n, 5), do: [set(v.n, add(v.n, 1))] })) },
});

const switcher = (fairness: "weak" | "none") =>
  actor({
    name: "switcher",
    doc: "switches a lamp that was asked for",
    fairness,
    initial: "wait",
    points: {
      wait: point(step("switch", "switch on", { when: is(v.lamp, "off"), do: [set(v.lamp, "on")] })),
    },
  });

const idler = actor({
  name: "idler",
  doc: "does nothing for ever",
  initial: "idle",
  points: { idle: point(step("spin", "spin", {})) },
});

test("a counter to n has n + 1 states, n transitions and depth n", () => {
  const { statistics } = check(model([counter]), { now });
  expect(statistics).toMatchObject({ states: 6, transitions: 5, depth: 5 });
});

test("an invariant is violated by a shortest run that XState takes too", () => {
  const toy = model([counter, switcher("weak")], { ...base, kind: "invariant", holds: lt(v.n, 3) });
  const { verdict, counterexample } = only(check(toy, { now }));
  expect(verdict).toBe("violated");
  expect(counterexample?.steps.map(({ event }) => event)).toEqual(["counter.up", "counter.up", "counter.up"]);
  const system = flatten(toy);
  const machine = compose(system);
  let snapshot = getInitialSnapshot(machine);
  for (const { event } of counterexample?.steps ?? [])
    snapshot = getNextSnapshot(machine, snapshot, { type: event });
  expect(snapshot.context).toEqual(counterexample?.final.context);
  expect(pointsOf(system, snapshot.value)).toEqual(Object.values(counterexample?.final.points ?? {}));
});

test("an assertion is judged where its step is taken, and is vacuous where it never is", () => {
  const on = [{ actor: "counter", steps: ["up"] }];
  expect(
    only(check(model([counter], { ...base, kind: "assertion", on, holds: lt(v.n, 4) }), { now })),
  ).toMatchObject({
    verdict: "violated",
  });
  expect(
    only(check(model([counter], { ...base, kind: "assertion", on, holds: lt(v.n, 5) }), { now })),
  ).toMatchObject({
    verdict: "holds",
    vacuous: false,
  });
  const premise = is(v.lamp, "on");
  expect(
    only(check(model([counter], { ...base, kind: "assertion", on, holds: lt(v.n, 0), premise }), { now })),
  ).toMatchObject({
    verdict: "holds",
    vacuous: true,
    reason: "its steps are never taken under its premise",
  });
  const never = actor({
    name: "counter",
    doc: "cannot count",
    initial: "count",
    points: { count: point(step("up", "count", { when: lt(v.n, 0) })) },
  });
  expect(
    only(check(model([never], { ...base, kind: "assertion", on, holds: lt(v.n, 0) }), { now })),
  ).toMatchObject({ verdict: "holds", vacuous: true, reason: "its steps are never taken" });
});

test("a state that nothing leaves is a deadlock unless it is an end", () => {
  const stuck = model([counter], { ...base, kind: "deadlock", final: is(v.lamp, "on") });
  expect(only(check(stuck, { now }))).toMatchObject({ verdict: "violated" });
  const end = model([counter], { ...base, kind: "deadlock", final: eq(v.n, 5) });
  expect(only(check(end, { now }))).toMatchObject({ verdict: "holds" });
});

test("a response that needs an actor to move holds only where that actor is fair", () => {
  const response: Property = { ...base, kind: "leadsTo", from: is(v.lamp, "off"), to: is(v.lamp, "on") };
  expect(only(check(model([idler, switcher("weak")], response), { now })).verdict).toBe("holds");
  const { verdict, counterexample } = only(check(model([idler, switcher("none")], response), { now }));
  expect(verdict).toBe("violated");
  expect(counterexample?.loopStart).toBe(0);
  expect(counterexample?.steps.map(({ event }) => event)).toEqual(["idler.spin"]);
});

test("weak fairness does not help an actor that is again and again unable to move", () => {
  const blinker = actor({
    name: "blinker",
    doc: "asks and withdraws for ever",
    initial: "blink",
    points: {
      blink: point(
        step("ask", "ask", { when: not(v.asked), do: [set(v.asked, true)] }),
        step("withdraw", "withdraw", { when: v.asked, do: [set(v.asked, false)] }),
      ),
    },
  });
  const server = actor({
    name: "server",
    doc: "serves while asked",
    initial: "serve",
    points: { serve: point(step("serve", "serve", { when: v.asked, do: [set(v.lamp, "on")] })) },
  });
  const response: Property = { ...base, kind: "leadsTo", from: is(v.lamp, "off"), to: is(v.lamp, "on") };
  const { verdict, counterexample } = only(check(model([blinker, server], response), { now }));
  expect(verdict).toBe("violated");
  const loop = counterexample?.steps.slice(counterexample.loopStart ?? 0).map(({ event }) => event);
  expect(loop?.toSorted()).toEqual(["blinker.ask", "blinker.withdraw"]);
});

test("a run that stops before the answer violates a response", () => {
  const response: Property = { ...base, kind: "leadsTo", from: eq(v.n, 2), to: is(v.lamp, "on") };
  const { verdict, counterexample } = only(check(model([counter], response), { now }));
  expect(verdict).toBe("violated");
  expect(counterexample?.loopStart).toBe(counterexample?.steps.length);
});

test("a property that is the constant true holds by construction, and one that merely comes true does not", () => {
  const says = (holds: Expr<Bool>) => {
    const property: Property = { ...base, kind: "invariant", holds };
    const { verdict, vacuous, reason } = only(check(model([counter], property), { now }));
    return [verdict, vacuous, reason.split(":")[0]];
  };
  expect(says(and())).toEqual(["holds", false, "true by construction"]);
  expect(says(and(and(), and()))).toEqual(["holds", false, "true by construction"]);
  expect(says(or(v.asked, not(v.asked)))).toEqual(["holds", false, "true in every reachable state"]);
});

test("a goal that no state reaches is violated, and a request that never comes is vacuous", () => {
  const goal: Property = { ...base, kind: "reachable", goal: is(v.lamp, "on") };
  expect(only(check(model([counter], goal), { now })).verdict).toBe("violated");
  expect(only(check(model([counter, switcher("none")], goal), { now })).verdict).toBe("holds");
  const response: Property = { ...base, kind: "leadsTo", from: is(v.lamp, "on"), to: eq(v.n, 5) };
  expect(only(check(model([counter], response), { now }))).toMatchObject({ verdict: "holds", vacuous: true });
});

test("a search that reaches a limit says inconclusive of what it has not refuted", () => {
  // Slices are checked for limits between expansions, so the limit must lie below the states of the model.
  const pairs = model(
    [counter, switcher("weak")],
    { ...base, kind: "invariant", holds: lt(v.n, 9) },
    { ...base, id: "Q", kind: "invariant", holds: eq(v.n, 0) },
    { ...base, id: "R", kind: "leadsTo", from: eq(v.n, 0), to: eq(v.n, 0) },
  );
  const result = check(pairs, { now, maxStates: 4 });
  expect(result.cut).toContain("4 states");
  expect(result.properties.map(({ verdict }) => verdict)).toEqual([
    "inconclusive",
    "violated",
    "inconclusive",
  ]);
  expect(result.verdict).toBe("violated");
});

test("a search that may not even have its index stops at once", () => {
  const result = check(model([counter], { ...base, kind: "invariant", holds: lt(v.n, 9) }), {
    now,
    maxMemoryBytes: 1000,
  });
  expect(result.cut).toContain("1000 bytes");
  expect(only(result).verdict).toBe("inconclusive");
});

test("a write outside its sort is reported with the run that leads there", () => {
  const runaway = actor({
    name: "runaway",
    doc: "counts without end",
    initial: "count",
    points: { count: point(step("up", "count", { do: [set(v.n, add(v.n, 1))] })) },
  });
  const property = only(check(model([runaway]), { now }));
  expect(property).toMatchObject({ id: wellSorted, verdict: "violated" });
  expect(property.counterexample?.steps).toHaveLength(5);
});

test("steps never taken and points never entered are reported", () => {
  const never = actor({
    name: "never",
    doc: "waits in vain",
    initial: "wait",
    points: { wait: point(step("go", "go", { when: eq(v.n, 5), to: "done" })), done: point() },
  });
  const { coverage } = check(model([never]), { now });
  expect(coverage).toEqual({
    stepsNeverTaken: ["never.go at wait"],
    pointsNeverEntered: ["never done"],
    detail: null,
    cut: null,
  });
});

test("program points can be read by properties", () => {
  const walker = actor({
    name: "walker",
    doc: "walks",
    initial: "a",
    points: { a: point(step("walk", "walk", { to: "b" })), b: point() },
  });
  const property: Property = { ...base, kind: "invariant", holds: at("walker", ["a"]) };
  expect(only(check(model([walker], property), { now })).counterexample?.final.points).toEqual({
    walker: "b",
  });
});

test("the same model gives the same bytes", () => {
  const toy = model([counter, switcher("weak"), idler], { ...base, kind: "invariant", holds: lt(v.n, 4) });
  expect(JSON.stringify(check(toy, { now }))).toBe(JSON.stringify(check(toy, { now })));
});
