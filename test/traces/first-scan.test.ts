/** A07 of the first scan of a new mm: the size the version starts with, and the period of mm_scan_period_ms. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  RECORDS,
  SIMULATED_PATCHES,
  type SimulatedPatch,
  simulate,
  WORKLOADS,
} from "../../traces/synthesize/index.ts";
import { logText } from "../../traces/synthesize/write/index.ts";
import { runs } from "../runs.ts";
import { property, validateText } from "./support/logs.ts";
import { type EndOptions, type LogWriter, writeLog } from "./support/writer.ts";

const GIB = 2 ** 30;
const known = { scanPeriodMs: 2000 };

async function judged(log: LogWriter | string, tunables = {}) {
  const text = typeof log === "string" ? log : log.text();
  const { verdict, reason, violations } = property(await validateText(text, { tunables }), "A07");
  return { verdict, reason, messages: violations.map(({ message }) => message) };
}

const marked = (log: LogWriter, text: string, pid = 300): LogWriter =>
  log.probe("tracing_mark_write", `kmmcheck: ${text}`, pid);
const NOT_COMPARED =
  "1 first scans, the period of 1 of them is not compared, for mm_scan_period_ms is not known";

/** A new mm long after the log has begun, by its first scan; a migration tells v1 from v3. */
function born(patch: "v0" | "v1" | "v3", end: EndOptions = {}): LogWriter {
  return writeLog(patch).start("b2").wait(101).enter("a1").wait(1).scan("a1", end).wait(200).migrate("b2");
}

describe("the first scan of an mm", () => {
  test.each(["v0", "v1", "v3"] as const)("of %s holds as the version starts it", async (patch) => {
    expect(await judged(born(patch), known)).toMatchObject({ verdict: "holds", reason: "1 first scans" });
    expect(await judged(born(patch))).toMatchObject({ verdict: "holds", reason: NOT_COMPARED });
  });
  test.each([
    ["v0", { size: GIB }],
    ["v0", { size: 2 * GIB }],
    ["v0", { size: 16 * GIB, total: 100 }],
    ["v1", { size: GIB / 2 }],
    ["v1", { size: 4 * GIB, total: 1000 }],
    ["v3", { size: 2 * GIB }],
  ] as const)("of %s is violated with %o", async (patch, end) => {
    const { verdict, messages } = await judged(born(patch, end));
    expect(verdict).toBe("violated");
    const size = patch === "v0" ? 4 * GIB : GIB;
    expect(messages).toEqual([
      `the first scan of an mm that enters in line 2 must have ${size} bytes, but the line has ${end.size} bytes`,
    ]);
  });
  test.each(["v0", "v1", "v3"] as const)("of %s is violated with another period", async (patch) => {
    const log = born(patch, { period: 4321 });
    const { verdict, messages } = await judged(log, known);
    expect(verdict).toBe("violated");
    expect(messages).toEqual([
      "the first scan of an mm that enters in line 2 must have the period 2000 ms of mm_scan_period_ms, but the line has 4321 ms",
    ]);
    expect(await judged(log)).toMatchObject({ verdict: "holds", reason: NOT_COMPARED });
  });
  test("of v0 may have been extended", async () => {
    expect((await judged(born("v0", { total: 101, size: 16 * GIB }), known)).verdict).toBe("holds");
  });
  test("has a period within the limits whatever was written to the knob", async () => {
    expect((await judged(born("v1", { period: 500 }), { scanPeriodMs: 1 })).verdict).toBe("holds");
    expect((await judged(born("v0", { period: 5000 }), { scanPeriodMs: 9999 })).verdict).toBe("holds");
  });
});

