/** Every real log of a supported format, line by line against the slow reader, and by the counts its notes give. */
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { EVENT_NAMES, Kind, type TraceEvent } from "../../traces/event.ts";
import { isInputError } from "../../traces/input-error.ts";
import { readLog } from "../../traces/read/log-reader.ts";
import { decompressed, logFile } from "../../traces/read/source.ts";
import { openLog, type PropertyReport, validateLogs } from "../../traces/validate.ts";
import {
  expectReport,
  property,
  readOptions,
  shared,
  textOf,
  validateText,
  verdicts,
} from "./support/logs.ts";
import { type SlowEvent, slowParse } from "./support/slow-reader.ts";

const captures = join(shared, "traces");
const present = existsSync(captures);
const suite = describe.skipIf(!present);
if (!present) test.skip("the shared captures are not beside this checkout");

interface Facts {
  readonly lines: number;
  readonly counts: Readonly<Record<string, number>>;
  /** Verdict of each property, `*` where vacuous; only the decided ones. */
  readonly verdicts: Readonly<Record<string, string>>;
}

const kept = { A01: "holds", A02: "holds", C01: "holds", K01: "holds" };
const calm = { ...kept, A06: "holds", A07: "holds", A10: "holds", P01: "holds", P02: "holds", L01: "holds" };
const queued = { B01: "holds", B05: "holds", L03: "holds" };

/** Lines and counts from the notes of each run. */
const runs: Readonly<Record<string, Facts>> = {
  "idle/trace.txt.gz": {
    lines: 199101,
    counts: { kmem_scan_mm_start: 198987, kmem_mm_enter: 31, kmem_scan_mm_end: 19 },
    verdicts: { ...kept, A01: "holds*", A02: "inconclusive", C01: "inconclusive" },
  },
  "abench_calm/trace.txt.gz": {
    lines: 59892,
    counts: {
      kmem_scan_mm_start: 10656,
      kmem_scan_mm_end: 20,
      kmem_scan_mm_migrate: 8192,
      promote: 8192,
      enter: 6,
    },
    verdicts: {
      ...calm,
      P03: "holds",
      F02: "holds",
      F03: "holds",
      F04: "holds",
      ...queued,
      B04: "holds",
      S03: "holds",
    },
  },
  "storm_calm/trace.txt.gz": {
    lines: 62225,
    counts: { kmem_mm_enter: 270, exit: 270, collect: 21, kmem_scan_mm_migrate: 25483 + 293 },
    verdicts: { ...calm, P03: "holds", ...queued, B04: "holds", S03: "holds" },
  },
  "storm/trace.txt.gz": {
    lines: 1194638,
    counts: { kmem_mm_enter: 136, exit: 136, collect: 23, kmem_scan_mm_migrate: 4096 + 19 },
    verdicts: { ...calm, P01: "inconclusive", P03: "holds", ...queued, B04: "holds", S03: "holds" },
  },
  "lost/trace_pipe.txt.gz": {
    lines: 171440,
    counts: { kmem_scan_mm_migrate: 1209 },
    verdicts: { ...kept, A02: "inconclusive", C01: "inconclusive" },
  },
  "perf/perf.script.txt.gz": {
    lines: 34258,
    counts: { kmem_scan_mm_migrate: 12858 },
    verdicts: { ...calm, ...queued },
  },
  "knobs_calm/trace.txt.gz": {
    lines: 27740,
    counts: { kmem_scan_mm_end: 150 },
    verdicts: { ...calm, ...queued, A08: "holds", L06: "violated" },
  },
  "g_young/trace.txt.gz": {
    lines: 380713,
    counts: {
      pte_entry: 52056,
      promote: 50590,
      kmem_scan_mm_migrate: 50590,
      walk_vma: 1269,
      kmem_scan_mm_end: 117,
    },
    verdicts: {
      ...calm,
      F01: "violated",
      F02: "holds",
      F04: "holds",
      L02: "inconclusive",
      ...queued,
      A03: "violated",
      A04: "violated",
      P04: "holds",
      S14: "holds",
    },
  },
  "g_hole/trace.txt.gz": {
    lines: 9561,
    counts: { pte_entry: 350, kmem_scan_mm_end: 20, promote: 16 },
    verdicts: {
      ...calm,
      ...queued,
      A03: "holds",
      A04: "holds",
      L02: "inconclusive",
      P04: "holds",
      S14: "holds",
    },
  },
  "g_execfail_nostart/trace.txt.gz": {
    lines: 153081,
    counts: { enter: 15301, exit: 15299, exit_ret: 15297, kmem_scan_mm_end: 72, collect: 1 },
    verdicts: {
      A06: "holds",
      A07: "holds",
      A10: "inconclusive",
      P01: "inconclusive",
      P02: "holds*",
      P03: "holds",
      A01: "holds*",
      K01: "violated",
      B04: "violated",
      L04: "inconclusive",
      S04: "inconclusive",
    },
  },
  "g_exitmig/trace.txt.gz": {
    lines: 373657,
    counts: { kmem_scan_mm_start: 343132, promote: 5029, kmem_scan_mm_migrate: 5028, exit: 41, exit_ret: 40 },
    verdicts: { A01: "inconclusive", A02: "inconclusive", C01: "inconclusive", K01: "violated" },
  },
  "tracecmd_calm/trace-cmd.report.txt.gz": {
    lines: 37158,
    counts: { kmem_scan_mm_end: 82 },
    verdicts: { ...calm, ...queued },
  },
  "v1_abench_calm/trace.txt.gz": {
    lines: 114272,
    counts: { kmem_scan_mm_start: 14976, kmem_scan_mm_end: 25, kmem_scan_mm_migrate: 24875, kmem_mm_exit: 6 },
    verdicts: { ...calm, P03: "holds", ...queued, B04: "holds", S05: "inconclusive" },
  },
  "v1_storm_calm/trace.txt.gz": {
    lines: 156243,
    counts: { kmem_mm_enter: 394, kmem_mm_exit: 394, kmem_scan_mm_migrate: 34270, mm_migrate_pages: 34266 },
    verdicts: {
      ...calm,
      A01: "inconclusive",
      A02: "violated",
      C01: "violated",
      P02: "violated",
      P03: "violated",
      S06: "violated",
      F02: "holds",
      F03: "holds",
      F04: "holds",
      ...queued,
      B04: "holds",
      S03: "holds",
      S05: "inconclusive",
    },
  },
  "v1_hole_big/trace.txt.gz": {
    lines: 81614,
    counts: { kmem_scan_mm_end: 73 },
    verdicts: { ...calm, P03: "holds", ...queued, A05: "violated", L02: "inconclusive", P04: "holds" },
  },
  "v1_prctl/trace.txt.gz": {
    lines: 24045,
    counts: { kmem_scan_mm_start: 15275, kmem_scan_mm_migrate: 4298, tracing_mark_write: 14, walk_vma: 257 },
    verdicts: { ...calm, P03: "holds", ...queued, A09: "holds", L01: "inconclusive", P04: "holds" },
  },
};

