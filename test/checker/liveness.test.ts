/** Verdicts on runs of graphs small enough to work out by hand. */
import { describe, expect, test } from "vitest";
import { check } from "../../checker/check.ts";
import { type Fairness, type Formula, ltl, type Property } from "../../models/language/index.ts";
import type { Graph } from "../oracle/lassos.ts";
import { graphModel, inStates } from "./graph-model.ts";

const { state, not, and, implies, next, eventually, always, until, release, weakUntil } = ltl;
const now = () => 0;

/** A graph from `0>1` for an edge of actor 0, `0>1:1` for one of actor 1. */
function graph(...edges: readonly string[]): Graph {
  const parsed = edges.map((text) => {
    const [, from, to, mover] = /^(\d+)>(\d+)(?::(\d+))?$/.exec(text) ?? [];
    return { from: Number(from), to: Number(to), mover: Number(mover ?? 0) };
  });
  return { states: 1 + Math.max(...parsed.flatMap(({ from, to }) => [from, to])), edges: parsed };
}

function only(of: Graph, fairness: readonly Fairness[], formula: Formula) {
  const [property] = check(graphModel(of, fairness, formula), { now }).properties;
  if (property === undefined) throw new Error("no property was judged");
  return property;
}

const inState = (...states: readonly number[]) => state(inStates(...states));

describe("the operators, on runs that are known", () => {
  // p in 0 and 1, q in 2, and the run that is given.
  const [p, q, r] = [inState(0, 1), inState(2), inState(3)];
  const ends = graph("0>1", "1>2", "2>3");
  const returns = graph("0>1", "1>2", "2>3", "3>2");
  const splits = graph("0>1", "1>0", "1>2", "2>2");
  test.each<[string, Graph, Formula, "holds" | "violated"]>([
    ["p", ends, p, "holds"],
    ["q", ends, q, "violated"],
    ["X p", ends, next(p), "holds"],
    ["X X p", ends, next(next(p)), "violated"],
    ["X at an end: X X X X r", ends, next(next(next(next(r)))), "holds"],
    ["F q", ends, eventually(q), "holds"],
    ["G p", ends, always(p), "violated"],
    ["F G r", ends, eventually(always(r)), "holds"],
    ["F G r in a loop", returns, eventually(always(r)), "violated"],
    ["G F r in a loop", returns, always(eventually(r)), "holds"],
    ["G F q in a loop", returns, always(eventually(q)), "holds"],
    ["G F p in a loop", returns, always(eventually(p)), "violated"],
    ["p U q", ends, until(p, q), "holds"],
    ["q U p", ends, until(q, p), "holds"],
    ["p U r", ends, until(p, r), "violated"],
    ["p W r", ends, weakUntil(p, r), "violated"],
    ["q R not r", ends, release(q, not(r)), "holds"],
    ["r R p", ends, release(r, p), "violated"],
    ["p U q where p may last", splits, until(p, q), "violated"],
    ["p W q where p may last", splits, weakUntil(p, q), "holds"],
    ["q R p where p may last", splits, release(q, p), "violated"],
    ["q R (p or q) where p may last", splits, release(q, ltl.or(p, q)), "holds"],
    ["F q where p may last", splits, eventually(q), "violated"],
    ["G (q -> G q)", splits, always(implies(q, always(q))), "holds"],
    ["G F 0 or F G q", splits, ltl.or(always(eventually(inState(0))), eventually(always(q))), "holds"],
    ["true, of nothing", ends, and(), "holds"],
    ["false, of nothing", ends, ltl.or(), "violated"],
  ])("%s", (_, of, formula, verdict) => {
    expect(only(of, ["none"], formula).verdict).toBe(verdict);
    // What holds is not violated by the same run: with one run, the negation has the other verdict.
    if (of !== splits) expect(only(of, ["none"], not(formula)).verdict).not.toBe(verdict);
  });
});

describe("fairness", () => {
  // Actor 0 goes round from 0 to 1 and back; actor 1 can leave, from 0 only or from both.
  const sometimes = graph("0>1", "1>0", "0>2:1");
  const anywhere = graph("0>1", "1>0", "0>2:1", "1>2:1");
  const out = eventually(inState(2));
  test.each<[string, Graph, Fairness, "holds" | "violated"]>([
    ["an actor that can move all the time may never do", anywhere, "none", "violated"],
    ["a weakly fair one moves", anywhere, "weak", "holds"],
    ["a strongly fair one moves", anywhere, "strong", "holds"],
    ["one that can move again and again may never do", sometimes, "none", "violated"],
    ["nor must a weakly fair one", sometimes, "weak", "violated"],
    ["but a strongly fair one moves", sometimes, "strong", "holds"],
  ])("%s", (_, of, fairness, verdict) => {
    expect(only(of, ["none", fairness], out).verdict).toBe(verdict);
    const leadsTo: Property = {
      id: "P",
      kind: "leadsTo",
      title: "",
      says: "",
      from: inStates(0),
      to: inStates(2),
    };
    const model = { ...graphModel(of, ["none", fairness], out), properties: [leadsTo] };
    expect(check(model, { now }).properties[0]?.verdict).toBe(verdict);
  });

  test("a strongly fair actor is not served by a loop that leaves out where it can move, if there is none", () => {
    // The inner loop 1 2 never lets actor 1 move; the loop through 0 does.
    const inner = graph("0>1", "1>2", "2>1", "2>0", "0>3:1");
    const { verdict, counterexample } = only(inner, ["none", "strong"], eventually(inState(3)));
    expect(verdict).toBe("violated");
    const loop = counterexample?.steps.slice(counterexample.loopStart ?? 0);
    expect(loop?.map(({ description }) => description)).toEqual(["from 1 to 2", "from 2 to 1"]);
  });

  test("two strongly fair actors can shut each other's way out", () => {
    // 0 lets actor 1 leave, 1 lets actor 2 leave, so no loop through 0 and 1 is fair to both.
    const both = graph("0>1", "1>0", "0>2:1", "1>2:2");
    expect(only(both, ["none", "strong", "strong"], eventually(inState(2))).verdict).toBe("holds");
    expect(only(both, ["none", "strong", "weak"], eventually(inState(2))).verdict).toBe("holds");
    expect(only(both, ["none", "weak", "weak"], eventually(inState(2))).verdict).toBe("violated");
  });
});

