/** Binary files of trace-cmd: the same as its own report, and damage is told. */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isInputError, logFile, validateLogs } from "../../traces/validate.ts";
import { fixture, memoryLog, readBack, textOf, validateText } from "./support/logs.ts";
import { type BuildOptions, TraceDatBuilder } from "./support/trace-dat.ts";

describe.each([
  ["v1-trace.dat", "v1-trace-dat-report.txt", 31],
  ["v0-buffers.dat", "v0-buffers-report.txt", 8],
])("%s", (name, report, count) => {
  test("has the events that trace-cmd report -t prints, to the nanosecond and on the same lines", async () => {
    const binary = await readBack(logFile(fixture(name)));
    const text = await readBack(logFile(fixture(report)));
    expect(binary.events).toHaveLength(count);
    expect(binary.format).toBe("trace.dat");
    const facts = (read: typeof text): readonly unknown[] =>
      read.events.map(({ offset: _, ...event }) => event);
    expect(facts(binary)).toEqual(facts(text));
    expect(binary.facts.unknown + binary.facts.unreadable).toBe(0);
  });
  test("is read the same from a pipe, in small chunks and compressed", async () => {
    const bytes = readFileSync(fixture(name));
    const plain = await readBack(logFile(fixture(name)));
    for (const input of [memoryLog(bytes, 5), memoryLog(gzipSync(bytes), 100)])
      expect((await readBack(input)).events).toEqual(plain.events);
  });
});

test("the report of a clock in nanoseconds, which leaves no blank behind the CPU, is read", async () => {
  const report = [
    "cpus=2",
    "              sh-682   [000] 30532358503: sched_process_exec:   filename=/bin/sh pid=682 old_pid=682",
    "        kmmscand-179   [001]430490874445: kmem_scan_mm_start:   mm = 0xff25655702d33c80",
    "        kmmscand-179   [001]430556995836: kmem_scan_mm_end:     mm=0xff2565570105e300, start = 0, total = 11, scan_period = 400, scan_size = 1073741824 node = 0",
    "        kmmscand-179   [001]430557095144: promote:              (ffffffffc04bc9f0) info=0xff2565573ffc8f00 mm=0x0",
    "",
  ].join("\n");
  const { events, facts, format } = await readBack(memoryLog(Buffer.from(report)));
  expect([format, facts.unreadable, facts.unknown]).toEqual(["trace-cmd", 0, 0]);
  expect(events.map(({ event, cpu, pid, time }) => [event, cpu, pid, time])).toEqual([
    ["sched_process_exec", 0, 682, "30532358503"],
    ["kmem_scan_mm_start", 1, 179, "430490874445"],
    ["kmem_scan_mm_end", 1, 179, "430556995836"],
    ["promote", 1, 179, "430557095144"],
  ]);
});

