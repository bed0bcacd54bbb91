/** The text of the TLA+ export. There is no TLC here to judge it, so it is held by golden files. */
import { describe, expect, test } from "vitest";
import { tlaText } from "../../checker/export/index.ts";
import { catalogue, featuresOf, findModel, flatten } from "../../models/index.ts";
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