describe("counterexamples", () => {
  test("have a shortest way to a short loop", () => {
    const far = graph("0>1", "1>2", "2>3", "3>4", "4>2", "0>5", "5>5");
    const { counterexample } = only(far, ["weak"], eventually(inState(3)));
    expect(counterexample?.steps.map(({ description }) => description)).toEqual([
      "from 0 to 5",
      "from 5 to 5",
    ]);
    expect(counterexample?.loopStart).toBe(1);
  });

  test("stop where nothing can move", () => {
    const { counterexample } = only(graph("0>1", "0>2", "2>0"), ["weak"], eventually(inState(2)));
    expect(counterexample?.steps.map(({ description }) => description)).toEqual(["from 0 to 1"]);
    expect(counterexample?.loopStart).toBe(1);
  });

  test("show the step that was meant where two actors go to the same state", () => {
    // Only the loop that actor 1 makes is fair to it.
    const same = graph("0>0", "0>0:1");
    const { verdict, counterexample } = only(same, ["none", "weak"], ltl.or());
    expect(verdict).toBe("violated");
    expect(counterexample?.steps.map(({ actor }) => actor)).toEqual(["a1"]);
  });
});

test("a formula about requests that never come is vacuous, and a cut search decides nothing", () => {
  const response = always(implies(inState(9), eventually(inState(0))));
  expect(only(graph("0>1"), ["weak"], response)).toMatchObject({ verdict: "holds", vacuous: true });
  const model = graphModel(graph("0>1", "1>2", "2>3", "3>4"), ["weak"], always(inState(0, 1, 2, 3, 4)));
  expect(check(model, { now, maxStates: 2 }).properties[0]?.verdict).toBe("inconclusive");
});

test("a formula whose automaton is too large is not decided", () => {
  const parts = Array.from({ length: 14 }, (_, i) => eventually(and(inState(i), next(inState(i + 1)))));
  const { verdict, reason } = only(graph("0>0"), ["weak"], not(and(...parts)));
  expect(verdict).toBe("inconclusive");
  expect(reason).toContain("too large");
});

describe("what stays possible", () => {
  const possible = (of: Graph, ...goal: readonly number[]) => {
    const property: Property = {
      id: "P",
      kind: "alwaysPossible",
      title: "",
      says: "Lost.",
      goal: inStates(...goal),
    };
    return check({ ...graphModel(of, ["none"], and()), properties: [property] }, { now }).properties[0];
  };
  const possibleFrom = (of: Graph, from: readonly number[], ...goal: readonly number[]) => {
    const property: Property = {
      id: "P",
      kind: "alwaysPossible",
      title: "",
      says: "Lost.",
      from: inStates(...from),
      goal: inStates(...goal),
    };
    return check({ ...graphModel(of, ["none"], and()), properties: [property] }, { now }).properties[0];
  };

  test("holds though a run may never get there", () => {
    expect(possible(graph("0>1", "1>0", "1>2", "2>0"), 2)?.verdict).toBe("holds");
  });

  test("is violated by a shortest way to where it is lost", () => {
    const lost = possible(graph("0>1", "1>2", "2>0", "1>3", "3>4", "4>3"), 2);
    expect(lost?.verdict).toBe("violated");
    expect(lost?.counterexample?.steps.map(({ description }) => description)).toEqual([
      "from 0 to 1",
      "from 1 to 3",
    ]);
    expect(lost?.counterexample).toMatchObject({ loopStart: null, failure: "Lost." });
  });

  test("counts the state itself, and ends", () => {
    expect(possible(graph("0>1"), 1)?.verdict).toBe("holds");
    expect(possible(graph("0>1"), 0)?.verdict).toBe("violated");
    expect(possible(graph("0>1"), 1)).not.toHaveProperty("distance");
  });

  test("from some states is lost only where they cannot get there", () => {
    const dead = graph("0>1", "1>2", "2>0", "1>3", "3>4", "4>3");
    expect(possibleFrom(dead, [0, 1, 2], 2)?.verdict).toBe("holds");
    expect(possibleFrom(dead, [0, 4], 2)?.counterexample?.steps).toHaveLength(3);
  });

  test("tells how many steps the shortest ways have, from the nearest state and from the farthest", () => {
    const ring = graph("0>1", "1>2", "2>3", "3>4", "4>0", "1>3");
    expect(possibleFrom(ring, [0, 1, 2], 4)?.distance).toEqual({ least: 2, most: 3 });
    expect(possibleFrom(ring, [4, 3], 4)?.distance).toEqual({ least: 0, most: 1 });
    expect(possibleFrom(ring, [0], 3)?.distance).toEqual({ least: 2, most: 2 });
  });

  test("from states that are never reached is vacuous", () => {
    const none = possibleFrom(graph("0>1", "2>0"), [2], 1);
    expect(none).toMatchObject({ verdict: "holds", vacuous: true });
    expect(none).not.toHaveProperty("distance");
  });
});
