/** Events in JSON: the same verdicts as from text, nothing lost in large numbers, and what is wrong told by line. */
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import schema from "../../schemas/event.schema.json" with { type: "json" };
import { isInputError, logFile, validateLogs } from "../../traces/validate.ts";
import { asJsonLines } from "./support/json-log.ts";
import {
  example,
  fixture,
  memoryLog,
  readBack,
  validateFile,
  validateText,
  verdicts,
} from "./support/logs.ts";
import { writeLog } from "./support/writer.ts";

const HEADER = '{"format":"kmmcheck-trace","version":1,"timeUnit":"ns"}';
const good = `${HEADER}
{"tag":"trace","seq":1,"event":{"name":"kmem_mm_enter","ts":"1000","cpu":1,"pid":9,"comm":"sh","args":{"mm":"000000000000000a"}}}
`;

const valid = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);

describe("text and JSON of one log give the same report", () => {
  test.each([
    ["v0-young-cut.txt.gz", false],
    ["v0-lost-cut.txt.gz", false],
    ["v1-hole-cut.txt.gz", true],
    ["v0-perf-cut.txt.gz", true],
    ["odd-names-tgid.txt", true],
    ["v0-odd-names.txt", false],
  ])("%s", async (name, numbers) => {
    const input = logFile(fixture(name));
    const lines = await asJsonLines(input, numbers);
    for (const line of lines.slice(0, 300)) expect(valid(JSON.parse(line)), line).toBe(true);
    const text = await readBack(input);
    const json = await readBack(memoryLog(`${lines.join("\n")}\n`));
    const facts = (read: typeof text) =>
      read.events.map(({ line: _l, offset: _o, style: _s, tgid: _t, start, ...rest }) => ({
        ...rest,
        start: BigInt.asUintN(64, start),
      }));
    expect(json.format).toBe("ndjson");
    expect(facts(json)).toEqual(facts(text));
    expect([json.facts.unknown, json.facts.unreadable]).toEqual([0, 0]);
    if (name.includes("perf")) return;
    const strip = (report: Awaited<ReturnType<typeof validateFile>>) => verdicts(report);
    expect(strip(await validateText(`${lines.join("\n")}\n`))).toEqual(
      strip(await validateFile(fixture(name))),
    );
  });

  test("and the same violations on a real log", async () => {
    const path = example("v1-storm-calm.txt.gz");
    const lines = await asJsonLines(logFile(path));
    const json = await validateText(`${lines.join("\n")}\n`);
    const text = await validateFile(path);
    const kinds = (report: typeof json) =>
      report.properties.map((p) => [
        p.id,
        p.verdict,
        p.count,
        p.violations.map((v) => [v.event, v.actor, v.time]),
      ]);
    expect(kinds(json)).toEqual(kinds(text));
  });
});

test("integers of 64 bits are exact as numbers and as strings", async () => {
  const end = (start: string) =>
    `{"event":{"name":"kmem_scan_mm_end","ts":18446744073709551,"args":{"mm":18446612682070000640,"start":${start},"total":9007199254740993,"scan_period":500,"scan_size":"1073741824","node":0}}}`;
  const { events } = await readBack(
    memoryLog([end("18446744073709551615"), end('"-1"'), end('"9007199254740993"'), ""].join("\n")),
  );
  expect(events.map(({ start }) => start)).toEqual([2n ** 64n - 1n, 2n ** 64n - 1n, 9007199254740993n]);
  expect(events[0]).toMatchObject({
    total: 9007199254740993n,
    mm: 18446612682070000640n.toString(16),
    time: "18446744.073709551",
  });
});

describe("holes", () => {
  test("stand where they stand, on their CPU", async () => {
    const { gaps } = await readBack(
      memoryLog(`${good}{"tag":"gap","cpu":0,"lost":318,"afterSeq":1}\n{"tag":"gap","lost":null}\n`),
    );
    expect(gaps).toEqual([
      { reason: "lost", line: 3, cpu: 0, lost: 318 },
      { reason: "lost", line: 4, cpu: -1, lost: -1 },
    ]);
  });
  test("are also where a number of an event is skipped", async () => {
    const { gaps } = await readBack(memoryLog(good + good.split("\n")[1]!.replace('"seq":1', '"seq":5')));
    expect(gaps).toMatchObject([{ reason: "lost", cpu: -1, lost: 3 }]);
  });
  test.each([
    ["stands twice", [1, 2, 2, 3]],
    ["goes back", [5, 6, 3, 4]],
  ])("are also where a number %s, and nothing is said to hold then", async (_, numbers) => {
    const lines = numbers.map((seq) => good.split("\n")[1]!.replace('"seq":1', `"seq":${seq}`));
    const text = `${[HEADER, ...lines].join("\n")}\n`;
    expect((await readBack(memoryLog(text))).gaps).toEqual([{ reason: "lost", line: 4, cpu: -1, lost: -1 }]);
    const report = await validateText(text);
    expect(report.verdict).toBe("inconclusive");
    expect(report.logs[0]!.notes.join()).toContain(
      "the number (seq) of 1 events does not go on from the one before (first line 4)",
    );
  });
  test("are not where a further trace counts anew", async () => {
    const { gaps } = await readBack(memoryLog(good + good));
    expect(gaps).toEqual([{ reason: "segment", line: 3, cpu: -1, lost: -1 }]);
  });
});