/** Captures that have lost events, so that no model can be said to have them. */
const torn = ["idle/trace.txt.gz", "lost/trace_pipe.txt.gz", "g_exitmig/trace.txt.gz"];

suite("the real capture", () => {
  describe.each(Object.entries(runs))("%s", (name, facts) => {
    const path = join(captures, name);

    test("has the lines, the events and the verdicts that its notes tell", async () => {
      const input = await openLog(dirname(path), "capture");
      if (isInputError(input)) throw new Error(input.message);
      // A capture of trace-cmd has its binary file as well, which is read first and says the same.
      const chosen = name.startsWith("tracecmd") ? "trace.dat" : basename(path);
      expect(input.name).toBe(join("capture", chosen));
      const report = expectReport(await validateLogs([input]));
      const [log] = report.logs;
      expect(log).toMatchObject({ lines: facts.lines, skipped: 0 });
      expect(log!.eventsByKind).toMatchObject(facts.counts);
      expect(verdicts(report)).toMatchObject(facts.verdicts);
      const model = property(report, "M01");
      expect(model.violations).toEqual([]);
      expect([model.verdict, model.vacuous]).toEqual([torn.includes(name) ? "inconclusive" : "holds", false]);
      expect(model.reason).toContain(`against the ${name.startsWith("v1") ? "v1" : "v0"} model`);
    });

    test.skipIf(name.startsWith("perf/"))("is read event by event as the slow reader reads it", async () => {
      expect(await differences(path)).toEqual([]);
    });
  });
});