/** Two CPUs with V1 events, a process that exits, a kprobe and a marker that imitates a record. */
function sample(options: BuildOptions): Buffer {
  const dat = new TraceDatBuilder(options);
  dat.tasks = "37 kmmscand\n100 a\nb\n";
  const mm = "void * mm;\toffset:8;\tsize:8;\tsigned:0;";
  const value = (name: string, at: number, type = "unsigned long", size = 8): string =>
    `${type} ${name};\toffset:${at};\tsize:${size};\tsigned:${type === "int" ? 1 : 0};`;
  dat
    .format(1, "kmem_mm_enter", [mm], '"mm = %p", REC->mm')
    .format(2, "kmem_scan_mm_start", [mm], '"mm = %p", REC->mm')
    .format(
      3,
      "kmem_scan_mm_end",
      [
        mm,
        value("start", 16),
        value("total", 24),
        value("scan_period", 32),
        value("scan_size", 40),
        value("target_node", 48, "int", 4),
      ],
      '"mm=%p, start = %ld, total = %ld, scan_period = %ld, scan_size = %ld node = %d", REC->mm, REC->start, REC->total, REC->scan_period, REC->scan_size, REC->target_node',
    )
    .format(
      4,
      "kmem_scan_mm_migrate",
      [mm, value("rc", 16, "int", 4), value("target_node", 20, "int", 4)],
      '"mm = %p rc = %d node = %d", REC->mm, REC->rc, REC->target_node',
    )
    .format(
      5,
      "print",
      [value("ip", 8), "char buf[];\toffset:16;\tsize:0;\tsigned:1;"],
      '"%ps: %s", (void *)REC->ip, REC->buf',
    )
    .format(
      6,
      "enter",
      [value("__probe_ip", 8), value("mm", 16, "u64")],
      '"(%lx) mm=0x%Lx", REC->__probe_ip, REC->mm',
    )
    .format(
      7,
      "sched_process_exec",
      ["__data_loc char[] filename;\toffset:8;\tsize:4;\tsigned:1;", value("pid", 12, "pid_t", 4)],
      '"filename=%s pid=%d old_pid=%d", __get_str(filename), REC->pid, REC->old_pid',
    );
  const n = (value: number | bigint, size = 8): Buffer => dat.number(size, value);
  const mmA = n(0xffff888000000100n);
  const forged = Buffer.from(
    "x\n            evil-1     [000]     1.000000000: kmem_mm_enter: mm = 0xffff888000000200\0\0\0\0",
  );
  const long = 5_000_000_000_000_000n;
  dat.cpus.push(
    [
      {
        time: 1_000_000_000n,
        entries: [
          { at: 1_000_000_001n, data: dat.record(2, 37, mmA) },
          { padding: 8, delta: 3 },
          {
            at: 1_000_000_005n,
            data: dat.record(3, 37, mmA, n(-1), n(4096), n(2000), n(2n ** 30n), n(0, 4)),
          },
          { extend: 3_000_000_000n },
          { at: 4_000_000_006n, data: dat.record(4, 37, mmA, n(-11, 4), n(-1, 4)) },
        ],
      },
      {
        time: 4_000_000_007n,
        lost: 318,
        entries: [{ at: 4_000_000_007n, data: dat.record(5, 100, n(0x81), forged) }],
      },
      {
        time: 5_000_000_000n,
        lost: true,
        entries: [{ at: 5_000_000_000n, data: dat.record(99, 100, n(1)) }],
      },
      { time: 5_000_000_001n, entries: [{ stamp: long }, { at: long + 1n, data: dat.record(1, 100, mmA) }] },
    ],
    [
      {
        time: 1_000_000_002n,
        entries: [
          { at: 1_000_000_002n, data: dat.record(1, 100, mmA) },
          { at: 1_000_000_002n, data: dat.record(6, 100, n(0xffffffff81000000n), mmA) },
          {
            at: 1_000_000_004n,
            data: dat.record(7, 100, n((5 << 16) | 16, 4), n(100, 4), Buffer.from("/b/s\0")),
          },
        ],
      },
    ],
  );
  return dat.build();
}

const EXPECTED = [
  ["kmem_scan_mm_start", "1.000000001", 0, 37, "ffff888000000100"],
  ["kmem_mm_enter", "1.000000002", 1, 100, "ffff888000000100"],
  ["enter", "1.000000002", 1, 100, "ffff888000000100"],
  ["sched_process_exec", "1.000000004", 1, 100, ""],
  ["kmem_scan_mm_end", "1.000000005", 0, 37, "ffff888000000100"],
  ["kmem_scan_mm_migrate", "4.000000006", 0, 37, "ffff888000000100"],
  ["other", "4.000000007", 0, 100, ""],
  ["other", "5.000000000", 0, 0, ""],
  ["kmem_mm_enter", "5000000.000000001", 0, 100, "ffff888000000100"],
];

describe("events are the same in", () => {
  const variants: readonly BuildOptions[] = [
    { version: 7 },
    { version: 7, compression: "zlib" },
    { version: 7, compression: "zstd" },
    { version: 7, little: false, longSize: 4, compression: "zlib" },
    { version: 7, little: false },
    { version: 6 },
    { version: 6, little: false, longSize: 4 },
    { version: 6, longSize: 4 },
  ];
  test.each(variants.map((options) => [JSON.stringify(options), options] as const))(
    "%s",
    async (_, options) => {
      const { events, gaps, facts } = await readBack(memoryLog(sample(options)));
      expect(events.map((e) => [e.event, e.time, e.cpu, e.pid, e.mm])).toEqual(EXPECTED);
      expect(events[4]).toMatchObject({
        start: 2n ** 64n - 1n,
        total: 4096n,
        period: 2000n,
        size: 2n ** 30n,
      });
      expect(events[5]).toMatchObject({ rc: -11, node: -1 });
      expect(events[1]!.comm.trimStart()).toBe("a\nb");
      expect(gaps).toEqual([
        { reason: "lost", line: 8, cpu: 0, lost: 318 },
        { reason: "lost", line: 10, cpu: 0, lost: -1 },
      ]);
      expect(facts.unknown + facts.unreadable + facts.markers).toBe(0);
    },
  );
});

