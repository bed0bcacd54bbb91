/** What the writers of logs write, the readers read back as the same events. */
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import schema from "../../schemas/event.schema.json" with { type: "json" };
import type { EventName, LogItem, SimulatedEvent } from "../../traces/synthesize/event.ts";
import {
  LOG_FORMATS,
  type LogFormat,
  type LogOptions,
  logText,
} from "../../traces/synthesize/write/index.ts";
import { memoryLog, readBack } from "./support/logs.ts";

type Patch = LogOptions["patch"];

const hex = (value: number): string => value.toString(16).padStart(16, "0");

/** Names of tasks: any bytes but zero and the ends of lines, and names that look like the columns of a log. */
const comm = fc.oneof(
  fc.constantFrom("kmmscand", "sh", "x-12 [003] d.h1", "comm =a mm=0x1f", "a: b: c", "é\u00ff", 'q"\\t\t'),
  fc.stringMatching(/^[\x20-\x7e]{0,15}$/),
);

const address = fc.oneof(
  fc.constantFrom("0", "4096", "140737488355328", "18446744073709551615"),
  fc.nat(2 ** 31).map((page) => String(page * 4096)),
);

function eventOf(patch: Patch): fc.Arbitrary<SimulatedEvent> {
  const first = patch === "v0";
  const names: EventName[] = [
    "kmem_mm_enter",
    "kmem_scan_mm_start",
    "kmem_scan_mm_end",
    "kmem_scan_mm_migrate",
  ];
  names.push("sched_process_fork", "sched_process_exec", "sched_process_exit");
  if (!first) names.push("kmem_mm_exit");
  return fc
    .record({
      name: fc.constantFrom(...names),
      cpu: fc.nat(3),
      comm,
      owner: comm,
      pid: fc.integer({ min: 1, max: 4_194_304 }),
      mm: fc.integer({ min: 1, max: 0xffffffff }),
      rc: fc.integer({ min: -133, max: 20 }),
      node: fc.integer({ min: -1, max: 3 }),
      start: address,
      total: fc.nat(2 ** 31 - 1),
      period: fc.integer({ min: 400, max: 5000 }),
      size: fc.integer({ min: 2 ** 25, max: 2 ** 34 }),
    })
    .map(({ name, cpu, pid, ...of }) => {
      const end = { start: of.start, total: of.total, scan_period: of.period, scan_size: of.size };
      const counts = patch === "v3" ? { msuccess: 3, mfailed: 0 } : {};
      const mm = { ...(first ? { comm: of.owner } : {}), mm: hex(of.mm) };
      const node = first ? {} : { node: of.node };
      const args: Readonly<Partial<Record<EventName, SimulatedEvent["args"]>>> = {
        kmem_mm_enter: mm,
        kmem_mm_exit: mm,
        kmem_scan_mm_start: mm,
        kmem_scan_mm_end: { ...mm, ...end, ...node },
        kmem_scan_mm_migrate: { ...mm, rc: of.rc, ...node, ...counts },
        sched_process_fork: { comm: of.comm, pid, child_comm: of.comm, child_pid: pid + 1 },
        sched_process_exec: { filename: "/bin/true", pid, old_pid: pid },
        sched_process_exit: { comm: of.comm, pid, prio: 120 },
      };
      return { name, cpu, pid, comm: of.comm, ns: 0, args: args[name] ?? {} };
    });
}

/** Events and holes, one each `step` microseconds or more. */
function logOf(patch: Patch): fc.Arbitrary<readonly LogItem[]> {
  const item = fc.tuple(
    fc.nat(2_000_000),
    fc.oneof(
      { weight: 9, arbitrary: eventOf(patch) },
      {
        weight: 1,
        arbitrary: fc.record({
          name: fc.constant("lost" as const),
          cpu: fc.nat(3),
          lost: fc.integer({ min: 1, max: 1e6 }),
        }),
      },
    ),
  );
  return fc.tuple(fc.nat(3e9), fc.array(item, { minLength: 1, maxLength: 30 })).map(([us, items]) => {
    let now = us;
    return items.map(([step, of]) => {
      now += step;
      return { ...of, ns: now * 1000 };
    });
  });
}

