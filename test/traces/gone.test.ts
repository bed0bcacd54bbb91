/** What is kept of mms that are gone: next to nothing, and no verdict needs more. */
import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createEvent, Kind } from "../../traces/event.ts";
import { isInputError } from "../../traces/input-error.ts";
import { createLives } from "../../traces/monitor/lives.ts";
import type { MonitorEntry } from "../../traces/monitor/monitor.ts";
import { runLog } from "../../traces/run-log.ts";
import { buildReport } from "../../traces/summary.ts";
import { monitorCatalogue, validateLogs } from "../../traces/validate.ts";
import { runs } from "../runs.ts";
import { memoryLog } from "./support/logs.ts";
import { type LogWriter, writeLog } from "./support/writer.ts";

/** The same monitors, which let go of nothing. */
const keeping: readonly MonitorEntry[] = monitorCatalogue.map((entry) => ({
  ...entry,
  create(env) {
    const { release: _, forget: __, ...monitor } = entry.create(env);
    return monitor;
  },
}));

async function judge(text: string, entries: readonly MonitorEntry[]) {
  const run = await runLog(memoryLog(text), {
    entries,
    asked: true,
    format: "ftrace",
    patch: null,
    hz: 100,
    hzGiven: false,
    clockHz: null,
    tunables: { scanPeriodMs: 2000 },
    allCpus: false,
    maxLineBytes: 65536,
    signal: null,
    onProgress: null,
    failFast: false,
  });
  if (isInputError(run)) throw new Error(run.message);
  return buildReport(monitorCatalogue, [{ ...run, properties: run.properties.map(named) }], "0").properties;
}

const named = <T extends { readonly entry: MonitorEntry }>(part: T): T => ({
  ...part,
  entry: monitorCatalogue.find(({ id }) => id === part.entry.id)!,
});

type Op = (log: LogWriter) => unknown;
const MMS = ["a1", "b2", "c3"] as const;
const mm = fc.constantFrom(...MMS);
const pidOf = (x: string): number => 200 + MMS.indexOf(x as (typeof MMS)[number]);
const of = (does: (log: LogWriter, x: string) => unknown): fc.Arbitrary<Op> =>
  mm.map((x) => (log) => does(log, x));

const op: fc.Arbitrary<Op> = fc.oneof(
  of((log, x) => log.enter(x, pidOf(x))),
  of((log, x) => log.start(x)),
  of((log, x) => log.scan(x)),
  fc.tuple(mm, fc.constantFrom(0, 1, 300), fc.constantFrom(2000, 2300), fc.constantFrom("0", "4096")).map(
    ([x, total, period, start]) =>
      (log: LogWriter) =>
        log.scan(x, { total, period, start, size: 2 ** 29 }),
  ),
  fc.tuple(mm, fc.constantFrom(0, 3)).map(
    ([x, rc]) =>
      (log: LogWriter) =>
        log.migrate(x, rc),
  ),
  of((log, x) => log.exit(x, pidOf(x))),
  of((log, x) => log.exit(x, pidOf(x)).sched("exit", pidOf(x))),
  of((log, x) =>
    log.exit(x, pidOf(x)).probe("exit_ret", "(__mmput+0x3d/0x100 <- __kmmscand_exit)", pidOf(x)),
  ),
  of((log, x) => log.sched("fork", pidOf(x))),
  of((log, x) =>
    log.probe("walk_vma", `(walk+0x0/0x1) vm_start=0x${x}000 vm_end=0x${x}fff000 mm=0xffff8881000000${x}`),
  ),
  of((log, x) => {
    log.probe("pte_entry", `(hot+0x0/0x1) pte=0x8067 addr=0x${x}1000 mm=0xffff8881000000${x}`);
    log.probe("pte_entry_ret", "(walk+0x0/0x1 <- hot) rc=1");
  }),
  of((log, x) => log.probe("promote", `(p+0x0/0x1) mm=0xffff8881000000${x} addr=0x${x}1000`)),
  of((log, x) => {
    log.probe("enter", `(e+0x0/0x1) mm=0xffff8881000000${x}`, pidOf(x));
    log.enter(x, pidOf(x));
  }),
  fc.constantFrom(0.02, 1, 150, 250, 2500, 11_000).map(
    (ms): Op =>
      (log: LogWriter) =>
        log.wait(ms),
  ),
  fc.nat(1).map(
    (cpu): Op =>
      (log: LogWriter) =>
        log.on(cpu),
  ),
  fc.constantFrom("CPU:1 [LOST 3 EVENTS]", "CPU:0 [LOST EVENTS]").map(
    (line): Op =>
      (log: LogWriter) =>
        log.raw(line),
  ),
);

/** A log whose lines may be out of order, torn off at its beginning, and cut in its middle. */
const log = fc
  .record({
    ops: fc.array(op, { minLength: 10, maxLength: 90 }),
    swaps: fc.array(fc.nat(200), { maxLength: 4 }),
    from: fc.constantFrom(0, 0, 0, 7),
    lossy: fc.boolean(),
  })
  .map(({ ops, swaps, from, lossy }) => {
    const writer = writeLog("v1");
    writer.on(1).start("d4").end("d4").on(0).sched("exit", 90);
    for (const write of ops) write(writer);
    const lines = writer.lines.filter((line) => lossy || !line.startsWith("CPU:")).slice(from);
    for (const at of swaps) {
      const [a, b] = [lines[at], lines[at + 1]];
      if (a !== undefined && b !== undefined) [lines[at], lines[at + 1]] = [b, a];
    }
    return `${lines.join("\n")}\n`;
  });

test("monitors that let go of what is gone say what those say that keep everything", async () => {
  await fc.assert(
    fc.asyncProperty(log, async (text) => {
      expect(await judge(text, monitorCatalogue)).toEqual(await judge(text, keeping));
    }),
    runs(150),
  );
});

