/**
 * SPIN's second opinion: the same states, transitions and verdicts. Needs spin and gcc, and is skipped without. Most of the
 * time goes to the C compiler, so the suite asks about a few models, and about every one that ships only where the
 * environment says `KMMCHECK_CROSSCHECK=all`, as the continuous integration does in a step of its own.
 */
import { readdirSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CrosscheckReport } from "../../cli/report/crosscheck-report.ts";
import { catalogue, type ModelEntry } from "../../models/index.ts";
import { actor, at, ltl, type Property, point, step } from "../../models/language/index.ts";
import { smallModel } from "../arbitrary/model.ts";
import { evil } from "../checker/support/evil-model.ts";
import { runs } from "../runs.ts";
import { hasPrograms, scratch } from "./support/built.ts";
import { exitRace } from "./support/exit-race.ts";
import { kmmcheck, memoryHost } from "./support/memory-host.ts";
import { complaints } from "./support/schemas.ts";
import { turns } from "./support/turns.ts";

const able = hasPrograms("spin", "gcc");
const title = able ? "with SPIN" : "with SPIN (skipped: spin and gcc are not both here)";
const all = process.env["KMMCHECK_CROSSCHECK"] === "all";

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

describe.skipIf(!able)(title, () => {
  const published: readonly (readonly [string, readonly [number, number]])[] = [
    ["peterson --set processes=2", [196, 371]],
    ["kmm --set mms=1 --set folios=1 --set queue=1", [856, 1696]],
  ];
  const morePublished: typeof published = [
    ["peterson --set processes=3", [12_498, 33_369]],
    ["two-phase-commit --set managers=3", [288, 1145]],
    ["kmm --set mms=1 --set folios=2 --set queue=2", [12_503, 25_807]],
  ];
  test.concurrent.each([...published, ...(all ? morePublished : [])])(
    "%s: the published counts, and every verdict",
    async (line, counts) => {
      const { code, report } = await crosscheck(line);
      expect(complaints("crosscheck-report", report)).toEqual([]);
      expect(report.counts.map(({ spin }) => spin)).toEqual(counts);
      expect([...report.counts, ...report.properties].filter(({ agree }) => agree !== true)).toEqual([]);
      expect(code).toBe(0);
    },
  );

  /** Formulas; records and queues. */
  const some = ["throttle --patch v3 --set window=0", "pte --patch v3"];
  const others = [
    "throttle",
    "throttle --patch v3",
    "system --set folios=1 --set queue=1",
    "system --set folios=1 --set queue=1 --patch fixed",
    "system --set folios=1 --set queue=1 --set stores=0 --patch v2",
    "daemon --set stores=0 --patch v1",
    "daemon --set stores=0 --patch fixed",
    "pte",
    "scan --patch v1",
    "sysfs --patch v3 --set mms=1",
    "target-node",
    "target-node --set node0=0 --patch v1",
    "target-node --patch fixed",
  ];
  test.concurrent.each([...some, ...(all ? others : [])])(
    "%s: the same counts and verdicts",
    async (line) => {
      const { code, report } = await crosscheck(line);
      expect(report.counts.filter(({ agree }) => agree !== true)).toEqual([]);
      expect(report.properties.filter(({ agree }) => agree === false)).toEqual([]);
      expect(report.properties.filter(({ agree }) => agree === true).length).toBeGreaterThan(1);
      const left = report.properties.filter(({ agree }) => agree === null);
      expect(left.map(({ kind }) => kind)).toEqual(left.map(() => "alwaysPossible"));
      expect(code).toBe(left.length === 0 ? 0 : 3);
    },
  );

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
        const left = report.properties.filter(({ agree }) => agree === null);
        expect(left.filter(({ reason }) => reason === "")).toEqual([]);
        expect(report.verdict).toBe(left.length === 0 ? "holds" : "inconclusive");
      }),
      { ...runs(all ? 6 : 2), endOnFailure: true },
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

  test("formulas and strong fairness are compared, and what is not is told in the last line", async () => {
    const lamp = actor({
      name: "lamp",
      doc: "",
      fairness: "strong",
      initial: "off",
      points: { off: point(step("wait", "", {}), step("light", "", { to: "on" })), on: point() },
    });
    const lit = at("lamp", ["on"]);
    const base = { title: "", says: "" };
    const properties: readonly Property[] = [
      { ...base, id: "once", kind: "ltl", formula: ltl.eventually(ltl.state(lit)) },
      {
        ...base,
        id: "stays",
        kind: "ltl",
        formula: ltl.always(ltl.implies(ltl.state(lit), ltl.always(ltl.state(lit)))),
      },
      { ...base, id: "response", kind: "leadsTo", from: { kind: "bool", value: true }, to: lit },
      { ...base, id: "step", kind: "ltl", formula: ltl.next(ltl.state(lit)) },
      { ...base, id: "possible", kind: "alwaysPossible", goal: lit },
    ];
    const model = { name: "lamp", title: "", identities: {}, variables: {}, actors: [lamp], properties };
    const host = { ...memoryHost(), catalogue: async () => [entryOf(model)] };
    const { code, out, err } = await kmmcheck("crosscheck given", host);
    expect([code, err]).toEqual([3, ""]);
    expect(
      out
        .split("\n")
        .slice(2)
        .join("\n")
        .replace(/\(Spin.*\)/, "(Spin)"),
    ).toBe(`\
               kmmcheck      SPIN
  states              2         2  same
  transitions         2         2  same
  once         violated  violated  same
  stays           holds     holds  same
  response     violated  violated  same
  step         violated         -  not compared  its formula has \`next\`, which
                                                 SPIN's ltl has not
  possible        holds         -  not compared  no claim of SPIN says that
                                                 something stays possible

what was compared agrees; 2 verdicts were not compared: its formula has \`next\`, which SPIN's ltl has not: step; no claim of SPIN says that something stays possible: possible (Spin)
`);
  });

  test("the folder is removed afterwards", async () => {
    const folder = scratch();
    const { code } = await kmmcheck("crosscheck turns", { env: { TMPDIR: folder } });
    expect(code).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
  });
});
