/** Files, streams and signals: first with the program in this process, then as a process of its own. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fileError } from "../../cli/node-host.ts";
import { ensureBuilt, interruptBuilt, runBuilt, runShell, scratch } from "./support/built.ts";
import { runHere } from "./support/here.ts";
import { turns } from "./support/turns.ts";

const logs = resolve(import.meta.dirname, "../fixtures/cli/logs");
const calm = readFileSync(join(logs, "calm.txt"));
const isRoot = process.getuid?.() === 0;
const model = turns.build({ patch: null, features: {}, parameters: {} });
let cwd = "";
let modules = 0;

function write(name: string, text: string | Buffer): string {
  writeFileSync(join(cwd, name), text);
  return name;
}

/** The model of the user's, with one place changed. */
function modelFile(name: string, edit: (text: string) => string = (text) => text): string {
  return write(name, edit(JSON.stringify(model, null, 2)));
}

beforeAll(async () => {
  ensureBuilt();
  cwd = scratch();
  mkdirSync(join(cwd, "folder.json"));
  modelFile("turns.json");
  write("calm.txt", calm);
  write("kmmcheck.config.json", '{"explore": [{"name": "turns", "model": "turns.json"}]}');
  for (const index of [1, 2]) {
    const { out } = await runHere(["explore", "turns.json", "--shard", `${index}/2`, "--json"], { cwd });
    write(`part${index}.json`, out);
  }
  write("ok.js", `export const model = ${JSON.stringify(model)};`);
  write("empty.txt", "");
  write("binary.txt", Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3, 0xff, 0xfe]));
  write("latin1.json", Buffer.from([0x7b, 0xe9, 0x7d]));
});

afterAll(() => {
  rmSync(cwd, { recursive: true, force: true });
});

/** What it prints on the standard error: one sentence, never a stack. */
async function sentence(args: readonly string[]): Promise<string> {
  const { code, out, err } = await runHere(args, { cwd });
  expect([code, out]).toEqual([2, ""]);
  expect(err).toMatch(/^kmmcheck: [^\n]+\n$/);
  return err;
}

describe("bad input", () => {
  test.each([
    ["a missing log", ["validate", "none.txt"], "none.txt: there is no such file"],
    ["a folder as log", ["validate", "folder.json"], "folder.json: this is a directory"],
    ["an empty log", ["validate", "empty.txt"], "empty.txt: the log is empty"],
    ["a binary log", ["validate", "binary.txt"], "binary.txt"],
    ["an empty standard input", ["validate", "-"], "<stdin>: the log is empty"],
    ["the standard input twice", ["validate", "-", "-"], "can be read only once"],
    ["a missing model file", ["explore", "none.json"], "none.json: cannot read: there is no such file"],
    [
      "a folder as model",
      ["explore", "folder.json"],
      "folder.json: cannot read: this is a directory, not a file",
    ],
    ["a model that is no text", ["explore", "latin1.json"], "latin1.json: this is not UTF-8 text"],
    ["a path through a file", ["explore", "turns.json/x.json"], "a part of this path is not a directory"],
    [
      "a model file with options of built-in ones",
      ["explore", "turns.json", "--patch", "v1", "--set", "mms=1"],
      "turns.json is a file: --patch and --set choose among built-in models only",
    ],
    [
      "an unknown property of a model file",
      ["explore", "turns.json", "--property", "L02"],
      "unknown property of turns L02; did you mean L01?",
    ],
    ["a built-in model mistyped", ["explore", "petersen"], "unknown model petersen; did you mean peterson?"],
    [
      "a directory in place of a model",
      ["explore", "."],
      "there is no model ., and the path of this name is no model file",
    ],
    [
      "a file in place of a model",
      ["explore", join(logs, "calm.txt")],
      "is no model file: the name of one ends in .json, .js or .mjs",
    ],
    ["a name that no file can have", ["explore", "x".repeat(300)], "unknown model xxx"],
    [
      "a fault mistyped",
      ["simulate", "--fault", "S44"],
      "unknown fault S44; did you mean S04? --fault list shows all",
    ],
    [
      "a fault that is like none",
      ["simulate", "--fault", "nothing"],
      "unknown fault nothing; --fault list shows all",
    ],
    [
      "a missing configuration",
      ["gate", "--config", "no.json"],
      "no.json: cannot read: there is no such file",
    ],
    ["a missing recording", ["replay", "none.json"], "none.json: cannot read: there is no such file"],
    ["a log as recording", ["replay", join(logs, "calm.txt")], "calm.txt:1:1: not JSON: unexpected #"],
    [
      "a folder to write into that is not there",
      ["explore", "turns.json", "--save", "none/runs.json"],
      "runs.json: cannot write: there is no such file",
    ],
    [
      "a folder where the system makes none",
      ["simulate", "--events", "9", "--capture", "/proc/none/capture"],
      "capture: cannot make: ",
    ],
  ])("%s", async (_what, args, message) => {
    expect(await sentence(args)).toContain(message);
  });

  test.skipIf(isRoot)("a file without permission", async () => {
    chmodSync(join(cwd, write("secret.json", "{}")), 0);
    expect(await sentence(["explore", "secret.json"])).toContain(
      "secret.json: cannot read: permission denied",
    );
  });

  test("every refusal of the system is a sentence", () => {
    for (const [code, words] of [
      ["EACCES", "permission denied"],
      ["ENOSPC", "no space is left on the device"],
      ["EIO", "the system says EIO"],
    ]) {
      const error = Object.assign(new Error("x"), { code });
      expect(fileError(error, "f", "write")).toMatchObject({
        message: `cannot write: ${words}`,
        place: { file: "f" },
      });
    }
    const bug = new TypeError("x");
    expect(fileError(bug, "f", "write")).toBe(bug);
  });
});

