/** The examples of the documentation, run as they stand there. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ExitCode } from "../../cli/exit-code.ts";
import { openShell, runHere } from "./support/here.ts";
import { examplesOf, missingFrom } from "./support/page.ts";

const root = resolve(import.meta.dirname, "../..");

const shell = await openShell();
afterAll(shell.close);

describe.each(["README.md", "docs/cli.md", "docs/mutate.md", "docs/scale-out.md"])("%s", (page) => {
  const examples = examplesOf(page);

  test("has examples", () => {
    expect(examples.length).toBeGreaterThan(0);
  });

  test.each(examples.map((example) => [example.command, example] as const))(
    "%s",
    async (command, example) => {
      const { code, out, err } = await shell.run(command, { cwd: root });
      expect(missingFrom(`${out}${err}`, example.expected)).toBeNull();
      expect(code).toBe(example.code);
    },
  );
});

test("docs/exit-codes.md has every code", () => {
  const text = readFileSync(resolve(root, "docs/exit-codes.md"), "utf8");
  for (const code of Object.values(ExitCode)) expect(text).toContain(`| ${code} |`);
});

test("docs/cli.md has a section for every command", async () => {
  const text = readFileSync(resolve(root, "docs/cli.md"), "utf8");
  const { out } = await runHere(["--help"], { cwd: root });
  const commands = [...out.matchAll(/^ {2}([a-z]+) \[options\]/gm)].map(([, name]) => name);
  expect(commands.length).toBeGreaterThan(5);
  for (const name of commands) expect(text).toContain(`\n## ${name}\n`);
});
