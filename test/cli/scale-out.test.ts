/** The commands of docs/scale-out.md that are no examples with output: run as their scheduler would run them. */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasPrograms, scratch } from "./support/built.ts";
import { openShell } from "./support/here.ts";

const page = readFileSync(resolve(import.meta.dirname, "../../docs/scale-out.md"), "utf8");
const hasSpin = hasPrograms("spin", "gcc");
const bash = await openShell();
let cwd = "";

/** The code under a heading, of the first block of the language. */
function block(heading: string, language: string): string {
  const [, section = ""] = page.split(`\n## ${heading}\n`);
  const [, code] = new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, "m").exec(section) ?? [];
  if (code === undefined) throw new Error(`no ${language} under ${heading}`);
  return code;
}

/** The commands behind `- run:`. */
function runsOf(yaml: string): readonly string[] {
  return [...yaml.matchAll(/^\s*- run: (.*)$/gm)].map(([, command]) => command!);
}

/** Runs a script as the schedulers do: the first command that fails ends it. */
function shell(script: string, env: Readonly<Record<string, string>> = {}) {
  return bash.run(`set -e; ${script}`, { cwd, env });
}

beforeAll(() => {
  cwd = scratch();
  mkdirSync(join(cwd, "bin"));
  mkdirSync(join(cwd, "parts"));
  const put = (name: string, text: string) => {
    writeFileSync(join(cwd, "bin", name), text);
    chmodSync(join(cwd, "bin", name), 0o755);
  };
  // GNU parallel, as far as the page needs it: --jobs N 'command with {}' ::: arguments.
  put(
    "parallel",
    '#!/bin/bash\nset -e\n[ "$1 $4" = "--jobs :::" ]\nline=$3\nfor a in "${@:5}"; do bash -c "${line//\\{\\}/$a}"; done\n',
  );
  writeFileSync(join(cwd, "scopes.json"), block("A CI matrix", "json"));
});

afterAll(() => {
  bash.close();
  rmSync(cwd, { recursive: true, force: true });
});

describe("a CI matrix", () => {
  const yaml = block("A CI matrix", "yaml");
  const [part = "", verdict = ""] = runsOf(yaml);
  const parts = JSON.parse(/part: (\[.*\])/.exec(yaml)![1]!) as readonly number[];

  test("each job goes on where it has a report, and the last one gives the verdict", async () => {
    for (const number of parts) {
      const { code } = await shell(part.replaceAll("${{ matrix.part }}", String(number)));
      expect([number, code]).toEqual([number, 0]);
    }
    const { code, out } = await shell(verdict);
    expect(code).toBe(1);
    expect(out).toMatch(/FAIL\s+posted/);
    expect(out).toMatch(/ok\s+one-fix/);
    expect(out).toMatch(/ok\s+fixed/);
  });

  test("a job without a report fails, and so does the merge of what is left", async () => {
    rmSync(join(cwd, "part2.json"));
    const broken = part.replaceAll("${{ matrix.part }}", "2").replace("scopes.json", "no-such.json");
    expect((await shell(broken)).code).toBe(1);
    expect(existsSync(join(cwd, "part2.json"))).toBe(true);
    rmSync(join(cwd, "part2.json"));
    const { code, err } = await shell(verdict);
    expect(code).toBe(2);
    expect(err).toBe(`kmmcheck: part 2 of ${parts.length} is missing\n`);
  });
});

test("GNU parallel runs the parts of a swarm, and their merge finds what the swarm finds", async () => {
  for (const number of [1, 2, 3]) rmSync(join(cwd, `part${number}.json`), { force: true });
  const { code, out } = await shell(block("GNU parallel", "sh"));
  expect(code).toBe(1);
  expect(out).toMatch(/violated\s+S04 /);
  expect(out).toContain("seeds 1 to 2;");
});

test("the pods of an indexed Job run the parts of an exploration", async () => {
  const yaml = block("Kubernetes", "yaml");
  const [, script = ""] = /- \|\n((?: {14}.*\n)+)/.exec(yaml) ?? [];
  const completions = Number(/completions: (\d+)/.exec(yaml)![1]);
  const here = script.replaceAll("/parts/", "parts/");
  for (let index = 0; index < completions; index++)
    expect((await shell(here, { JOB_COMPLETION_INDEX: String(index) })).code).toBe(0);
  const { code, out } = await shell("kmmcheck merge parts/part*.json --json");
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ shard: null, cut: null, verdict: "violated" });
});

test.runIf(hasSpin)("SPIN searches the exported text with every seed", async () => {
  const { code, out } = await shell(block("SPIN's swarm", "sh").replace("gcc -O2", "gcc -O0"));
  expect(code).toBe(0);
  expect(out.match(/errors: 0/g)).toHaveLength(3);
  const [one, two] = [1, 2].map((seed) => readFileSync(join(cwd, `swarm${seed}.txt`), "utf8"));
  expect(one).not.toBe(two);
});

test("the module and the configuration that TLC is given are written", async () => {
  const [command = "", ...java] = block("TLC on several machines", "sh").trim().split("\n");
  expect((await shell(command)).code).toBe(0);
  for (const file of /-config (\S+) (\S+)/.exec(java.join("\n"))!.slice(1))
    expect(existsSync(join(cwd, file))).toBe(true);
});
