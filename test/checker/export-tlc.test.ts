/**
 * TLC's opinion on the exported TLA+: the same number of states and the same verdicts. Needs java and a tla2tools.jar that
 * TLC_JAR names, and is skipped without. What TLC generates is not compared: it counts a successor once for each
 * disjunct of a guard that leads to it.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { check } from "../../checker/check.ts";
import { tlaText } from "../../checker/export/index.ts";
import { featuresOf, findModel } from "../../models/index.ts";
import {
  actor,
  at,
  bool,
  declare,
  eq,
  formulaOf,
  type Model,
  or,
  type Property,
  point,
  set,
  step,
} from "../../models/language/index.ts";
import { drawFrom, pick, repeat } from "../arbitrary/draw.ts";
import { scratch } from "../cli/support/built.ts";
import { runs } from "../runs.ts";
import { graphModel, inStates } from "./graph-model.ts";

const jar = process.env["TLC_JAR"] || undefined;
const title = jar === undefined ? "with TLC (skipped: TLC_JAR names no tla2tools.jar)" : "with TLC";

/** What TLC's exit code says of the properties that it was asked for. */
const verdictOf: Readonly<Record<number, string>> = { 0: "holds", 12: "violated", 13: "violated" };

interface Role {
  readonly name: string;
  readonly word: "INVARIANT" | "PROPERTY";
}

/** Goals stand in comments: TLC would end at the first one. */
function rolesOf(config: string): readonly Role[] {
  const goals = [...config.matchAll(/^\\\* INVARIANT (\S+)$/gm)].map(([, name = ""]): Role => {
    return { name, word: "INVARIANT" };
  });
  const listed = [...config.matchAll(/^(INVARIANT|PROPERTY)\n((?: {2}\S+\n?)+)/gm)].flatMap(
    ([, word, names = ""]) =>
      names
        .trim()
        .split(/\s+/)
        .map((name): Role => ({ name, word: word === "INVARIANT" ? "INVARIANT" : "PROPERTY" })),
  );
  return [...listed, ...goals];
}

