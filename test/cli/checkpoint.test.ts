/** `--checkpoint` and `--resume`: the file, what it is refused for, and a real interrupt. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { catalogue } from "../../models/index.ts";
import { ensureBuilt, interruptBuilt, runBuilt, scratch } from "./support/built.ts";
import { kmmcheck, type MemoryOptions, memoryHost } from "./support/memory-host.ts";

let cwd = "";
beforeAll(() => {
  cwd = scratch();
});

/** Runs in memory, but with real files and the real models. */
function run(line: string, options: MemoryOptions = {}) {
  const host = memoryHost(options);
  return kmmcheck(line, { ...host, cwd, catalogue: async () => catalogue });
}

/** The same with small models of the tests. */
function runSmall(line: string) {
  return kmmcheck(line, { ...memoryHost(), cwd });
}

const peterson = "explore peterson --json";

/** A file of the given search, cut at 2000 states. */
async function checkpoint(name: string, line = peterson): Promise<string> {
  const path = join(cwd, name);
  const { code, err } = await run(`${line} --max-states 2000 --checkpoint ${name}`);
  expect([code === 1 || code === 3, err, existsSync(path)]).toEqual([true, "", true]);
  return path;
}

test("a search that was cut goes on to the same document, and its file is gone", async () => {
  const whole = await run(peterson);
  const path = await checkpoint("whole.ckpt");
  expect((await run(`${peterson} --resume whole.ckpt`)).out).toBe(whole.out);
  expect(existsSync(path)).toBe(true);
  const again = await run(`${peterson} --resume whole.ckpt --checkpoint whole.ckpt --checkpoint-every 0.5`);
  expect([again.out, again.code, again.err]).toEqual([whole.out, whole.code, ""]);
  expect(readdirSync(cwd).filter((name) => name.includes("whole"))).toEqual([]);
});

test("each part of a divided search goes on to its own document, and the parts make up the whole", async () => {
  const parts = [1, 2].map((i) => ({
    line: `explore exit-race --json --shard ${i}/2`,
    file: `part${i}.ckpt`,
  }));
  const whole: string[] = [];
  for (const { line, file } of parts) {
    const { out } = await runSmall(line);
    whole.push(out);
    const cut = await runSmall(`${line} --max-states 5 --checkpoint ${file}`);
    expect([JSON.parse(cut.out).cut, cut.err]).toEqual(["the limit of 5 states was reached", ""]);
    const { out: resumed } = await runSmall(`${line} --resume ${file} --checkpoint ${file}`);
    expect(resumed).toBe(out);
    expect(existsSync(join(cwd, file))).toBe(false);
  }
  const files = Object.fromEntries(whole.map((text, i) => [`part${i + 1}.json`, text]));
  const merged = await kmmcheck("merge part1.json part2.json --json", { files });
  const { properties } = JSON.parse((await runSmall("explore exit-race --json")).out);
  expect(JSON.parse(merged.out).properties).toEqual(properties);
});

test("the file of one part is refused by another part, and by the whole", async () => {
  const line = "explore exit-race --shard 1/2";
  await runSmall(`${line} --max-states 5 --checkpoint first.ckpt`);
  for (const [other, asked] of [
    ["explore exit-race --shard 2/2", "R01"],
    ["explore exit-race", "S06, R01"],
  ]) {
    const { code, out, err } = await runSmall(`${other} --resume first.ckpt`);
    const sentence = `this checkpoint is of the properties S06, not of ${asked}`;
    expect([code, out, err]).toEqual([2, "", `kmmcheck: first.ckpt: ${sentence}\n`]);
  }
});

test("the file begins with lines that a person can read", async () => {
  const [first, head] = readFileSync(await checkpoint("read.ckpt"), "latin1").split("\n");
  expect(first).toBe("kmmcheck checkpoint 2");
  const { identity, saved } = JSON.parse(head ?? "");
  expect(identity).toMatchObject({ model: "peterson", parameters: { processes: 3 }, patch: null });
  expect(saved.search.states).toBeGreaterThanOrEqual(2000);
});

/** The text with one bit of the character changed that is so many before its end. */
function withChange(text: string, before: number): string {
  const at = text.length - before;
  return text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1);
}