test("a header that names a version which the events are not of is told of, and nothing holds", async () => {
  const migrate =
    '{"event":{"name":"kmem_scan_mm_migrate","ts":"9000000000","cpu":0,"pid":38,"comm":"kmigrated","args":{"mm":"00000000000000a1","rc":0,"node":0}}}\n';
  const said = async (patch: string) => {
    const header = HEADER.replace("}", `,"patch":"${patch}"}`);
    return validateText(good.replace(HEADER, header) + migrate);
  };
  expect((await said("v2")).properties.map(({ reason }) => reason).join()).not.toContain("the header says");
  const report = await said("v3");
  expect(report.verdict).toBe("inconclusive");
  expect(report.properties.map(({ reason }) => reason).join()).toContain(
    "the header says v3, but the events and the name of the daemon are those of v2",
  );
});

describe("a further header", () => {
  const named = (patch: string) => HEADER.replace("}", `,"patch":"${patch}"}`);
  const trace = (patch: string | null) => good.replace(HEADER, patch === null ? HEADER : named(patch));
  const logOf = async (...patches: (string | null)[]) => {
    const report = await validateText(patches.map(trace).join(""));
    return { report, patch: report.logs[0]!.patch, notes: report.logs[0]!.notes.join("; ") };
  };
  test("that names another version is told of, and nothing holds of the two", async () => {
    for (const [first, second] of [
      ["v1", "v2"],
      ["p1", "v1"],
      ["v1", "p1"],
      ["p1", "v0"],
    ]) {
      const { report } = await logOf(first!, second!);
      expect(report.verdict).toBe("inconclusive");
      expect(report.properties.map(({ reason }) => reason).join()).toContain(
        `a header says ${first}, that in line 3 ${second}`,
      );
    }
    const { report } = await logOf("p1", null);
    expect(report.properties.map(({ reason }) => reason).join()).toContain("line 3 nothing of it");
  });
  test("that names the same version changes nothing, and one that names none leaves all open", async () => {
    expect((await logOf("v1", "v1")).patch).toBe("v1");
    for (const patches of [
      ["v1", null],
      [null, "v1"],
      [null, "v1", "v1"],
    ])
      expect((await logOf(...patches)).patch).toBe(null);
    expect((await logOf("v1", null)).notes).not.toContain("a header says");
  });
});

describe("lines of another logger", () => {
  test("count for nothing where they have no event", async () => {
    const zap = '{"level":"info","msg":"unrelated"}\n';
    const event = good.split("\n")[1]!.replace('{"tag"', '{"level":"debug","msg":"trace","tag"');
    const read = await readBack(memoryLog(`${zap}${event}\n${zap}`));
    expect(read.events).toHaveLength(1);
    expect(read.facts.unknown).toBe(0);
  });
  test("that are no JSON are told with their number", async () => {
    const report = await validateText(`${good}ERROR: something\n`);
    expect(report.logs[0]!.skippedExamples).toEqual([{ line: 3, text: "ERROR: something" }]);
  });
});

