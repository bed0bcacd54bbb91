/** Traces of states in ITF, row 87 of the table of hostile input among them. */
import { describe, expect, test } from "vitest";
import { isInputError, validateLogs } from "../../traces/validate.ts";
import { memoryLog, readBack, validateText } from "./support/logs.ts";

const big = (n: number | string): object => ({ "#bigint": String(n) });
const event = (name: string, ts: number, args: unknown): object => ({
  tag: "Event",
  value: { name, ts: big(ts), cpu: big(1), pid: 37, comm: "kmmsc\u00e4nd", args },
});
const trace = (events: readonly unknown[], more: object = {}): string =>
  JSON.stringify(
    { "#meta": { format: "ITF" }, vars: ["event"], states: events.map((e) => ({ event: e })), ...more },
    null,
    1,
  );

const MM = "0000000067431aa1";
const good = [
  { tag: "None", value: {} },
  event("kmem_scan_mm_start", 5e9, { mm: MM }),
  event("kmem_scan_mm_end", 5_000_000_001, {
    "#map": [
      ["mm", MM],
      ["start", big(-1)],
      ["total", big(65536)],
      ["scan_period", 1000],
      ["scan_size", big(2 ** 30)],
      ["node", 0],
    ],
  }),
  { tag: "Gap", value: { cpu: 1, lost: big(318) } },
  { name: "kmem_scan_mm_migrate", ts: 6e9, cpu: 1, pid: 37, args: { mm: MM, rc: big(-11), node: -1 } },
];

test("events and holes are read with every digit", async () => {
  const { events, gaps, format, facts } = await readBack(memoryLog(Buffer.from(trace(good)), 50));
  expect(format).toBe("itf");
  expect(events).toMatchObject([
    {
      event: "kmem_scan_mm_start",
      line: 2,
      cpu: 1,
      pid: 37,
      mm: MM,
      time: "5.000000000",
      comm: "kmmsc\u00e4nd",
    },
    {
      event: "kmem_scan_mm_end",
      line: 3,
      start: 2n ** 64n - 1n,
      total: 65536n,
      size: 2n ** 30n,
      node: 0,
      time: "5.000000001",
    },
    { event: "kmem_scan_mm_migrate", line: 5, rc: -11, node: -1, mm: MM },
  ]);
  expect(gaps).toMatchObject([{ reason: "lost", cpu: 1, lost: 318, line: 4 }]);
  expect([facts.unknown, facts.unreadable, facts.lines]).toEqual([0, 0, 5]);
});

test("an event that is none is told with its state", async () => {
  const report = await validateText(trace([event("kmem_mm_enter", 1, { mm: null })]));
  expect(report.logs[0]).toMatchObject({ format: "itf", unreadable: 1 });
  expect(report.verdict).toBe("inconclusive");
});

describe("is refused with its place (row 87)", () => {
  const [none] = good;
  test.each([
    [
      "no whole number",
      trace([event("x", 1, { rc: { "#bigint": "12x" } })]),
      "/states/0/event/value/args/rc/#bigint",
    ],
    [
      "a variable that is missing",
      trace([none], { vars: ["event", "cur"] }),
      'at /states/0: the variable "cur" is missing',
    ],
    ["a loop beyond the states", trace([none], { loop: 1 }), "at /loop"],
    [
      "a key twice in a map",
      trace([
        event("x", 1, {
          "#map": [
            ["mm", "a"],
            ["mm", "b"],
          ],
        }),
      ]),
      'args/#map/1: the key "mm" stands twice',
    ],
    ["a number that was rounded", trace([event("x", 1, { rc: 2 ** 60 })]), "#bigint"],
    [
      "a model's trace without events",
      '{"vars":["cur"],"states":[{"cur":1}]}',
      'at /vars: the variable "event"',
    ],
    ["no states", '{"vars":["event"]}', "at /states"],
    ["text that is cut", trace(good).slice(0, -20), "no JSON text"],
    [
      "nesting without end",
      trace(["[".repeat(100) + "]".repeat(100)]).replace(/"(\[+\]+)"/, "$1"),
      "nested too deeply",
    ],
  ])("%s", async (_, text, message) => {
    const result = await validateLogs([memoryLog(text)]);
    if (!isInputError(result)) throw new Error("was not refused");
    expect(result).toMatchObject({ code: "bad-header", file: "log.txt" });
    expect(result.message).toContain(message);
  });
});