describe("a scan that need not be the first", () => {
  const odd = { period: 2300, size: 2 * GIB };
  const scanned = (log: LogWriter): LogWriter => log.enter("a1").wait(1).scan("a1", odd);
  test.each([
    ["of an mm that may have been scanned before the log", scanned(writeLog().start("b2"))],
    [
      "of an mm that may have been scanned in a hole",
      () => {
        const log = writeLog().scan("b2").wait(200);
        return scanned(log.raw("CPU:0 [LOST 3 EVENTS]").start("b2")).wait(200).start("b2");
      },
    ],
    [
      "of an mm that was scanned just before its mm_enter",
      scanned(writeLog().start("b2").wait(200).scan("a1")),
    ],
    ["whose mm_enter comes after it", late()],
    [
      "where no end was recorded before, and another visit lies between",
      () => writeLog().start("b2").wait(200).enter("a1").start("a1").wait(60).scan("a1", odd),
    ],
    [
      "where no visit was recorded before",
      writeLog().migrate("b2", 11, 0).sched("fork", 7).wait(200).enter("a1").scan("a1", odd),
    ],
  ])("%s is not compared", async (_, log) => {
    const made = typeof log === "function" ? log() : log;
    const { reason, messages } = await judged(made, known);
    expect(messages).toEqual([]);
    expect(reason).not.toContain("first scans");
  });
  function late(): LogWriter {
    return writeLog().scan("b2").wait(200).scan("a1").wait(50).enter("a1").wait(50).enter("a1");
  }
  test("is taken back by a second mm_enter just after it", async () => {
    const log = () => writeLog().scan("b2").wait(200).enter("a1").wait(500).scan("a1", { size: GIB });
    expect((await judged(log(), known)).verdict).toBe("violated");
    expect((await judged(log().wait(50).enter("a1"), known)).verdict).toBe("holds");
  });
  test("is compared all the same if the task was seen before it entered the mm", async () => {
    const log = scanned(writeLog().start("b2").sched("exec", 100));
    expect((await judged(log, known)).messages).toHaveLength(2);
  });
});

describe("a store to mm_scan_period_ms", () => {
  const stored = (log: LogWriter, now: number): LogWriter =>
    marked(
      marked(log, `set mm_scan_period_ms=${now} old=2000`).wait(0.02),
      `done mm_scan_period_ms rc=0 now=${now}`,
    );
  const begun = () => writeLog().scan("b2").wait(200);
  const period = (log: LogWriter, ms: number) => judged(log.wait(1).scan("a1", { period: ms }), known);

  test("is in force for an mm that enters later", async () => {
    expect((await period(stored(begun(), 3000).wait(150).enter("a1"), 3000)).reason).toBe("1 first scans");
    expect((await period(stored(begun(), 3000).wait(150).enter("a1"), 2000)).messages).toHaveLength(1);
  });
  test("is not for an mm that entered before", async () => {
    expect((await period(stored(begun().enter("a1").wait(1), 3000), 2000)).reason).toBe("1 first scans");
    expect((await period(stored(begun().enter("a1").wait(1), 3000), 3000)).messages).toHaveLength(1);
  });
  test.each([
    ["that enters just after it", stored(begun(), 3000).wait(50).enter("a1")],
    [
      "that enters while it goes on",
      marked(begun(), "set mm_scan_period_ms=3000 old=2000").wait(150).enter("a1"),
    ],
    [
      "that enters while another goes on",
      stored(marked(begun(), "set mm_scan_period_ms=9 old=2000", 301), 3000)
        .wait(150)
        .enter("a1"),
    ],
    ["that enters at the same moment on another CPU", stored(begun().enter("a1"), 3000)],
    [
      "after a hole, which may hide another",
      begun().raw("CPU:0 [LOST 3 EVENTS]").scan("b2").wait(200).enter("a1"),
    ],
  ])("leaves open the period of an mm %s", async (_, log) => {
    const { reason, messages } = await period(log, 4321);
    expect(messages).toEqual([]);
    expect(reason).toContain(NOT_COMPARED);
  });
  test("to another knob changes nothing", async () => {
    const log = marked(begun(), "set scan_sleep_ms=9 old=50").wait(150).enter("a1");
    expect((await period(log, 4321)).messages).toHaveLength(1);
  });
});

