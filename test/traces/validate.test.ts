/** The door: options, several logs, interruption, the report's shape. */
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { isInputError, logFile, monitorCatalogue, validateLogs } from "../../traces/validate.ts";
import {
  example,
  expectReport,
  fixture,
  memoryLog,
  property,
  validateFile,
  validateText,
  verdicts,
} from "./support/logs.ts";
import { writeLog } from "./support/writer.ts";

const schema = JSON.parse(
  readFileSync(new URL("../../schemas/validate-report.schema.json", import.meta.url), "utf8"),
) as object;
const accepts = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);

function expectValid(report: object): void {
  const document: unknown = JSON.parse(JSON.stringify(report));
  expect(accepts(document) ? [] : accepts.errors).toEqual([]);
  expect(document).toEqual(report);
}

const good = writeLog().enter("a1").scan("a1", { total: 2 }).migrate("a1", 0, 2).text();
const bad = writeLog().scan("a1").end("a1").text();
const lost = `${good}CPU:0 [LOST 3 EVENTS]\n`;

describe("the report", () => {
  test.each([
    ["a good log", good],
    ["a bad log", bad],
    ["a log with losses", lost],
    ["a log with an unknown loss", `CPU:1 [LOST EVENTS]\n${good}`],
    ["an empty capture", writeLog().whole().replace("\n\n", "\n")],
    ["a log with odd bytes", `\x00\x01\xff odd\n${good}`],
    ["a log of an integer clock", good.replace(/(\d+)\.(\d{6}): /g, "$1$2: ")],
    ["function_graph", " 0)               |  /* kmem_scan_mm_start: mm = 00000000cb856597 */\n"],
  ])("on %s is what its schema says", async (_, text) => {
    expectValid(await validateText(text));
  });
  test.each(["v1-storm-calm.txt.gz", "v0-storm-calm-cut.txt.gz"])(
    "on examples/%s is what its schema says",
    async (name) => {
      expectValid(await validateFile(example(name)));
    },
  );
  test("is refused by its schema with a field more or less", () => {
    expect(accepts({})).toBe(false);
  });
  test("is the same, byte for byte, each time", async () => {
    const once = JSON.stringify(await validateFile(example("v1-storm-calm.txt.gz")));
    expect(JSON.stringify(await validateFile(example("v1-storm-calm.txt.gz")))).toBe(once);
  });
  test("gives every property a reason in words", async () => {
    for (const text of [good, bad, lost]) {
      for (const { reason } of (await validateText(text)).properties) expect(reason).toMatch(/\w+ \w+/);
    }
  });
});

describe("several logs", () => {
  const judge = async (...texts: readonly string[]): Promise<Record<string, string>> => {
    const inputs = texts.map((text, i) => memoryLog(text, 4096, `log-${i}`));
    return verdicts(expectReport(await validateLogs(inputs)));
  };
  test("have the worst verdict of all, violated before inconclusive before holds", async () => {
    expect((await judge(good, good))["A10"]).toBe("holds");
    expect((await judge(good, lost))["A10"]).toBe("inconclusive");
    expect((await judge(lost, bad, good))["A10"]).toBe("violated");
  });
  test("are vacuous only if each one is", async () => {
    const nothing = writeLog().start("a1").text();
    expect((await judge(nothing, nothing))["A06"]).toBe("holds*");
    expect((await judge(nothing, good))["A06"]).toBe("holds");
  });
  test("do not share their pointers, and each violation names its log", async () => {
    const report = expectReport(
      await validateLogs([memoryLog(good, 4096, "one"), memoryLog(bad, 4096, "two")]),
    );
    expect(property(report, "A10").violations.map(({ log, line }) => [log, line])).toEqual([["two", 3]]);
    expect(property(report, "A10").reason).toMatch(/^two: /);
    expect(report.logs.map(({ name }) => name)).toEqual(["one", "two"]);
  });
  test("are refused as a whole if one of them is", async () => {
    const result = await validateLogs([memoryLog(good), memoryLog("prose\n", 10, "second")]);
    expect(isInputError(result) && result.file).toBe("second");
  });
});

describe("options", () => {
  test("choose properties, in the order of the catalogue", async () => {
    const report = await validateText(good, { properties: ["P02", "A10"] });
    expect(report.properties.map(({ id }) => id)).toEqual(["A10", "P02"]);
  });
  test.each([
    [{ properties: ["X99"] }, "unknown-property"],
    [{ properties: ["a10"] }, "unknown-property"],
    [{ hz: 0 }, "bad-value"],
    [{ hz: Number.NaN }, "bad-value"],
    [{ clock: -1 }, "bad-value"],
    [{ maxLineBytes: 3 }, "bad-value"],
    [{ format: "strace" as "auto" }, "unknown-format"],
  ])("%o are refused", async (options, code) => {
    const result = await validateLogs([memoryLog(good)], options);
    expect(isInputError(result) && result.code).toBe(code);
  });
  test("refuse a property with the one that was meant", async () => {
    const result = await validateLogs([memoryLog(good)], { properties: ["a10"] });
    expect(isInputError(result) && result.hint).toContain("A10");
  });
  test("refuse a run without a log", async () => {
    expect(await validateLogs([])).toMatchObject({ kind: "input-error", code: "bad-value" });
  });
  test("pass the version to the report", async () => {
    expect((await validateText(good, { version: "9.9.9" })).version).toBe("9.9.9");
  });
});

test("an interrupt gives what is known so far, and nothing holds", async () => {
  const controller = new AbortController();
  let seen = 0;
  const report = await validateFile(example("v1-storm-calm.txt.gz"), {
    signal: controller.signal,
    onProgress: ({ bytes }) => {
      seen = bytes;
      controller.abort();
    },
  });
  expect(report).toMatchObject({ interrupted: true, verdict: "inconclusive" });
  expect(report.logs[0]!.bytes).toBe(seen);
  expect(report.logs[0]!.events).toBeGreaterThan(100);
  expect(property(report, "A10").reason).toContain("interrupted");
  expectValid(report);
});

test("a violation that is known at an interrupt is reported", async () => {
  const controller = new AbortController();
  const text = `${bad}${writeLog().wait(1000).scan("b2").text().repeat(3000)}`;
  const report = await validateText(
    text,
    { signal: controller.signal, onProgress: () => controller.abort() },
    1 << 17,
  );
  expect(report).toMatchObject({ interrupted: true, verdict: "violated" });
});

test("the catalogue gives each property an id, a title and what it needs", () => {
  expect(new Set(monitorCatalogue.map(({ id }) => id)).size).toBe(monitorCatalogue.length);
  for (const { id, title, needs } of monitorCatalogue) {
    expect(id).toMatch(/^[A-Z]\d\d$/);
    expect(title.length).toBeGreaterThan(20);
    expect(needs).not.toBe("");
  }
});

test.each([
  ["v0-abench-calm-cut.txt.gz", "v0"],
  ["v0-trace-cmd-cut.txt.gz", "v0"],
  ["v1-hole-cut.txt.gz", "v1"],
  ["v0-young-cut.txt.gz", "v0"],
])("nothing is violated in %s", async (name, patch) => {
  const result = expectReport(
    await validateLogs([logFile(fixture(name))], { properties: ["A06", "A07", "A10", "P01", "P02", "P03"] }),
  );
  expect(result.logs[0]).toMatchObject({ patch, skipped: 0 });
  expect(Object.values(verdicts(result))).not.toContain("violated");
});
