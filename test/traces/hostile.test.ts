/**
 * Hostile and odd input, row by row of the table that names them (1 to 90): what the reader must make of each line.
 * A row is a log of one or a few lines and what is asserted of it.
 */
import { describe, expect, test } from "vitest";
import { isInputError, type LogReport, validateLogs } from "../../traces/validate.ts";
import {
  type Copied,
  fixture,
  memoryLog,
  type ReadBack,
  readBack,
  textOf,
  validateText,
} from "./support/logs.ts";
import { writeLog } from "./support/writer.ts";

interface Row {
  readonly row: number;
  readonly what: string;
  readonly log: string | Uint8Array;
  /** Fields of the events that are delivered, in order. */
  readonly events?: readonly Partial<Copied>[];
  readonly gaps?: readonly Partial<ReadBack["gaps"][number]>[];
  /** Lines not understood; 0 where not said. */
  readonly unknown?: number;
  readonly unreadable?: number;
  /** A word that a note on the log's health must contain. */
  readonly note?: string;
  readonly report?: Partial<LogReport>;
  readonly verdict?: "holds" | "inconclusive" | "violated";
  /** The log is refused, with this in the message or the hint. */
  readonly refused?: string;
}

const task = (name: string, pid: number | string = 161): string =>
  `${name.padStart(16)}-${String(pid).padEnd(7)}`;
const V1 = "kmem_mm_enter: mm = 0000000067431aa1";
const rec = (
  body = V1,
  { name = "kmmscand", pid = 161, cpu = "000", flags = ".....", time = "16.007257" } = {},
): string => `${task(name, pid)} [${cpu}] ${flags} ${time.padStart(12)}: ${body}\n`;
const enter = { event: "kmem_mm_enter", mm: "0000000067431aa1", pid: 161, cpu: 0 };
const v0 = (name: string, mm = "0000000067431aa1"): string =>
  `kmem_mm_enter: kmmscand: mm_enter comm =${name} mm=${mm}`;
const mm = (text: string): string => rec(`kmem_scan_mm_start: mm = ${text}`);
const perf = (body: string, name = "kmmscand", time = "120.876712"): string =>
  `${name.padStart(16)}     262 [001]   ${time}: ${body}\n`;
const perfEnter = perf("kmem:kmem_mm_enter: mm = 0xff12b5b042337900");
const json = (event: string): string => `{"format":"kmmcheck-trace","version":1,"timeUnit":"ns"}\n${event}\n`;
const bt = (body: string, name = "sh"): string => `KMM1 5000000000 0 100 ${body}|${name}\n`;
const rtEnd =
  "kmem_scan_mm_end: mm=0000000067431aa1, start = START, total = 0, scan_period = 1000, scan_size = 1073741824 node = 0";
const end = (start: string): string => rec(rtEnd.replace("START", start));

