/** The tutorial as its reader goes through it: its files in a folder where kmmcheck is installed, its commands in order. */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ensureBuilt, hasPrograms, runBuilt, scratch } from "./support/built.ts";
import { openShell, runHere } from "./support/here.ts";
import { examplesOf, filesOf, missingFrom, pageText } from "./support/page.ts";

const page = "docs/write-a-model.md";
const files = filesOf(page);
const examples = examplesOf(page);
const hasSpin = hasPrograms("spin", "gcc");
const cwd = scratch();
const shell = await openShell();

ensureBuilt();
mkdirSync(join(cwd, "node_modules"));
symlinkSync(resolve(import.meta.dirname, "../.."), join(cwd, "node_modules/kmmcheck"));
write("package.json", '{ "type": "module" }');
for (const { name, text } of files) write(name, text);

afterAll(() => {
  shell.close();
  rmSync(cwd, { recursive: true, force: true });
});

function write(name: string, text: string): void {
  writeFileSync(join(cwd, name), text);
}

test("the page has files and commands", () => {
  expect(files.map(({ name }) => name)).toContain("cache.js");
  expect(examples.length).toBeGreaterThan(8);
});

test.each(examples.map((example) => [example.command, example] as const))("%s", async (command, example) => {
  if (command.includes("crosscheck") && !hasSpin) return;
  const { code, out, err } = await shell.run(command, { cwd });
  expect(missingFrom(`${out}${err}`, example.expected)).toBeNull();
  expect(code).toBe(example.code);
});

test("a module finds the constructors of the installed package in a process of its own, too", () => {
  const { code, out, err } = runBuilt(["explore", "cache.js"], { cwd });
  expect([code, err]).toEqual([1, ""]);
  expect(out).toContain("UAF violated");
});

/** What the table of the page says of a mistake in `cache.js`: its words, and the edit that makes it. */
test.each([
  ["`set(v.refs, true)`", "set(v.refs, 0)", "set(v.refs, true)"],
  ["`when: v.refs`", "when: v.hashed", "when: v.refs"],
  ["`v.hashd`", "when: v.hashed", "when: v.hashd"],
  ["no `initial`", 'initial: false, doc: "kfree', 'doc: "kfree'],
  ["`initial: 4`", "initial: 1,", "initial: 4,"],
  ['`to: "lookup:gte"`', 'to: "lookup:get" }', 'to: "lookup:gte" }'],
  ['`forEach: "taks"`', 'forEach: "task"', 'forEach: "taks"'],
  ['`when: at("remover", ["remove"])`', "when: v.hashed", 'when: at("remover", ["remove"])'],
  [
    "two properties `UAF`",
    "properties: [",
    'properties: [{ kind: "invariant", id: "UAF", title: "", says: "", holds: v.freed },',
  ],
  ["`when: () => true`", "when: eq(v.refs, 1)", "when: () => true"],
])("%s is complained about as the page says", async (mistake, from, to) => {
  const cache = files.find(({ name }) => name === "cache.js")?.text ?? "";
  expect(cache).toContain(from);
  const name = `mistake${mistakes++}.js`;
  write(name, cache.replace(from, to));
  const { code, err } = await runHere(["explore", name], { cwd });
  const row =
    pageText(page)
      .split("\n")
      .find((line) => line.startsWith(`| ${mistake} |`)) ?? "";
  const [first = "", rest = ""] = (/\| `([^`]*)` \|$/.exec(row)?.[1] ?? "none").split("...");
  expect(code).toBe(2);
  expect(err).toMatch(/^kmmcheck: mistake\d+\.js[^\n]*\n$/);
  expect(err).toContain(first);
  expect(err).toContain(rest);
});
let mistakes = 0;
