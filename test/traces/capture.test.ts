/** The directory of a capture: which log in it is read, and what stands beside it decides. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import {
  parseHz,
  parseKnobs,
  parseMissedHits,
  parseOverruns,
  parseTopTier,
} from "../../traces/read/capture/text.ts";
import {
  isInputError,
  openLog,
  type ValidateOptions,
  type ValidateReport,
  validateLogs,
} from "../../traces/validate.ts";
import { example, expectReport, fixture, property, verdicts } from "./support/logs.ts";
import { writeLog } from "./support/writer.ts";

const base = mkdtempSync(join(tmpdir(), "kmmcheck-capture-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));
let made = 0;

/** A directory with these files, on top of a copy of a fixture's. */
function folder(files: Readonly<Record<string, string | Uint8Array>>, from?: string): string {
  const path = join(base, String(made++));
  mkdirSync(path);
  if (from !== undefined) cpSync(fixture(`captures/${from}`), path, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  return path;
}

async function judge(path: string, options: ValidateOptions = {}): Promise<ValidateReport> {
  const input = await openLog(path, "capture");
  if (isInputError(input)) throw new Error(input.message);
  return expectReport(await validateLogs([input], options));
}

const log = writeLog("v1").enter("a1").scan("a1", { total: 3 }).migrate("a1", 0, 2).migrate("a1", 4).whole();

/** Both ends of the counters; the log has two successes, one failure, one scan, at second 1. */
function counters(
  moved: Readonly<Record<string, number>>,
  uptime = ["0.9 1", "1.5 1"],
): Record<string, string> {
  const names = { migadded: 3, migrated: 2, migrate_failed: 1, mm_scans: 1, pgmigrate_success: 2, ...moved };
  const text = (value: (n: number) => number): string =>
    Object.entries(names)
      .map(([name, n]) => `${name.startsWith("pg") ? name : `nr_kmmscand_${name}`} ${value(n)}\n`)
      .join("");
  return {
    "trace.txt": log,
    "vmstat.before": text((n) => 100 * n),
    "vmstat.after": text((n) => 100 * n + n),
    ...(uptime.length === 0 ? {} : { "uptime.before": uptime[0]!, "uptime.after": uptime[1]! }),
  };
}

describe("the log of a capture is", () => {
  test.each([
    [{ "trace.txt": log, "trace_pipe.txt": log }, "trace.txt"],
    [{ "trace.txt": "# tracer: nop\n#\n", "trace_pipe.txt.gz": gzipSync(log) }, "trace_pipe.txt.gz"],
    [{ "trace-cmd.report.txt": log, "perf.script.F.txt": "x\n" }, "trace-cmd.report.txt"],
    [{ "README.md": "# x\n", "perf.script.txt.gz": gzipSync(log) }, "perf.script.txt.gz"],
    [{ "events.ndjson": '{"event":{"name":"x"}}\n' }, "events.ndjson"],
  ])("chosen (%#)", async (files, name) => {
    expect(await openLog(folder(files), "capture")).toMatchObject({ name: join("capture", name) });
  });
  test("missing, which is told with what is expected", async () => {
    expect(await openLog(folder({ "dmesg.txt": "x\n" }), "capture")).toMatchObject({
      code: "unreadable-file",
      message: "this is a directory without a log",
      file: "capture",
    });
    const dat = await openLog(folder({ "trace.dat": "x", "trace.txt": "y" }), "capture");
    expect(!isInputError(dat) && dat.name).toBe(join("capture", "trace.dat"));
  });
  test("not alone, which is told", async () => {
    const report = await judge(folder({ "trace.txt": log, "trace_pipe.txt": log }));
    expect(report.logs[0]!.notes.join()).toContain("trace_pipe.txt stands beside this log and was not read");
  });
});

describe("the counters", () => {
  const found = async (files: Readonly<Record<string, string>>) => {
    const report = await judge(folder(files));
    return { ...verdicts(report), of: (id: string) => property(report, id) };
  };
  test("that agree with the log hold", async () => {
    expect(await found(counters({}))).toMatchObject({ A01: "holds", A02: "holds", C01: "holds" });
  });
  test("may count scans that are outside of the log's time", async () => {
    expect(await found(counters({ mm_scans: 5 }))).toMatchObject({ C01: "holds" });
  });
  test("that count more migrations than pages moved violate A02 and C01, whatever the log lost", async () => {
    const files = counters({ migrated: 9, migadded: 10 });
    const result = await found({ ...files, "trace.txt": `CPU:0 [LOST 5 EVENTS]\n${log}` });
    expect(result).toMatchObject({ A02: "violated", C01: "violated" });
    expect(result.of("A02").violations[0]).toMatchObject({
      log: "capture/vmstat.after",
      line: 2,
      event: "nr_kmmscand_migrated",
    });
  });
  test("that may have counted what is outside of the log decide nothing", async () => {
    const result = await found(counters({ migrated: 9, migadded: 10, pgmigrate_success: 20 }));
    expect(result).toMatchObject({ A01: "holds", A02: "inconclusive", C01: "inconclusive" });
  });
  test("that show less than the log violate C01 if the snapshots enclose it", async () => {
    const little = { migadded: 0, migrated: 0, migrate_failed: 0, mm_scans: 0 };
    const many: Record<string, string> = {
      ...counters(little),
      "trace.txt": writeLog("v1").scan("a1", { total: 9 }).migrate("a1", 0, 5).whole(),
    };
    expect(await found(many)).toMatchObject({ C01: "violated" });
    expect(await found({ ...many, "uptime.before": "1.4 1" })).toMatchObject({ C01: "inconclusive" });
    const untimed = Object.fromEntries(Object.entries(many).filter(([name]) => !name.startsWith("uptime")));
    expect(await found(untimed)).toMatchObject({ C01: "inconclusive" });
  });
  test("that leave entries over, or end more than were queued", async () => {
    expect(await found(counters({ migadded: 7 }))).toMatchObject({ A01: "inconclusive" });
    expect(await found(counters({ migadded: 1 }))).toMatchObject({ A01: "violated" });
  });
  test("of a real run count 7,200 folios too many", async () => {
    const path = folder({}, "v1-storm-calm");
    cpSync(example("v1-storm-calm.txt.gz"), join(path, "trace.txt.gz"));
    const report = await judge(path);
    expect(verdicts(report)).toMatchObject({
      A01: "inconclusive",
      A02: "violated",
      C01: "violated",
      S15: "holds",
      P05: "holds",
    });
    expect(property(report, "A02").reason).toContain("7200 more than the 34265 pages");
    expect(report.logs[0]!.beside).toContain("vmstat.after");
  });
  test("are asked for in vain without a capture", async () => {
    const report = await judge(folder({ "trace.txt": log }), { properties: ["A01", "A02", "C01", "K01"] });
    expect(report.properties.map(({ verdict }) => verdict)).toEqual(Array(4).fill("inconclusive"));
  });
});

describe("the kernel log", () => {
  const boot = "[    0.000000] Linux version 6.12\n";
  test("of a real oops gives each report once, with task and likely defect", async () => {
    const report = await judge(folder({ "trace.txt": log }, "oops"));
    const { verdict, violations, count } = property(report, "K01");
    expect([verdict, count]).toEqual(["violated", 3]);
    expect(
      violations.map((v) => [v.event, v.actor, v.time, /likely defect (\w+)/.exec(v.message)?.[1]]),
    ).toEqual([
      ["BUG", "kmmscand-37", "27.623106", "D29"],
      ["RCU stall", "storm-280", "48.658590", "D08"],
      ["soft lockup", "storm-280", "76.479110", "D08"],
    ]);
    expect(violations[0]).toMatchObject({ log: "capture/dmesg.txt", line: 6 });
  });
  test("of real hung tasks gives one finding a task", async () => {
    const { violations } = property(await judge(folder({ "trace.txt": log }, "hung")), "K01");
    expect(violations.map((v) => [v.actor, v.count])).toEqual([
      ["execfail-7129", 2],
      ["execfail-15373", 1],
    ]);
    expect(violations[0]!.message).toContain("in __kmmscand_exit; likely defect D01");
  });
  test.each([
    ["WARNING: possible recursive locking detected", "lockdep report"],
    ["BUG: KASAN: slab-use-after-free in kmmscand_migrate_folio+0x1/0x2", "KASAN report"],
    ["BUG: sleeping function called from invalid context at mm/slab.c:1", "sleep in atomic context"],
    ["WARNING: CPU: 1 PID: 37 at mm/kmmscand.c:99 kmmscand+0x1/0x2", "warning"],
    ["general protection fault, probably for non-canonical address 0x1: 0000 [#1] SMP", "oops"],
    ["kernel BUG at mm/kmmscand.c:1!", "BUG"],
    ["Kernel panic - not syncing: Attempted to kill init!", "panic"],
  ])("knows: %s", async (line, what) => {
    const dmesg = `${boot}[    9.000000] ${line}\n[    9.000001] CPU: 1 UID: 0 PID: 37 Comm: a b Not tainted 6.12\n`;
    const { violations } = property(await judge(folder({ "trace.txt": log, "dmesg.txt": dmesg })), "K01");
    expect(violations).toMatchObject([{ event: what, actor: "a b-37", line: 2, time: "9.000000" }]);
  });
  test("without a report holds, also beside a log with losses, but not if its beginning is missing", async () => {
    const lossy = `CPU:0 [LOST 5 EVENTS]\n${log}`;
    const whole = await judge(folder({ "trace.txt": lossy, "dmesg.txt": `${boot}[ 1.0] all well\n` }));
    expect(verdicts(whole)).toMatchObject({ K01: "holds", A10: "inconclusive" });
    const late = await judge(folder({ "trace.txt": log, "dmesg.txt": "[   99.000000] all well\n" }));
    expect(verdicts(late)).toMatchObject({ K01: "inconclusive" });
  });
  test("from before the recording does not count, where it is known when that began", async () => {
    const dmesg = `${boot}[    9.000000] BUG: early\n[   20.000000] BUG: late\n`;
    const found = async (text: string, files: Record<string, string>) =>
      property(await judge(folder({ "trace.txt": log, "dmesg.txt": text, ...files })), "K01");
    const begun = { "uptime.before": "15.00 1.00\n" };
    const late = await found(dmesg, begun);
    expect(late.violations).toMatchObject([{ line: 3, time: "20.000000" }]);
    expect(late.reason).toContain("1 report is from before the recording");
    const none = await found(dmesg.replace("BUG: late", "all well"), begun);
    expect(none).toMatchObject({ verdict: "holds", violations: [] });
    const cut = dmesg.slice(boot.length).replace("BUG: late", "all well");
    expect(await found(cut, begun)).toMatchObject({ verdict: "holds" });
    expect(await found(cut, { "uptime.before": "5.00 1.00\n" })).toMatchObject({ count: 1 });
    const unknown = await found(dmesg, {});
    expect([unknown.count, unknown.reason]).toEqual([2, expect.stringContaining("nothing tells whether")]);
    const slept = `${dmesg}[   21.000000] PM: suspend entry (deep)\n`;
    expect((await found(slept, begun)).count).toBe(2);
  });
  test("counts as a whole where uptime.before is later than uptime.after", async () => {
    const dmesg = `${boot}[    9.000000] BUG: early\n`;
    const files = { ...counters({ migrated: 9 }, ["15.00 1.00", "10.00 1.00"]), "dmesg.txt": dmesg };
    const report = await judge(folder(files));
    expect(property(report, "K01")).toMatchObject({ verdict: "violated", count: 1 });
    expect(report.properties.map(({ id }) => id)).not.toContain("C01");
    expect(report.logs[0]!.notes.join()).toContain("uptime.before is 15 s and uptime.after 10 s");
  });
  test("cannot drive a terminal", async () => {
    const dmesg = `${boot}[    9.000000] BUG: \x1b[31mred\n`;
    const { violations } = property(await judge(folder({ "trace.txt": log, "dmesg.txt": dmesg })), "K01");
    expect(JSON.stringify(violations)).not.toContain("\\u001b");
  });
});

test("a file that is there and says nothing is told", async () => {
  const said = await judge(folder(counters({})));
  expect(said.logs[0]!.notes).toEqual([]);
  const files = {
    ...counters({}),
    "vmstat.after": "",
    "uptime.before": "\x00\x00",
    "stats.cpu0.after": "entries: 4\n",
    "stats.cpu1.after": "overrun: 0\n",
  };
  expect((await judge(folder(files))).logs[0]!.notes).toEqual([
    "uptime.before has no seconds since boot, it is left out",
    "vmstat.after has no counters, it is left out",
    "stats.cpu0.after has no count of lost events, it is left out",
  ]);
});

describe("what the ring buffers and perf say of losses", () => {
  test("counts where the log is silent", async () => {
    const stats = "entries: 0\noverrun: 7\ncommit overrun: 1\ndropped events: 0\n";
    const report = await judge(
      folder({ "trace.txt": log.replace(/^#.*\n/gm, ""), "stats.cpu0.after": stats }),
    );
    expect(report.verdict).toBe("inconclusive");
    expect(report.logs[0]!.notes.join()).toContain("the ring buffers lost 8 events, the log tells of 0");
  });
  test("counts hits that a kprobe missed", async () => {
    const files = { "trace.txt": log, "kprobe_profile.txt": "enter 3 0\nexit_ret 3 2\n" };
    const report = await judge(folder(files));
    expect(report.verdict).toBe("inconclusive");
    expect(report.logs[0]!.notes).toContain("the kprobe exit_ret missed 2 hits");
    expect(parseMissedHits("  promote_ret             12               1\n  x 1\n")).toEqual({
      promote_ret: 1,
    });
  });
  test("lets a log of perf hold, if nothing was lost and all is there", async () => {
    const perf =
      "        kmmscand    37 [001]     4.047269:   kmem:kmem_mm_enter: mm = 0xffff88800014c500\n" +
      "        kmmscand    37 [001]     4.047275:   kmem:kmem_mm_enter: mm = 0xffff88800014c500\n";
    const record = (n: number, more = "") =>
      `[ perf record: Captured and wrote 3.6 MB x (${n} samples) ]\n${more}`;
    const of = async (text: string) =>
      (await judge(folder({ "perf.script.txt": perf, "perf.record.log": text }))).properties[0]!.verdict;
    expect(await of(record(2))).toBe("holds");
    expect(await of(record(3))).toBe("inconclusive");
    expect(await of(record(2, "Processed 9 events and lost 1 chunks!\n"))).toBe("inconclusive");
  });
});

describe("knobs", () => {
  const knobs = "/sys/kernel/mm/kmmscand/mms_to_scan 2\n/sys/kernel/mm/kmmscand/scan_sleep_ms 50\n";
  const busy = writeLog("v1");
  for (let i = 0; i < 4; i++) busy.start("a1").wait(1).start("b2").wait(60);
  busy.start("a1").start("b2").start("a1");
  test("that stayed the same are tunables, but prove no violation: they are known at two moments only", async () => {
    const path = folder({ "trace.txt": busy.whole(), "knobs.before": knobs, "knobs.after": knobs });
    expect(property(await judge(path), "P05").reason).toContain("known only at the ends");
    const given = await judge(path, { tunables: { scanSleepMs: 50, mmsToScan: 2 } });
    expect(property(given, "P05").verdict).toBe("violated");
  });
  test("that changed are none, and are told", async () => {
    const after = knobs.replace("50", "80");
    const report = await judge(folder({ "trace.txt": log, "knobs.before": knobs, "knobs.after": after }));
    expect(verdicts(report)["P05"]).toBeUndefined();
    expect(report.logs[0]!.notes.join()).toContain("scan_sleep_ms from 50 to 80");
  });
});

test("small texts are read as what they say", () => {
  expect(parseKnobs("/a/b/x 5\ny: 6\nz=7\nbad\n")).toEqual({ x: 5, y: 6, z: 7 });
  expect(parseOverruns("overrun: 3\nbytes: 9\ndropped events: 2\n")).toBe(5);
  expect(parseOverruns("bytes: 9\n")).toBeNull();
  expect([
    parseHz("CONFIG_HZ=250\n"),
    parseHz("PREEMPT_VOLUNTARY, HZ=1000"),
    parseHz("CONFIG_NO_HZ=y"),
  ]).toEqual([250, 1000, null]);
  const tier = (n: number, nodes: string) => `/sys/x/memory_tier${n}/nodelist: ${nodes}\n`;
  expect(parseTopTier(`${tier(4, "0-1,3")}${tier(450, "2")}has_cpu: 0-1 has_memory: 0-3\n`)).toEqual([
    0, 1, 3,
  ]);
  expect(parseTopTier(tier(4, "0"))).toBeNull();
});