describe("a life that is over", () => {
  const event = (kind: Kind, ms: number, mmId: number, pid: number, line: number) => ({
    ...createEvent(),
    kind,
    ns: ms * 1e6,
    mm: mmId,
    pid,
    line,
    cpu: 0,
  });

  test("keeps what tells that it is gone, and nothing else is asked for", () => {
    const over: number[] = [];
    const lives = createLives(undefined, (id) => over.push(id));
    lives.observe(event(Kind.mmEnter, 0, 5, 100, 1));
    const { incarnation } = lives.of(5);
    lives.observe(event(Kind.scanStart, 1, 5, 37, 2));
    lives.observe(event(Kind.mmExit, 2, 5, 100, 3));
    lives.observe(event(Kind.exit, 3, -1, 100, 4));
    lives.observe(event(Kind.scanEnd, 100, 5, 37, 5));
    lives.observe(event(Kind.exit, 250, -1, 99, 6));
    expect(over).toEqual([]);
    lives.observe(event(Kind.exit, 301, -1, 99, 7));
    expect(over).toEqual([5]);
    expect(lives.of(5)).toMatchObject({
      over: 1,
      enterLine: 1,
      startLine: 2,
      exitLine: 3,
      enterEpoch: -1,
    });
    expect(lives.goneOf(lives.of(5))).toMatchObject({
      line: 4,
      ns: 3e6,
      how: "a later event of the exiting task",
    });
    expect(lives.of(5).incarnation).toBeGreaterThan(incarnation);
    lives.observe(event(Kind.mmEnter, 400, 5, 101, 8));
    expect(lives.of(5)).toMatchObject({ over: 0, previousGone: 4, enterLine: 8, enterEpoch: 0 });
  });

  test("does not end by the task of an mm that was forgotten, whose number now stands for another", () => {
    const lives = createLives();
    lives.observe(event(Kind.mmEnter, 0, 4, 99, 1));
    lives.observe(event(Kind.mmExit, 1, 5, 100, 2));
    lives.forget(new Set([5]));
    lives.observe(event(Kind.scanStart, 2, 5, 37, 3));
    lives.observe(event(Kind.fork, 3, -1, 100, 4));
    expect(lives.goneOf(lives.of(5))).toBeNull();
  });

  test("is not over before the clocks agree that it is, nor where no time is printed", () => {
    const over: number[] = [];
    const skewed = createLives(
      () => 1e9,
      (id) => over.push(id),
    );
    const untimed = createLives(undefined, (id) => over.push(id));
    for (const lives of [skewed, untimed]) {
      const at = (ms: number): number => (lives === untimed ? Number.NaN : ms);
      lives.observe(event(Kind.mmExit, at(0), 5, 100, 1));
      lives.observe(event(Kind.exit, at(1), -1, 100, 2));
      lives.observe(event(Kind.exit, at(1100), -1, 99, 3));
    }
    expect(over).toEqual([]);
    skewed.observe(event(Kind.exit, 1300, -1, 99, 4));
    expect(over).toEqual([5]);
  });
});

/** One mm after the other enters, is visited, and is heard of no more. */
type Passing = (log: LogWriter, mm: string, pid: number) => unknown;

/** Bytes that an mm may take until it is forgotten; objects took more, and garbage at that. */
const LEAST = 1300;

/** Bytes in use while a log is read, each time so many mms of it have been; the counts rise. */
async function bytesAfter(
  version: "v0" | "v1",
  counts: readonly number[],
  pass: Passing,
): Promise<readonly number[]> {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  const bytes: number[] = [];
  const input = {
    name: "log.txt",
    async *open() {
      const text = (from: number, to: number): Buffer => {
        const writer = writeLog(version);
        writer.at = 1000 + from * 10;
        for (let i = from; i < to; i++) {
          pass(writer, (0x1000 + i * 7).toString(16), 1000 + (i % 500));
          writer.wait(9);
        }
        return Buffer.from(`${writer.lines.join("\n")}\n`, "latin1");
      };
      const last = counts.at(-1) as number;
      for (let at = 0; at <= last; at += 500) {
        if (counts.includes(at)) {
          gc();
          // Buffers are let go of a moment after what held them.
          await setImmediate();
          gc();
          const { heapUsed, arrayBuffers } = process.memoryUsage();
          bytes.push(heapUsed + arrayBuffers);
        }
        yield text(at, at < last ? at + 500 : at + 1);
      }
    },
  };
  const report = await validateLogs([input]);
  if (isInputError(report)) throw new Error(report.message);
  expect(report.verdict).not.toBe("violated");
  expect(bytes).toHaveLength(counts.length);
  return bytes;
}

const exits: Passing = (log, mm, pid) => {
  log.on(0).enter(mm, pid).on(1).start(mm).end(mm).on(0).exit(mm, pid).sched("exit", pid);
};
const passes: Passing = (log, mm, pid) => {
  log.on(0).enter(mm, pid).on(1).start(mm).end(mm, { total: 1 }).migrate(mm, 0);
};

test("twenty thousand more exits take next to no memory", async () => {
  const [few = 0, many = 0] = await bytesAfter("v1", [1000, 21_000], exits);
  expect((many - few) / 20_000).toBeLessThan(LEAST);
}, 120_000);

test("an mm of which no end is shown takes little memory until it is forgotten, and none after that", async () => {
  const counts = [1000, 21_000, 70_000, 90_000];
  const [few = 0, many = 0, forgotten = 0, later = 0] = await bytesAfter("v0", counts, passes);
  expect((many - few) / 20_000).toBeLessThan(LEAST);
  expect(later - forgotten).toBeLessThan(4e6);
}, 120_000);
