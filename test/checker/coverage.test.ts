/** What was never used, against the same questions asked of every state on the reference evaluator. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { check } from "../../checker/check.ts";
import {
  actor,
  add,
  arrayOf,
  bool,
  declare,
  eq,
  flatten,
  gt,
  holdsIn,
  id,
  idOrNone,
  int,
  length,
  listOf,
  lt,
  type Model,
  point,
  type State,
  set,
  step,
} from "../../models/language/index.ts";
import { smallModel } from "../arbitrary/model.ts";
import { exploreNaively } from "../oracle/naive-explorer.ts";
import { runs } from "../runs.ts";

const now = () => 0;
const detailOf = (model: Model) => check(model, { now, coverage: true }).coverage.detail!;

test("guards, values and premises that are never used are named", () => {
  const { variables, v } = declare({
    n: { sort: int(0, 4), initial: 0, doc: "" },
    owner: { sort: idOrNone("mm"), initial: null, doc: "" },
    queue: { sort: listOf(id("mm"), 2), initial: [], doc: "" },
    flags: { sort: arrayOf("mm", bool), initial: [false, false], doc: "" },
  });
  const counter = actor({
    name: "counter",
    doc: "",
    initial: "run",
    points: {
      run: point(
        step("up", "counts", { when: lt(v.n, 3), do: [set(v.n, add(v.n, 1))] }),
        step("look", "always", { when: lt(v.n, 9) }),
        step("leave", "never", { when: gt(v.n, 3), to: "gone" }),
      ),
      gone: point(),
    },
  });
  const base = { title: "", says: "" };
  const detail = detailOf({
    name: "m",
    title: "",
    identities: { mm: 2 },
    variables,
    actors: [counter],
    properties: [
      { ...base, id: "I", kind: "invariant", holds: lt(v.n, 4), premise: eq(v.n, 4) },
      { ...base, id: "J", kind: "invariant", holds: lt(length(v.queue), 1) },
    ],
  });
  expect(detail).toEqual({
    steps: { used: 2, total: 3, unused: ["counter.leave at run"] },
    points: { used: 1, total: 2, unused: ["counter gone"] },
    guards: {
      used: 4,
      total: 6,
      unused: ["counter.look at run is never false", "counter.leave at run is never true"],
    },
    values: {
      used: 7,
      total: 12,
      unused: ["n = 4", "owner = some mm", "length(queue) = 1", "length(queue) = 2", "flags[] = true"],
    },
    premises: { used: 1, total: 2, unused: ["I"] },
  });
});

test("on random models the outcomes of guards are those that the reference evaluator sees", () => {
  fc.assert(
    fc.property(smallModel(200), (model) => {
      const system = flatten(model);
      const outcomes = new Set<string>();
      exploreNaively(system, (state: State) => {
        for (const { instance, from, name, guard, description } of system.steps) {
          if (guard === null || state.points[instance] !== from) continue;
          const { actor: of, points } = system.instances[instance]!;
          outcomes.add(
            `${of.name}.${name} at ${points[from]} ${description} ${holdsIn(system, state, guard)}`,
          );
        }
      });
      // The steps of a random model share one description, so branches of one event are one guard here as well.
      expect(detailOf(model).guards.used).toBe(outcomes.size);
    }),
    runs(20),
  );
});

/** Counts to 99, and promises what it cannot keep. */
function promises(): Model {
  const { variables, v } = declare({ n: { sort: int(0, 99), initial: 0, doc: "" } });
  const up = step("up", "counts", { when: lt(v.n, 99), do: [set(v.n, add(v.n, 1))] });
  const counter = actor({ name: "counter", doc: "", initial: "run", points: { run: point(up) } });
  const base = { title: "", says: "" };
  const request = (n: number) => ({ kind: "leadsTo", from: eq(v.n, n), to: eq(v.n, 99) }) as const;
  return {
    name: "m",
    title: "",
    identities: {},
    variables,
    actors: [counter],
    properties: [
      { ...base, id: "early", ...request(1) },
      { ...base, id: "late", ...request(90) },
      { ...base, id: "premise", kind: "invariant", holds: lt(v.n, 100), premise: eq(v.n, 90) },
      {
        ...base,
        id: "step",
        kind: "assertion",
        on: [{ actor: "counter", steps: ["up"] }],
        holds: lt(v.n, 99),
      },
      { ...base, id: "none", kind: "deadlock", final: eq(v.n, 99) },
    ],
  };
}

test("of a search that was cut premises are named that were not true so far", () => {
  const { cut, coverage } = check(promises(), { now, coverage: true, maxStates: 50 });
  expect(cut).toBe("the limit of 50 states was reached");
  expect(coverage.detail?.premises).toEqual({ used: 3, total: 5, unused: ["late", "premise"] });
  expect(check(promises(), { now, coverage: true }).coverage.detail?.premises.unused).toEqual([]);
});

test("a limit that ends the look at the states takes the detail away, and no verdict", () => {
  let [looks, most] = [0, Number.POSITIVE_INFINITY];
  const interrupted = () => ++looks > most;
  const full = check(promises(), { now, interrupted, coverage: true });
  most = looks - 1;
  looks = 0;
  const { coverage, verdict } = check(promises(), { now, interrupted, coverage: true });
  expect([coverage.detail, coverage.cut, verdict]).toEqual([
    null,
    "the search was interrupted",
    full.verdict,
  ]);
});

test("searches with several seeds use what one of them has used", () => {
  const search = { order: "dfs", store: { kind: "exact" }, seeds: [1, 2], maxDepth: 30 } as const;
  const { coverage } = check(promises(), { now, coverage: true, search });
  expect(coverage.detail?.values).toMatchObject({ used: 0, total: 0 });
  expect(coverage.detail?.premises.unused).toEqual(["late", "premise"]);
});

test("nothing is looked at twice unless it is asked for", () => {
  const idle = actor({
    name: "idle",
    doc: "",
    initial: "run",
    points: { run: point(step("go", "goes", {})) },
  });
  const model: Model = {
    name: "m",
    title: "",
    identities: {},
    variables: {},
    actors: [idle],
    properties: [],
  };
  expect(check(model, { now }).coverage.detail).toBeNull();
});
