/**
 * docs/findings.json and the page made of it. Searches that are small are made anew here; all of them by the script of the
 * continuous integration. `npm run findings` writes both.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { check } from "../../../checker/check.ts";
import { planAll } from "../../../cli/plan-all.ts";
import { findingsMarkdown } from "../../../cli/report/findings-markdown.ts";
import type { FindingsReport } from "../../../cli/report/findings-report.ts";
import { kmmscandModels } from "../../../models/kmmscand/index.ts";
import { memoryHost } from "../../cli/support/memory-host.ts";
import { complaints } from "../../cli/support/schemas.ts";

const read = (name: string) => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), "utf8");
const page = read("findings.md");
const report = JSON.parse(read("findings.json")) as FindingsReport;
const { findings, runs, defects, properties } = report;
const plan = await planAll({}, { ...memoryHost(), catalogue: async () => kmmscandModels });

/** Searches of so many states are made anew. */
const small = 2_000;

test("the document is one that its schema accepts, complete, and without a verdict that is open", () => {
  expect(complaints("findings-report", report)).toEqual([]);
  expect([report.verdict, report.interrupted]).toEqual(["violated", false]);
  expect(findings.filter(({ verdict }) => verdict === "inconclusive")).toEqual([]);
});

test("the document has what the models have: versions, properties, sizes", () => {
  expect(runs.map(({ model, patch, design, parameters }) => ({ model, patch, design, parameters }))).toEqual(
    plan.map(({ patch, design, loaded: { subject } }) => ({
      model: subject.model,
      patch,
      design,
      parameters: subject.parameters,
    })),
  );
  const told = findings.map(({ model, patch, design, property, parameters }) =>
    [model, patch, design, property, JSON.stringify(parameters)].join(" "),
  );
  const planned = plan.flatMap(({ patch, design, properties: ids, loaded: { subject } }) =>
    ids.map((id) => [subject.model, patch, design, id, JSON.stringify(subject.parameters)].join(" ")),
  );
  expect(told.toSorted()).toEqual(planned.toSorted());
});

describe("small searches give what the document says", () => {
  const rows = plan.filter((_, i) => (runs[i]?.states ?? 0) <= small);

  test.each(rows)("$name", ({ patch, design, properties: ids, loaded }) => {
    const { model, parameters } = loaded.subject;
    const sizes = JSON.stringify(parameters);
    const result = check(loaded.model, { properties: ids, now: () => 0 });
    const same = (one: { model: string; patch: string; design: string | null; parameters: object }) =>
      one.model === model &&
      one.patch === patch &&
      one.design === design &&
      JSON.stringify(one.parameters) === sizes;
    expect(result.statistics).toMatchObject({ states: runs.find(same)?.states });
    for (const told of findings.filter((one) => same(one) && ids.includes(one.property))) {
      const found = result.properties.find(({ id }) => id === told.property);
      const { verdict, vacuous } = told;
      expect(found).toMatchObject({ verdict, vacuous });
      expect(found?.counterexample?.steps.length ?? null).toBe(told.steps);
    }
  });
});

test("the page has the tables of the document", () => {
  const [, table] = /<!-- table -->\n\n([\s\S]*)\n<!-- end of table -->/.exec(page) ?? [];
  expect(table).toBe(findingsMarkdown(report));
});

test("fixed violates nothing, and each violation of a posting is the evidence for a defect that it has", () => {
  const violated = findings.filter(({ verdict }) => verdict === "violated");
  expect(violated.filter(({ patch }) => patch === "fixed")).toEqual([]);
  const unnamed = violated.filter((finding) => finding.defects.length === 0);
  expect([...new Set(unnamed.map(({ property }) => property))].toSorted()).toEqual([
    "A05.list",
    "A08.period",
  ]);
});

test("each defect is shown in every version that has it, or the table says why not", () => {
  for (const { id, patches, shown, unshown } of defects) {
    const models = kmmscandModels.filter(({ name }) => shown.some(({ model }) => model === name));
    // Few models have p1, which differs little from v1.
    const judged = patches.filter((patch) => patch !== "p1" || models.some((m) => m.patches.includes(patch)));
    const missing = judged.filter((patch) => !shown.some((row) => row.patches.includes(patch)));
    expect({ id, explained: unshown !== null }).toEqual({
      id,
      explained: missing.length > 0 || judged.length === 0,
    });
  }
});

test("each property of the catalogue is asked by a model, or the table says why not", () => {
  expect(properties).toHaveLength(40);
  for (const { id, models, undecided } of properties) {
    expect({ id, asked: models.length > 0 }).toEqual({ id, asked: undecided === null });
  }
});

describe("the page", () => {
  const sections = page.split(/^## /m);
  const about = (id: string) => sections.filter((section) => section.split("\n")[0]?.includes(id));

  test("has a section for every defect that is shown, which names a command that shows it", () => {
    for (const { id, shown } of defects.filter((defect) => defect.shown.length > 0)) {
      const ids = shown.map(({ property }) => property);
      const told = about(id).some((section) => ids.some((p) => section.includes(`--property ${p}`)));
      expect({ id, told }).toEqual({ id, told: true });
    }
  });

  test("has a command for every property that is violated", () => {
    for (const { property, verdict, defects: of } of findings) {
      if (verdict !== "violated") continue;
      const headings = of.length > 0 ? of : [property];
      const told = headings.flatMap(about).some((section) => section.includes(`--property ${property}`));
      expect({ property, of, told }).toEqual({ property, of, told: true });
    }
  });

  test("names every fix where it tells of its defect", () => {
    for (const { closes, name } of kmmscandModels.flatMap(({ features }) => features)) {
      if (closes.length === 0) continue;
      expect({ name, told: about(closes[0]!).some((section) => section.includes(`\`${name}\``)) }).toEqual({
        name,
        told: true,
      });
    }
  });

  test("says of every defect that is shown whether a kernel showed it", () => {
    for (const { id } of defects.filter(({ shown }) => shown.length > 0)) {
      const said =
        /[Ss]een on a kernel|[Ii]solated on a kernel|[Ll]ooked for on a kernel|[Nn]o kernel|No capture|Not seen|[Nn]ot reproduced|Seen by the author/;
      expect({ id, said: about(id).some((section) => said.test(section)) }).toEqual({ id, said: true });
    }
  });
});
