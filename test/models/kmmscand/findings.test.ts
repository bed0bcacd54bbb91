/** The table at the top of docs/findings.md, row by row: what it says is what the models give. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { CheckResult, Counterexample } from "../../../checker/check.ts";
import type { ModelEntry, Patch } from "../../../models/entry.ts";
import { findModel } from "../../../models/index.ts";
import { kmmscandModels } from "../../../models/kmmscand/index.ts";
import { build, judge } from "./build.ts";

const text = readFileSync(new URL("../../../docs/findings.md", import.meta.url), "utf8");

/** How an infinite run goes on for ever: in which state, or with which step. */
type End = "then nothing moves" | `the last ${string} for ever` | null;

interface Row {
  readonly id: string;
  readonly defects: readonly string[];
  readonly entry: ModelEntry;
  readonly patch: Patch;
  readonly verdict: string;
  readonly fixed: string;
  readonly parameters: Readonly<Record<string, number>>;
  /** Steps of the shortest run, and what comes then; null where none is told. */
  readonly run: { readonly steps: number; readonly end: End } | null;
}

function rowOf(cells: readonly string[]): Row {
  const [id = "", defects = "", model = "", verdict = "", fixed = "", scope = "", run = ""] = cells;
  const [name, patch] = model.split(" ");
  const [, steps, end] = /^(\d+)(?:, (then nothing moves|the last (?:one|\d+) for ever))?$/.exec(run) ?? [];
  const sizes = [...scope.matchAll(/(\w+)=(\d+)/g)].map(([, size, value]) => [size, Number(value)]);
  return {
    id,
    defects: defects.match(/D\d+/g) ?? [],
    entry: kmmscandModels.find((entry) => entry.name === name)!,
    patch: patch as Patch,
    verdict,
    fixed,
    parameters: Object.fromEntries(sizes),
    run: steps === undefined ? null : { steps: Number(steps), end: (end ?? null) as End },
  };
}

const rows = text
  .split("\n")
  .filter((line) => /^\| [A-Z]/.test(line))
  .map((line) =>
    rowOf(
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    ),
  );

/** Rows of the same model at the same scope share one search. */
const groups = new Map<string, readonly Row[]>();
for (const row of rows) {
  const scope = `${row.entry.name} ${row.patch} ${JSON.stringify(row.parameters)}`;
  groups.set(scope, [...(groups.get(scope) ?? []), row]);
}

function judgeAt(of: readonly Row[], patch: Patch, features: Readonly<Record<string, boolean>>): CheckResult {
  const { entry, parameters } = of[0]!;
  return judge(build(entry, patch, { parameters, features }));
}

/** What `fixed` is compared with: the thread of its own, where the version has it and the model leaves it open. */
function designOf({ entry, patch }: Row): Readonly<Record<string, boolean>> {
  const thread = entry.features.find(({ name }) => name === "separateMigrateThread");
  return thread?.patches.includes(patch) ? { separateMigrateThread: true } : {};
}

describe.each([...groups])("%s", (_scope, of) => {
  const posted = judgeAt(of, of[0]!.patch, {});
  const fixed = judgeAt(of, "fixed", designOf(of[0]!));

  test.each(of.map((row) => [row.id, row] as const))("%s", (id, row) => {
    const found = posted.properties.find((property) => property.id === id)!;
    expect([found.verdict, found.vacuous]).toEqual([row.verdict, false]);
    expect(fixed.properties.find((property) => property.id === id)?.verdict).toBe(row.fixed);
    const run = found.counterexample;
    expect(run === null ? null : { steps: run.steps.length, end: endOf(run) }).toEqual(row.run);
    for (const defect of found.defects) expect(row.defects).toContain(defect);
  });
});

function endOf({ steps, loopStart }: Counterexample): End {
  if (loopStart === null) return null;
  const turns = steps.length - loopStart;
  if (turns === 0) return "then nothing moves";
  return `the last ${turns === 1 ? "one" : turns} for ever`;
}

/** The models that are there to find defects: those that have a repaired version. */
const judged = kmmscandModels.filter(({ patches }) => patches.includes("fixed"));

test("has every property of the models", () => {
  for (const entry of judged) {
    const ids = build(entry, "fixed").properties.map(({ id }) => id);
    const told = new Set(rows.filter((row) => row.entry === entry).map(({ id }) => id));
    expect([...told].filter((id) => ids.includes(id))).toEqual(ids);
  }
});

test.each<Patch>(["v0", "v1", "v2", "v3"])("has every property of the whole system in %s", (patch) => {
  const ids = build(findModel("system")!, patch).properties.map(({ id }) => id);
  const told = rows.filter((row) => row.entry.name === "system" && row.patch === patch);
  expect(told.map(({ id }) => id)).toEqual(ids);
});

test("has a section for every defect of the table, in which every property and fix of it is named", () => {
  const sections = new Map(text.split(/^## /m).map((section) => [section.slice(0, 3), section]));
  for (const { id, defects, verdict } of rows) {
    const headings = defects.length > 0 || verdict === "holds" ? defects : [id];
    const about = headings.map((defect) =>
      [...sections.values()].find((s) => s.split("\n")[0]?.includes(defect)),
    );
    expect(about.every((section) => section !== undefined)).toBe(true);
    if (verdict === "violated")
      expect(about.some((section) => section?.includes(`--property ${id}`))).toBe(true);
  }
  for (const { closes, name } of judged.flatMap(({ features }) => features)) {
    if (closes.length === 0) continue;
    const section = [...sections.values()].find((s) => s.split("\n")[0]?.includes(closes[0]!));
    expect(section).toContain(`\`${name}\``);
  }
});
