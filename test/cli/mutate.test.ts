/** What `mutate` is asked for and what its report accounts for. */
import { expect, test } from "vitest";
import { kmmcheck } from "./support/memory-host.ts";

interface Report {
  readonly counts: Readonly<Record<"possible" | "refused" | "judged" | "unasked", number>>;
  readonly mutants: readonly { readonly operator: string }[];
}

async function mutate(options: string): Promise<Report> {
  const { out } = await kmmcheck(`mutate exit-race --patch fixed ${options} --json`);
  return JSON.parse(out) as Report;
}

const operatorsIn = ({ mutants }: Report) => [...new Set(mutants.map(({ operator }) => operator))].sort();

test("kinds of edits are gathered from a repeated option, as from commas", async () => {
  const twice = await mutate("--operator drop-step --operator drop-guard --operator drop-step");
  expect(operatorsIn(twice)).toEqual(["drop-guard", "drop-step"]);
  expect(twice).toEqual(await mutate("--operator drop-guard,drop-step"));
  const [steps, guards] = [await mutate("--operator drop-step"), await mutate("--operator drop-guard")];
  expect(twice.counts.judged).toBe(steps.counts.judged + guards.counts.judged);
});

/** A counter that a guard stops at the largest integer, and an assertion of each of its steps. */
const model = {
  name: "tally",
  title: "a tally",
  identities: {},
  variables: { n: { sort: { kind: "int", min: 0, max: 2 }, initial: 0, doc: "tally" } },
  actors: [
    {
      name: "clerk",
      doc: "counts",
      fairness: "weak",
      config: {
        initial: "desk",
        states: {
          desk: {
            on: {
              up: [
                {
                  guard: {
                    type: "holds",
                    params: {
                      kind: "and",
                      of: [
                        { kind: "lt", left: { kind: "var", name: "n" }, right: { kind: "int", value: 1 } },
                        {
                          kind: "lt",
                          left: { kind: "var", name: "n" },
                          right: { kind: "int", value: 2147483647 },
                        },
                      ],
                    },
                  },
                  actions: [
                    {
                      type: "update",
                      params: [
                        {
                          kind: "assign",
                          target: { kind: "var", name: "n" },
                          value: { kind: "int", value: 1 },
                        },
                      ],
                    },
                  ],
                  description: "one more",
                },
              ],
            },
          },
        },
      },
    },
  ],
  properties: [
    {
      id: "UP",
      kind: "assertion",
      title: "counts from 0",
      says: "It counts from elsewhere.",
      on: [{ actor: "clerk", steps: ["up"] }],
      holds: { kind: "eq", left: { kind: "var", name: "n" }, right: { kind: "int", value: 0 } },
    },
  ],
};

test("edits without a model are listed with the reason, and mutants without an assertion are counted", async () => {
  const files = { "tally.json": JSON.stringify(model) };
  const { out } = await kmmcheck("mutate tally.json --json", { files });
  const { counts, refused, mutants } = JSON.parse(out);
  expect(counts).toMatchObject({ possible: 8, refused: 1, judged: 8, unasked: 1 });
  const at = "/actors/0/config/states/desk/on/up/0/guard/params/of/1/right";
  expect(refused).toEqual([
    {
      actor: "clerk",
      point: "desk",
      step: "up",
      alternative: 0,
      operator: "widen-constant",
      pointer: at,
      says: expect.stringContaining("2147483648 in place of 2147483647"),
      reason: expect.stringContaining(at),
    },
  ]);
  expect(mutants[0]).toMatchObject({ operator: "drop-step", unasked: ["UP"], killedBy: [], emptied: [] });
  expect(mutants.filter(({ unasked }: { unasked: readonly string[] }) => unasked.length > 0)).toHaveLength(1);
  const text = (await kmmcheck("mutate tally.json", { files })).out.replace(/\s+/g, " ");
  expect(text).toContain("8 mutants of 8, each of one edit; 1 edit left no model");
  expect(text).toContain("1 mutant made an assertion empty");
  expect(text).toContain("no model: widen-constant clerk.up at desk");
  const steps = JSON.parse((await kmmcheck("mutate tally.json --operator drop-step --json", { files })).out);
  expect(steps).toMatchObject({ counts: { possible: 1, refused: 0 }, refused: [] });
});