describe("what a file is refused for", () => {
  test.each([
    ["explore two-phase-commit", "of model peterson, not of two-phase-commit"],
    ["explore peterson --set processes=2", "of --set processes=3, not processes=2"],
    [
      "explore peterson --property no-deadlock",
      "of the properties mutual-exclusion, no-starvation, no-deadlock",
    ],
    ["explore peterson --reduce none", "of --reduce symmetry,por, not none"],
    ["explore peterson --no-continue", "of a search without --no-continue"],
    ["explore peterson --coverage", "of a search without --coverage"],
  ])("%s", async (line, sentence) => {
    if (!existsSync(join(cwd, "other.ckpt"))) await checkpoint("other.ckpt");
    const { code, out, err } = await run(`${line} --resume other.ckpt`);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(/^kmmcheck: other\.ckpt: this checkpoint is [^\n]+\n$/u);
    expect(err).toContain(sentence);
  });

  test.each([
    ["--patch v1", "of --patch v0, not of v1"],
    [
      "--feature execEntersAfterStack=on",
      "of --feature execEntersAfterStack=off, not execEntersAfterStack=on",
    ],
  ])("%s", async (words, sentence) => {
    const line = "explore system --set queue=1 --property S05";
    if (!existsSync(join(cwd, "system.ckpt"))) await checkpoint("system.ckpt", line);
    const { code, err } = await run(`${line} ${words} --resume system.ckpt`);
    expect([code, err]).toEqual([2, `kmmcheck: system.ckpt: this checkpoint is ${sentence}\n`]);
  });

  test.each([
    [
      "another version",
      (s: string) => s.replace('"version":"0.1.0"', '"version":"0.0.9"'),
      "its checksum is wrong",
    ],
    ["a changed bit", (s: string) => withChange(s, 500), "its checksum is wrong"],
    ["a changed checksum", (s: string) => withChange(s, 1), "its checksum is wrong"],
    ["a cut file", (s: string) => s.slice(0, -1000), "this checkpoint is truncated: "],
    ["a cut head", (s: string) => s.slice(0, 300), "this checkpoint is truncated"],
    ["a longer file", (s: string) => `${s}x`, "this checkpoint is damaged: "],
    ["something else", () => "states: 12\n", "this is no checkpoint of kmmcheck"],
    ["nothing", () => "", "this is no checkpoint of kmmcheck"],
  ] as const)("%s", async (_, edit, sentence) => {
    const path = existsSync(join(cwd, "good.ckpt")) ? join(cwd, "good.ckpt") : await checkpoint("good.ckpt");
    writeFileSync(join(cwd, "bad.ckpt"), edit(readFileSync(path, "latin1")), "latin1");
    const { code, out, err } = await run(`${peterson} --resume bad.ckpt`);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(/^kmmcheck: bad\.ckpt: [^\n]+\n$/u);
    expect(err).toContain(sentence);
  });

  test.each([
    ["--resume none.ckpt", "none.ckpt: cannot read: there is no such file"],
    ["--resume .", ".: cannot read: this is a directory, not a file"],
    ["--checkpoint none/a.ckpt", "none/a.ckpt: cannot write: there is no such file"],
    [
      "--checkpoint taken.ckpt",
      "taken.ckpt: this file is there already: go on with it by --resume taken.ckpt, or remove it",
    ],
    [
      "--checkpoint notes.txt",
      "notes.txt: this file is there already: it is no checkpoint of kmmcheck, so name another one",
    ],
    ["--checkpoint-every 5", "--checkpoint-every is for --checkpoint FILE"],
    ["--checkpoint a --checkpoint-every 0", '--checkpoint-every takes a number above 0, not "0"'],
    [
      "--checkpoint a --search dfs",
      "--checkpoint is for one breadth-first search with exact states, not for --search dfs or random",
    ],
    [
      "--checkpoint a --resume a --check-reductions",
      "--checkpoint and --resume are for one breadth-first search with exact states, and --check-reductions makes several",
    ],
  ])("%s", async (words, sentence) => {
    writeFileSync(join(cwd, "taken.ckpt"), "kmmcheck checkpoint 2\n");
    writeFileSync(join(cwd, "notes.txt"), "kmmcheck");
    const { code, out, err } = await run(`explore peterson ${words}`);
    expect([code, out, err]).toEqual([2, "", `kmmcheck: ${sentence}\n`]);
  });

  test("a limit of memory in which it has no room", async () => {
    await checkpoint("large.ckpt");
    const { code, err } = await run(`${peterson} --resume large.ckpt --max-memory 100K`);
    expect([code, err]).toEqual([
      2,
      "kmmcheck: large.ckpt: this checkpoint takes 272 KiB of memory, more than the 100 KiB that --max-memory allows\n",
    ]);
  });
});

test("a file that cannot be written any more is a warning, and the search goes on", async () => {
  const folder = join(cwd, "gone");
  mkdirSync(folder);
  const host = memoryHost();
  const check: typeof host.check = (model, limits, ...hearing) => {
    const checkpoint = limits.checkpoint && { ...limits.checkpoint, path: join(cwd, "nowhere", "a.ckpt") };
    return host.check(model, { ...limits, ...(checkpoint === undefined ? {} : { checkpoint }) }, ...hearing);
  };
  const line = "explore peterson --max-states 100 --checkpoint gone/a.ckpt";
  const { code, out, err } = await kmmcheck(line, { ...host, cwd, check, catalogue: async () => catalogue });
  expect([code, err]).toEqual([3, "kmmcheck: gone/a.ckpt: cannot write: there is no such file\n"]);
  expect(out).toContain("the limit of 100 states was reached");
});

test("Ctrl-C leaves a file, with which several threads go on", async () => {
  ensureBuilt();
  const huge = ["explore", "kmm", "--set", "mms=3", "--set", "folios=5", "--checkpoint", "huge.ckpt"];
  const isThere = () => existsSync(join(cwd, "huge.ckpt"));
  const first = await interruptBuilt([...huge, "--checkpoint-every", "0.1"], cwd, isThere);
  expect([first.code, first.err]).toEqual([3, ""]);
  const { saved } = JSON.parse(readFileSync(join(cwd, "huge.ckpt"), "latin1").split("\n")[1] ?? "");
  const most = saved.search.states + 250_000;
  const more = ["--resume", "huge.ckpt", "--workers", "2", "--max-states", `${most}`, "--json"];
  const { code, out } = runBuilt([...huge, ...more], { cwd });
  expect(code).toBe(3);
  expect(JSON.parse(out).statistics.states).toBeGreaterThan(saved.search.states);
});
