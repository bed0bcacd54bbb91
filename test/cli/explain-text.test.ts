/** What `explain` says would have avoided a violated formula. */
import { expect, test } from "vitest";
import { type Formula, formulaOf, type Model, type Property } from "../../models/language/index.ts";
import { graphModel, inStates } from "../checker/graph-model.ts";
import { kmmcheck, memoryHost } from "./support/memory-host.ts";

/** It may stay, go to where q is true alone and stay there, or by a longer way to where q and r are. */
const pairs = [
  [0, 0],
  [0, 1],
  [1, 1],
  [0, 2],
  [2, 3],
  [3, 3],
] as const;

async function avoided(property: (formula: (text: string) => Formula) => Property) {
  const edges = pairs.map(([from, to]) => ({ from, to, mover: 0 }));
  const atoms = { q: inStates(1, 3), r: inStates(3) };
  const asked = property((text) => formulaOf(text, atoms));
  const model: Model = {
    ...graphModel({ states: 4, edges }, ["none"], formulaOf("true", {})),
    properties: [asked],
  };
  const host = memoryHost({ files: { "fork.json": JSON.stringify(model) } });
  await kmmcheck("explore fork.json --save runs.json", host);
  const { out } = await kmmcheck("explain runs.json", host);
  return out.slice(out.indexOf("What would have avoided it"), out.indexOf("verdict")).replace(/\s+/g, " ");
}

const base = { id: "P", title: "t", says: "s" };

test.each([
  ["<> r", "This would have to be so: - s == 3 is true at some point The loop"],
  ["[] <> r", "This would have to be so: - s == 3 is true again and again The loop"],
  ["<> [] r", "This would have to be so: - s == 3 is true from some point on, always The loop"],
  ["<> [] q", "In the loop: - s == 1 is never true - s == 3 is never true The loop"],
  ["<> (q && <> r)", "In the loop: - s == 1 is never true - s == 3 is never true The loop"],
  ["<> q && [] (q -> r)", "In the loop: - s == 1 is never true - s == 3 is never true The loop"],
])("of %s it is told what is missing, and how often where the formula says so", async (text, words) => {
  expect(await avoided((formula) => ({ ...base, kind: "ltl", formula: formula(text) }))).toContain(words);
});

test("a way of the run with a q that r must go with is one to both", async () => {
  const formula = (of: (text: string) => Formula): Property => ({
    ...base,
    kind: "ltl",
    formula: of("<> q && [] (q -> r)"),
  });
  expect(await avoided(formula)).toContain(
    "The loop could be left so that the formula can still be satisfied, and never is. step 1 as before 2 a0: from 0 to 2 3 a0: from 2 to 3",
  );
});

test("what is promised has to come after it is asked for", async () => {
  const asked = { ...base, kind: "leadsTo", from: inStates(1), to: inStates(0) } as const;
  expect(await avoided(() => asked)).toContain("- s == 0 is true at some point from step 1 on");
});
