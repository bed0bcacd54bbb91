/** Formulas of the Promela export: SPIN's verdicts on random graphs whose actors are fair in different ways. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { check } from "../../checker/check.ts";
import { promelaText } from "../../checker/export/index.ts";
import { buildVerifier, runVerifier, withSpin } from "../../cli/spin.ts";
import {
  actor,
  arrayOf,
  at,
  type Bool,
  contains,
  declare,
  type Expr,
  eq,
  type Fairness,
  formulaOf,
  get,
  gt,
  head,
  id,
  idOrNone,
  includes,
  individual,
  int,
  isNone,
  length,
  listOf,
  ltl,
  type Model,
  oneOf,
  type Property,
  point,
  set,
  setOf,
  step,
} from "../../models/language/index.ts";
import { drawFrom, pick, repeat } from "../arbitrary/draw.ts";
import { hasPrograms } from "../cli/support/built.ts";
import { memoryHost } from "../cli/support/memory-host.ts";
import { runs } from "../runs.ts";
import { graphModel, inStates, shapes } from "./graph-model.ts";

const formulas = [...shapes, "[] (p -> (q W p))", "[] (true -> <> p) || false"];

/** Up to three actors on a graph, in which runs start anywhere; one of them may never move, and the graph may end. */
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
      const text = pick(draw, formulas);
      return { ...base, id: `P${i}`, title: text, kind: "ltl", formula: formulaOf(text, { p, q }) };
    }),
    { ...base, id: "R", kind: "leadsTo", from: p, to: q },
  ];
  const model = graphModel({ states, edges }, fairness, formulaOf("true", {}));
  const variables = Object.entries(model.variables).map(([name, of]) => [
    name,
    { ...of, initial: draw(states) },
  ]);
  return { ...model, variables: Object.fromEntries(variables), properties };
}

/** Hardly anything starts at 0: what is true at first, and what is not. */
function startsElsewhere(fairness: Fairness): { readonly model: Model; readonly truths: readonly boolean[] } {
  const { variables, v } = declare({
    n: { sort: int(-2, 3), initial: 2, doc: "" },
    below: { sort: int(-2, 3), initial: -1, doc: "" },
    large: { sort: int(0, 70_000), initial: 65_536, doc: "" },
    word: { sort: oneOf("zero", "one", "two"), initial: "two", doc: "" },
    other: { sort: id("k"), initial: 1, doc: "" },
    nobody: { sort: idOrNone("k"), initial: null, doc: "" },
    queue: { sort: listOf(id("k"), 2), initial: [1, 0], doc: "" },
    set: { sort: setOf("k"), initial: [1], doc: "" },
    array: { sort: arrayOf("k", int(0, 3)), initial: [0, 3], doc: "" },
  });
  const [k0, k1] = [individual("k", 0), individual("k", 1)];
  const cases: readonly (readonly [Expr<Bool>, boolean])[] = [
    [eq(v.n, 2), true],
    [eq(v.n, 0), false],
    [gt(v.n, v.below), true],
    [eq(v.below, -1), true],
    [eq(v.below, 0), false],
    [gt(v.large, 65_535), true],
    [eq(v.word, "two"), true],
    [eq(v.word, "zero"), false],
    [eq(v.other, k1), true],
    [eq(v.other, k0), false],
    [isNone(v.nobody), true],
    [eq(v.nobody, k0), false],
    [eq(head(v.queue), k1), true],
    [eq(length(v.queue), 0), false],
    [contains(v.queue, k0), true],
    [includes(v.set, k1), true],
    [includes(v.set, k0), false],
    [eq(get(v.array, k1), 3), true],
    [eq(get(v.array, k1), 0), false],
    [at("mover", ["late"]), true],
    [at("mover", ["early"]), false],
    [at("each", ["late"], k1), true],
    [at("each", ["early"], k1), false],
  ];
  const base = { title: "", says: "" };
  const properties: readonly Property[] = [
    ...cases.map(
      ([holds], i): Property => ({ ...base, id: `F${i}`, kind: "ltl", formula: ltl.state(holds) }),
    ),
    { ...base, id: "R", kind: "leadsTo", from: eq(v.n, 2), to: eq(v.n, 1) },
    { ...base, id: "E", kind: "leadsTo", from: eq(v.n, 0), to: eq(v.n, 1) },
  ];
  const points = (to: string) => ({
    early: point(),
    late: point(step("go", "", { do: [set(v.n, 3)], to })),
    end: point(),
  });
  const actors = [
    actor({ name: "mover", doc: "", fairness, initial: "late", points: points("early") }),
    actor({ name: "each", doc: "", fairness, forEach: "k", initial: "late", points: points("end") }),
  ];
  const model: Model = { name: "start", title: "", identities: { k: 2 }, variables, actors, properties };
  return { model, truths: cases.map(([, truth]) => truth) };
}

test.each(["weak", "strong"] as const)("a formula reads the first values, of %s actors", (fairness) => {
  const { model, truths } = startsElsewhere(fairness);
  const { text } = promelaText(model, "SORTS");
  const notes = [...text.matchAll(/^bool is_F(\d+)_1( = true)?;$/gm)];
  expect(notes.map(([, , first]) => first !== undefined)).toEqual(truths);
  expect(
    check(model, { now: () => 0 })
      .properties.slice(0, truths.length)
      .map((p) => p.verdict),
  ).toEqual(truths.map((truth) => (truth ? "holds" : "violated")));
});

const tooDeep = "error: max search depth too small";

/** All properties in one verifier. */
async function askSpin(model: Model): Promise<readonly string[]> {
  const { text, claims } = promelaText(model, "SORTS");
  return withSpin(text, memoryHost(), async (run) => {
    const define = claims.map(({ macro }) => macro);
    expect(await buildVerifier(run, { define, verifier: ["NOREDUCE", "NFAIR=3"], optimise: false })).toBe("");
    const answers: string[] = [];
    for (const { name, args } of claims) {
      const { error, complete, words } = await runVerifier(run, ["-N", name, ...args], 2000, 16);
      answers.push(error ? "violated" : complete ? "holds" : words);
    }
    return answers;
  });
}

describe.skipIf(!hasPrograms("spin", "gcc"))("with SPIN", () => {
  test.each(["none", "weak", "strong"] as const)(
    "the first state, with %s actors, has the same verdicts",
    {
      timeout: 120_000,
    },
    async (fairness) => {
      const { model, truths } = startsElsewhere(fairness);
      const verdicts = truths.map((truth) => (truth ? "holds" : "violated"));
      expect(await askSpin(model)).toEqual([...verdicts, "violated", "holds"]);
    },
  );

  test("formulas and responses have the same verdicts under every mixture of fairness", {
    timeout: 300_000,
  }, async () => {
    const entropy = fc.noBias(fc.array(fc.nat(0xffff), { minLength: 80, maxLength: 80 }));
    const agree = async (numbers: readonly number[]) => {
      const model = drawGraph(numbers);
      const mine = check(model, { now: () => 0 }).properties.map(({ verdict }) => verdict);
      const spin = await askSpin(model);
      // Under fairness SPIN (6.5.2) follows some runs for ever.
      const decided = spin.map((answer, i) => (answer === tooDeep ? mine[i] : answer));
      expect(decided, JSON.stringify(model)).toEqual(mine);
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
