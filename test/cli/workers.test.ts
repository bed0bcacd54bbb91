/** `--workers`: threads of a real process that end before their time, Ctrl-C, and what is refused. */

import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { beforeAll, describe, expect, test } from "vitest";
import type { checkInWorker } from "../../cli/check-in-worker.ts";
import { featuresOf, findModel } from "../../models/index.ts";
import type { Model } from "../../models/language/index.ts";
import { ensureBuilt } from "./support/built.ts";
import { kmmcheck, memoryHost } from "./support/memory-host.ts";

const boot =
  'const { workerData } = require("node:worker_threads"); new Function("shared", workerData.text)(workerData.shared);';
/** Far too large to be finished: whatever ends the search, it is not its last state. */
const model = large();
const limits = { workers: 3, crewFrom: { seconds: 0, block: 1 }, maxMemoryBytes: 2 ** 28 };
const deaf = { onProgress: () => {}, onWarning: () => {} };
const forever = new AbortController().signal;
let explore: typeof checkInWorker;

function large(): Model {
  const entry = findModel("kmm");
  if (entry === undefined) throw new Error("no model kmm");
  const parameters = { mms: 2, folios: 5, queue: 2 };
  return entry.build({ patch: null, features: featuresOf(entry, null), parameters });
}

/** The text with a statement at the beginning of a function that it defines. */
function within(text: string, name: string, statement: string): string {
  const head = new RegExp(`function ${name}\\(.*\\) \\{`);
  if (!head.test(text)) throw new Error(`no function ${name}`);
  return text.replace(head, `$&${statement}`);
}

beforeAll(async () => {
  ensureBuilt();
  const file = resolve(import.meta.dirname, "../../dist/cli/check-in-worker.js");
  ({ checkInWorker: explore } = await import(pathToFileURL(file).href));
});

describe("a thread that ends before its time ends the search with one sentence", () => {
  const third = (shared: object) => (shared as { readonly member: number }).member === 2;
  /** Starts the second thread as usual, and the third one with another text. */
  const startWith = (edit: (text: string) => string) => (text: string, shared: object) =>
    new Worker(boot, { eval: true, workerData: { text: third(shared) ? edit(text) : text, shared } });

  /** Makes a text that comes to a statement when it calls a function for the `n`th time. */
  const inThe = (name: string, n: number, statement: string) => (text: string) =>
    `let left = ${n};${within(text, name, `if (--left === 0) { ${statement} }`)}`;

  test.each([
    ["with an error at its start", () => "throw new Error('no start');"],
    ["before it has joined", () => "process.exit(5);"],
    ["without a text that it could run", () => "const const;"],
    ["while it rehearses", inThe("rehearse", 1, "throw 1;")],
    ["in the middle of a block", inThe("produce", 40, "process.exit(9);")],
    ["with an error in the middle", inThe("judge", 40, "throw 2;")],
    ["while the index grows", inThe("refill", 1, "process.exit(9);")],
  ])("%s", async (_, edit) => {
    let edited = 0;
    const start = startWith((text) => {
      const other = edit(text);
      edited++;
      return other;
    });
    const failure = explore(model, limits, deaf, forever, start);
    await expect(failure).rejects.toMatchObject({
      name: "WorkerDied",
      message: "worker 3 of the search ended before its time, so the search was given up",
    });
    expect(edited).toBe(1);
  });

  test("where the system gives no further thread", async () => {
    const none = () => {
      throw new Error("no more threads");
    };
    await expect(explore(model, limits, deaf, forever, none)).rejects.toThrow("worker 2 of the search ended");
  });
});

test("the command says so and ends with 70, without asking for a report", async () => {
  const host = {
    ...memoryHost(),
    check: () =>
      Promise.reject(Object.assign(new Error("worker 2 of the search ended"), { name: "WorkerDied" })),
  };
  expect((await kmmcheck("explore turns --workers 2", host)).code).toBe(70);
  expect(host.written).toEqual({ out: "", err: "kmmcheck: worker 2 of the search ended\n" });
});

test("Ctrl-C ends all threads and gives what is known", async () => {
  const control = new AbortController();
  const result = await explore(model, limits, { ...deaf, onProgress: () => control.abort() }, control.signal);
  expect(result.cut).toBe("the search was interrupted");
  expect(result.verdict).toBe("inconclusive");
  expect(result.statistics.states).toBeGreaterThan(1);
});

test.each([
  ["--search dfs", "--workers is for --search bfs"],
  ["--search random --seed 1", "--workers is for --search bfs"],
  ["--store bitstate", "--workers is for --search bfs"],
])("%s is refused", async (words, sentence) => {
  const { code, err } = await kmmcheck(`explore turns --workers 2 ${words}`);
  expect(code).toBe(2);
  expect(err).toContain(sentence);
});

test.each(["0", "65", "-1", "two", "1.5"])("--workers %s is refused", async (words) => {
  const { code, err } = await kmmcheck(`explore turns --workers ${words}`);
  expect(code).toBe(2);
  expect(err).toMatch(/^kmmcheck: --workers takes a whole number from 1/u);
});

test("the report is the same for any number", async () => {
  const one = await kmmcheck("explore turns --json");
  expect((await kmmcheck("explore turns --json --workers 2")).out).toBe(one.out);
  expect((await kmmcheck("explore turns --json --workers 1 --search dfs")).code).toBe(one.code);
});

test("that one thread was enough stands beside the report", async () => {
  const { err } = await kmmcheck("explore turns --workers 2");
  expect(err).toBe("kmmcheck: one thread explored 6 states: the others join after 0.25 s\n");
  expect((await kmmcheck("explore turns --workers 1")).err).toBe("");
  const host = memoryHost();
  const check: typeof host.check = async (...args) => {
    const result = await host.check(...args);
    return { ...result, statistics: { ...result.statistics, seconds: 1 } };
  };
  expect((await kmmcheck("explore turns --workers 2", { ...host, check })).err).toBe("");
});