describe("of a simulated run", () => {
  const logOf = (patch: SimulatedPatch, name: string, options = {}): string => {
    const workload = WORKLOADS.find((one) => one.name === name)!;
    const { items } = simulate({ patch, workload, seed: 1, events: 3000, ...options });
    return [...logText(items, "ftrace", { patch })].map((line) => `${line}\n`).join("");
  };

  test("first scans start as the knob says, also where marks tell of stores", async () => {
    const run = fc.record({
      patch: fc.constantFrom<SimulatedPatch>(...SIMULATED_PATCHES),
      name: fc.constantFrom(...WORKLOADS.map((one) => one.name)),
      seed: fc.nat(1_000_000),
      fromMiddle: fc.boolean(),
      reorder: fc.boolean(),
      skew: fc.constantFrom(0, 20),
      loss: fc.constantFrom(0, 0, 20),
    });
    await fc.assert(
      fc.asyncProperty(run, async ({ patch, name, ...options }) => {
        const log = logOf(patch, name, { ...options, records: RECORDS });
        // A log of the middle may begin after a store.
        const tunables = options.fromMiddle && name === "sysfs" ? {} : known;
        expect((await judged(log, tunables)).messages).toEqual([]);
      }),
      runs(25),
    );
  });

  test.each(SIMULATED_PATCHES)("of %s a first size or period that is changed is violated", async (patch) => {
    const lines = logOf(patch, "fork-storm").split("\n");
    const ends = lines.findIndex((line) => line.includes("kmem_scan_mm_end"));
    const start = patch === "v0" ? 4 * GIB : GIB;
    const numbers = new RegExp(
      `scan_period = 2000, scan_size = ${start}|scan_period = ${start}, scan_size = 2000`,
    );
    const timeOf = (line: string): number => Number(/ (\d+\.\d+): /.exec(line)?.[1]);
    const early = timeOf(lines.find((line) => !line.startsWith("#"))!) + 0.1;
    let compared = 0;
    for (const [i, line] of lines.entries()) {
      if (i <= ends || !numbers.test(line) || compared >= 2) continue;
      const mm = /mm=(\w+)/.exec(line)![1]!;
      const enter = lines.findLastIndex((one, k) => k < i && one.includes(mm) && /mm_enter|_end/.test(one));
      if (enter <= ends || !lines[enter]!.includes("mm_enter") || timeOf(lines[enter]!) <= early) continue;
      // A mm_enter just after it would take it back.
      if (
        lines.some(
          (one, k) => k > i && one.includes(mm) && /mm_enter/.test(one) && timeOf(one) < timeOf(line) + 0.2,
        )
      )
        continue;
      compared++;
      for (const [from, to] of [
        ["2000", "2001"],
        [String(start), String(2 * start)],
      ] as const) {
        const changed = [
          ...lines.slice(0, i),
          line.replace(` ${from}`, ` ${to}`),
          ...lines.slice(i + 1),
        ].join("\n");
        const { properties } = await validateText(changed, { patch, tunables: known });
        expect(properties.find(({ id }) => id === "A07")?.verdict, line).toBe("violated");
      }
    }
    expect(compared).toBe(2);
  });
});

interface Deed {
  readonly what: "enter" | "start" | "end" | "set" | "done" | "hole" | "fork";
  readonly mm: string;
  readonly pid: number;
  readonly period: number;
  readonly size: number;
  readonly wait: number;
}

/** A deed, and the time of its line. */
interface Timed extends Deed {
  readonly at: number;
}

