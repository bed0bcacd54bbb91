/** SPIN's second opinion: the same states, transitions and verdicts. Needs spin and gcc, and is skipped without. */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CrosscheckReport } from "../../cli/report/crosscheck-report.ts";
import { catalogue, type ModelEntry } from "../../models/index.ts";
import { smallModel } from "../arbitrary/model.ts";
import { evil } from "../checker/support/evil-model.ts";
import { runs } from "../runs.ts";
import { scratch } from "./support/built.ts";
import { exitRace } from "./support/exit-race.ts";
import { kmmcheck, memoryHost } from "./support/memory-host.ts";
import { complaints } from "./support/schemas.ts";
import { turns } from "./support/turns.ts";

const missing = ["spin", "gcc"].filter((program) => spawnSync(program, ["--version"]).error !== undefined);
const title = missing.length === 0 ? "with SPIN" : `with SPIN (skipped: ${missing.join(" and ")} not found)`;

async function crosscheck(line: string, entries: readonly ModelEntry[] = catalogue) {
  const host = { ...memoryHost(), catalogue: async () => entries };
  const { code, out, err } = await kmmcheck(`crosscheck ${line} --json`, host);
  expect(err).toBe("");
  return { code, report: JSON.parse(out) as CrosscheckReport };
}

function entryOf(model: ReturnType<ModelEntry["build"]>): ModelEntry {
  const { title: text } = model;
  return {
    name: "given",
    title: text,
    doc: "",
    parameters: {},
    patches: [],
    features: [],
    build: () => model,
  };
}

describe.skipIf(missing.length > 0)(title, () => {
  test.each([
    ["peterson --set processes=2", [196, 371]],
    ["peterson --set processes=3", [12_498, 33_369]],
    ["two-phase-commit --set managers=3", [288, 1145]],
    ["kmm --set mms=1 --set folios=1 --set queue=1", [856, 1696]],
    ["kmm --set mms=1 --set folios=2 --set queue=2", [12_503, 25_807]],
  ])("%s: the published counts, and every verdict", async (line, counts) => {
    const { code, report } = await crosscheck(line);
    expect(complaints("crosscheck-report", report)).toEqual([]);
    expect(report.counts.map(({ spin }) => spin)).toEqual(counts);
    expect([...report.counts, ...report.properties].filter(({ agree }) => agree !== true)).toEqual([]);
    expect(code).toBe(0);
  });

  test.each([
    "throttle",
    "throttle --patch v3",
    "system --set folios=1 --set queue=1 --set stores=0 --patch v2",
    "system --set folios=1 --set queue=1 --patch fixed",
    "daemon --set stores=0 --patch v1",
    "daemon --set stores=0 --patch fixed",
    "pte",
    "pte --patch v3",
    "scan --patch v1",
    "sysfs --patch v3 --set mms=1",
  ])("%s: the same counts and verdicts", async (line) => {
    const { code, report } = await crosscheck(line);
    expect(report.counts.filter(({ agree }) => agree !== true)).toEqual([]);
    expect(report.properties.filter(({ agree }) => agree === false)).toEqual([]);
    expect(report.properties.filter(({ agree }) => agree === true).length).toBeGreaterThan(1);
    expect(code).toBe(0);
  });

  test.each([
    ["turns", turns],
    ["exit-race --set mms=2", exitRace],
    ["given", entryOf(evil)],
  ] as const)(
    "%s: unfair actors, failing assertions, names that mean something in C",
    async (line, entry) => {
      const { code, report } = await crosscheck(line, [entry]);
      expect([...report.counts, ...report.properties].filter(({ agree }) => agree !== true)).toEqual([]);
      expect(code).toBe(0);
    },
  );

  test("random models: the same counts and verdicts", async () => {
    await fc.assert(
      fc.asyncProperty(smallModel(300), async (model) => {
        const { report } = await crosscheck("given", [entryOf(model)]);
        const differing = [...report.counts, ...report.properties].filter(({ agree }) => agree === false);
        expect(differing).toEqual([]);
        expect(report.verdict).toBe("holds");
      }),
      { ...runs(4), endOnFailure: true },
    );
  }, 300_000);

  test("a count or a verdict that SPIN does not confirm is told", async () => {
    const honest = memoryHost();
    const host = {
      ...honest,
      check: async (...args: Parameters<typeof honest.check>) => {
        const result = await honest.check(...args);
        return {
          ...result,
          statistics: { ...result.statistics, states: result.statistics.states + 1 },
          properties: result.properties.map((p) =>
            p.id === "L01" ? { ...p, verdict: "holds" as const } : p,
          ),
        };
      },
    };
    const { code, out } = await kmmcheck("crosscheck turns", host);
    expect(out).toMatch(/^ {2}states +\d+ +\d+ +DIFFERENT$/m);
    expect(out).toMatch(/^ {2}transitions +\d+ +\d+ +same$/m);
    expect(out).toMatch(/^ {2}L01 +holds +violated +DIFFERENT$/m);
    expect(out).toMatch(/^2 answers differ \(Spin Version .*\)$/m);
    expect(code).toBe(1);
  });

  test("the folder is removed afterwards", async () => {
    const folder = scratch();
    const { code } = await kmmcheck("crosscheck turns", { env: { TMPDIR: folder } });
    expect(code).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
  });
});