test("a clock that counts ticks prints them whole", async () => {
  const { events } = await readBack(memoryLog(sample({ clock: "x86-tsc" })));
  expect(events.map(({ time }) => time).slice(0, 2)).toEqual(["1000000001", "1000000002"]);
  expect(events.at(-1)!.time).toBe("5000000000000001");
});

test("events that the ring buffers overwrote leave everything undecided", async () => {
  const report = await validateText(
    sample({ stats: "CPU: 0\nentries: 0\noverrun: 900\ndropped events: 7\n" }),
  );
  expect(report.logs[0]!.lost).toBeNull();
  const dat = new TraceDatBuilder({ stats: "CPU: 0\nentries: 0\noverrun: 900\ndropped events: 7\n" });
  dat.format(1, "kmem_mm_enter", ["void * mm;\toffset:8;\tsize:8;\tsigned:0;"], '"mm = %p", REC->mm');
  dat.cpus.push([{ time: 1n, entries: [{ at: 1n, data: dat.record(1, 1, dat.number(8, 0xffff8880n)) }] }]);
  const quiet = await validateText(dat.build());
  expect(quiet.logs[0]!.notes.join()).toContain("the ring buffers lost 907 events");
  expect(quiet.verdict).toBe("inconclusive");
});

describe("a damaged file", () => {
  const bytes = readFileSync(fixture("v1-trace.dat"));

  async function outcome(content: Uint8Array): Promise<string> {
    const result = await validateLogs([memoryLog(content)]);
    if (!isInputError(result)) return "read";
    expect(result.message).toMatch(/^[^\n]{10,200}$/);
    return result.code;
  }

  test("that ends early is refused in one sentence, wherever it ends", async () => {
    for (let length = 11; length < bytes.length - 1; length += 23)
      expect(await outcome(bytes.subarray(0, length)), String(length)).toBe("bad-trace-dat");
  });

  test.each([0, 3, 7, 9])("with a process id of %i bytes is read without process ids", async (size) => {
    const field = "common_pid;\toffset:4;\tsize:";
    const copy = Buffer.from(
      sample({ version: 6 }).toString("latin1").replaceAll(`${field}4`, `${field}${size}`),
      "latin1",
    );
    expect(await outcome(copy)).toBe("read");
  });
  test("with bits turned is refused or read, and never anything else", async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(bytes, sample({}), sample({ version: 6 })),
        fc.array(fc.tuple(fc.nat(8000), fc.nat(7)), { minLength: 1, maxLength: 3 }),
        async (file, flips) => {
          const copy = Buffer.from(file);
          for (const [at, bit] of flips) {
            const place = 12 + (at % (copy.length - 12));
            copy[place] = (copy[place] ?? 0) ^ (1 << bit);
          }
          seen.add(await outcome(copy));
        },
      ),
      { numRuns: 150 },
    );
    expect([...seen].sort()).toEqual(["bad-trace-dat", "read"]);
  });

  test.each([
    ["of an unknown version", Buffer.from("\x17\x08Dtracing9\0\0\x08\0\x10\0\0", "latin1"), /version is "9"/],
    ["whose options go round", loop(), /circle/],
    ["that claims a huge part", Buffer.from(huge()), /4026531840 bytes/],
  ])("%s says so", async (_, content, message) => {
    const result = await validateLogs([memoryLog(content)]);
    expect(isInputError(result) && result.message).toMatch(message);
  });

  function loop(): Buffer {
    const dat = sample({});
    const at = Number(dat.readBigUInt64LE(18 + "none\x001.0\0".length));
    const copy = Buffer.from(dat);
    copy.writeBigUInt64LE(BigInt(at), copy.length - 8);
    return copy;
  }

  function huge(): Buffer {
    const copy = Buffer.from(sample({ compression: "zlib" }));
    copy.writeUInt32LE(0xf0000000, 18 + "zlib\x001.0\0".length + 8 + 20);
    return copy;
  }
});

test("the option for another format refuses the file with the command that converts it", async () => {
  const result = await validateLogs([logFile(fixture("v1-trace.dat"))], { format: "ftrace" });
  expect(isInputError(result) && result.hint).toContain("trace-cmd report -t");
});

test("the report tells the version and the compression", async () => {
  const report = await validateText(textOf(fixture("v1-trace.dat")));
  expect(report.logs[0]).toMatchObject({
    format: "trace.dat",
    formatReason: "magic of trace.dat version 7, compressed with zstd, one buffer",
    patch: "v1",
  });
});