/** The event as a reader should copy it. */
function expected(event: SimulatedEvent, format: LogFormat): object {
  const { name, args } = event;
  const raw = format === "trace-cmd" || format === "perf";
  const daemon = name.startsWith("kmem_");
  const digits = String(args["mm"]).replace(/^0{8}/, raw ? "ffff8881" : "00000000");
  const isEnd = name === "kmem_scan_mm_end";
  const big = (key: string): bigint => BigInt(isEnd ? (args[key] ?? 0) : 0);
  return {
    event: name,
    cpu: event.cpu,
    pid: event.pid,
    comm: event.comm,
    time: `${Math.floor(event.ns / 1e9)}.${String(event.ns % 1e9).padStart(9, "0")}`,
    mm: daemon ? digits.replace(/^0{8}/, "") : "",
    rc: name === "kmem_scan_mm_migrate" ? args["rc"] : 0,
    node: daemon ? (args["node"] ?? -1) : -1,
    start: big("start"),
    total: big("total"),
    period: big("scan_period"),
    size: big("scan_size"),
  };
}

async function roundTrip(items: readonly LogItem[], format: LogFormat, options: LogOptions): Promise<void> {
  const text = [...logText(items, format, options), ""].join("\n");
  const back = await readBack(memoryLog(text));
  const found = back.events.map(({ line: _, offset: __, tgid: ___, style: ____, ...event }) => ({
    ...event,
    comm: event.comm.trimStart(),
    mm: event.mm.replace(/^(?:0x)?0*/, ""),
  }));
  const events = items.filter((item): item is SimulatedEvent => item.name !== "lost");
  const wanted = events.map((event) => expected({ ...event, comm: event.comm.trimStart() }, format));
  expect(found).toEqual(
    wanted.map((event) => ({ ...event, mm: String((event as { mm: string }).mm).replace(/^0*/, "") })),
  );
  const holes = items.flatMap((item) => (item.name === "lost" ? [[item.cpu, item.lost]] : []));
  expect(back.gaps.filter((gap) => gap.reason === "lost").map((gap) => [gap.cpu, gap.lost])).toEqual(holes);
  expect(back.gaps.filter((gap) => gap.reason === "unreadable")).toEqual([]);
  if (events.length > 0) expect(back.format).toBe(format);
}

for (const format of LOG_FORMATS) {
  test.each(["v0", "v1", "v3"] as const)(`${format} of %s is read back`, async (patch) => {
    await fc.assert(
      fc.asyncProperty(logOf(patch), fc.boolean(), async (items, exchanged) => {
        await roundTrip(items, format, { patch, exchanged });
      }),
      { numRuns: format === "ndjson" || format === "itf" ? 5 : 40 },
    );
  });
}

const task = { cpu: 1, comm: "kmmscand", pid: 161 };
const mm = "000000008fc950fa";
const end = { start: "18446744073709551615", total: 131072, scan_period: 2000, scan_size: 4294967296 };
const v0: readonly LogItem[] = [
  {
    ...task,
    name: "kmem_mm_enter",
    ns: 15_858_409_000,
    cpu: 1,
    comm: "redis-server",
    pid: 167,
    args: { comm: "redis-server", mm },
  },
  { ...task, name: "kmem_scan_mm_end", ns: 16_009_666_500, args: { comm: "redis-server", mm, ...end } },
  { ...task, name: "kmem_scan_mm_migrate", ns: 16_999_999_500, args: { comm: "redis-server", mm, rc: -11 } },
];
const v3: readonly LogItem[] = [
  {
    ...task,
    name: "kmem_scan_mm_end",
    ns: 8_937_471_000,
    args: { mm: "ff12b5b042334d00", ...end, node: -1 },
  },
  {
    ...task,
    name: "kmem_scan_mm_migrate",
    ns: 118_177_904_999,
    args: { mm: "0", rc: 0, node: 0, msuccess: 1, mfailed: 0 },
  },
  { name: "lost", cpu: 1, lost: 318, ns: 118_177_904_999 },
  {
    ...task,
    name: "sched_process_exit",
    ns: 118_177_904_999,
    args: { comm: "redis-server", pid: 170, prio: 120 },
  },
];
const lines = (items: readonly LogItem[], format: LogFormat, options: LogOptions): readonly string[] => [
  ...logText(items, format, options),
];