/** Runs TLC on the module with some of its properties. */
function tlc(folder: string, name: string, roles: readonly Role[]) {
  const asked = roles.map((role) => `${role.word} ${role.name}\n`).join("");
  writeFileSync(join(folder, "asked.cfg"), `SPECIFICATION Spec\nCHECK_DEADLOCK FALSE\n${asked}`);
  const flags = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", String(jar), "tlc2.TLC"];
  const options = ["-workers", "1", "-noGenerateSpecTE", "-config", "asked.cfg", `${name}.tla`];
  const { status, stdout } = spawnSync("java", [...flags, ...options], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  // Java writes 17,158 in some languages.
  const states = /(\d+) distinct states found 0 states left/.exec(stdout.replaceAll(",", ""))?.[1];
  const verdict = verdictOf[status ?? -1] ?? `exit code ${status}: ${/^Error: .*/m.exec(stdout)?.[0]}`;
  return { verdict, states: states === undefined ? null : Number(states) };
}

describe.skipIf(jar === undefined)(title, () => {
  test.each([
    ["peterson", null, { processes: 2 }],
    ["two-phase-commit", null, { managers: 3 }],
    ["kmm", null, { mms: 1, folios: 2, queue: 1 }],
    ["throttle", "v0", {}],
    ["throttle", "v3", {}],
    ["system", "v0", { folios: 1, queue: 1 }],
    ["system", "fixed", { folios: 1, queue: 1 }],
    ["daemon", "v1", { stores: 0 }],
    ["pte", "v0", {}],
    ["pte", "v3", {}],
    ["scan", "v1", {}],
    ["sysfs", "v3", { mms: 1 }],
    ["mm-list", "v0", { mms: 1 }],
    ["migration", "v2", {}],
    ["one-mm", "v1", {}],
  ] as const)("%s %s %o: the same states and verdicts", { timeout: 600_000 }, (name, patch, sizes) => {
    const entry = findModel(name);
    if (entry === undefined) throw new Error(`there is no model ${name}`);
    const defaults = Object.fromEntries(Object.entries(entry.parameters).map(([key, p]) => [key, p.default]));
    const parameters = { ...defaults, ...sizes };
    const model = entry.build({ patch, features: featuresOf(entry, patch), parameters });
    const { statistics, properties } = check(model, { now: () => 0 });
    const { name: file, module, config } = tlaText(model, "SORTS");
    const folder = join(scratch(), "tlc");
    mkdirSync(folder);
    writeFileSync(join(folder, `${file}.tla`), module);
    // That a goal is reached is told by the violation of its invariant.
    const violated = properties.flatMap(({ id, kind, verdict }) =>
      (kind === "reachable") === (verdict === "holds") ? [id.replace(/\W/g, "_")] : [],
    );
    const isViolated = ({ name: of }: Role) => violated.includes(of);
    const roles = rolesOf(config);
    expect(roles.length).toBeGreaterThan(1);
    const held = roles.filter((role) => !isViolated(role));
    expect(tlc(folder, file, held)).toEqual({ verdict: "holds", states: statistics.states });
    for (const role of roles.filter(isViolated)) {
      expect({ of: role.name, ...tlc(folder, file, [role]), states: null }).toEqual({
        of: role.name,
        verdict: "violated",
        states: null,
      });
    }
    rmSync(folder, { recursive: true });
  });

  test.each(["none", "weak", "strong"] as const)(
    "a run of steps that write what is there is none for TLC, with %s fairness",
    (fairness) => {
      const { variables, v } = declare({ flag: { sort: bool, initial: false, doc: "" } });
      const poll = step("poll", "", { do: [set(v.flag, false)] });
      const points = { here: point(poll, step("go", "", { to: "there" })), there: point() };
      const actors = [actor({ name: "a", doc: "", fairness, initial: "here", points })];
      const from = or(eq(v.flag, true), eq(v.flag, false));
      const properties: readonly Property[] = [
        { id: "R", kind: "leadsTo", title: "", says: "", from, to: at("a", ["there"]) },
      ];
      const model: Model = { name: "inplace", title: "", identities: {}, variables, actors, properties };
      expect(check(model, { now: () => 0 }).properties.map(({ verdict }) => verdict)).toEqual(["violated"]);
      const { name, module } = tlaText(model, "SORTS");
      const folder = join(scratch(), "tlc-inplace");
      mkdirSync(folder);
      writeFileSync(join(folder, `${name}.tla`), module);
      expect(tlc(folder, name, [{ name: "R", word: "PROPERTY" }]).verdict).toBe("holds");
      expect(module).toContain("TLA+ takes a step that changes nothing for no move");
      rmSync(folder, { recursive: true });
    },
  );

  test("formulas on random graphs: the same verdicts", { timeout: 600_000 }, () => {
    const agree = (numbers: readonly number[]) => {
      const draw = drawFrom(numbers);
      const states = 2 + draw(4);
      // An edge that changes nothing is a move for kmmcheck and none for TLA+.
      const edges = repeat(2 + draw(9), () => ({
        from: draw(states),
        to: draw(states),
        mover: draw(3),
      })).filter(({ from, to }) => from !== to);
      const [p, q] = repeat(2, () =>
        inStates(...Array.from({ length: states }, (_, s) => s).filter(() => draw(2) === 1)),
      );
      if (p === undefined || q === undefined) throw new Error("two conditions were drawn");
      const fairness = repeat(3, () => pick(draw, ["none", "weak", "strong"] as const));
      const properties = repeat(4, (i): Property => {
        const title = pick(draw, shapes);
        return { id: `P${i}`, title, says: "", kind: "ltl", formula: formulaOf(title, { p, q }) };
      });
      const model = { ...graphModel({ states, edges }, fairness, formulaOf("true", {})), properties };
      const { name, module, config } = tlaText(model, "SORTS");
      const folder = join(scratch(), "tlc-graph");
      mkdirSync(folder);
      writeFileSync(join(folder, `${name}.tla`), module);
      const roles = rolesOf(config).filter(({ word }) => word === "PROPERTY");
      expect(roles).toHaveLength(properties.length);
      for (const { id, title, verdict } of check(model, { now: () => 0 }).properties) {
        const theirs = tlc(folder, name, [{ name: id, word: "PROPERTY" }]);
        expect([title, theirs.verdict], JSON.stringify({ edges, fairness })).toEqual([title, verdict]);
      }
      rmSync(folder, { recursive: true });
    };
    const entropy = fc.noBias(fc.array(fc.nat(0xffff), { minLength: 80, maxLength: 80 }));
    fc.assert(fc.property(entropy, agree), { ...runs(2), endOnFailure: true });
  });
});

/** Those that TLA+ can say. */
const shapes = [
  "<> p",
  "[]<> p",
  "<>[] p",
  "[] (p -> <> q)",
  "[]<> p -> []<> q",
  "<> (p && [] !q)",
  "(<>[] p) || ([]<> q)",
  "!(<> p && <> q)",
  "[] (p U q)",
  "<> (p U q)",
  "[] (p W q)",
  "<> (p W q)",
  "[] (q V p)",
  "!([] (p U q))",
  "[] !(p W q)",
];
