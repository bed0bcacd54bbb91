/** The documentation of the language: its example runs, and it leaves nothing out. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { check } from "../../../checker/check.ts";
import { checkModel, flatten } from "../../../models/index.ts";
import schema from "../../../schemas/model.schema.json" with { type: "json" };
import { exploreNaively } from "../../oracle/naive-explorer.ts";
import { schemaComplaints } from "./model-schema.ts";
import { model } from "./worked-example.ts";

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
const page = read("docs/language.md");

test("the page shows the worked example as it is", () => {
  const [, shown] = /```ts\n(.*?)```/s.exec(page) ?? [];
  const source = read("test/models/language/worked-example.ts");
  expect(shown).toBe(source.replace("../../../models/index.ts", "kmmcheck/models"));
});

test("the worked example has the states and verdicts that the page says", () => {
  expect(checkModel(model)).toEqual([]);
  const [, states, transitions] = /: (\d+) states, (\d+) transitions, both properties hold/.exec(page) ?? [];
  const counts = exploreNaively(flatten(model));
  expect([counts.states, counts.transitions]).toEqual([Number(states), Number(transitions)]);
  const { properties } = check(model, { now: () => 0 });
  expect(properties.map(({ verdict }) => verdict)).toEqual(["holds", "holds"]);
});

test("the example file is the worked example, and fits the schema", () => {
  const { $schema, ...file } = JSON.parse(read("examples/models/peterson.json"));
  expect(file).toEqual(JSON.parse(JSON.stringify(model)));
  expect(schemaComplaints({ $schema, ...file })).toEqual([]);
});

test.each(["sort", "expression", "effect", "property", "formula"] as const)(
  "the page explains every kind of %s",
  (of) => {
    const { kind } = schema.$defs[of].properties;
    const unexplained = kind.enum.filter(
      (name) => !page.includes(`\`${name}\``) && !page.includes(`"${name}"`),
    );
    expect(unexplained).toEqual([]);
  },
);
