/** What a log may look like, and what is refused. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { simulate, WORKLOADS } from "../../traces/synthesize/index.ts";
import { logText } from "../../traces/synthesize/write/index.ts";
import {
  type InputError,
  isInputError,
  type LogInput,
  logFile,
  validateLogs,
} from "../../traces/validate.ts";
import {
  example,
  expectReport,
  fixture,
  memoryLog,
  property,
  readBack,
  textOf,
  validateText,
  verdicts,
} from "./support/logs.ts";
import { edit, type LogWriter, writeLog } from "./support/writer.ts";

const small = writeLog()
  .enter("a1")
  .scan("a1")
  .migrate("a1")
  .wait(2400)
  .scan("a1", { period: 2300, size: 2 ** 31 });

async function refusal(content: string | Uint8Array): Promise<InputError> {
  const result = await validateLogs([memoryLog(content)]);
  if (!isInputError(result)) throw new Error("was not refused");
  return result;
}

describe("the same events come from", () => {
  const text = small.text();
  test.each([
    ["carriage returns at the line ends", text.replaceAll("\n", "\r\n")],
    ["a byte order mark in front", `\u00ef\u00bb\u00bf${text}`],
    ["gzip'd bytes", gzipSync(Buffer.from(text))],
    ["two gzip members", Buffer.concat([gzipSync(text.slice(0, 300)), gzipSync(text.slice(300))])],
    ["blank lines between", text.replaceAll("\n", "\n\n")],
    ["comments between", text.replaceAll("\n", "\n# a remark\n")],
    ["lines of another tracer between", text.replaceAll("\n", "\n => do_exit\n")],
  ])("%s", async (_, content) => {
    const plain = await readBack(memoryLog(text));
    const other = await readBack(memoryLog(content));
    const facts = (read: typeof plain): readonly unknown[] =>
      read.events.map(({ line: _line, offset: _offset, ...rest }) => rest);
    expect(facts(other)).toEqual(facts(plain));
    expect(other.facts.unknown).toBe(0);
  });
});

test.each([1, 2, 7, 64, 127, 128, 4096])("chunks of %i bytes give the same report", async (chunk) => {
  const content = textOf(fixture("odd-names-tgid.txt"));
  expect(await validateText(content, {}, chunk)).toEqual(await validateText(content));
});

test("positions count physical lines and bytes from the beginning", async () => {
  const text = small.whole();
  const { events } = await readBack(memoryLog(text, 50));
  for (const event of events) {
    expect(text.slice(event.offset).split("\n")[0]).toContain(event.event);
    expect(text.slice(0, event.offset).split("\n").length).toBe(event.line);
  }
});

/** What says that no other CPU has a log of its own. */
const onlyCpu = "# nrcpus online : 1";

test("a line of a megabyte is cut, counted and does not hide the lines around it", async () => {
  const [first = "", ...rest] = small.lines;
  const text = [
    onlyCpu,
    first,
    `                sh-1       [000] .....     1.000000: tracing_mark_write: ${"x".repeat(2 ** 20)}`,
    ...rest,
    "",
  ].join("\n");
  const report = await validateText(text);
  expect(report.logs[0]).toMatchObject({ lines: small.lines.length + 2, skipped: 0 });
  expect(report.logs[0]!.notes.join()).toContain("longer than the limit");
  expect(verdicts(report)).toMatchObject({ A10: "holds", A07: "holds" });
});

test("garbage of a megabyte without a line end is refused, not kept", async () => {
  expect((await refusal("y".repeat(2 ** 20))).code).toBe("not-a-trace");
});

describe("a record that is cut at the end of the log", () => {
  test("is not trusted when a number may be shorter than it was", async () => {
    const text = edit([onlyCpu, ...writeLog().scan("a1").migrate("a1", -11).lines].join("\n"), /1$/, "");
    expect(text.endsWith("rc=-1")).toBe(true);
    const report = await validateText(text);
    expect(verdicts(report)["A10"]).toBe("holds");
    expect(report.logs[0]!.notes.join()).toContain("may be cut");
  });
  test("is an unknown line when its pointer is too short", async () => {
    const report = await validateText(writeLog().scan("a1").start("a1").lines.join("\n").slice(0, -5));
    expect(report.logs[0]!.skipped).toBe(1);
  });
});