test("what is compared is what the slow twin finds in the whole log", async () => {
  const deed: fc.Arbitrary<Deed> = fc.record({
    what: fc.constantFrom(
      "enter",
      "enter",
      "enter",
      "start",
      "start",
      "end",
      "end",
      "end",
      "set",
      "done",
      "hole",
      "fork",
    ),
    mm: fc.constantFrom("a1", "a1", "a1", "b2"),
    pid: fc.constantFrom(100, 200),
    period: fc.constantFrom(2000, 3000),
    size: fc.constantFrom(4 * GIB, GIB),
    wait: fc.constantFrom(0, 0.1, 60, 101, 101, 300),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 3, maxLength: 24 }), async (deeds) => {
      const log = writeLog();
      const timed = deeds.map((one): Timed => {
        log.wait(one.wait);
        const at = log.at;
        if (one.what === "enter") log.enter(one.mm, one.pid);
        else if (one.what === "start") log.start(one.mm);
        else if (one.what === "end") log.end(one.mm, one);
        else if (one.what === "set") marked(log, `set mm_scan_period_ms=${one.period} old=2000`, one.pid);
        else if (one.what === "done") marked(log, `done mm_scan_period_ms rc=0 now=${one.period}`, one.pid);
        else if (one.what === "fork") log.sched("fork", one.pid);
        else log.raw("CPU:0 [LOST 3 EVENTS]");
        return { ...one, at };
      });
      // A hole counts before the next event of its CPU only.
      log.wait(1000).start("c3");
      const { properties } = await validateText(log.text(), { properties: ["A07"], tunables: known });
      const found = properties[0]!.violations.filter(({ message }) => message.startsWith("the first scan"));
      const count = found.reduce((sum, one) => sum + one.count, 0);
      expect(count, log.text()).toBe(slowFirstScans(timed));
    }),
    runs(500),
  );
});

/** How many numbers of first scans are wrong. */
function slowFirstScans(all: readonly Timed[]): number {
  let wrong = 0;
  all.forEach((end, j) => {
    if (end.what !== "end") return;
    const i = all.findLastIndex((one, k) => k < j && one.what === "enter" && one.mm === end.mm);
    const hole = all.findLastIndex((one, k) => k < j && one.what === "hole");
    const enter = all[i];
    if (enter === undefined || i < hole) return;
    const since = all.slice(hole + 1, i);
    const between = all.slice(i + 1, j);
    const mine = (one: Timed): boolean => one.mm === end.mm;
    const ends = (list: readonly Timed[]): readonly Timed[] => list.filter(({ what }) => what === "end");
    const starts = (list: readonly Timed[]): readonly Timed[] => list.filter(({ what }) => what === "start");
    if (ends(between).some(mine)) return;
    if (ends(all.slice(0, i)).some((one) => mine(one) && enter.at - one.at <= 100)) return;
    const ofTask = (one: Timed): boolean =>
      one.pid === enter.pid && one.what !== "start" && one.what !== "end" && one.what !== "hole";
    if (!(enter.at - (since[0] ?? enter).at > 100 || since.some(ofTask))) return;
    const oneVisit = starts(since).length > 0 && starts(between).filter(mine).length === 1;
    if (ends(since).length === 0 && !oneVisit) return;
    if (all.slice(j + 1).some((one) => one.what === "enter" && mine(one) && one.at - end.at <= 100)) return;
    if (end.size !== 4 * GIB) wrong++;
    const knob = slowKnob(all, hole, i);
    const stores = between.some((one) => one.what === "set" && one.at - enter.at <= 0.05);
    if (knob !== null && !stores && end.at - enter.at > 0.05 && end.period !== knob) wrong++;
  });
  return wrong;
}

/** The knob that an mm has read whose enter is the deed `i`, by the marks since the last hole. */
function slowKnob(all: readonly Timed[], hole: number, i: number): number | null {
  const marks = all.slice(hole + 1, i).filter(({ what }) => what === "set" || what === "done");
  const last = marks.at(-1);
  if (last === undefined) return hole < 0 ? 2000 : null;
  let open = 0;
  for (const { what } of marks) open = what === "set" ? open + 1 : Math.max(0, open - 1);
  const doneBefore = all.slice(0, i).findLast(({ what }) => what === "done");
  if (open > 0 || last.what === "set") return null;
  return all[i]!.at - (doneBefore ?? last).at > 100 ? last.period : null;
}