suite("the first scan of a new mm in line 119 of storm_calm", () => {
  const folder = join(captures, "storm_calm");
  async function edited(from: string, to: string, tunables = {}): Promise<PropertyReport> {
    const lines = textOf(join(folder, "trace.txt.gz")).split("\n");
    expect(lines[118]).toContain(from);
    lines[118] = lines[118]!.replace(from, to);
    return property(await validateText(lines.join("\n"), { tunables, properties: ["A07"] }), "A07");
  }

  test("is violated with another size", async () => {
    const { verdict, violations } = await edited("= 4294967296", "= 1073741824");
    expect([verdict, violations.map(({ line }) => line)]).toEqual(["violated", [119]]);
  });
  test("is violated with another period where the knob is given, and not compared where it is not", async () => {
    const { verdict, violations } = await edited("= 2000", "= 4321", { scanPeriodMs: 2000 });
    expect([verdict, violations.map(({ line }) => line)]).toEqual(["violated", [119]]);
    expect((await edited("= 2000", "= 4321")).reason).toBe(
      "51 steps, 113 first scans, the period of 113 of them is not compared, for mm_scan_period_ms is not known",
    );
  });
  test("leaves a capture undecided that knows the knob at its two ends only", async () => {
    const copy = mkdtempSync(join(tmpdir(), "kmmcheck-capture-"));
    for (const name of ["knobs.before", "knobs.after"]) copyFileSync(join(folder, name), join(copy, name));
    const lines = textOf(join(folder, "trace.txt.gz")).split("\n");
    lines[118] = lines[118]!.replace("= 2000", "= 4321");
    writeFileSync(join(copy, "trace.txt"), lines.join("\n"));
    const input = await openLog(copy, "capture");
    const report = expectReport(
      await validateLogs(isInputError(input) ? [] : [input], { properties: ["A07"] }),
    );
    rmSync(copy, { recursive: true });
    expect(property(report, "A07")).toMatchObject({
      verdict: "inconclusive",
      reason: expect.stringContaining("a first scan has a period of 4321 ms where mm_scan_period_ms is 2000"),
    });
  });
});

test.skipIf(!present)("in no real log a first scan differs from the knob at its start", async () => {
  for (const name of ["knobs_calm", "v1_storm_calm", "v1_hole_big", "g_execfail_nostart"]) {
    const log = logFile(join(captures, name, "trace.txt.gz"));
    const options = { properties: ["A07"], tunables: { scanPeriodMs: 2000 } };
    expect(verdicts(expectReport(await validateLogs([log], options)))).toEqual({ A07: "holds" });
  }
});

/** Lines that the slow reader is given of each log. */
const COMPARED = 20_000;

/** The first differences between the two readers on the first lines of a log. */
async function differences(path: string): Promise<readonly string[]> {
  const expected: SlowEvent[] = [];
  let carry = "";
  let given = 0;
  let read = 0;
  const source = decompressed(logFile(path).open());
  const found: string[] = [];
  // The fast reader is fed through a tap, so that the slow one has each chunk first.
  const tapped = {
    name: path,
    async *open() {
      for await (const chunk of source) {
        const lines = (carry + chunk.toString("latin1")).split("\n");
        carry = lines.pop()!;
        for (const line of lines) {
          const event = slowParse(line);
          if (event !== null) expected.push(event);
        }
        given += lines.length;
        if (given > COMPARED) {
          // End behind a line: how the fast reader takes a cut one is another test's matter.
          yield chunk.subarray(0, chunk.lastIndexOf(10) + 1);
          return;
        }
        yield chunk;
      }
    },
  };
  const result = await readLog(tapped, readOptions, (log) => ({
    event(event) {
      const slow = expected[read++];
      if (found.length > 3) return;
      const wrong = slow === undefined ? "no event there" : compare(event, slow, (mm) => log.table.text(mm));
      if (wrong !== null) found.push(`line ${event.line}: ${wrong}`);
    },
    gap() {},
  }));
  if (isInputError(result)) return [result.message];
  if (expected.length > read) found.push(`${expected.length - read} events were not read`);
  return found;
}

function compare(event: TraceEvent, slow: SlowEvent, text: (mm: number) => string): string | null {
  const name = EVENT_NAMES[event.kind];
  if (event.kind !== Kind.other && name !== slow.event) return `${name} is ${slow.event}`;
  const time = event.nsec < 0 ? String(event.sec) : `${event.sec}.${String(event.nsec).padStart(9, "0")}`;
  if (time !== slow.time || event.cpu !== slow.cpu || event.pid !== slow.pid) return "columns differ";
  if (event.bytes.toString("latin1", event.commFrom, event.commTo) !== slow.comm) return "the task differs";
  if (event.kind < Kind.mmEnter || event.kind > Kind.migrate) return null;
  if ((event.mm < 0 ? "0".repeat(16) : text(event.mm)) !== slow.mm) return "the mm differs";
  if (event.kind === Kind.migrate && String(event.rc) !== slow.numbers[0]) return "rc differs";
  if (event.kind !== Kind.scanEnd) return null;
  const pair = event.swapped ? [event.size, event.period] : [event.period, event.size];
  const numbers = [BigInt.asIntN(64, event.start), event.total, ...pair].map(String);
  if (event.node >= 0) numbers.push(String(event.node));
  return numbers.join() === slow.numbers.join()
    ? null
    : `numbers ${numbers.join()} are ${slow.numbers.join()}`;
}
