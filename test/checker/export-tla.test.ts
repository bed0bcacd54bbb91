/** The text of the TLA+ export, held by golden files; `export-tlc.test.ts` has TLC's opinion. */
import { describe, expect, test } from "vitest";
import { tlaText } from "../../checker/export/index.ts";
import { temporalText } from "../../checker/export/tla/temporal.ts";
import { catalogue, featuresOf, findModel, flatten } from "../../models/index.ts";
import {
  actor,
  and,
  bool,
  declare,
  eq,
  exists,
  formulaOf,
  gt,
  int,
  type NamedStep,
  ne,
  not,
  or,
  point,
  set,
  step,
} from "../../models/language/index.ts";
import { evil } from "./support/evil-model.ts";

function build(name: string, parameters: Readonly<Record<string, number>>) {
  const entry = findModel(name);
  if (entry === undefined) throw new Error(`there is no model ${name}`);
  return entry.build({ patch: null, features: {}, parameters });
}

test.each([
  ["peterson", { processes: 2 }],
  ["kmm", { mms: 2, folios: 2, queue: 2 }],
])("%s reads like a module written by hand", async (name, parameters) => {
  const { module, config } = tlaText(build(name, parameters), "SORTS");
  await expect(`${module}\n${config}`).toMatchFileSnapshot(`../fixtures/export/${name}.tla`);
});

test("what a variable becomes is one side of an equation", () => {
  const { variables, v } = declare({
    a: { sort: bool, initial: false, doc: "" },
    n: { sort: int(0, 3), initial: 0, doc: "" },
  });
  const effects = [
    or(v.a, eq(v.n, 0)),
    and(v.a, gt(v.n, 1)),
    not(v.a),
    ne(v.n, 2),
    exists("k", "i", () => v.a),
    v.a,
  ];
  const some = actor({
    name: "some",
    doc: "assigns conditions",
    initial: "run",
    points: {
      run: point(...effects.map((value, i) => step(`s${i}`, "", { do: [set(v.a, value), set(v.n, 1)] }))),
    },
  });
  const { module } = tlaText(
    { name: "m", title: "", identities: { k: 2 }, variables, actors: [some], properties: [] },
    "SORTS",
  );
  expect([...module.matchAll(/a' = (.*)/g)].map(([, text]) => text)).toEqual([
    "(a \\/ (n = 0))",
    "(a /\\ (n > 1))",
    "(~a)",
    "(n # 2)",
    "(\\E i \\in K : a)",
    "a",
  ]);
});

const shipped = catalogue.flatMap((entry) =>
  (entry.patches.length === 0 ? [null] : entry.patches).map((patch) => {
    const parameters = Object.fromEntries(
      Object.entries(entry.parameters).map(([name, p]) => [name, p.default]),
    );
    const model = entry.build({ patch, features: featuresOf(entry, patch), parameters });
    return { name: `${entry.name} ${patch ?? ""}`, model };
  }),
);

describe.each([...shipped, { name: "names that mean something", model: evil }])("$name", ({ model }) => {
  const { module } = tlaText(model, "SORTS");
  const code = module.replaceAll(/\(\*[\s\S]*?\*\)|\\\*.*$/gm, "");

  test("every action says of every variable what becomes of it, once", () => {
    const [, all = ""] = /^vars == <<(.*)>>$/m.exec(code) ?? [];
    const variables = all.split(", ").sort();
    const actions = code.split(/\n(?=\w+(?:\([^)]*\))? ==\n {2}\/\\ at_)/).slice(1);
    expect(actions.length).toBeGreaterThan(0);
    expect(actions.length).toBeLessThanOrEqual(flatten(model).steps.length);
    for (const action of actions) {
      const [body = ""] = action.split(/\n\n/);
      const primed = [...body.matchAll(/\/\\ (\w+)' = /g)].map(([, name = ""]) => name);
      const kept = (/UNCHANGED <<(.*)>>/.exec(body)?.[1] ?? "").split(", ").filter((name) => name !== "");
      expect([...primed, ...kept].sort()).toEqual(variables);
    }
  });

  test("brackets match, and no name is defined twice", () => {
    const plain = code.replaceAll(/"(?:[^"\\]|\\.)*"/g, "");
    for (const [open, close] of ["()", "[]", "{}"].map((pair) => [...pair])) {
      expect(plain.split(open ?? "").length).toBe(plain.split(close ?? "").length);
    }
    const defined = [...plain.matchAll(/^(\w+)(?:\([^)]*\))? ==/gm)].map(([, name]) => name);
    expect(new Set(defined).size).toBe(defined.length);
  });
});

test.each([
  ["[] (p -> <> q)", "([](~p \\/ (<>q)))"],
  ["!(<> p && [] q)", "(([]~p) \\/ (<>~q))"],
  ["[] (p U q)", "(([](p \\/ q)) /\\ ([](<>q)))"],
  ["[] (p W q)", "([](p \\/ q))"],
  ["[] (p V q)", "([](q \\/ (p /\\ q)))"],
  ["<> (p U q)", "(<>q)"],
  ["<> (p W q)", "((<>q) \\/ (<>([]p)))"],
  ["true U p", "(<>p)"],
  ["p W false", "([]p)"],
  ["[] (true -> p) && true", "(([](FALSE \\/ p)) /\\ TRUE)"],
  ["p U q", null],
  ["p W q", null],
  ["[] (p -> (p U q))", null],
  ["X p", null],
])("%s in TLA+ is %s", (formula, expected) => {
  const conditions = { p: { kind: "var", name: "p" }, q: { kind: "var", name: "q" } } as const;
  expect(temporalText(formulaOf(formula, conditions), (e) => (e.kind === "var" ? e.name : ""))).toBe(
    expected,
  );
});

test.each(["none", "weak", "strong"] as const)(
  "what a step of an actor with %s fairness may not change",
  (fairness) => {
    const { variables, v } = declare({ flag: { sort: bool, initial: false, doc: "" } });
    const text = (of: NamedStep) => {
      const points = { here: point(of), there: point() };
      const one = actor({ name: "a", doc: "", fairness, initial: "here", points });
      return tlaText(
        { name: "m", title: "", identities: {}, variables, actors: [one], properties: [] },
        "SORTS",
      ).module;
    };
    const warning = "TLA+ takes a step that changes nothing for no move";
    expect(text(step("spin", "", {}))).toContain(warning);
    expect(text(step("spin", "", { to: "here" }))).toContain(warning);
    expect(text(step("poll", "", { do: [set(v.flag, false)] }))).toContain(warning);
    expect(text(step("poll", "", { do: [set(v.flag, false)], fairness: "weak" }))).toContain(warning);
    expect(text(step("go", "", { do: [set(v.flag, false)], to: "there" }))).not.toContain(warning);
  },
);

test("a goal is an invariant in a comment of the configuration, since TLC ends at the first violation", () => {
  const { module, config } = tlaText(build("kmm", { mms: 1, folios: 1, queue: 1 }), "SORTS");
  const listed = config.replaceAll(/^\\\*.*$/gm, "");
  expect(listed).toMatch(/^INVARIANT\n {2}SORTS\n/m);
  const goals = [...config.matchAll(/^\\\* INVARIANT (\w+)$/gm)].map(([, name = ""]) => name);
  expect(goals).toEqual(["can_migrate"]);
  for (const goal of goals) {
    expect(listed).not.toContain(goal);
    expect(module).toContain(`\n${goal} ==\n`);
  }
});