describe("a log that is zstd data", () => {
  const path = fixture("v0-young-cut.txt.zst");
  const zstd = readFileSync(path);
  const text = textOf(fixture("v0-young-cut.txt.gz"));
  test("is read as its text is, in chunks of any size, also in several frames", async () => {
    const plain = await validateText(text);
    for (const chunk of [1000, 65536]) expect(await validateText(zstd, {}, chunk)).toEqual(plain);
    const twice = await readBack(memoryLog(Buffer.concat([zstd, zstd])));
    expect(twice.events).toHaveLength(2 * (await readBack(memoryLog(text))).events.length);
  });
  test("and ends early says so, and nothing holds", async () => {
    const report = await validateText(zstd.subarray(0, zstd.length - 3000), {}, 1000);
    expect(report.verdict).toBe("inconclusive");
    expect(report.logs[0]!.notes.join()).toContain("zstd data end early");
  });
});

test("gzip data whose checksum is wrong prove nothing, whatever their lines seem to say", async () => {
  // Comments behind it, so that all of it is read before the checksum is.
  const bytes = gzipSync(Buffer.from(textOf(fixture("v0-young-cut.txt.gz")) + "#\n".repeat(200_000)));
  expect((await validateText(bytes)).verdict).toBe("violated");
  bytes[bytes.length - 8]! ^= 1;
  const report = await validateText(bytes);
  expect(report.verdict).toBe("inconclusive");
  expect(report.logs[0]!.notes.join()).toContain("the gzip data are damaged");
  expect(property(report, "F01")).toMatchObject({ count: 0, violations: [], verdict: "inconclusive" });
  expect(property(report, "F01").reason).toContain("deviations stand in damaged data");
});

test("gzip data that end before their checksum are a log that is cut, wherever that is", async () => {
  const bytes = gzipSync(Buffer.from(textOf(fixture("v0-young-cut.txt.gz")) + "#\n".repeat(200_000)));
  for (const missing of [1, 4, 8, 20, 200]) {
    const report = await validateText(bytes.subarray(0, bytes.length - missing));
    expect(property(report, "F01").verdict, `${missing}`).toBe("violated");
    expect(report.properties.filter(({ verdict }) => verdict === "holds")).toEqual([]);
    expect(report.logs[0]!.notes.join()).toContain("end early: no checksum covers what was read");
  }
});

test("a log whose gzip data end early says so, and nothing holds", async () => {
  const bytes = gzipSync(Buffer.from(textOf(example("v0-abench-calm.txt.gz"))));
  const report = await validateText(bytes.subarray(0, bytes.length / 2));
  expect(report.logs[0]!.events).toBeGreaterThan(1000);
  expect(report.verdict).toBe("inconclusive");
  expect(report.logs[0]!.notes.join()).toContain("gzip data end early");
});

describe("records away from their column", () => {
  test.each([
    ["quoted by a mail", (line: string) => `> ${line}`],
    ["behind a log prefix", (line: string) => `[  118.3] host kernel: ${line}`],
    ["with their leading blanks trimmed", (line: string) => line.trimStart()],
  ])("%s are found and told of", async (_, change) => {
    const plain = await readBack(memoryLog(small.text()));
    const read = await readBack(memoryLog(`${small.lines.map(change).join("\n")}\n`));
    expect(read.events.map((e) => [e.event, e.pid, e.cpu, e.time, e.mm])).toEqual(
      plain.events.map((e) => [e.event, e.pid, e.cpu, e.time, e.mm]),
    );
    expect(read.facts.unanchored).toBeGreaterThan(0);
  });
});

describe("a record torn by line feeds in a task name", () => {
  test("of the column and of the payload is one event, and its neighbours stay whole", async () => {
    const log = writeLog()
      .enter("b2")
      .raw(
        "           a\nb\nc-171     [000] .....     1.100000: kmem_mm_enter: kmmscand: mm_enter comm =a\nb\nc mm=00000000000000c3",
      )
      .enter("d4");
    const { events, facts } = await readBack(memoryLog(log.text()));
    expect(events.map((e) => [e.line, e.pid, e.mm.replace(/^0+/, "")])).toEqual([
      [1, 100, "b2"],
      [2, 171, "c3"],
      [7, 100, "d4"],
    ]);
    expect(facts.unknown + facts.unreadable).toBe(0);
  });
  test("that never becomes whole is a hole at its line", async () => {
    const { gaps } = await readBack(
      memoryLog(writeLog().enter("b2").raw(small.lines[0]!.slice(0, -9)).enter("d4").text()),
    );
    expect(gaps).toMatchObject([{ reason: "unreadable", line: 2, lost: 1 }]);
  });
});

