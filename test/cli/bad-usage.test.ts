import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { buildProgram } from "../../cli/program.ts";
import { VERSION } from "../../cli/version.ts";
import { kmmcheck, memoryHost } from "./support/memory-host.ts";

const log = resolve(import.meta.dirname, "../fixtures/cli/logs/calm.txt");

const table = [
  [
    "explore turns --reduce none --check-reductions",
    "--check-reductions compares with a search without reductions, which --reduce none is",
  ],
  ["explore exit-rase", "unknown model exit-rase; did you mean exit-race?"],
  [
    "explore nothing-like-it",
    "unknown model nothing-like-it; known are exit-race, turns (a file of your own ends in .json, .js or .mjs)",
  ],
  ["explore exit-race --patch v2", "model exit-race has no version v2; it has v0, fixed"],
  ["explore exit-race --patch fixd", "unknown version of exit-race fixd; did you mean fixed?"],
  ["explore turns --patch v0", "model turns has no versions: leave out --patch v0"],
  [
    "explore exit-race --feature exitWaitsForInFligt=on",
    "unknown feature of exit-race exitWaitsForInFligt; did you mean exitWaitsForInFlight?",
  ],
  [
    "explore exit-race --feature exitWaitsForInFlight",
    '--feature takes NAME=on or NAME=off, not "exitWaitsForInFlight"',
  ],
  ["explore exit-race --feature exitWaitsForInFlight=yes", "--feature takes NAME=on or NAME=off"],
  ["explore exit-race --set mm=2", "unknown parameter of exit-race mm; did you mean mms?"],
  ["explore exit-race --set mms=9", "parameter mms is 9, but exit-race takes 1 to 3"],
  ["explore exit-race --set mms=-1", "parameter mms is -1, but exit-race takes 1 to 3"],
  ["explore exit-race --set mms=two", '--set takes NAME=N with a whole number, not "mms=two"'],
  ["explore exit-race --set toString=1", "unknown parameter of exit-race toString"],
  ["explore exit-race --property S60", "unknown property of exit-race S60; did you mean S06?"],
  ["explore exit-race --search dsf", '--search takes bfs, dfs, random, not "dsf"'],
  ["explore exit-race --walks 3", "--walks is for --search random"],
  ["explore exit-race --max-depth 3", "--max-depth is for --search dfs and random"],
  ["explore exit-race --seed 3 --swarm 2", "--seed and --swarm are for --search dfs and random"],
  ["explore exit-race --search dfs --seed 4294967296", "--seed is at most 4294967295"],
  ["explore exit-race --search dfs --swarm 9007199254740991", "--swarm is at most 100000"],
  ["explore exit-race --bits 3", "--bits is for --store hash-compact and --store bitstate"],
  ["explore exit-race --store hash-compact --bits 7", "from 8 to 64"],
  ["explore exit-race --store bitstate --bits 17", "from 1 to 16"],
  ["explore exit-race --store bitstate --store-memory 4G", "at most 512 MiB"],
  ["explore exit-race --store-memory 4M", "--store-memory is for --store bitstate"],
  ["explore exit-race --search bfs --store bitstate", "--store bitstate is for --search dfs"],
  ["explore exit-race --shard 3/2", '--shard takes I/N with I from 1 to N, such as 2/4, not "3/2"'],
  ["explore exit-race --shard 1/9", "--shard 1/9 has more parts than there are properties (2)"],
  ["explore exit-race --shard 1/2 --search random", "than there are seeds (1): raise --swarm"],
  ["explore exit-race --max-memory lots", '--max-memory takes a size such as 512M or 4G, not "lots"'],
  ["explore exit-race --max-seconds 0", '--max-seconds takes a number above 0, not "0"'],
  ["explore exit-race --max-states 1.5", '--max-states takes a whole number from 1, not "1.5"'],
  ["explore exit-race --color blue", '--color takes auto, always, never, not "blue"'],
  ["explore exit-race --pach v1", "unknown option '--pach'; did you mean --patch?"],
  ["explore --all --set mms=2 --save x.json", "--set and --save cannot be combined with --all"],
  ["explore turns --search random --coverage", "--coverage is for --search bfs and dfs with exact states"],
  [
    "explore turns --store hash-compact --coverage --check-reductions",
    "--coverage and --check-reductions are for --search bfs and dfs with exact states",
  ],
  [
    "explore turns --store bitstate --max-memory 1M",
    "the array of --store bitstate takes 64.0 MiB, more than the 1.0 MiB that --max-memory allows",
  ],
  ["explore turns --all", "unknown model with versions turns; known are exit-race"],
  ["explore --all --patch v7", "unknown version v7; did you mean v0?"],
  ["explore --all --property S60", "unknown property S60; did you mean S06?"],
  ["explore exit-race turns", "too many arguments for 'explore'"],
  ["explor", "unknown command 'explor'; did you mean explore?"],
  ["replay", "missing required argument 'file'"],
  [`validate ${log} --property P10`, "unknown property of logs P10; did you mean P01?"],
  [`validate --merge ${log} ${log}x`, `${log}x: there is no such file`],
  [`validate ${log} --format ftrase`, "unknown format ftrase; did you mean ftrace?"],
  [`validate ${log} --patch v9`, "unknown version v9; did you mean v0?"],
  [`validate ${log} --patch fixed`, "no log is written by the fixed version"],
  [`validate ${log} --hz 0`, '--hz takes a whole number from 1, not "0"'],
  [`validate ${log} --config none.json`, "none.json: cannot read: there is no such file"],
  ["validate none.txt", "none.txt"],
  ["models exit-raze", "unknown model exit-raze; did you mean exit-race?"],
  ["replay none.json --property X", "none.json: cannot read: there is no such file"],
  ["gate", "kmmcheck.config.json: cannot read: there is no such file"],
] as const;

