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

test("nothing is looked at twice unless it is asked for", () => {
  const model: Model = { name: "m", title: "", identities: {}, variables: {}, actors: [], properties: [] };
  expect(check(model, { now }).coverage.detail).toBeNull();
});
