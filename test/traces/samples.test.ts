/** Short real logs of every layout. Those that are cut into the fixtures run everywhere. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isInputError, logFile, validateLogs } from "../../traces/validate.ts";
import { fixture, readBack, shared, textOf, validateFile } from "./support/logs.ts";
import { slowParse } from "./support/slow-reader.ts";

describe("the layout of", () => {
  test.each([
    ["v0-odd-names.txt", "ftrace", "columns"],
    ["v0-latency.txt", "ftrace", "latency"],
    ["clock-counter.txt", "ftrace", "columns"],
    ["no-context.txt", "ftrace", "bare"],
    ["v1-graph.txt", "ftrace", "graph"],
    ["v1-report-raw.txt", "trace-cmd", "columns"],
    ["v1-report-buffers.txt", "trace-cmd", "columns"],
    ["v0-trace-cmd-cut.txt.gz", "trace-cmd", "columns"],
  ])("%s is told", async (name, format, layout) => {
    const read = await readBack(logFile(fixture(name)));
    expect([read.format, read.layout]).toEqual([format, layout]);
    expect([read.facts.unknown, read.facts.unreadable]).toEqual([0, 0]);
  });
});

test("task names with blanks, brackets, dashes, a line feed, control and high bytes are kept", async () => {
  const { events, facts } = await readBack(logFile(fixture("odd-names-tgid.txt")));
  const names = new Set(events.map((event) => event.comm.trimStart()));
  for (const name of [
    "mm=0xdead",
    "comm =evil",
    "kmem_mm_enter:",
    "",
    "trail ",
    "-5",
    "<...>-99",
    "nl\nnext",
    "tab\there",
    "n\u00c3\u00a9-w\u00c3\u00b6rld",
    "CPU:0 [LOST 5",
  ]) {
    if (name === "CPU:0 [LOST 5" && !textOf(fixture("odd-names-tgid.txt")).includes(name)) continue;
    expect(names, JSON.stringify(name)).toContain(name);
  }
  expect(events.find((event) => event.comm.endsWith("mm=0xdead"))).toMatchObject({
    pid: 11597,
    tgid: 11597,
    cpu: 1,
  });
  expect(facts.unknown).toBe(0);
});

test("the same events come from the ordinary and from the latency format, names cut to eight bytes apart", async () => {
  const plain = await readBack(logFile(fixture("v0-odd-names.txt")));
  const latency = await readBack(logFile(fixture("v0-latency.txt")));
  const facts = (read: typeof plain): readonly string[] =>
    read.events.map((e) => `${e.event} ${e.pid} ${e.cpu} ${e.mm} ${e.rc} ${e.total}`);
  expect(facts(latency)).toEqual(facts(plain));
});

test("events as comments of function_graph have a cpu and no task", async () => {
  const { events } = await readBack(logFile(fixture("v1-graph.txt")));
  expect(events).toHaveLength(48);
  expect(events.every((event) => event.pid === -1 && event.cpu >= 0 && event.mm.length === 16)).toBe(true);
});

test("the header's counts tell that a log starts mid-stream", async () => {
  const report = await validateFile(fixture("overrun.txt"));
  expect(report.logs[0]).toMatchObject({
    header: { entries: 382, written: 810 },
    events: 382,
    startsMidStream: true,
  });
});

test("a forged record is read, and the log says that its markers can forge", async () => {
  const report = await validateFile(fixture("markers.txt"));
  expect(report.logs[0]!.eventsByKind["kmem_mm_enter"]).toBe(1);
  expect(report.logs[0]!.notes.join("\n")).toMatch(/can forge records.*time goes back on its CPU/s);
});

test("the start of scan_mm_end keeps 64 bits", async () => {
  const { events } = await readBack(logFile(fixture("v0-odd-names.txt")));
  const starts = events.filter((event) => event.event === "kmem_scan_mm_end").map((event) => event.start);
  expect(starts.some((start) => start > 0xffffffffn)).toBe(true);
});

const samples = join(shared, "samples");
const present = existsSync(samples);
if (!present) test.skip("the shared samples are not beside this checkout");

describe.skipIf(!present)("every shared sample", () => {
  const READ =
    /(?:^ftrace-.*|trace|trace-(?!raw|fgraph|func|stack|overrun)[\w-]+|-pipe-lost|trace_pipe-lost|^v0-x\w*|tcreport-x\w*)\.txt$/;
  const EXCEPT =
    /opt-(?:bin|hex|raw|fields)|latency|nocontext|bpftrace|perftrace|tcreport-lost|xstat|xl\.txt|xR\.txt|xFkmem|fgraph|percpu|perfscript/;
  const files = ["", "q-6.12.107+deb12-amd64", "q-6.1.0-56-rt-amd64", "tc", "handmade"].flatMap((folder) =>
    !present ? [] : readdirSync(join(samples, folder)).map((name) => join(folder, name)),
  );
  const read = files.filter((name) => READ.test(name.split("/").at(-1)!) && !EXCEPT.test(name));

  test("is there", () => {
    expect(read.length).toBeGreaterThan(40);
  });

  test.each(read)("%s is read line by line as the slow reader reads it", async (name) => {
    const path = join(samples, name);
    const torn = new Set<number>();
    const slow = textOf(path)
      .split("\n")
      .map((line, i) => {
        try {
          return { line: i + 1, event: slowParse(line) };
        } catch {
          torn.add(i + 1);
          return { line: i + 1, event: null };
        }
      })
      .filter(({ event }) => event !== null);
    const { events, facts } = await readBack(logFile(path));
    const fast = new Map(events.map((event) => [event.line, event]));
    for (const { line, event } of slow) {
      const here = fast.get(line);
      expect(here, `${name}:${line}`).toBeDefined();
      expect({ pid: here!.pid, cpu: here!.cpu, comm: here!.comm }).toEqual({
        pid: event!.pid,
        cpu: event!.cpu,
        comm: event!.comm,
      });
    }
    expect(facts.unreadable).toBe(0);
    expect(facts.unknown).toBe(0);
  });

  const refused = files.filter(
    (name) =>
      /opt-(?:bin|hex|raw)|-raw\.txt|verbose|perftrace|bpftrace.*json|babeltrace2\.txt|ccf-style\.ndjson/.test(
        name,
      ) && !/lost/.test(name),
  );
  test.each(refused)("%s is refused with a hint", async (name) => {
    const result = await validateLogs([logFile(join(samples, name))]);
    expect(isInputError(result)).toBe(true);
    expect(isInputError(result) && result.message).toMatch(/^[^\n]+$/);
    expect(isInputError(result) && result.hint).toBeTruthy();
  });
});
