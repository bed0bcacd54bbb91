import { expect, test } from "vitest";
import { plain } from "../../cli/report/style.ts";
import { validateText } from "../../cli/report/validate-text.ts";
import type { LogReport, PropertyReport, ValidateReport } from "../../traces/report.ts";
import { complaints } from "./support/schemas.ts";

const log: LogReport = {
  name: "logs/storm.txt",
  beside: [],
  format: "ftrace",
  formatReason: "records of ftrace",
  patch: "v0",
  lines: 1234567,
  bytes: 120 * 2 ** 20,
  events: 1234000,
  eventsByKind: { kmem_scan_mm_start: 1234000 },
  lost: 318,
  lostByCpu: { "0": 0, "1": 318 },
  skipped: 2,
  skippedExamples: [{ line: 17, text: "what is this" }],
  header: null,
  clock: "seconds",
  pointerClass: "hashed",
  daemonPid: 37,
  startsMidStream: true,
  beginsWithEnter: null,
  cpus: [0, 1],
  skew: 2500,
  unreadable: 0,
  doubled: 0,
  outOfPlace: 0,
  notes: ["the log contains tracing_mark_write, whose text can forge records"],
};

const violated: PropertyReport = {
  id: "P01",
  title: "an mm is not scanned again before its scan period has passed",
  verdict: "violated",
  vacuous: false,
  reason: "3 violations",
  count: 3,
  violations: [
    {
      log: "logs/storm.txt",
      line: 849402,
      event: "kmem_scan_mm_start",
      time: "12.500000",
      actor: "kmmscand-37",
      message:
        "the scan of mm 00000000a99f42a1 comes 1200 ms before its period of 2300 ms has passed (line 849390)",
      count: 2,
      context: [
        {
          line: 849401,
          text: "        kmmscand-37      [001] .....    12.499000: kmem_scan_mm_start: mm = 1",
        },
        {
          line: 849402,
          text: "        kmmscand-37      [001] .....    12.500000: kmem_scan_mm_start: mm = 2",
        },
        { line: 849403, text: "          my\\x1bapp-40      [001] .....    12.600000: kmem_mm_exit: mm = 1" },
      ],
    },
    ...Array.from({ length: 6 }, (_, i) => ({
      log: "logs/storm.txt",
      line: 900000 + i,
      event: "kmem_scan_mm_end",
      time: null,
      actor: "kmmscand-37",
      message: `another kind, ${i}`,
      count: 1,
      context: [],
    })),
  ],
};

const report: ValidateReport = {
  tool: "kmmcheck",
  version: "0.1.0",
  command: "validate",
  verdict: "violated",
  interrupted: true,
  logs: [
    log,
    { ...log, name: "-", lost: null, lostByCpu: {}, notes: [], skippedExamples: [], startsMidStream: false },
  ],
  properties: [
    violated,
    {
      ...violated,
      id: "P02",
      title: "what is migrated was counted",
      verdict: "inconclusive",
      count: 0,
      violations: [],
      reason: "318 events were lost in 1 places",
    },
    {
      ...violated,
      id: "P03",
      title: "nothing happens to an mm that is gone",
      verdict: "holds",
      vacuous: true,
      count: 0,
      violations: [],
      reason: "its premise never occurred in the log",
    },
  ],
};

test("shows the health of the logs, one line a property, and each kind of violation with its lines", async () => {
  expect(complaints("validate-report", report)).toEqual([]);
  await expect(validateText(report, { width: 80, style: plain })).toMatchFileSnapshot(
    "../fixtures/cli/validate-violated.txt",
  );
});

test("keeps within 80 columns, quoted lines of logs apart", () => {
  const lines = validateText(report, { width: 80, style: plain }).split("\n");
  expect(lines.filter((line) => line.length > 80 && !/^ {2}[ >] \d+ \| /.test(line))).toEqual([]);
});
