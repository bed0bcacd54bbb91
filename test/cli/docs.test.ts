/** The examples of the documentation, run as they stand there. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ExitCode } from "../../cli/exit-code.ts";
import { openShell, runHere } from "./support/here.ts";

const root = resolve(import.meta.dirname, "../..");

interface Example {
  readonly command: string;
  readonly code: number;
  readonly expected: readonly string[];
}

/**
 * Blocks of the language `console`, whose first line is a command; `exit=N` after the language is its exit code. Those
 * marked `long` are left to a run of their own: the script of the continuous integration makes it.
 */
function examplesOf(page: string): readonly Example[] {
  const text = readFileSync(resolve(root, page), "utf8");
  return [...text.matchAll(/^```console(?: exit=(\d+))?\n\$ (.*)\n([\s\S]*?)^```$/gm)].map(
    ([, code, command, body]) => ({
      command: command!,
      code: Number(code ?? 0),
      expected: body!.split("\n").filter((line) => line !== ""),
    }),
  );
}

/**
 * The first line of the page that the output has not, null where it has all. They follow each other as in the page; the
 * line `...` stands for any lines, at the end of a line for the rest of it. Blank lines do not count.
 */
function missingFrom(output: string, expected: readonly string[]): string | null {
  const lines = output.split("\n").filter((line) => line !== "");
  let at = 0;
  let anywhere = false;
  for (const line of expected) {
    if (line === "...") {
      anywhere = true;
      continue;
    }
    const found = lines.findIndex((real, i) => i >= at && matches(real, line));
    if (found < 0 || (found > at && !anywhere)) return line;
    at = found + 1;
    anywhere = false;
  }
  return anywhere || at === lines.length ? null : `${lines[at]} (printed, and not in the page)`;
}

function matches(real: string, line: string): boolean {
  return line.endsWith("...") ? real.startsWith(line.slice(0, -3)) : real === line;
}

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
