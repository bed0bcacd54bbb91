/**
 * TLC's opinion on the exported TLA+: the same number of states and the same verdicts. Needs java and a tla2tools.jar that
 * TLC_JAR names, and is skipped without. What TLC generates is not compared: it counts a successor once for each
 * disjunct of a guard that leads to it.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { check } from "../../checker/check.ts";
import { tlaText } from "../../checker/export/index.ts";
import { featuresOf, findModel } from "../../models/index.ts";
import { scratch } from "../cli/support/built.ts";

const jar = process.env["TLC_JAR"];
const title = jar === undefined ? "with TLC (skipped: TLC_JAR names no tla2tools.jar)" : "with TLC";

/** What TLC's exit code says of the properties that it was asked for. */
const verdictOf: Readonly<Record<number, string>> = { 0: "holds", 12: "violated", 13: "violated" };

interface Role {
  readonly name: string;
  readonly word: "INVARIANT" | "PROPERTY";
}

function rolesOf(config: string): readonly Role[] {
  return [...config.matchAll(/^(INVARIANT|PROPERTY)\n((?: {2}\S+\n?)+)/gm)].flatMap(([, word, names = ""]) =>
    names
      .trim()
      .split(/\s+/)
      .map((name) => ({ name, word: word === "INVARIANT" ? "INVARIANT" : "PROPERTY" })),
  );
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
});
