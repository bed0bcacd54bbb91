import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { worst } from "../../cli/exit-code.ts";
import { kmmcheck, memoryHost } from "./support/memory-host.ts";
import { turns } from "./support/turns.ts";

const logs = resolve(import.meta.dirname, "../fixtures/cli/logs");
const config = (...explore: readonly object[]) => JSON.stringify({ explore });
const race = { name: "race", model: "exit-race" };

const table = [
  [0, "holds", "explore exit-race --patch fixed"],
  [1, "violated", "explore exit-race"],
  [1, "violated, although other properties hold", "explore turns"],
  [0, "the one property asked for holds", "explore turns --property I01"],
  [3, "cut before anything was decided", "explore exit-race --max-states 1"],
  [0, "holds", `validate ${logs}/calm.txt`],
  [1, "violated", `validate ${logs}/unpaired.txt`],
  [1, "violated in one of two logs", `validate ${logs}/calm.txt ${logs}/unpaired.txt`],
  [3, "lost events", `validate ${logs}/lost.txt`],
  [0, "clean", "gate --config clean.json"],
  [1, "a new finding", "gate --config new.json"],
  [3, "an undecided property", "gate --config cut.json"],
  [1, "both", "gate --config both.json"],
  [0, "no verdict to give", "models"],
  [0, "no verdict to give", "graph turns"],
  [0, "help", "explore --help"],
  [0, "help", "help gate"],
  [0, "version", "--version"],
  [2, "no command", ""],
  [2, "unknown command", "explor"],
  [2, "unknown option", "explore --pach v1"],
  [2, "missing argument", "graph"],
  [2, "missing value", "explore --patch"],
  [2, "too many arguments", "explore turns turns"],
  [2, "bad value", "explore --max-states none"],
  [2, "no such file", "replay none.json"],
] as const;

const files = {
  "clean.json": config({ ...race, patch: "fixed" }),
  "new.json": config(race),
  "cut.json": config({ ...race, maxStates: 1 }),
  "both.json": config(race, { name: "cut", model: "turns", maxStates: 1 }),
};

test.each(table)("%i: %s: kmmcheck %s", async (code, _why, line) => {
  expect((await kmmcheck(line, { files })).code).toBe(code);
  const json = await kmmcheck(`${line} --json`, { files });
  if (line.startsWith("explore ") || line.startsWith("gate ")) expect(json.code).toBe(code);
});

test("replay: 1 where the run still violates, 2 where it does not fit", async () => {
  const host = memoryHost();
  await kmmcheck("explore exit-race --save runs.json", host);
  expect((await kmmcheck("replay runs.json", host)).code).toBe(1);
  await kmmcheck("explore exit-race --patch fixed --save none.json", host);
  expect((await kmmcheck("replay none.json", host)).code).toBe(3);
  const edited = host.contents.get("/w/runs.json")!.replace('InFlight": false', 'InFlight": true');
  host.contents.set("/w/runs.json", edited);
  expect((await kmmcheck("replay runs.json", host)).code).toBe(2);
});

test("a model without properties judges nothing: 3, and bad input of the gate", async () => {
  const model = { ...turns.build({ patch: null, features: {}, parameters: {} }), properties: [] };
  const host = memoryHost({
    files: {
      "empty.json": JSON.stringify(model),
      "gate.json": config({ name: "empty", model: "empty.json" }),
    },
  });
  const { code, out } = await kmmcheck("explore empty.json", host);
  expect(code).toBe(3);
  expect(out).toContain("verdict       inconclusive (nothing was judged: there are no properties)");
  const gate = await kmmcheck("gate --config gate.json", host);
  expect([gate.code, gate.err]).toEqual([
    2,
    "kmmcheck: gate.json:1:13: model empty.json has no properties: nothing would be judged\n",
  ]);
});

test("70, one sentence and no stack for a bug of ours", async () => {
  const host = memoryHost();
  const broken = { ...host, check: () => Promise.reject(new TypeError("x is not a function")) };
  const { code, err } = await kmmcheck("explore turns", broken);
  expect(code).toBe(70);
  expect(err).toBe("kmmcheck: a bug of kmmcheck, please report it: TypeError: x is not a function\n");
});

describe("an interrupt", () => {
  test("ends the gate before the next run: 3, for what was not run is undecided", async () => {
    const stop = new AbortController();
    stop.abort();
    const gate = await kmmcheck("gate --config clean.json", { files, interrupt: stop.signal });
    expect(gate.code).toBe(3);
    expect(gate.out).toContain("stopped before all runs were done");
  });
});

test("the worst verdict counts", () => {
  expect(worst([])).toBe("holds");
  expect(worst(["holds", "inconclusive"])).toBe("inconclusive");
  expect(worst(["inconclusive", "violated", "holds"])).toBe("violated");
});
