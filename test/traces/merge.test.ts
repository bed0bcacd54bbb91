/** Logs of one run, judged as one. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { isInputError, logFile, mergedLogs, openLog, validateLogs } from "../../traces/validate.ts";
import { example, expectReport, fixture, memoryLog, readBack, textOf } from "./support/logs.ts";
import { writeLog } from "./support/writer.ts";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** The lines of each CPU behind the header, as `per_cpu/cpuN/trace` has them. */
function perCpu(text: string): readonly string[] {
  const lines = text.trimEnd().split("\n");
  const header = lines.filter((line) => line.startsWith("#"));
  return ["000", "001"].map(
    (cpu) => `${[...header, ...lines.filter((line) => line.includes(` [${cpu}] `))].join("\n")}\n`,
  );
}

const whole = textOf(fixture("v0-abench-calm-cut.txt.gz"));

test("the files of the CPUs give the events of the whole log, in its order but for those of one time", async () => {
  const parts = perCpu(whole).map((text, i) => memoryLog(i === 0 ? text : gzipSync(text), 1000, `cpu${i}`));
  const merged = await readBack(mergedLogs(parts));
  const plain = await readBack(memoryLog(whole));
  const key = (read: typeof plain): readonly string[] =>
    read.events.map((e) => `${e.time} ${e.cpu} ${e.event} ${e.mm}`);
  const sorted = [...plain.events]
    .map((e, i) => ({ e, i }))
    .sort((a, b) => Number(a.e.time) - Number(b.e.time) || a.e.cpu - b.e.cpu || a.i - b.i)
    .map(({ e }) => `${e.time} ${e.cpu} ${e.event} ${e.mm}`);
  expect(key(merged)).toEqual(sorted);
  expect(merged.facts.lines).toBe(plain.facts.lines);
  expect([merged.facts.entries, merged.facts.unknown, merged.facts.segments]).toEqual([
    plain.facts.entries,
    0,
    1,
  ]);
});

test("a directory of CPUs is one log", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kmmcheck-"));
  folders.push(folder);
  perCpu(whole).forEach((text, i) => {
    mkdirSync(join(folder, `cpu${i}`));
    writeFileSync(join(folder, `cpu${i}`, "trace"), text);
  });
  const input = await openLog(folder, "per_cpu");
  if (isInputError(input)) throw new Error(input.message);
  const report = expectReport(await validateLogs([input]));
  expect(report.logs).toMatchObject([
    { name: "per_cpu", cpus: [0, 1], formatReason: "2 logs of one run, merged by time" },
  ]);
  expect(report.logs[0]!.events).toBe((await readBack(memoryLog(whole))).events.length);
});

describe("in a merged log", () => {
  const zero = writeLog("v1").enter("a1").wait(10).scan("a1").wait(10).migrate("a1", 77);
  const one = writeLog("v1").on(1);
  one.at = 1005;
  one.enter("b2").wait(10).exit("b2");

  test("a finding says which file and line it is from", async () => {
    const parts = [memoryLog(zero.text(), 64, "cpu0"), memoryLog(one.text(), 64, "cpu1")];
    const report = expectReport(await validateLogs([mergedLogs(parts)], { conform: false }));
    const [violation] = report.properties.find(({ id }) => id === "A10")!.violations;
    expect(violation).toMatchObject({ log: "cpu0 + cpu1", line: 7, source: { log: "cpu0", line: 4 } });
  });

  test("a loss stays in front of the event it is printed before, and other lines behind theirs", async () => {
    const [first = "", ...rest] = one.lines;
    const text = [first, " => a stack line", "CPU:1 [LOST 5 EVENTS]", ...rest, ""].join("\n");
    const { events, gaps, facts } = await readBack(
      mergedLogs([memoryLog(zero.text(), 64, "cpu0"), memoryLog(text, 64, "cpu1")]),
    );
    expect(events.map(({ cpu, line }) => [cpu, line])).toEqual([
      [0, 1],
      [1, 2],
      [0, 4],
      [0, 5],
      [1, 7],
      [0, 8],
    ]);
    expect(gaps).toMatchObject([{ cpu: 1, lost: 5, line: 6 }]);
    expect(facts.unknown).toBe(0);
  });

  test("the order within a file stays, also where its time goes back", async () => {
    const back = [...one.lines].reverse().join("\n");
    const { events } = await readBack(
      mergedLogs([memoryLog(`${back}\n`, 64, "x"), memoryLog(zero.text(), 64, "y")]),
    );
    expect(events.filter(({ cpu }) => cpu === 1).map(({ event }) => event)).toEqual([
      "kmem_mm_exit",
      "kmem_mm_enter",
    ]);
  });

  test("logs of two tools are not mixed", async () => {
    const report = textOf(fixture("v0-trace-cmd-cut.txt.gz"));
    const result = await validateLogs([
      mergedLogs([memoryLog(zero.text(), 64, "a"), memoryLog(report, 4096, "b")]),
    ]);
    expect(isInputError(result) && result.message).toContain("print pointers and times differently");
    const json = '{"format":"kmmcheck-trace","version":1,"timeUnit":"ns"}\n{"event":{"name":"x"}}\n';
    const other = await validateLogs([mergedLogs([memoryLog(json, 64, "a"), memoryLog(json, 64, "b")])]);
    expect(isInputError(other) && other.hint).toContain("can be merged");
    const binary = await validateLogs([mergedLogs([logFile(fixture("v1-trace.dat")), memoryLog(report)])]);
    expect(isInputError(binary) && binary.message).toContain("logs of trace.dat");
  });
});

describe("logs with records of the same CPU", () => {
  const good = textOf(example("v0-storm-calm-cut.txt.gz"))
    .split("\n")
    .filter((line) => line.includes(" [001] "));
  const judged = async (...parts: readonly (readonly string[])[]) => {
    const logs = parts.map((lines, i) => memoryLog(`${lines.join("\n")}\n`, 4096, `log${i}`));
    return expectReport(await validateLogs([mergedLogs(logs)]));
  };
  test("at the same times are copies, and prove nothing", async () => {
    const report = await judged(good, good);
    expect(new Set(report.properties.map(({ verdict }) => verdict))).toEqual(new Set(["inconclusive"]));
    expect(report.logs[0]!.notes.join()).toContain("two of the merged logs have records of CPU 1");
  });
  test("of which one goes on where the other one ends are the log of one CPU of several", async () => {
    const report = await judged(good.slice(0, 2000), good.slice(2000));
    expect(new Set(report.properties.map(({ verdict }) => verdict))).toEqual(new Set(["inconclusive"]));
    expect(report.logs[0]!.notes.join()).not.toContain("two of the merged logs");
    expect(report.logs[0]!.notes.join()).toContain("all records are of CPU 1");
  });
});

test("logs that are not merged are judged apart", async () => {
  const report = expectReport(
    await validateLogs([memoryLog(whole, 4096, "a"), memoryLog(whole, 4096, "b")], { conform: false }),
  );
  expect(report.logs.map(({ name }) => name)).toEqual(["a", "b"]);
});
