/** The examples of every `--help`, run as they stand there but in this process, in a folder that has the files they name. */
import { chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildProgram } from "../../cli/program.ts";
import { hasPrograms, scratch } from "./support/built.ts";
import { openShell, runHere } from "./support/here.ts";
import { memoryHost } from "./support/memory-host.ts";
import { turns } from "./support/turns.ts";

const calm = resolve(import.meta.dirname, "../fixtures/cli/logs/calm.txt");
const commands = buildProgram(memoryHost(), undefined, () => {}).commands.map((command) => command.name());
const helps = ["--help", ...commands.map((name) => `${name} --help`)];
const hasSpin = hasPrograms("spin", "gcc");
const shell = await openShell();
let cwd = "";

/** A program of another's, as far as an example needs it. */
function stub(name: string, script: string): void {
  writeFileSync(join(cwd, "bin", name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(cwd, "bin", name), 0o755);
}

beforeAll(async () => {
  cwd = scratch();
  mkdirSync(join(cwd, "bin"));
  mkdirSync(join(cwd, "ci"));
  for (const name of ["trace.txt", "a.txt", "b.txt"]) copyFileSync(calm, join(cwd, name));
  const model = turns.build({ patch: null, features: {}, parameters: {} });
  writeFileSync(join(cwd, "mine.json"), JSON.stringify(model));
  const config = { baseline: "known.json", explore: [{ name: "turns", model: join(cwd, "mine.json") }] };
  for (const folder of [cwd, join(cwd, "ci")]) {
    writeFileSync(join(folder, "kmmcheck.config.json"), JSON.stringify(config));
    writeFileSync(join(folder, "known.json"), '{"findings": []}');
  }
  stub("trace-cmd", `exec cat ${calm}`);
  stub("dot", "exec cat");
  for (const index of [1, 2]) {
    const { out } = await runHere(["explore", "mine.json", "--shard", `${index}/2`, "--json"], { cwd });
    writeFileSync(join(cwd, `saved${index}.json`), out);
  }
  const small = ["explore", "system", "--set", "folios=1", "--set", "queue=1", "--property", "S04"];
  expect((await runHere([...small, "--save", "saved.json"], { cwd })).code).toBe(1);
});

afterAll(() => {
  shell.close();
  rmSync(cwd, { recursive: true, force: true });
});

/** Each example once, under the first help that shows it. */
function examplesOf(help: string): readonly string[] {
  const host = memoryHost();
  const program = buildProgram(host, undefined, () => {});
  try {
    program.parse(help.split(" "), { from: "user" });
  } catch {
    // Commander leaves this way after a help.
  }
  const [, block = ""] = /^Examples:\n((?: {2}.*\n)+)/.exec(host.written.out) ?? [];
  return block.split("\n").flatMap((line) => (line === "" ? [] : [line.trim()]));
}

const examples = [
  ...new Map(helps.flatMap((help) => examplesOf(help).map((line) => [line, help]))).entries(),
];

/** Takes more than a minute; `.ci/findings.mjs` runs it and compares every byte. */
const elsewhere = ["kmmcheck explore --all"];

/** What stays possible, SPIN has no claim for: `crosscheck` says so, and ends with 3. */
const undecided = ["kmmcheck crosscheck sysfs --patch fixed --set mms=1"];

test("every help has examples", () => {
  expect(examples.map(([line]) => line)).toEqual(expect.arrayContaining([...elsewhere, ...undecided]));
  for (const help of helps) expect(examplesOf(help)).not.toEqual([]);
});

test.each(examples.filter(([line]) => !elsewhere.includes(line)))("%s (%s)", async (line) => {
  if (line.includes("crosscheck") && !hasSpin) return;
  copyFileSync(join(cwd, "saved.json"), join(cwd, "runs.json"));
  for (const index of [1, 2]) copyFileSync(join(cwd, `saved${index}.json`), join(cwd, `part${index}.json`));
  const { code, err } = await shell.run(`set -o pipefail; ${line}`, { cwd });
  expect(err).toBe("");
  expect(undecided.includes(line) ? [3] : [0, 1]).toContain(code);
});