test("the lines of a marker are not taken for unknown ones", async () => {
  const marker =
    "              sh-100     [000] .....     1.000000: tracing_mark_write: one\ntwo lines of text that are longer\nthree";
  const report = await validateText(writeLog().raw(marker).scan("a1").text());
  expect(report.logs[0]).toMatchObject({ skipped: 0, events: 3 });
});

describe("period and size of V0", () => {
  test("are put right by magnitude, line by line", async () => {
    const log = writeLog()
      .scan("a1", { period: 2000, size: 2 ** 32 })
      .wait(2300)
      .scan("a1", { period: 2 ** 31, size: 2300 });
    const { events } = await readBack(memoryLog(log.text()));
    const ends = events.filter((event) => event.event === "kmem_scan_mm_end");
    expect(ends.map((event) => [event.period, event.size])).toEqual([
      [2000n, 2n ** 32n],
      [2300n, 2n ** 31n],
    ]);
  });
  test("are left alone in V1, where no version swaps them", async () => {
    const { events } = await readBack(
      memoryLog(
        writeLog("v1")
          .scan("a1", { period: 2 ** 31, size: 2300 })
          .text(),
      ),
    );
    expect(events[1]).toMatchObject({ period: 2n ** 31n, size: 2300n });
  });
});

/** A log whose daemon has no name, as where the kernel forgot which task a pid was. */
function hidden(patch: "v1" | "v3"): LogWriter {
  return writeLog(patch, "<...>");
}

const by = (task: string) =>
  `${task.padStart(16)}-39      [000] .....     1.500000: kmem_scan_mm_migrate: mm = 00000000000000a1 rc = 0 node = 0`;
const KSCAND = `          kscand-37      [000] .....     1.400000: kmem_scan_mm_start: mm = 00000000000000a1\n${by("<...>")}`;
const KMIGRATED = by("kmigrated");
const workload = WORKLOADS.find(({ name }) => name === "abench")!;
const jsonLog = [
  ...logText(simulate({ patch: "v1", workload, seed: 1, events: 400 }).items, "ndjson", { patch: "v1" }),
];
const KMMMIGRATED = by("kmmmigrated");

describe("the version of the series is told by", () => {
  test.each([
    ["task names in the payload", writeLog("v0").scan("a1"), "v0"],
    ["a node in the payload", writeLog("v1").scan("a1"), "v1"],
    ["counts in the payload", writeLog("v3").scan("a1").migrate("a1"), "v3"],
    ["a node and the name of the daemon", writeLog("v1").start("a1").migrate("a1"), "v1"],
    ["the name of the daemon, and no counts", hidden("v1").scan("a1").raw(KSCAND), "v2"],
    ["the name of the migrator", hidden("v1").scan("a1").raw(KMIGRATED), "v2"],
    ["the name of the migrator of v1", hidden("v1").scan("a1").raw(KMMMIGRATED), "v1"],
    ["a return code that v1 does not have", hidden("v1").scan("a1").migrate("a1", 11), "v2"],
    ["a name rather than a return code", writeLog("v1").scan("a1").migrate("a1", 11), "v1"],
    ["nothing without a migration", writeLog("v3").scan("a1"), null],
    ["nothing without a name", hidden("v1").scan("a1").migrate("a1"), null],
  ] as const)("%s", async (_, log, patch) => {
    expect((await validateText(log.text())).logs[0]!.patch).toBe(patch);
  });
  test("the header of events in JSON, where they do not tell", async () => {
    const of = async (header: string) => {
      const lines = jsonLog.map((line) => line.replace(/"comm":"k\w+",/, ""));
      return (await validateText([header, ...lines.slice(1), ""].join("\n"))).logs[0]!.patch;
    };
    const header = (more: string) => `{"format":"kmmcheck-trace","version":1,"timeUnit":"ns"${more}}`;
    expect(await of(header(""))).toBe(null);
    expect(await of(header(',"patch":"v1"'))).toBe("v1");
    expect(await of(header(',"patch":"v2"'))).toBe("v2");
  });
  test("no name where two stand in one log, and then it is judged by no version's rules", async () => {
    const report = await validateText(
      `${writeLog("v1").scan("a1").text()}${KSCAND}\n# tracer: nop\n${KSCAND}\n`,
    );
    expect(report.logs[0]!.patch).toBe(null);
    expect(report.logs[0]!.notes.join()).toContain("of two versions");
    expect(report.properties.map(({ verdict }) => verdict)).not.toContain("holds");
  });
  test("the option, and a log that contradicts it is rejected and decides nothing else", async () => {
    const report = await validateText(writeLog("v0").scan("a1").text(), { patch: "v1" });
    expect(report.logs[0]).toMatchObject({ patch: "v1" });
    const decided = report.properties.filter(({ verdict }) => verdict !== "inconclusive");
    expect(decided.map(({ id, verdict }) => [id, verdict])).toEqual([["M01", "violated"]]);
  });
});

