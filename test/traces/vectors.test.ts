import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { isInputError, validateLogs } from "../../traces/validate.ts";
import { fixture, memoryLog, readBack, validateText } from "./support/logs.ts";

interface Vector {
  readonly n: number;
  readonly b64: string;
  readonly text: string;
  readonly cls: "E" | "G" | "I" | "N" | "W" | "X";
  readonly pid?: number;
  readonly ev?: string;
  readonly comm?: string;
  readonly mm?: string;
  readonly start?: string;
  readonly physicalLines?: number;
}

const vectors = readFileSync(fixture("vectors.ndjson"), "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line) as Vector);

/** Of perf trace, raw and hex output, which are refused as a whole. */
const REFUSED = new Set([78, 42, 43]);

const bytesOf = (vector: Vector): Buffer =>
  Buffer.concat([Buffer.from(vector.b64, "base64"), Buffer.from("\n")]);

const title = (vector: Vector): string => `${vector.n}: ${JSON.stringify(vector.text.slice(0, 70))}`;

test("there are 43 vectors", () => {
  expect(vectors).toHaveLength(43);
});

describe("a line that is an event is read as what it is", () => {
  const events = vectors.filter(
    (vector) => vector.pid !== undefined && vector.cls !== "W" && !REFUSED.has(vector.n),
  );
  test.each(events.map((vector) => [title(vector), vector] as const))("%s", async (_, vector) => {
    const { events: read, facts } = await readBack(memoryLog(bytesOf(vector)));
    expect(read).toHaveLength(1);
    const [event] = read;
    expect(event!.pid).toBe(vector.pid);
    const known = event!.event === "other" ? [...facts.countByName.keys()][0] : event!.event;
    if (vector.ev !== undefined) expect(known).toBe(vector.ev);
    if (vector.comm !== undefined) {
      expect(event!.comm.endsWith(vector.comm)).toBe(true);
      expect(event!.comm.trimStart()).toBe(vector.comm.trimStart());
    }
    if (vector.start !== undefined) expect(String(event!.start)).toBe(vector.start);
    if (vector.mm !== undefined) expect(event!.mm).toMatch(mmPattern(vector.mm));
    expect(facts.lines).toBe(vector.physicalLines ?? 1);
    expect(facts.unknown).toBe(0);
  });
});

function mmPattern(mm: string): RegExp {
  if (mm.startsWith("err")) return /^err$/;
  return new RegExp(`^0*${mm}$`);
}

describe("a line that tells of a loss is a hole", () => {
  const gaps = vectors.filter((vector) => vector.cls === "G");
  test.each(gaps.map((vector) => [title(vector), vector] as const))("%s", async (_, vector) => {
    const { events, gaps: holes } = await readBack(memoryLog(bytesOf(vector)));
    expect(events).toEqual([]);
    expect(holes).toHaveLength(1);
    const lost = /(\d+) EVENTS/.exec(vector.text)?.[1];
    expect(holes[0]).toMatchObject({
      cpu: Number(/CPU[: ](\d+)/.exec(vector.text)![1]),
      lost: Number(lost ?? -1),
    });
  });
});

describe("a line of another tool or option is refused with what to do", () => {
  const refused = vectors.filter((vector) => REFUSED.has(vector.n));
  test.each(refused.map((vector) => [title(vector), vector] as const))("%s", async (_, vector) => {
    const result = await validateLogs([memoryLog(bytesOf(vector))]);
    expect(isInputError(result) && result.hint).toBeTruthy();
    expect(isInputError(result) && result.code).toMatch(/^unsupported-/);
  });
});

describe("a line of function_graph", () => {
  test("gives its event without task and time", async () => {
    const vector = vectors.find(({ n }) => n === 45)!;
    const { events, layout } = await readBack(memoryLog(bytesOf(vector)));
    expect(layout).toBe("graph");
    expect(events[0]).toMatchObject({ event: "kmem_mm_enter", cpu: 0, pid: -1, mm: "00000000cb856597" });
  });
  test("that closes a function is no event", async () => {
    const vector = vectors.find(({ n }) => n === 46)!;
    expect((await readBack(memoryLog(bytesOf(vector)))).events).toEqual([]);
  });
});

test("a stack line is no event and no unknown line", async () => {
  const record = bytesOf(vectors[0]!);
  const stack = bytesOf(vectors.find(({ n }) => n === 48)!);
  const { events, facts } = await readBack(memoryLog(Buffer.concat([record, stack, record])));
  expect([events.length, facts.unknown]).toEqual([2, 0]);
});

test("a marker whose NUL ate its line feed is one record, and the log says that it holds the text of another", async () => {
  const vector = vectors.find(({ n }) => n === 53)!;
  const report = await validateText(bytesOf(vector));
  expect(report.logs[0]!.eventsByKind).toEqual({ tracing_mark_write: 1 });
  expect(report.logs[0]!.notes.join()).toContain("looks like a record");
});

test("a pointer that was cut short identifies nothing", async () => {
  const vector = vectors.find(({ n }) => n === 82)!;
  const { events, facts, gaps } = await readBack(memoryLog(bytesOf(vector)));
  expect(events).toEqual([]);
  expect(facts.unreadable).toBe(1);
  expect(gaps).toMatchObject([{ reason: "unreadable", line: 1, cpu: 0 }]);
});