const rows: readonly Row[] = [
  {
    row: 1,
    what: "an event of V0",
    log: rec("kmem_scan_mm_migrate: kmmscand: scan_mm_migrate comm =kmmscand mm=0000000067431aa1 rc=0"),
    events: [{ event: "kmem_scan_mm_migrate", rc: 0, node: -1, style: 0, time: "16.007257000" }],
    report: { patch: "v0" },
  },
  {
    row: 2,
    what: "an event of V1",
    log: rec("kmem_scan_mm_migrate: mm = 00000000c8b1a27d rc = 0 node = 0", { flags: ".N..." }),
    events: [{ event: "kmem_scan_mm_migrate", rc: 0, node: 0, style: 1 }],
    report: { patch: "v1" },
  },
  {
    row: 3,
    what: "a task named like columns",
    log: rec(v0("x-12 [003] d.h1"), { name: "x-12 [003] d.h1", pid: 169 }),
    events: [{ ...enter, pid: 169, cpu: 0, comm: " x-12 [003] d.h1" }],
  },
  {
    row: 4,
    what: "a task named like a whole header",
    log: rec(V1, { name: "x-1 [00] 9: e: ", pid: 169 }),
    events: [{ ...enter, pid: 169 }],
  },
  {
    row: 5,
    what: "a task named mm=0xdead",
    log: rec(v0("mm=0xdead", "000000005a5a5a00"), { name: "mm=0xdead" }),
    events: [{ mm: "000000005a5a5a00" }],
  },
  {
    row: 6,
    what: "a task named comm =evil",
    log: rec(v0("comm =evil"), { name: "comm =evil" }),
    events: [{ ...enter, comm: "      comm =evil" }],
  },
  {
    row: 7,
    what: "a task named like an event",
    log: rec("sched_process_exit: comm=kmem_mm_enter: pid=11601 prio=120", {
      name: "kmem_mm_enter:",
      pid: 11601,
    }),
    events: [{ event: "sched_process_exit", pid: 11601 }],
  },
  {
    row: 8,
    what: "a task without a name",
    log: rec(V1, { name: "", pid: 11621 }),
    events: [{ ...enter, pid: 11621, comm: " ".repeat(16) }],
  },
  {
    row: 9,
    what: "names that end or begin with blanks",
    log: rec(V1, { name: "trail " }) + rec(v0("  lead"), { name: "  lead" }),
    events: [
      { ...enter, comm: "          trail " },
      { ...enter, comm: "            lead" },
    ],
  },
  {
    row: 10,
    what: "a task named -5",
    log: rec(V1, { name: "-5", pid: 11607 }),
    events: [{ ...enter, pid: 11607, comm: "              -5" }],
  },
  {
    row: 11,
    what: "a task named <...>-99",
    log: rec(V1, { name: "<...>-99", pid: 11593 }),
    events: [{ ...enter, pid: 11593, comm: "        <...>-99" }],
  },
  {
    row: 12,
    what: "a task whose name was not kept",
    log: rec(V1, { name: "<...>", pid: 1300, flags: "d.s2" }),
    events: [{ ...enter, pid: 1300 }],
  },
  {
    row: 13,
    what: "the idle task",
    log: rec(V1, { name: "<idle>", pid: 0, flags: "dNh1" }),
    events: [{ ...enter, pid: 0 }],
    note: "idle task",
  },
  {
    row: 14,
    what: "a line feed in the name",
    log: `         nl\nnext-11611   (  11611) [001] ..... 1.000000: ${V1}\n`,
    events: [{ ...enter, pid: 11611, tgid: 11611, cpu: 1, line: 1 }],
  },
  {
    row: 15,
    what: "a line feed in the payload",
    log: rec("kmem_mm_enter: kmmscand: mm_enter comm =nl\nnext mm=000000005a5a5a00"),
    events: [{ mm: "000000005a5a5a00" }],
  },
  {
    row: 16,
    what: "a tabulator in the name",
    log: rec(V1, { name: "tab\there", pid: 11595 }),
    events: [{ ...enter, pid: 11595 }],
  },
  {
    row: 17,
    what: "UTF-8 in the name",
    log: rec(V1, { name: "n\u00c3\u00a9-w\u00c3\u00b6rld", pid: 11609 }),
    events: [{ ...enter, pid: 11609 }],
  },
  {
    row: 18,
    what: "bytes that are no UTF-8",
    log: rec(V1, { name: "\u00ff\u00fe bin", pid: 1734 }),
    events: [{ ...enter, pid: 1734 }],
  },
  {
    row: 19,
    what: "an escape sequence in the name",
    log: rec(V1, { name: "\u001b[31mred", pid: 11617 }),
    events: [{ ...enter, pid: 11617 }],
  },
  {
    row: 20,
    what: "a loss with its count",
    log: `CPU:1 [LOST 318 EVENTS]\n${rec()}`,
    events: [enter],
    gaps: [{ reason: "lost", cpu: 1, lost: 318 }],
    report: { lost: 318, lostByCpu: { "1": 318 } },
  },
  {
    row: 21,
    what: "a loss without a count",
    log: `CPU:1 [LOST EVENTS]\n${rec()}`,
    events: [enter],
    gaps: [{ cpu: 1, lost: -1 }],
    report: { lost: null },
  },
  {
    row: 22,
    what: "losses as trace-cmd prints them",
    log: `CPU:1 [EVENTS DROPPED]\nCPU:0 [120 EVENTS DROPPED]\n${rec()}`,
    events: [enter],
    gaps: [
      { cpu: 1, lost: -1 },
      { cpu: 0, lost: 120 },
    ],
  },
  {
    row: 23,
    what: "the start of a sub-buffer",
    log: `CPU:0 [SUBBUFFER START]\n${rec()}`,
    events: [enter],
    gaps: [],
  },
  {
    row: 24,
    what: "a task named like a loss",
    log: rec(V1, { name: "CPU:0 [LOST 5", pid: 1679 }),
    events: [{ ...enter, pid: 1679 }],
    gaps: [],
  },
  {
    row: 25,
    what: "a CPU whose buffer starts",
    log: `##### CPU 1 buffer started ####\n${rec()}`,
    events: [enter],
    gaps: [{ reason: "cpu-started", cpu: 1 }],
    note: "the buffer of a CPU starts within the log",
  },
  {
    row: 26,
    what: "events that were overwritten",
    log: `# tracer: nop\n# entries-in-buffer/entries-written: 1/810   #P:2\n${rec()}`,
    events: [enter],
    report: { startsMidStream: true, header: { entries: 1, written: 810 } },
    note: "809 of 810 events were overwritten",
    verdict: "inconclusive",
  },
  {
    row: 27,
    what: "an empty log",
    log: "# tracer: nop\n#\n# entries-in-buffer/entries-written: 0/0   #P:2\n",
    events: [],
    verdict: "inconclusive",
  },
  {
    row: 28,
    what: "two traces one after the other",
    log: `# tracer: nop\n${rec()}# tracer: nop\n${rec()}`,
    events: [enter, enter],
    gaps: [{ reason: "segment", line: 3 }],
    note: "2 traces stand one after the other",
  },
  {
    row: 29,
    what: "time that goes back on its CPU",
    log: rec() + rec(V1, { time: "3.000000" }),
    events: [enter, enter],
    gaps: [{ reason: "clock" }],
    note: "the clock jumps back 1 times",
  },
  {
    row: 30,
    what: "time that goes back between CPUs",
    log: rec() + rec(V1, { time: "16.007255", cpu: "001" }),
    events: [enter, { ...enter, cpu: 1 }],
    gaps: [],
    report: { skew: 2000 },
  },
  {
    row: 31,
    what: "two events of one time",
    log: rec("kmem_mm_exit: mm = 0000000067431aa1") + rec(),
    events: [{ event: "kmem_mm_exit" }, enter],
    report: { skew: 0 },
  },
  {
    row: 32,
    what: "a rounded time",
    log: rec(V1, { time: "16.007433" }) + rec(V1, { time: "16.007432519" }),
    events: [{ time: "16.007433000" }, { time: "16.007432519" }],
    gaps: [],
  },
  {
    row: 33,
    what: "a clock of ten digits",
    log: rec(V1, { time: "1795498657.805258" }),
    events: [{ ...enter, time: "1795498657.805258000" }],
  },
  {
    row: 34,
    what: "a clock that counts events",
    log: rec(V1, { time: "4" }),
    events: [{ ...enter, time: "4" }],
    report: { clock: "ticks", skew: null },
  },
  {
    row: 35,
    what: "a clock of cycles",
    log: rec(V1, { time: "2028886187471" }),
    events: [{ ...enter, time: "2028886187471" }],
    report: { clock: "ticks" },
  },
  {
    row: 36,
    what: "four characters of irq-info",
    log: `        kmmscand-77    [001] ....   101.000001: ${V1}\n`,
    events: [{ ...enter, pid: 77, cpu: 1 }],
  },
  {
    row: 37,
    what: "seven characters of irq-info",
    log: `    redis-server-135     [001] .n.....    11.168961: ${V1}\n`,
    events: [{ ...enter, pid: 135, cpu: 1 }],
  },
  {
    row: 38,
    what: "no irq-info",
    log: `        kmmscand-161     [000]     16.007257: ${V1}\n`,
    events: [enter],
  },
  {
    row: 39,
    what: "the latency format",
    log: `kmmscand-161       0..... 443869us+: ${V1}\n`,
    events: [{ ...enter, time: "0.443869000" }],
  },
  {
    row: 40,
    what: "the latency format with a task named like columns",
    log: `x-12 [00-169       0..... 293471us#: ${V1}\n`,
    events: [{ ...enter, pid: 169, comm: "x-12 [00" }],
  },
  {
    row: 41,
    what: "the verbose latency format",
    log: "            bash   13782   1 0 00000000 00000006 [2e8ad4b6] 19.662ms (+0.415ms): kmem_mm_enter: mm = 0000000067431aa1\n",
    refused: "options/verbose",
  },
  { row: 42, what: "raw output", log: "161 0 16007257109 type: 1528\n", refused: "options/raw" },
  {
    row: 43,
    what: "hex output",
    log: "000035d6 00000001 000000b5ce224741 type: 366\n",
    refused: "options/hex",
  },
  {
    row: 44,
    what: "events without columns",
    log: `${V1}\n`,
    events: [{ ...enter, pid: -1, cpu: -1 }],
    report: { clock: "none" },
  },
  {
    row: 45,
    what: "an event as a comment of function_graph",
    log: " 0)               |  /* kmem_mm_enter: kmmscand: mm_enter comm =x-12 [003] d.h1 mm=0000000067431aa1 */\n",
    events: [{ ...enter, pid: -1, cpu: 0 }],
  },
  {
    row: 46,
    what: "other lines of function_graph",
    log: ` 0)               |  /* ${V1} */\n 1) ! 894.367 us  |  }\n 1)    bash-155    =>   rcu_pre-18  \n ------------------------------------------\n`,
    events: [{ event: "kmem_mm_enter" }],
  },
  {
    row: 47,
    what: "a line of the function tracer",
    log: rec() + rec("schedule <-p9_client_rpc", { name: "bash" }),
    events: [enter, { event: "other" }],
  },
  {
    row: 48,
    what: "a stack",
    log: `${rec() + rec("<stack trace>")} => vfs_write\n => do_syscall_64\n${rec()}`,
    events: [enter, { event: "other" }, enter],
  },
  {
    row: 49,
    what: "a kprobe of another name",
    log: rec('p_migrate: (migrate_pages+0x4/0xb10) reason=0 mode=2 comm="bash"'),
    events: [{ event: "other" }],
    report: { eventsByKind: { p_migrate: 1 } },
  },
  {
    row: 50,
    what: "a kretprobe of another name",
    log: rec("r_migrate: (compact_zone+0x9f3/0x10c0 <- migrate_pages) ret=-12"),
    events: [{ event: "other" }],
    report: { eventsByKind: { r_migrate: 1 } },
  },
  {
    row: 51,
    what: "a trace_printk that imitates an event",
    log: rec("w: hello mm = 000000006b74c428 from trace_printk"),
    events: [{ event: "other", mm: "" }],
    report: { eventsByKind: { w: 1 } },
  },
  {
    row: 52,
    what: "a marker that forges a line",
    log: `${rec() + rec("tracing_mark_write: x")}            evil-1       [000] .....     1.000000: kmem_mm_enter: mm = 00000000deadbeef\n`,
    events: [enter, { event: "tracing_mark_write" }, { pid: 1, mm: "00000000deadbeef" }],
    note: "can forge records",
    report: { skew: 15007257000 },
  },
  {
    row: 53,
    what: "a NUL that ate the line feed",
    log: rec("tracing_mark_write: nul         python3-1450    [000] ..... 1.000000: x: y"),
    events: [{ event: "tracing_mark_write" }],
    note: "looks like a record",
  },
  {
    row: 54,
    what: "long lines and those that were too long",
    log: `${rec(`tracing_mark_write: ${"x".repeat(100_000)}`)}[LINE TOO BIG]\n${rec()}`,
    events: [{ event: "tracing_mark_write" }, enter],
    gaps: [{ reason: "lost", cpu: -1, lost: 1 }],
    note: "longer than the limit",
  },
  {
    row: 55,
    what: "a marker that imitates a header",
    log: rec() + rec("tracing_mark_write: # tracer: fake") + rec(),
    events: [enter, { event: "tracing_mark_write" }, enter],
    gaps: [],
  },
  {
    row: 56,
    what: "a raw marker",
    log: rec() + rec("# 7 buf: 72 61 77 20 6d 61 72", { name: "python3" }),
    events: [enter, { event: "other" }],
  },
  {
    row: 57,
    what: "an unknown type",
    log: rec() + rec("UNKNOWN TYPE 5"),
    events: [enter, { event: "other" }],
  },
  {
    row: 58,
    what: "pointers that all print alike",
    log: mm("(____ptrval____)"),
    events: [{ mm: "ptrval" }],
    report: { pointerClass: "unknown" },
    note: "cannot be told from others",
    verdict: "inconclusive",
  },
  {
    row: 59,
    what: "NULL in all spellings",
    log: mm("          (null)") + mm("0000000000000000") + mm("(nil)"),
    events: [{ mm: "null" }, { mm: "null" }, { mm: "null" }],
    verdict: "violated",
  },
  {
    row: 60,
    what: "an error pointer",
    log: mm("fffffffffffffff4") + mm("0xfffffffffffffff4"),
    events: [{ mm: "err" }, { mm: "err" }],
    verdict: "violated",
  },
  {
    row: 61,
    what: "hashed and raw pointers",
    log: mm("ff323ad981aa7900") + mm("0000000067431aa1"),
    events: [{ mm: "ff323ad981aa7900" }, { mm: "0000000067431aa1" }],
    report: { pointerClass: "mixed" },
    note: "mixed",
  },
  {
    row: 62,
    what: "upper case in pointers",
    log: mm("0xFF14A14701059B80") + mm("0xff14a14701059b80"),
    events: [{ mm: "ff14a14701059b80" }, { mm: "ff14a14701059b80" }],
  },
  { row: 63, what: "a start of -1", log: end("-1"), events: [{ start: 2n ** 64n - 1n }] },
  {
    row: 64,
    what: "starts beyond 32 and 53 bits",
    log: end("66571993088") + end("9223372036854775807"),
    events: [{ start: 66571993088n }, { start: 9223372036854775807n }],
  },
  {
    row: 65,
    what: "no comma before the node",
    log: end("0"),
    events: [{ size: 1073741824n, node: 0, style: 1 }],
  },
  {
    row: 66,
    what: "no node",
    log: rec("kmem_scan_mm_migrate: mm = 0000000067431aa1 rc = 0 node = -1"),
    events: [{ rc: 0, node: -1, style: 1 }],
  },
  {
    row: 67,
    what: "a payload of another event",
    log:
      rec() +
      rec("kmem_scan_mm_start: kmmscand: mm_enter comm =a mm=0000000067431aa1") +
      rec(V1, { time: "17.500000" }),
    events: [enter, enter],
    gaps: [{ reason: "unreadable", line: 2 }],
    unreadable: 1,
    note: "fits no template",
    verdict: "inconclusive",
  },
  {
    row: 68,
    what: "trace-cmd report -R",
    log: "        kmmscand-161   [000]    16.007257: kmem_scan_mm_migrate:  comm=kmmscand mm=0xff14a14701059b80 rc=-11\n",
    events: [{ event: "kmem_scan_mm_migrate", rc: -11, style: 0 }],
  },
  {
    row: 69,
    what: "a record that trace-cmd could not parse",
    log: rec("kmem_scan_mm_migrate: [FAILED TO PARSE] mm=0xffff8881 rc=0"),
    events: [],
    gaps: [{ reason: "unreadable" }],
    unreadable: 1,
  },
  {
    row: 70,
    what: "banners of trace-cmd",
    log: `version = 6\ncpus=2\nCPU 1 is empty\n${rec()}`,
    events: [enter],
  },
  {
    row: 71,
    what: "names of buffers",
    log: `inst1: ${rec()}       ${rec()}inst1: ${rec()}`,
    events: [enter, enter, enter],
  },
  {
    row: 72,
    what: "names of files",
    log: `   v0-trace.dat: cpus=2\n   v0-trace.dat: ${rec()}`,
    events: [enter],
  },
  {
    row: 73,
    what: "time differences",
    log: `        kmmscand-161   [000]   118.177904: (+1807)  ${V1}\n        kmmscand-161   [000]   118.177905:          ${V1}\n`,
    events: [enter, enter],
  },
  {
    row: 74,
    what: "perf script",
    log: perfEnter,
    events: [{ event: "kmem_mm_enter", pid: 262, cpu: 1, mm: "ff12b5b042337900" }],
  },
  {
    row: 75,
    what: "perf script -g",
    log: "kmmscand   164 [001]   167.202175: kmem:kmem_scan_mm_start: mm = 0xff12b5b042337900\n\tffffffffc0652c9a [unknown] ([x])\n\n",
    events: [{ event: "kmem_scan_mm_start", pid: 164, cpu: 1 }],
  },
  {
    row: 76,
    what: "a loss in perf script",
    log: perfEnter + perf("PERF_RECORD_LOST lost 2256", "flood"),
    events: [{ pid: 262 }],
    gaps: [{ cpu: 1, lost: 2256 }],
  },
  {
    row: 77,
    what: "records of perf about tasks",
    log: perf("PERF_RECORD_COMM: init:1/1", "init", "0.000000") + perfEnter,
    events: [{ pid: 262, time: "120.876712000" }],
    gaps: [],
  },
  {
    row: 78,
    what: "perf trace",
    log: "     0.833 kmmscand/164 kmem:kmem_scan_mm_migrate(mm: 0xff12b5b042334d00, rc: 4294967280)\n",
    refused: "perf script",
  },
  {
    row: 79,
    what: "losses of bpftrace",
    log: `${bt(V1)}Lost 6881 events\n{"type": "lost_events", "data": {"events": 3043}}\n`,
    events: [{ event: "kmem_mm_enter" }],
    gaps: [
      { cpu: -1, lost: 6881 },
      { cpu: -1, lost: 3043 },
    ],
  },
  {
    row: 80,
    what: "bytes that bpftrace writes wrongly",
    log: `{"type": "printf", "data": "KMM1 5000000000 0 100 ${V1}|n\\uffffffc3\\uffffffa9\\n"}\n`,
    events: [{ comm: "             n\u00c3\u00a9" }],
  },
  {
    row: 81,
    what: "other output of bpftrace",
    log: `Attaching 2 probes...\n{"type": "map", "data": {"@n": {"a": 4}}}\n\n${bt(V1)}@rc[3]: 1\n`,
    events: [{ event: "kmem_mm_enter" }],
  },
  {
    row: 82,
    what: "a last line that is cut",
    log: rec() + rec("kmem_mm_enter: mm = 00000000674").trimEnd(),
    events: [enter],
    unknown: 1,
    note: "no line end",
  },
  ...["00000000", "ffff8880", "0xffff888"].map((cut) => ({
    row: 82,
    what: `a last line that is cut in a pointer: ${cut}`,
    log: `# nrcpus online : 1\n${rec()}${rec(`kmem_scan_mm_start: mm = ${cut}`).trimEnd()}`,
    verdict: "holds" as const,
    note: "no line end",
  })),
  {
    row: 83,
    what: "carriage returns and a byte order mark",
    log: `\u00ef\u00bb\u00bf${rec().replace("\n", "\r\n")}`,
    events: [enter],
  },
  { row: 83, what: "UTF-16", log: Buffer.from(`\ufeff${rec()}`, "utf16le"), refused: "iconv" },
  { row: 83, what: "a perf.data file", log: "PERFILE2........", refused: "perf script" },
  { row: 83, what: "an ELF file", log: "\u007fELF\u0002", refused: "ELF" },
  {
    row: 84,
    what: "prefixes of a mail and of a log, blanks that were cut",
    log: `> ${rec()}[  123.456789] ${rec()}${rec().trimStart()}`,
    events: [enter, enter, enter],
    note: "do not stand at their column",
  },
  {
    row: 85,
    what: "colours and progress",
    log: `\u001b[32m${rec().trimEnd()}\u001b[0m\n 10%\r 20%\r${rec(V1, { time: "17.500000" })}`,
    events: [enter, enter],
    note: "do not stand at their column",
  },
  {
    row: 86,
    what: "JSON without an event, with a key twice, with null, with large numbers",
    log: json(
      [
        '{"level":"info"}',
        '{"event":{"name":"kmem_mm_enter","name":"x","args":{}}}',
        '{"event":{"name":"kmem_mm_enter","args":{"mm":null}}}',
        '{"event":{"name":"kmem_mm_enter","ts":9007199254740993000000001,"args":{"mm":"0000000067431aa1"}}}',
        '{"event":{"name":"kmem_mm_enter","ts":9007199254740993,"args":{"mm":18446744069414584320}}}',
      ].join("\n"),
    ),
    events: [{ time: "9007199.254740993", mm: "ffffffff00000000" }],
    unreadable: 3,
  },
  {
    row: 88,
    what: "babeltrace",
    log: '[00:01:34.938511956] (+0.000561498) kmem:kmem_scan_mm_migrate: { cpu_id = 0 }, { comm = "n", pid = 0, prio = 0 }\nERROR: x\n',
    refused: "perf script",
  },
  {
    row: 89,
    what: "times of day that pass midnight",
    log: "[23:59:59.938511956] (+0.1) a: { cpu_id = 0 }\n[00:00:00.038511956] (+0.1) a: { cpu_id = 0 }\n",
    refused: "babeltrace",
  },
  {
    row: 90,
    what: "an error of the kernel's runtime verification",
    log: rec() + rec("error_wwnr: 161: event wakeup not expected in the state running"),
    events: [enter, { event: "other" }],
    note: "reported 1 errors, first in line 2: error_wwnr: 161: event wakeup",
  },
];

