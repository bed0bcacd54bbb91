/** Formulas of the Promela export: SPIN's verdicts on random graphs whose actors are fair in different ways. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { check } from "../../checker/check.ts";
import { promelaText } from "../../checker/export/index.ts";
import { buildVerifier, runVerifier, withSpin } from "../../cli/spin.ts";
import { type Fairness, formulaOf, ltl, type Model, type Property } from "../../models/language/index.ts";
import { drawFrom, pick, repeat } from "../arbitrary/draw.ts";
import { hasPrograms } from "../cli/support/built.ts";
import { memoryHost } from "../cli/support/memory-host.ts";
import { runs } from "../runs.ts";
import { graphModel, inStates } from "./graph-model.ts";

const shapes = [
  "<> p",
  "[]<> p",
  "<>[] p",
  "p U q",
  "[] (p -> <> q)",
  "[]<> p -> []<> q",
  "<> (p && [] !q)",
  "q V p",
  "p W q",
  "[] (p -> (p U q))",
  "(<>[] p) || ([]<> q)",
  "!(<> p && <> q)",
  "[] (p -> (q W p))",
  "[] (true -> <> p) || false",
];

/** Up to three actors on a graph; one of them may never move, and the graph may end. */
function drawGraph(numbers: readonly number[]): Model {
  const draw = drawFrom(numbers);
  const states = 2 + draw(4);
  const edges = repeat(2 + draw(9), () => ({ from: draw(states), to: draw(states), mover: draw(3) }));
  const [p, q] = repeat(2, () =>
    inStates(...Array.from({ length: states }, (_, s) => s).filter(() => draw(2) === 1)),
  );
  if (p === undefined || q === undefined) throw new Error("two conditions were drawn");
  const fairness = repeat(3, () => pick(draw, ["none", "weak", "strong"] as const satisfies Fairness[]));
  const base = { title: "", says: "" };
  const properties: readonly Property[] = [
    ...repeat(5, (i): Property => {
      const text = pick(draw, shapes);
      return { ...base, id: `P${i}`, title: text, kind: "ltl", formula: formulaOf(text, { p, q }) };
    }),
    { ...base, id: "R", kind: "leadsTo", from: p, to: q },
  ];
  return { ...graphModel({ states, edges }, fairness, formulaOf("true", {})), properties };
}

/** All properties in one verifier. */
async function askSpin(model: Model): Promise<readonly string[]> {
  const { text, claims } = promelaText(model, "SORTS");
  return withSpin(text, memoryHost(), async (run) => {
    const define = claims.map(({ macro }) => macro);
    await buildVerifier(run, { define, verifier: ["NOREDUCE", "NFAIR=3"], optimise: false });
    const answers: string[] = [];
    for (const { name, args } of claims) {
      const { error, complete, words } = await runVerifier(run, ["-N", name, ...args], 20_000, 16);
      answers.push(error ? "violated" : complete ? "holds" : words);
    }
    return answers;
  });
}

describe.skipIf(!hasPrograms("spin", "gcc"))("with SPIN", () => {
  test("formulas and responses have the same verdicts under every mixture of fairness", {
    timeout: 300_000,
  }, async () => {
    const entropy = fc.noBias(fc.array(fc.nat(0xffff), { minLength: 80, maxLength: 80 }));
    const agree = async (numbers: readonly number[]) => {
      const model = drawGraph(numbers);
      const mine = check(model, { now: () => 0 }).properties.map(({ verdict }) => verdict);
      expect(await askSpin(model), JSON.stringify(model)).toEqual(mine);
    };
    await fc.assert(fc.asyncProperty(entropy, agree), { ...runs(3), endOnFailure: true });
  });
});

test("a formula with `next` and what stays possible have no claim, and the text says so", () => {
  const p = inStates(1);
  const model: Model = {
    ...graphModel({ states: 2, edges: [{ from: 0, to: 1, mover: 0 }] }, ["weak"], formulaOf("true", {})),
    properties: [
      { id: "N", title: "", says: "", kind: "ltl", formula: ltl.always(ltl.next(ltl.state(p))) },
      { id: "A", title: "", says: "", kind: "alwaysPossible", goal: p },
    ],
  };
  const { text, claims, left } = promelaText(model, "SORTS");
  expect(claims).toEqual([]);
  expect(left.map(({ id }) => id)).toEqual(["N", "A"]);
  for (const { id, reason } of left) expect(text).toContain(`   ${id} has no claim: ${reason}.\n`);
});