describe("what is no trace text is refused in one sentence with what to do", () => {
  test.each([
    ["nothing", "", "empty", null],
    ["xz data", Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0]), "compressed", "xz -dc"],
    ["damaged zstd", Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 1]), "bad-zstd", "zstd -t"],
    ["a perf.data", "PERFILE2....", "binary-trace", "perf script --show-lost-events"],
    [
      "a stream of a CTF trace",
      Buffer.from([0xc1, 0x1f, 0xfc, 0xc1, 1, 2]),
      "binary-trace",
      "perf script --show-lost-events",
    ],
    [
      "the description of a CTF trace",
      "/* CTF 1.8 */\n\ntypealias",
      "binary-trace",
      "perf script --show-lost-events",
    ],
    ["a program", "\x7fELF\x02", "binary-trace", "kmmcheck reads"],
    ["UTF-16", Buffer.from("\ufeff# tracer: nop\n", "utf16le"), "utf-16", "iconv"],
    ["UTF-16 without a mark", Buffer.from("# tracer: nop\n".repeat(40), "utf16le"), "utf-16", "iconv"],
    ["zeros", Buffer.alloc(5000), "utf-16", "iconv"],
    [
      "damaged gzip",
      Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9]),
      "bad-gzip",
      "gzip -t",
    ],
    ["JSON", '{"list": []}\n', "unsupported-format", "kmmcheck reads"],
    ["a report of KTAP", "KTAP version 1\n1..2\nok 1 a\n", "unsupported-format", "kmmcheck reads"],
    ["prose", "Dear all,\n\nplease find attached.\n", "not-a-trace", "trace-cmd report"],
    [
      "perf trace",
      "     0.833 kmmscand/164 kmem:kmem_scan_mm_migrate(mm: 0xff12b5b042334d00, rc: 4294967280)\n",
      "unsupported-format",
      "perf script",
    ],
  ])("%s", async (_, content, code, hint) => {
    const error = await refusal(content);
    expect(error).toMatchObject({ kind: "input-error", code, file: "log.txt" });
    expect(error.message).toMatch(/^[^\n]{10,200}$/);
    if (hint === null) expect(error.hint).toBeNull();
    else expect(error.hint).toContain(hint);
  });
  test.each([
    ["a missing file", "/nonexistent/log.txt", "there is no such file"],
    ["a folder", "/", "this is a directory, not a log"],
  ])("%s", async (_, path, message) => {
    expect(await validateLogs([logFile(path)])).toMatchObject({
      code: "unreadable-file",
      message,
      file: path,
    });
  });
});

test("text from a log is escaped wherever the report quotes it", async () => {
  const log = writeLog().raw("\x1b[31m\xff\xfe garbage").scan("a1", { size: 1 });
  const report = await validateText(log.text());
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not be there
  expect(JSON.stringify(report)).not.toMatch(/\\u00|[\x00-\x1f\x7f-\uffff]/);
  expect(report.logs[0]!.skippedExamples[0]!.text).toContain("\\x1b[31m\\xff\\xfe");
});