describe("model files", () => {
  test("a JSON model is explored like a built-in one", async () => {
    const { code, out } = await runHere(["explore", "turns.json"], { cwd });
    expect(code).toBe(1);
    expect(out).toContain("L01 violated: pong is served");
  });

  test("so is an ES module that exports a model", () => {
    expect(runBuilt(["explore", "ok.js"], { cwd }).code).toBe(1);
  });

  test.each([
    [
      "export const model = {{",
      /^kmmcheck: wrong\.mjs: cannot be loaded: SyntaxError: .* \(node --check wrong\.mjs says where\)\n$/,
    ],
    ["await new Promise(() => {});", /^kmmcheck: a module ended the command, or left it waiting .*\n$/],
    ["process.exit(0);", /^kmmcheck: a module ended the command, or left it waiting .*\n$/],
    ["const v = {};\nv.a.b = 1;", /^kmmcheck: wrong\.mjs:2:\d: cannot be loaded: TypeError: .*\n$/],
  ])("a module that does not load is one sentence with its place: %j", (text, sentence) => {
    write("wrong.mjs", text);
    const { code, err } = runBuilt(["explore", "wrong.mjs"], { cwd });
    expect([code, err]).toEqual([2, expect.stringMatching(sentence)]);
  });

  test("its saved runs stand alone", async () => {
    expect((await runHere(["explore", "turns.json", "--save", "alone.json"], { cwd })).code).toBe(1);
    const { code, out } = await runHere(["replay", "alone.json"], { cwd });
    expect([code, out.includes("L01 violated")]).toEqual([1, true]);
    expect(readdirSync(cwd).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test.each([
    ["a syntax error", (s: string) => s.replace('"name"', "name"), /^kmmcheck: bad\.json:2:3: not JSON: /],
    ["a cut file", (s: string) => s.slice(0, 200), /^kmmcheck: bad\.json:\d+:\d+: not JSON: /],
    [
      "a missing part",
      (s: string) => s.replace('"identities": {},', ""),
      /^kmmcheck: bad\.json:1:1: .*identities/,
    ],
    [
      "an unknown variable",
      (s: string) => s.replace('"name": "served"\n', '"name": "serfed"\n'),
      /^kmmcheck: bad\.json:\d+:\d+: unknown variable serfed; did you mean served\?/,
    ],
    [
      "an ill-sorted value",
      (s: string) => s.replace('"value": "pong"', '"value": "bong"'),
      /^kmmcheck: bad\.json:\d+:\d+: unknown value bong; did you mean pong\?/,
    ],
    [
      "a start outside its sort",
      (s: string) => s.replace('"initial": "ping"', '"initial": "pang"'),
      /^kmmcheck: bad\.json:\d+:\d+: turn cannot start as /,
    ],
    [
      "a key that stands twice",
      (s: string) => s.replace('"identities":', '"title": "again",\n  "identities":'),
      /^kmmcheck: bad\.json:4:3: title stands twice in one object, first in line 3/,
    ],
    [
      "an unknown target",
      (s: string) => s.replace('"target": "spin:look"', '"target": "spin:lock"'),
      /^kmmcheck: bad\.json:\d+:\d+: .*did you mean spin:look\?/,
    ],
  ] as const)("%s is named with line and column", async (_what, edit, message) => {
    modelFile("bad.json", edit);
    expect(await sentence(["explore", "bad.json"])).toMatch(message);
  });

  test.each([
    ["throw new Error('boom')", "cannot be loaded: Error: boom"],
    ["export const model = {name: () => 1}", "bad.js: a function stands at /name: a model is data"],
    ["export const model = 3", "bad.js: this module has no export named model"],
    ["const a = {}; a.a = a; export const model = a", "bad.js: the exported model is not plain data"],
    [
      "let a = {}; for (let i = 0; i < 60; i++) a = { l: a, r: a }; export const model = a",
      "bad.js: the exported model is not plain data: this has more than 1,000,000 values",
    ],
    ["export const model = {name: 'x'}", "bad.js: "],
  ])("a module that is no model: %s", async (text, message) => {
    // Modules are cached by their address, so each lies in a folder of its own.
    const folder = `module${modules++}`;
    mkdirSync(join(cwd, folder));
    write(`${folder}/bad.js`, text);
    expect(await sentence(["explore", `${folder}/bad.js`])).toContain(message);
  });
});

/** Numbers differ by the clock and by what memory the process has. */
const withoutNumbers = (text: string) => text.replace(/[\d.,]+( m?s\b)?/g, "0").replace(/ +/g, " ");

test.each([
  "models peterson",
  "explore turns.json --workers 2",
  "validate calm.txt",
  "gate",
  "merge part1.json part2.json",
  "replay alone.json",
  "explain alone.json",
  "simulate --events 50",
  "graph turns.json",
  "export turns.json --to promela",
  "mutate turns.json --max-mutants 1",
  "probes --patch v1",
  "explore petersen",
])("`%s` says the same in a process of its own", async (line) => {
  const args = line.split(" ");
  const [here, there] = [await runHere(args, { cwd }), runBuilt(args, { cwd })];
  expect(there.code).toBe(here.code);
  expect(withoutNumbers(there.out)).toBe(withoutNumbers(here.out));
  expect(there.err).toBe(here.err);
});

describe("streams", () => {
  test("a reader that has seen enough is no error", () => {
    const { out, err } = runShell(
      "set -o pipefail; $K models --json | head -1; $K models | head -1 >/dev/null",
      cwd,
    );
    expect([out, err]).toEqual(["{\n", ""]);
  });

  test("a full disk is one sentence", () => {
    const { code, err } = runShell("$K models > /dev/full", cwd);
    expect([code, err]).toEqual([2, "kmmcheck: cannot write the output: no space is left on the device\n"]);
  });

  test("a long document reaches a pipe whole, and nothing else does", () => {
    const { out, err } = runShell(
      "$K graph kmm --set folios=1 --set queue=1 --of states --max-states 900 --json | cat",
      cwd,
    );
    // A pipe holds 65,536 bytes.
    expect(out.length).toBeGreaterThan(4 * 65_536);
    expect([JSON.parse(out).graphs[0].nodes.length, err]).toEqual([856, ""]);
  });

  test("a log comes from the standard input", () => {
    const { code, out } = runBuilt(["validate", "-"], { cwd, input: calm });
    expect([code, out.includes("<stdin>")]).toEqual([0, true]);
  });

  test("no colour into a pipe, unless asked for", async () => {
    const shown = async (args: readonly string[], env: Record<string, string> = {}) =>
      (await runHere(["explore", "turns.json", ...args], { cwd, env })).out.includes("\u001b[");
    expect(await shown([])).toBe(false);
    expect(await shown([], { FORCE_COLOR: "1" })).toBe(true);
    expect(await shown([], { FORCE_COLOR: "1", NO_COLOR: "1" })).toBe(false);
    expect(await shown(["--color", "always"], { NO_COLOR: "1" })).toBe(true);
    expect(await shown(["--color", "never"], { FORCE_COLOR: "1" })).toBe(false);
  });

  test("the text is 80 columns wide where there is no terminal", async () => {
    for (const name of ["peterson", "two-phase-commit", "kmm", "turns.json"]) {
      const { out } = await runHere(["explore", name], { cwd });
      expect(out.split("\n").filter((line) => [...line].length > 80)).toEqual([]);
    }
  });
});

describe("an interrupt", () => {
  const huge = ["explore", "kmm", "--set", "mms=3", "--set", "folios=5"];

  test("gives what is known of a search, and 3", { retry: 2 }, async () => {
    const { code, out, err } = await interruptBuilt(huge, cwd, 1500);
    expect([code, err]).toEqual([3, ""]);
    expect(out).toContain("cut short   the search was interrupted");
  });

  test("ends the wait for a log that does not come, and never says that it holds", async () => {
    const { code, out, err } = await interruptBuilt(["validate", "-"], cwd, 1000);
    expect(code).not.toBe(0);
    expect(`${out}${err}`).not.toContain("verdict       holds");
  });
});