test("every row of the table is there", () => {
  const numbers = new Set(rows.map(({ row }) => row));
  // Row 87 (ITF) is tested with its reader, in itf.test.ts.
  expect(Array.from({ length: 90 }, (_, i) => i + 1).filter((n) => !numbers.has(n))).toEqual([87]);
});

describe("row", () => {
  test.each(rows.map((row) => [row.row, row.what, row] as const))("%i: %s", async (_, __, row) => {
    if (row.refused !== undefined) {
      const result = await validateLogs([memoryLog(row.log)]);
      if (!isInputError(result)) throw new Error("was not refused");
      expect(result.message).toMatch(/^[^\n]{5,200}$/);
      expect(`${result.message} ${result.hint}`).toContain(row.refused);
      return;
    }
    const { events, gaps, facts } = await readBack(memoryLog(row.log));
    if (row.events !== undefined) expect(events).toMatchObject(row.events);
    if (row.gaps !== undefined) expect(gaps).toMatchObject(row.gaps);
    expect([facts.unknown, facts.unreadable]).toEqual([row.unknown ?? 0, row.unreadable ?? 0]);
    const judged = row.note ?? row.report ?? row.verdict;
    if (judged === undefined && (row.row < 16 || row.row > 19)) return;
    const report = await validateText(row.log);
    const [log] = report.logs;
    if (row.note !== undefined) expect(log!.notes.join("\n")).toContain(row.note);
    if (row.report !== undefined) expect(log).toMatchObject(row.report);
    if (row.verdict !== undefined) expect(report.verdict).toBe(row.verdict);
    // Nothing of a log reaches a terminal as it is.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not be there
    expect(JSON.stringify(report)).not.toMatch(/[\x00-\x1f\x7f]/);
  });
});

