/** What is no model is refused with one sentence, by whoever calls the checker, and never explored. */
import { expect, test } from "vitest";
import { check, MalformedModel, tooLarge } from "../../checker/check.ts";
import { actor, declare, eq, int, type Model, point, set, step } from "../../models/language/index.ts";

const { variables, v } = declare({ n: { sort: int(0, 1), initial: 0, doc: "" } });
const toggler = actor({
  name: "toggler",
  doc: "",
  initial: "run",
  points: { run: point(step("up", "sets it", { when: eq(v.n, 0), do: [set(v.n, 1)] })) },
});
const sound: Model = {
  name: "toy",
  title: "",
  identities: { cpu: 2 },
  variables,
  actors: [toggler],
  properties: [{ kind: "reachable", id: "P", title: "", says: "", goal: eq(v.n, 1) }],
};

const withSort = (sort: object, initial: unknown) => ({
  ...sound,
  variables: { x: { sort, initial, doc: "" } },
  actors: [{ ...toggler, config: { initial: "run", states: { run: {} } } }],
  properties: [],
});
const withGoal = (goal: unknown) => ({ ...sound, properties: [{ ...sound.properties[0], goal }] });
const deep = (levels: number) => {
  let goal: object = { kind: "bool", value: true };
  for (let i = 0; i < levels; i++) goal = { kind: "not", of: goal };
  return goal;
};
const shared = (levels: number) => {
  let goal: object = { kind: "bool", value: true };
  for (let i = 0; i < levels; i++) goal = { kind: "and", of: [goal, goal] };
  return goal;
};
const round: { kind: string; of?: object } = { kind: "not" };
round.of = round;

test("a sound model is explored", () => {
  expect(check(sound, { now: () => 0 }).verdict).toBe("holds");
});

test.each([
  ["nothing", null, "this is not what a model is by its type: "],
  ["an empty object", {}, "this is not what a model is by its type: "],
  ["a model without actors", { ...sound, actors: undefined }, "this is not what a model is by its type: "],
  [
    "no number of individuals",
    { ...sound, identities: { cpu: Number.NaN } },
    "identity cpu has NaN individuals",
  ],
  ["too many", { ...sound, identities: { cpu: 1e9 } }, "identity cpu has 1000000000 individuals"],
  ["half of one", { ...sound, identities: { cpu: 2.5 } }, "identity cpu has 2.5 individuals"],
  [
    "a range without an end",
    withSort({ kind: "int", min: 0, max: Number.POSITIVE_INFINITY }, 0),
    "int 0..Infinity is not",
  ],
  ["a range of too much", withSort({ kind: "int", min: 0, max: 2 ** 40 }, 0), "int 0..1099511627776 is not"],
  [
    "a list of too much",
    withSort({ kind: "list", of: { kind: "bool" }, capacity: 1e9 }, []),
    "a list has capacity 1000000000",
  ],
  ["an unknown sort", withSort({ kind: "float" }, 0.5), "x cannot start as undefined"],
  ["an unknown expression", withGoal({ kind: "maybe" }), "this is not what a model is by its type: "],
  ["a function", withGoal(() => true), "this is not what a model is by its type: "],
  ["an unknown variable", withGoal({ kind: "var", name: "m" }), "unknown variable m (at /properties/0/goal)"],
  [
    "an unknown property",
    { ...sound, properties: [{ kind: "always", id: "P" }] },
    "unknown kind of property always",
  ],
  ["an unknown fairness", { ...sound, actors: [{ ...toggler, fairness: "just" }] }, "unknown fairness just"],
  ["what contains itself", withGoal(round), "this contains itself"],
  ["what nests too deep", withGoal(deep(20_000)), "this is nested more than 200 levels deep"],
  ["what is small only because it is shared", withGoal(shared(60)), "this has more than 1,000,000 values"],
] as const)("%s is refused", (_, model, sentence) => {
  const explored = () => check(model as unknown as Model, { now: () => 0 });
  expect(explored).toThrow(MalformedModel);
  expect(explored).toThrow(sentence);
});

/** So many questions about all 30 individuals, each within the one before. */
function nested(levels: number): object {
  if (levels === 0) return { kind: "eq", left: { kind: "var", name: "n" }, right: { kind: "int", value: 1 } };
  return { kind: "exists", as: `q${levels}`, in: { of: "cpu" }, where: nested(levels - 1) };
}

test("quantifiers within each other are refused where they would be printed too often", () => {
  const asking = (levels: number) =>
    ({ ...withGoal(nested(levels)), identities: { cpu: 30 } }) as unknown as Model;
  expect(check(asking(2), { now: () => 0 }).verdict).toBe("holds");
  const explored = () => check(asking(6), { now: () => 0 });
  expect(explored).toThrow(MalformedModel);
  expect(explored).toThrow(
    "quantifiers or loops within each other have 27,000 turns, but at most 10,000 are possible",
  );
});

test("size is that of the text, and shared parts are seen once", () => {
  expect(tooLarge({ kind: "and", of: Array.from({ length: 60 }, () => shared(10)) })).toBeNull();
  expect(tooLarge(deep(199))).toBeNull();
  expect(tooLarge(deep(200))).toBe("this is nested more than 200 levels deep");
});
