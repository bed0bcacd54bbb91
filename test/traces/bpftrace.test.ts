/** What the shipped bpftrace scripts print, and pages of systrace. */
import { readFileSync } from "node:fs";
import { deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { isInputError, logFile, validateLogs } from "../../traces/validate.ts";
import { example, fixture, memoryLog, readBack, validateText } from "./support/logs.ts";
import { writeLog } from "./support/writer.ts";

const NAMES = [
  "my app-1",
  "n\u00c3\u00a9-w\u00c3\u00b6rld",
  "a|b|c",
  "KMM1 1 0 1 x: |",
  "Lost 5 events",
  "\u00ff\u00fe bin",
];

describe.each(["v1-bpftrace.txt", "v1-bpftrace.json"])("%s, recorded by bpftrace 0.17", (name) => {
  test("has every event, whatever the tasks are called", async () => {
    const { events, facts, gaps, format } = await readBack(logFile(fixture(name)));
    expect([format, events.length, facts.unknown, facts.unreadable]).toEqual(["bpftrace", 72, 0, 0]);
    expect(gaps).toEqual([]);
    const tasks = new Set(events.map(({ comm }) => comm.trimStart()));
    for (const task of NAMES) expect(tasks, task).toContain(task);
    expect(events.filter(({ event }) => event === "kmem_scan_mm_end")[0]).toMatchObject({
      start: 4294967296n,
      total: 65536n,
      period: 1000n,
      size: 1073741824n,
      node: 0,
    });
    expect(events.filter(({ event }) => event === "kmem_scan_mm_migrate")[0]).toMatchObject({
      rc: -11,
      node: -1,
    });
  });
});

const line = (ns: number, cpu: number, body: string, task = "sh"): string =>
  `KMM1 ${ns} ${cpu} 100 ${body}|${task}\n`;

test("events of several CPUs are put in the order of time, those of one time as they came", async () => {
  const text =
    line(5e9, 1, "kmem_mm_enter: mm = 0xffff888000000500") +
    line(5e9, 1, "kmem_mm_exit: mm = 0xffff888000000500") +
    line(4e9, 0, "kmem_mm_enter: mm = 0xffff888000000400") +
    line(4.5e9, 0, "kmem_mm_exit: mm = 0xffff888000000400");
  const { events, facts } = await readBack(memoryLog(text));
  expect(events.map(({ event, mm }) => [event, mm.slice(-3)])).toEqual([
    ["kmem_mm_enter", "400"],
    ["kmem_mm_exit", "400"],
    ["kmem_mm_enter", "500"],
    ["kmem_mm_exit", "500"],
  ]);
  expect([facts.lines, facts.late, facts.backwards]).toEqual([4, 0, 0]);
});

test("a violation says in which line of the file it stands", async () => {
  const text =
    line(6e9, 1, "kmem_scan_mm_migrate: mm=0xffff888000000500 rc=77 node=0") +
    line(4e9, 0, "kmem_mm_enter: mm = 0xffff888000000500");
  const report = await validateText(text);
  const [violation] = report.properties.find(({ id }) => id === "A10")!.violations;
  expect(violation).toMatchObject({ line: 2, source: { log: null, line: 1 } });
});

test("an event that comes minutes late is told, and nothing holds", async () => {
  const text = Array.from({ length: 5000 }, (_, i) =>
    line(1e12 + i * 1e7, 0, "sched_process_exit: pid=1 prio=1"),
  ).join("");
  const report = await validateText(text + line(5e11, 1, "kmem_mm_enter: mm = 0xffff888000000500"));
  expect(report.logs[0]!.notes.join()).toContain("1 events came too late");
  expect(report.verdict).toBe("inconclusive");
});

test.each([
  ["text", "Lost 6881 events\n", "Attaching 2 probes...\n"],
  [
    "JSON",
    '{"type": "lost_events", "data": {"events": 6881}}\n',
    '{"type": "map", "data": {"@n": {"a": 4}}}\n',
  ],
])("lost events in %s concern all CPUs", async (_, lost, side) => {
  const { gaps, facts } = await readBack(
    memoryLog(side + line(1e9, 0, "kmem_mm_enter: mm = 0xffff888000000500") + lost),
  );
  expect(gaps).toMatchObject([{ reason: "lost", cpu: -1, lost: 6881 }]);
  expect([facts.lost, facts.unknown]).toEqual([6881, 0]);
});

test.each(["kmmscand-v0.bt", "kmmscand-v1.bt"])("the script %s prints lines that are read", async (name) => {
  const script = readFileSync(example(name), "utf8");
  const values: Record<string, string> = {
    "%llu": "65536",
    "%d": "0",
    "%p": "0xffff888000000500",
    "%llx": "500",
    "%s": "sh",
  };
  const lines = [...script.matchAll(/printf\("(.*?)\\n"/g)].map(([, format = ""]) =>
    format.replace(/%(?:llu|llx|d|p|s)/g, (key) => values[key]!),
  );
  expect(lines.length).toBeGreaterThanOrEqual(9);
  const { events, facts } = await readBack(memoryLog(`${lines.join("\n")}\n`));
  expect([facts.unknown, facts.unreadable]).toEqual([0, 0]);
  expect(events.map(({ event }) => event)).toEqual(
    lines.map((text) => /^KMM1 \d+ \d+ \d+ (\w+):/.exec(text)![1]),
  );
  expect(facts.sawTaskName).toBe(name.includes("v0"));
  expect(facts.sawNode).toBe(name.includes("v1"));
});

test("the output of another script is refused with the name of ours", async () => {
  const result = await validateLogs([
    memoryLog("Attaching 2 probes...\n155 kmmscand start mm=0xff\n".repeat(50)),
  ]);
  expect(isInputError(result) && result.hint).toContain("examples/kmmscand-v0.bt");
});

describe("ftrace text is found in", () => {
  const log = writeLog("v1").enter("a1").scan("a1").migrate("a1");
  const text = `# tracer: nop\n#\n${log.text()}`;
  const script = '  <script class="trace-data" type="application/text">\n';
  test.each([
    [
      "a page of systrace",
      `<!DOCTYPE HTML>\n<html>\n${script}PROCESS DUMP\nroot 1\n  </script>\n${script}${text}  </script>\n</html>\n`,
    ],
    [
      "a page of 2012",
      `<!DOCTYPE HTML>\n<script>\n  var linuxPerfData = "\\\n${text.trimEnd().replaceAll("\n", "\\n\\\n")}\\n";\n  </script>\n`,
    ],
    ["the output of atrace", `capturing trace... done\nTRACE:\n${text}`],
    [
      "the output of atrace -z",
      Buffer.concat([Buffer.from("capturing trace... done\nTRACE:\n"), deflateSync(text)]),
    ],
  ])("%s", async (_, content) => {
    const { events, facts } = await readBack(memoryLog(content, 100));
    const plain = await readBack(memoryLog(text));
    const bare = (read: typeof plain): readonly unknown[] =>
      read.events.map(({ line: _l, offset: _o, ...e }) => e);
    expect(bare({ ...plain, events })).toEqual(bare(plain));
    expect(facts.unknown).toBe(0);
  });
  test("but not in another web page, which is told", async () => {
    const result = await validateLogs([memoryLog("<!DOCTYPE html>\n<html>hello</html>\n")]);
    expect(isInputError(result) && result.message).toContain("without the text of a trace");
  });
});