test.each(table)("`kmmcheck %s` is one sentence", async (line, message) => {
  const { code, err, out } = await kmmcheck(line);
  expect([code, out]).toEqual([2, ""]);
  expect(err).toContain(message);
  expect(err).toMatch(/^kmmcheck: [^\n]+\n$/);
});

test("where the first argument names a command, that one alone is made, under its name", () => {
  const all = buildProgram(memoryHost(), undefined, () => {}).commands.map((command) => command.name());
  expect(all).toContain("validate");
  for (const name of all) {
    const { commands } = buildProgram(memoryHost(), name, () => {});
    expect(commands.map((command) => command.name())).toEqual([name]);
  }
  expect(buildProgram(memoryHost(), "valdate", () => {}).commands).toHaveLength(all.length);
});

test("--all refuses each option of explore that it does not obey", async () => {
  const obeyed = ["patch", "property", "all", "reduce", "workers", "max-states", "max-memory", "max-seconds"];
  const words: Readonly<Record<string, string>> = {
    feature: "x=on",
    set: "mms=2",
    search: "bfs",
    store: "exact",
    shard: "1/2",
  };
  const program = buildProgram(memoryHost(), undefined, () => {});
  const options = program.commands.find((command) => command.name() === "explore")?.options ?? [];
  expect(options.length).toBeGreaterThan(25);
  for (const { long, required } of options) {
    const name = (long ?? "").replace(/^--/u, "");
    if ([...obeyed, "json", "color"].includes(name)) continue;
    const { code, err } = await kmmcheck(`explore --all ${long} ${required ? (words[name] ?? "4") : ""}`);
    expect([code, err]).toEqual([2, `kmmcheck: ${long} cannot be combined with --all\n`]);
  }
});

describe("tunables", () => {
  test("are checked, with line and column", async () => {
    const host = memoryHost({ files: { "t.json": '{\n  "scan_sleep": 16\n}' } });
    const { code, err } = await kmmcheck(`validate ${log} --config t.json`, host);
    expect([code, err]).toEqual([
      2,
      "kmmcheck: t.json:2:3: unknown key scan_sleep; did you mean scan_sleep_ms? (tunables of the daemon)\n",
    ]);
  });

  test("are accepted by their sysfs names", async () => {
    const files = {
      "t.json": '{"scan_sleep_ms": 16, "mm_scan_period_ms": 2000, "mms_to_scan": 16, "top_tier_nodes": [0]}',
    };
    expect((await kmmcheck(`validate ${log} --config t.json`, { files })).code).not.toBe(2);
  });
});

describe("help", () => {
  test.each(["models", "explore", "validate", "gate", "replay", "graph"])(
    "of %s begins with examples",
    async (name) => {
      const { code, out, err } = await kmmcheck(`${name} --help`);
      expect([code, err]).toEqual([0, ""]);
      expect(out).toMatch(/^Examples:\n {2}/);
      expect(out.split("\n").filter((line) => line.length > 80)).toEqual([]);
      expect(out).not.toContain("(default: {})");
    },
  );

  test("without a command goes to the standard error, and is no success", async () => {
    const { code, out, err } = await kmmcheck("");
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(/^Examples:\n/);
  });
});

test("the version is that of the package", async () => {
  const { version } = JSON.parse(readFileSync(resolve(import.meta.dirname, "../../package.json"), "utf8"));
  expect(VERSION).toBe(version);
  expect((await kmmcheck("--version")).out).toBe(`kmmcheck ${version}\n`);
});

test("progress is for terminals, and leaves the line clean", async () => {
  const quiet = await kmmcheck("explore turns");
  expect(quiet.err).toBe("");
  const shown = await kmmcheck("explore turns", { terminal: true, columns: 80 });
  expect(shown.err.endsWith("\r\u001b[2K")).toBe(true);
});