test("the columns are those of the tools", () => {
  expect(lines(v0, "ftrace", { patch: "v0" }).slice(12)).toEqual([
    "    redis-server-167     [001] .....    15.858409: kmem_mm_enter: kmmscand: mm_enter comm =redis-server mm=000000008fc950fa",
    "        kmmscand-161     [001] .....    16.009667: kmem_scan_mm_end: kmmscand: scan_mm_end comm =redis-server mm=000000008fc950fa, start = -1, total = 131072, scan_period = 4294967296, scan_size = 2000",
    "        kmmscand-161     [001] .....    17.000000: kmem_scan_mm_migrate: kmmscand: scan_mm_migrate comm =redis-server mm=000000008fc950fa rc=-11",
  ]);
  expect(lines(v0, "ftrace", { patch: "v0" })[2]).toBe("# entries-in-buffer/entries-written: 3/3   #P:2");
  expect(lines(v0, "perf", { patch: "v0" })).toEqual([
    "# perf script --show-lost-events",
    "    redis-server   167 [001]    15.858409:        kmem:kmem_mm_enter: kmmscand: mm_enter comm =redis-server mm=0xffff88818fc950fa",
    "        kmmscand   161 [001]    16.009666:     kmem:kmem_scan_mm_end: kmmscand: scan_mm_end comm =redis-server mm=0xffff88818fc950fa, start = -1, total = 131072, scan_period = 2000, scan_size = 4294967296",
    "        kmmscand   161 [001]    16.999999: kmem:kmem_scan_mm_migrate: kmmscand: scan_mm_migrate comm =redis-server mm=0xffff88818fc950fa rc=-11",
  ]);
  expect(lines(v3, "trace-cmd", { patch: "v3" })).toEqual([
    "cpus=2",
    "        kmmscand-161   [001]     8.937471: kmem_scan_mm_end:     mm=0xff12b5b042334d00, start = -1, total = 131072, scan_period = 2000, scan_size = 4294967296 node = -1",
    "        kmmscand-161   [001]   118.177905: kmem_scan_mm_migrate: mm = (nil) rc = 0 node = 0 msuccess = 1 mfailed = 0 ",
    "CPU:1 [318 EVENTS DROPPED]",
    "        kmmscand-161   [001]   118.177905: sched_process_exit:   comm=redis-server pid=170 prio=120",
  ]);
  expect(lines(v3, "ftrace", { patch: "v3" })[2]).toBe("CPU:1 [LOST 318 EVENTS]");
  expect(lines(v3, "perf", { patch: "v3" })[3]).toBe(
    "        kmmscand   161 [001]   118.177904: PERF_RECORD_LOST lost 318",
  );
});

test("lines in JSON keep to their schema, and ITF is one JSON text", () => {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  const fits = ajv.compile(schema);
  for (const line of lines(v3, "ndjson", { patch: "v3" })) expect(fits(JSON.parse(line)), line).toBe(true);
  expect(lines(v3, "ndjson", { patch: "v3" })[3]).toBe('{"tag":"gap","cpu":1,"lost":318,"afterSeq":2}');
  const itf = JSON.parse(lines(v3, "itf", { patch: "v3" }).join("\n")) as { states: readonly object[] };
  expect(itf.states).toHaveLength(5);
});