describe("an event that cannot be read is told with its line and leaves everything open:", () => {
  const args = '"args":{"mm":"000000000000000a"}';
  test.each([
    [
      "a key twice",
      good.replace(args, '"args":{"mm":"000000000000000a","mm":"000000000000000b"}'),
      'the key "mm" stands twice',
    ],
    ["an mm of null", good.replace(args, '"args":{"mm":null}'), "mm is no pointer"],
    ["a pointer that is cut", good.replace(args, '"args":{"mm":"a7"}'), "mm is no pointer"],
    ["a pointer of 65 bits", good.replace(args, '"args":{"mm":36893488147419103232}'), "of 64 bits"],
    ["no mm", good.replace(`,${args}`, ""), "the event has no mm"],
    ["a time with a fraction", good.replace('"1000"', "1.5"), "ts must be a whole number"],
    ["a task that is no number", good.replace('"pid":9', '"pid":"sh"'), "pid must be a whole number"],
    ["a number that is none", good.replace('"seq":1', '"seq":"one"'), "seq must be a whole number"],
    ["a number below 0", good.replace('"seq":1', '"seq":-1'), "seq must be a whole number"],
    ["a task name that is a number", good.replace('"sh"', "7"), "comm must be a string"],
    [
      "an owner that is a number",
      good.replace(args, '"args":{"mm":"000000000000000a","comm":7}'),
      "args: comm must be a string",
    ],
    ["a CPU that is no number", good.replace('"cpu":1', '"cpu":null'), "cpu must be a whole number"],
    ...[`"x7f"`, "null", "true", "{}", '""', '"0x"', '"1\\u0031"'].map((value) => [
      `a probe's argument ${value}`,
      good
        .replace("kmem_mm_enter", "promote")
        .replace(args, `"args":{"mm":"000000000000000a","refcount":${value}}`),
      "refcount must be a number",
    ]),
    ["no name", good.replace('"name":"kmem_mm_enter",', ""), "the event has no name"],
    ["a line that is no JSON", good.replace('"cpu":1', '"cpu":'), "a value is expected (column"],
    ["text behind the object", good.replace(/\}\n$/, "} x\n"), "text follows the object"],
    ["a number with a leading zero", good.replace('"cpu":1', '"cpu":01'), "a value is expected"],
    ["a control character", good.replace("sh", "s\x01h"), "a control character"],
    ["an escape that is none", good.replace("sh", "s\\xh"), "a wrong escape"],
    [
      "deep nesting",
      good.replace('"seq":1', `"seq":${"[".repeat(100)}1${"]".repeat(100)}`),
      "nested too deeply",
    ],
  ])("%s", async (_, content, reason) => {
    const report = await validateText(content);
    expect(report.verdict).toBe("inconclusive");
    expect(report.logs[0]!.notes.join("\n")).toContain(reason);
    expect(report.logs[0]!.notes.join("\n")).toMatch(/line 2 fits no template/);
  });
});

test("a last line that is cut is no error of the log", async () => {
  const report = await validateText(`${good}{"tag":"trace","seq":2,"event":{"name":"kmem_mm_en`);
  expect(report.logs[0]).toMatchObject({ events: 1, skipped: 1 });
  expect(report.logs[0]!.notes.join()).toContain("may be cut");
});

describe("the header", () => {
  test.each([
    [HEADER.replace("1,", "2,"), "/version must be equal to constant (1)"],
    [HEADER.replace('"ns"', '"us"'), "/timeUnit must be equal to one of the allowed values (ns,ticks)"],
    [HEADER.replace("}", ',"clokc":"mono"}'), "(clokc)"],
  ])("%s is refused by its line", async (header, reason) => {
    const result = await validateLogs([memoryLog(good.replace(HEADER, header))]);
    if (!isInputError(result)) throw new Error("was not refused");
    expect(result).toMatchObject({ code: "bad-header", line: 1, file: "log.txt" });
    expect(result.message).toContain(reason);
  });
  test("tells the unit of times and the version", async () => {
    const ticks = await readBack(memoryLog(good.replace('"ns"', '"ticks","patch":"v0"')));
    expect(ticks.events[0]).toMatchObject({ time: "1000", style: 0 });
    expect(ticks.facts.sawTicks).toBe(true);
  });
  test("in the middle begins another trace", async () => {
    const { gaps, facts } = await readBack(memoryLog(good + good));
    expect(gaps).toMatchObject([{ reason: "segment", line: 3 }]);
    expect(facts.segments).toBe(2);
  });
});

test("a task name with escapes is kept as bytes", async () => {
  const { events } = await readBack(memoryLog(good.replace('"sh"', '"a\\u00e9\\n\\"b"')));
  expect(events[0]!.comm).toBe('a\u00e9\n"b');
});

test("the schema describes the events that the documentation shows", () => {
  const doc = readFileSync(new URL("../../docs/validate.md", import.meta.url), "utf8");
  const lines = doc.split("\n").filter((line) => /^\{"(format|tag)":.*\}$/.test(line));
  expect(lines.length).toBeGreaterThan(2);
  for (const line of lines) expect(valid(JSON.parse(line)), line).toBe(true);
});

test("JSON without any event is refused", async () => {
  const result = await validateLogs([memoryLog('{"a": 1}\n{"b": 2}\n')]);
  expect(isInputError(result) && result.code).toBe("unsupported-format");
});

test("a log may be written by hand in either form", async () => {
  const log = writeLog("v1").enter("a1").scan("a1").migrate("a1");
  const lines = await asJsonLines(memoryLog(log.text()));
  expect(verdicts(await validateText(`${lines.join("\n")}\n`))).toEqual(
    verdicts(await validateText(log.text())),
  );
});