describe("lines that stand twice", () => {
  const log = writeLog("v1").enter("a1").scan("a1", { total: 3 }).migrate("a1", 0, 2).start("a1").exit("a1");
  const again = (line: number) => `${log.lines.toSpliced(line, 0, log.lines[line] ?? "").join("\n")}\n`;

  test.each([0, 2, 6])(
    "are left out where nothing does that twice in a microsecond: line %i",
    async (line) => {
      const { events, facts } = await readBack(memoryLog(again(line)));
      expect([events.length, facts.doubled, facts.doubledLine]).toEqual([7, 1, line + 2]);
      const report = await validateText(again(line));
      expect(new Set(report.properties.map(({ verdict }) => verdict))).toEqual(new Set(["inconclusive"]));
      expect(report.logs[0]?.notes.join()).toContain("1 lines are copies of the line before them");
    },
  );

  test("may be two events where one can be like another, and prove nothing", async () => {
    const more = writeLog("v1").enter("a1").scan("a1", { total: 1 }).migrate("a1");
    const twice = [onlyCpu, ...more.lines, more.lines.at(-1), ""].join("\n");
    expect((await readBack(memoryLog(twice))).events.length).toBe(5);
    const { verdict, reason } = property(await validateText(twice), "P02");
    expect([verdict, reason]).toEqual([
      "inconclusive",
      expect.stringContaining("line 6, which this rests on"),
    ]);
    expect(property(await validateText(more.migrate("a1").text()), "P02").verdict).toBe("violated");
  });

  test.each([1, 3, 5])(
    "because logs overlap, from line %i on, prove nothing and hold nothing",
    async (from) => {
      const overlap = `${log.text()}${log.lines.slice(from).join("\n")}\n`;
      const report = await validateText(overlap);
      expect(new Set(report.properties.map(({ verdict }) => verdict))).toEqual(new Set(["inconclusive"]));
      expect(report.logs[0]?.notes.join()).toContain("the time of their CPU was further on already");
    },
  );
});

describe("chunks that change once the next one is asked for", () => {
  const lent = (content: Buffer, chunk: number): LogInput => ({
    ...memoryLog(content, chunk),
    async *lend() {
      for (let at = 0; at < content.length; at += chunk) {
        const bytes = Buffer.from(content.subarray(at, at + chunk));
        yield bytes;
        bytes.fill("x");
      }
    },
  });
  const same = async (content: Buffer, chunk: number, properties?: readonly string[]): Promise<void> => {
    const live = { live: true, ...(properties === undefined ? {} : { properties }) } as const;
    const kept = await validateLogs([memoryLog(content, chunk)], live);
    expect(await validateLogs([lent(content, chunk)], live)).toEqual(kept);
  };

  test.each(readdirSync(fixture(".")).filter((name) => /\.(?:txt|json|ndjson|gz|zst)$/.test(name)))(
    "give the same report: %s",
    async (name) => {
      const content = readFileSync(fixture(name));
      for (const chunk of [777, 4096]) await same(content.subarray(0, 200_000), chunk);
    },
  );
  test("leave what is quoted, and what copies are told by, as it was", async () => {
    const log = writeLog("v1").enter("a1").start("a1").end("a1", { size: 1 }).exit("a1");
    const text = [...log.lines, log.lines.at(-1), "# end", ""].join("\n");
    const plain = await validateText(text);
    expect(plain.logs[0]?.notes.join()).toContain("1 lines are copies");
    expect(property(plain, "A06").violations[0]?.context).toHaveLength(5);
    for (let chunk = 60; chunk < text.length; chunk++) await same(Buffer.from(text), chunk, ["A06"]);
  });
});

test("a file that is read into two buffers in turn gives the same report as its text", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kmmcheck-"));
  try {
    const path = join(folder, "log.txt");
    const log = writeLog("v1").enter("a1");
    for (let i = 0; i < 6000; i++) log.start(i % 2 === 0 ? "a1" : "b2").end("a1", { total: i });
    const text = edit(log.text(), /\n/, `\n${"x".repeat(300_000)}\n`);
    writeFileSync(path, text, "latin1");
    expect(expectReport(await validateLogs([{ ...logFile(path), name: "log.txt" }]))).toEqual(
      await validateText(text),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