test("row 72 in a real file of two buffers, row 71 there too", async () => {
  const { events, facts } = await readBack(memoryLog(textOf(fixture("v1-report-buffers.txt"))));
  expect([events.length > 0, facts.unknown]).toEqual([true, 0]);
});

describe("what stands beside records is understood behind a prefix", () => {
  const log = writeLog("v1")
    .enter("a1")
    .scan("a1")
    .wait(2305)
    .scan("a1", { period: 2300, size: 2 ** 29 });
  const beside = [
    "# tracer: nop",
    `# entries-in-buffer/entries-written: ${log.lines.length}/${log.lines.length + 9}   #P:2`,
    "#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION",
    ...log.lines.slice(0, 3),
    "CPU:0 [LOST 5 EVENTS]",
    ...log.lines.slice(3),
    "##### CPU 1 buffer started ####",
  ];
  test.each(["> ", ">> ", "    ", "\t", "[  123.456789] ", "Dec  1 12:00:00 host kernel: "])(
    "%j",
    async (prefix) => {
      const { gaps, facts } = await readBack(memoryLog(beside.map((line) => `${prefix}${line}\n`).join("")));
      expect(facts).toMatchObject({
        lost: 5,
        entries: 5,
        written: 14,
        headerCpus: 2,
        unanchored: expect.any(Number),
      });
      expect(gaps.filter(({ reason }) => reason !== "unreadable")).toMatchObject([
        { reason: "lost", cpu: 0, lost: 5 },
        { reason: "cpu-started", cpu: 1 },
      ]);
    },
  );
  test("but no line of a mark that another program wrote", async () => {
    const marked = `${log.lines[0]}\n          python-7       [000] .....  2000.000000: tracing_mark_write: > # tracer: nop\n`;
    const { facts, gaps } = await readBack(memoryLog(marked));
    expect([facts.segments, gaps.length]).toEqual([1, 0]);
  });
});

