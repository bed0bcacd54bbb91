/** perf script: its columns in every layout, its losses, and what it hides. */
import { describe, expect, test } from "vitest";
import { logFile } from "../../traces/validate.ts";
import {
  fixture,
  memoryLog,
  readBack,
  textOf,
  validateFile,
  validateText,
  verdicts,
} from "./support/logs.ts";

const SHOWN = "# perf script --show-lost-events\n";

describe("the layout of", () => {
  test.each([
    ["v1-perf-fields.txt", "perf", 46],
    ["v1-perf-ns.txt", "perf", 46],
    ["v1-perf-tasks.txt", "perf", 12],
    ["v1-perf-callgraph.txt", "perf-unpadded", 8],
    ["v1-perf-untasked.txt", "perf-untasked", 46],
    ["perf-odd-names.txt", "perf", 48],
    ["v0-perf-lost.txt", "perf", 8],
    ["v0-perf-cut.txt.gz", "perf", 4000],
  ])("%s is told, and every record is read", async (name, layout, records) => {
    const read = await readBack(logFile(fixture(name)));
    expect([read.format, read.layout, read.events.length]).toEqual(["perf", layout, records]);
    expect([read.facts.unknown, read.facts.unreadable]).toEqual([0, 0]);
  });
});

test("the columns and the payload are those of the line", async () => {
  const { events } = await readBack(logFile(fixture("v1-perf-fields.txt")));
  expect(events[0]).toMatchObject({
    event: "kmem_mm_enter",
    pid: 262,
    tgid: 262,
    cpu: 1,
    time: "120.876712000",
    mm: "ff12b5b042337900",
  });
  expect(events[2]).toMatchObject({ comm: " x-12 [003] d.h1", pid: 263, cpu: 0 });
  expect(events.find(({ event }) => event === "kmem_scan_mm_end")).toMatchObject({
    start: 7516192768n,
    total: 65536n,
    period: 1000n,
    node: 0,
  });
});

test("the same events come from microseconds, nanoseconds and records without a task", async () => {
  const plain = await readBack(logFile(fixture("v1-perf-fields.txt")));
  const fine = await readBack(logFile(fixture("v1-perf-ns.txt")));
  const untasked = await readBack(logFile(fixture("v1-perf-untasked.txt")));
  const facts = (read: typeof plain) => read.events.map((e) => `${e.event} ${e.mm} ${e.rc} ${e.total}`);
  expect(facts(fine)).toEqual(facts(plain));
  expect(facts(untasked)).toEqual(facts(plain));
  expect(fine.events[0]!.time).toBe("120.876712212");
  expect(untasked.events[0]).toMatchObject({ pid: -1, cpu: -1, comm: "", time: "120.876712000" });
});

test("a task name with a line feed, brackets or colons is kept", async () => {
  const { events } = await readBack(logFile(fixture("perf-odd-names.txt")));
  const names = new Set(events.map((event) => event.comm.trimStart()));
  for (const name of ["my app-1", "a b  c", "x-12 [003] d.h1", "nl\nnext"]) expect(names).toContain(name);
});

test("a task name with a number is told from the pid where -g does not pad it", async () => {
  const line = (ms: number) =>
    `a 1   263 [000]   121.45${ms}742: kmem:kmem_mm_enter: mm = 0xff12b5b041058580\n\tffff foo ([k])\n\n`;
  const { events, facts } = await readBack(memoryLog([0, 1, 2].map(line).join("")));
  expect(events.map(({ comm, pid }) => [comm, pid])).toEqual(Array(3).fill(["a 1", 263]));
  expect(facts.unknown).toBe(0);
});

test("a period before the event is skipped", async () => {
  const line =
    "        kmmscand    37 [001]     4.047269:          1 kmem:kmem_mm_enter: mm = 0xff12b5b041058580\n";
  expect((await readBack(memoryLog(line))).events).toMatchObject([{ event: "kmem_mm_enter", cpu: 1 }]);
});

describe("a loss", () => {
  test("is a hole on the CPU of its line, and records of perf itself are none", async () => {
    const { gaps, facts } = await readBack(logFile(fixture("v0-perf-lost.txt")));
    expect(gaps[0]).toEqual({ reason: "lost", line: 2, cpu: 0, lost: 5957 });
    expect(gaps).toHaveLength(4);
    expect([...facts.lostByCpu.keys()]).toEqual([0]);
  });
  test("without a CPU concerns all", async () => {
    const text = "    1.000000: kmem:kmem_mm_enter: mm = 0xff1\n    1.000001: PERF_RECORD_LOST lost 7\n";
    expect((await readBack(memoryLog(text))).gaps).toMatchObject([{ cpu: -1, lost: 7 }]);
  });
});

describe("losses that perf script does not print", () => {
  test("keep everything open unless the log tells that it was to print them", async () => {
    const report = await validateFile(fixture("v0-perf-cut.txt.gz"));
    expect(report.verdict).toBe("inconclusive");
    expect(report.logs[0]!.notes.join()).toContain("only with --show-lost-events");
    const shown = await validateText(SHOWN + textOf(fixture("v0-perf-cut.txt.gz")));
    expect(verdicts(shown)).toMatchObject({ A06: "holds", A10: "holds", P01: "holds", P02: "holds" });
  });
  test("could explain a deviation", async () => {
    const [first = "", ...rest] = textOf(fixture("v0-perf-cut.txt.gz")).split("\n");
    const end = rest.find((line) => line.includes("scan_mm_end"))!;
    const doubled = [first, ...rest].join("\n").replace(end, `${end}\n${end.replace(/(\d):/, "9:")}`);
    expect(verdicts(await validateText(doubled))["A10"]).toBe("inconclusive");
    expect(verdicts(await validateText(SHOWN + doubled))["A10"]).toBe("violated");
  });
});

test("times that go back, as --deltatime prints, decide nothing", async () => {
  const lines = textOf(fixture("v0-perf-cut.txt.gz")).split("\n").slice(0, -1);
  const delta = lines.map((line, i) => line.replace(/ \d+\.\d{6}: /, ` ${i % 2}.000010: `));
  const report = await validateText(`${SHOWN}${delta.join("\n")}\n`);
  expect(report.verdict).toBe("inconclusive");
  expect(report.logs[0]!.notes.join()).toContain("the clock jumps back");
});
