/** Pages of the documentation as what they show: files and commands with their output. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

const root = resolve(import.meta.dirname, "../../..");

export interface Example {
  readonly command: string;
  readonly code: number;
  readonly expected: readonly string[];
}

export function pageText(page: string): string {
  return readFileSync(resolve(root, page), "utf8");
}

/** The files that a page has its reader write: blocks with a name behind their language. */
export function filesOf(page: string): readonly { readonly name: string; readonly text: string }[] {
  const blocks = pageText(page).matchAll(/^```js(?:on)? (\S+)\n([\s\S]*?)^```$/gm);
  return [...blocks].map(([, name = "", text = ""]) => ({ name, text }));
}

/**
 * Blocks of the language `console`, whose first line is a command; `exit=N` after the language is its exit code. Those
 * marked `long` are left to a run of their own: the script of the continuous integration makes it.
 */
export function examplesOf(page: string): readonly Example[] {
  const text = pageText(page);
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
export function missingFrom(output: string, expected: readonly string[]): string | null {
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