test("a line that is not understood may have been a record: nothing rests on what is around it", async () => {
  const log = writeLog("v1")
    .enter("a1")
    .scan("a1")
    .wait(100)
    .scan("a1", { period: 2300, size: 2 ** 29 });
  expect((await validateText(log.text())).verdict).toBe("violated");
  const [enter, start, end, ...rest] = log.lines;
  const damaged = [
    enter,
    start,
    end,
    "        kmmscand-37 \xe000000000a1, start = 0, total = 0, scan_per",
    ...rest,
  ];
  const report = await validateText(`${damaged.join("\n")}\n`);
  expect(report.verdict).not.toBe("violated");
});

test("nor on a record in whose name a byte is damaged", async () => {
  const [enter = "", ...rest] = writeLog("v1").enter("a1").scan("a1").lines;
  const lines = (name: string) =>
    memoryLog(`${[enter.replace(/kmem_mm_enter/, name), ...rest].join("\n")}\n`);
  expect((await readBack(lines("kmem_mm_other"))).gaps).toEqual([]);
  expect((await readBack(lines("kmem\u0001mm_enter"))).gaps).toMatchObject([{ reason: "unreadable" }]);
  expect((await readBack(lines("kmem_mm_\u00e9nter"))).gaps).toMatchObject([{ reason: "unreadable" }]);
  expect((await readBack(lines("kmem_mm_enter\u007f"))).gaps).toMatchObject([{ reason: "unreadable" }]);
});
