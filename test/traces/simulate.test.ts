/** What simulate writes, validate accepts; every fault is caught by the property that names it; and no loss makes a good run look bad. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LAWS, NO_ACTIVITY, nextActivity, steps } from "../../traces/monitor/law.ts";
import {
  FAULTS,
  RECORDS,
  SIMULATED_PATCHES,
  type SimulatedPatch,
  type SimulateOptions,
  simulate,
  WORKLOADS,
} from "../../traces/synthesize/index.ts";
import { tuned } from "../../traces/synthesize/throttle.ts";
import { LOG_FORMATS, type LogFormat, logText } from "../../traces/synthesize/write/index.ts";
import { isInputError, openLog, validateLogs } from "../../traces/validate.ts";
import { runs } from "../runs.ts";
import { expectReport, memoryLog, property, readBack, validateText } from "./support/logs.ts";

const tunables = { scanSleepMs: 100, mmsToScan: 8, topTierNodes: [0] };
const workload = (name: string) => WORKLOADS.find((one) => one.name === name) ?? WORKLOADS[0]!;

function logOf(
  patch: SimulatedPatch,
  options: Partial<SimulateOptions> = {},
  format: LogFormat = "ftrace",
): string {
  const { items, missed } = simulate({
    patch,
    workload: workload("abench"),
    seed: 1,
    events: 1500,
    ...options,
  });
  expect(missed).toEqual([]);
  return [...logText(items, format, { patch })].map((line) => `${line}\n`).join("");
}

async function idsOf(patch: SimulatedPatch, log: string, verdict: string): Promise<readonly string[]> {
  const { properties } = await validateText(log, { patch, tunables });
  return properties.filter((one) => one.verdict === verdict).map(({ id }) => id);
}

describe("a good run", () => {
  test.each(SIMULATED_PATCHES.flatMap((patch) => WORKLOADS.map(({ name }) => [patch, name] as const)))(
    "of %s under %s is accepted",
    async (patch, name) => {
      expect(await idsOf(patch, logOf(patch, { workload: workload(name) }), "violated")).toEqual([]);
    },
  );

  test.each(LOG_FORMATS)("in %s has all its events", async (format) => {
    const { events } = await readBack(memoryLog(logOf("v1", { events: 300 }, format)));
    expect(events.length).toBe(300);
    expect(await idsOf("v1", logOf("v1", { events: 300 }, format), "violated")).toEqual([]);
  });

  test("is the same for the same seed, and another for another", () => {
    expect(logOf("v2", { events: 400, seed: 7 })).toBe(logOf("v2", { events: 400, seed: 7 }));
    expect(logOf("v2", { events: 400, seed: 7 })).not.toBe(logOf("v2", { events: 400, seed: 8 }));
  });

  test("is accepted with skewed clocks, changed places and a beginning in the middle", async () => {
    for (const patch of ["v0", "v1"] as const) {
      const log = logOf(patch, {
        workload: workload("fork-storm"),
        skew: 20,
        reorder: true,
        fromMiddle: true,
      });
      expect(await idsOf(patch, log, "violated")).toEqual([]);
    }
  });
});

/** What a log may lack of the names of the daemon's threads. */
const HIDE: Readonly<Record<string, (log: string) => string>> = {
  nothing: (log) => log,
  names: (log) =>
    log
      .replace(/^ *(?:kmmscand|kscand|kmmmigrated|kmigrated)(?=[- ] *\d)/gm, "           <...>")
      .replace(/,"comm":"(?:kmmscand|kscand|kmmmigrated|kmigrated)"/g, "")
      .replace(/,"patch":"v\d"/, ""),
  // perf script -F time,event,trace
  columns: (log) => log.replace(/^ *\S+ +\d+ \[\d+\] +(?=\d+\.\d+: +\w+:)/gm, " "),
};

describe("a good run whose version is not given", () => {
  async function violated(log: string): Promise<readonly string[]> {
    const { properties } = await validateText(log, { tunables });
    return properties
      .filter(({ verdict }) => verdict === "violated")
      .map(({ id, reason }) => `${id} ${reason}`);
  }
  const run = fc.record({
    patch: fc.constantFrom<SimulatedPatch>(...SIMULATED_PATCHES),
    format: fc.constantFrom(...LOG_FORMATS),
    name: fc.constantFrom(...WORKLOADS.map((one) => one.name)),
    hide: fc.constantFrom(...Object.keys(HIDE)),
    fromMiddle: fc.boolean(),
    seed: fc.nat(1_000_000),
    events: fc.constantFrom(300, 1000, 3000),
  });
  type Run = typeof run extends fc.Arbitrary<infer T> ? T : never;
  const known = (patch: SimulatedPatch, name: string, more: Partial<Run>): [Run] => [
    { patch, name, format: "ftrace", hide: "nothing", fromMiddle: false, seed: 5, events: 3000, ...more },
  ];

  test("has nothing violated, whatever it shows of the daemon's names and wherever it begins", async () => {
    await fc.assert(
      fc.asyncProperty(run, async ({ patch, format, name, hide, fromMiddle, seed, events }) => {
        const log = logOf(patch, { workload: workload(name), fromMiddle, seed, events }, format);
        expect(await violated(HIDE[hide]!(log))).toEqual([]);
      }),
      {
        ...runs(25),
        examples: [
          known("v2", "sysfs", { seed: 246038, events: 300, fromMiddle: true }),
          known("v2", "abench", { hide: "names" }),
          known("v2", "fork-storm", { hide: "names", format: "ndjson" }),
          known("v2", "idle", { hide: "columns", format: "perf" }),
          known("v3", "abench", { hide: "names" }),
          known("v3", "fork-storm", { hide: "names" }),
        ],
      },
    );
  });

  test("is not held to rules of one version where it may be of another", async () => {
    const log = logOf("v3", { workload: workload("idle"), events: 1000 })
      .split("\n")
      .filter((line) => !line.includes("kmem_scan_mm_migrate"))
      .filter((line) => !line.startsWith("#"))
      .join("\n");
    const report = await validateText(HIDE["names"]!(log));
    expect(report.logs[0]).toMatchObject({ patch: null });
    expect(report.logs[0]!.notes.join()).toContain("v1, v2 or v3");
    expect(property(report, "A07").verdict).toBe("inconclusive");
  });

  test("has what every version forbids violated", async () => {
    const log = HIDE["names"]!(logOf("v2", { workload: workload("abench") }));
    const wrong = log.replace(/( rc = )\d+( node)/, "$199$2");
    expect(wrong).not.toBe(log);
    const report = await validateText(wrong);
    expect(property(report, "A10").violations[0]?.message).toContain("but is 99");
  });
});

interface FaultCase {
  readonly patch: SimulatedPatch;
  readonly id: string;
}

/** The workload, and how many events bring an occasion. */
interface Occasion {
  readonly name?: string;
  readonly events?: number;
}

/** Where idle has no occasion within 1000 events. */
const OCCASIONS: Readonly<Record<string, Occasion>> = {
  A08: { name: "sysfs", events: 3000 },
  A09: { name: "sysfs", events: 2000 },
  B04: { events: 2000 },
  L04: { events: 2000 },
  S04: { events: 2000 },
  B05: { name: "abench", events: 16_000 },
  F03: { name: "fork-storm", events: 5000 },
  L06: { name: "sysfs", events: 3000 },
  P03: { name: "fork-storm" },
  S03: { name: "fork-storm", events: 5000 },
  S06: { name: "fork-storm", events: 2000 },
  S15: { name: "abench" },
  S17: { name: "fork-storm", events: 5000 },
};

const inLog = FAULTS.filter(({ beside }) => !beside);
const faultCases: readonly FaultCase[] = [
  ...inLog.map(({ id, patches }): FaultCase => ({ patch: patches[0] ?? "v0", id })),
  { patch: "v1", id: "M01" },
  { patch: "v3", id: "A07" },
  { patch: "v1", id: "F03" },
];

test.each(faultCases)("in $patch the fault $id is caught by its property alone", async ({ patch, id }) => {
  const { name = "idle", events = 1000 } = OCCASIONS[id] ?? {};
  const fault = FAULTS.find((one) => one.id === id);
  const log = logOf(patch, { events, workload: workload(name), faults: [id] });
  const { properties } = await validateText(log, { patch, tunables });
  const of = (verdict: string) => properties.filter((one) => one.verdict === verdict).map((one) => one.id);
  // What has no event in a version is not violated there.
  const told = fault?.violates.filter((one) =>
    id !== "F03" ? true : one !== (patch === "v0" ? "S06" : "M01"),
  );
  expect(of("violated").sort()).toEqual([...(told ?? [])].sort());
  if (fault?.hint === true) expect(of("inconclusive")).toContain(id);
  else {
    const without = await validateText(log, { patch });
    const caught = without.properties.some((one) => one.id === id && one.verdict === "violated");
    expect(caught, "where the list of faults asks for no tunables").toBe(!fault?.tunables);
  }
});

test.each(["B04", "L04", "S04", "B05", "L03"])("the fault %s is missed until it has lasted", async (id) => {
  const missed = (events: number) =>
    simulate({ patch: "v1", workload: workload("abench"), seed: 1, events, faults: [id] }).missed;
  const enough = [1000, 2000, 4000, 8000, 16_000, 32_000].find((events) => missed(events).length === 0) ?? 0;
  expect(missed(1000)).toEqual([id]);
  const fault = FAULTS.find((one) => one.id === id);
  const report = await validateText(logOf("v1", { events: enough, faults: [id] }), { patch: "v1", tunables });
  expect(property(report, id).verdict).toBe(fault?.hint === true ? "inconclusive" : "violated");
});

describe("what is recorded besides", () => {
  const records = RECORDS;
  test.each([
    ["v0", "abench", "ftrace"],
    ["v1", "sysfs", "ndjson"],
    ["v2", "fork-storm", "trace-cmd"],
    ["v3", "sysfs", "itf"],
    ["v1", "fork-storm", "perf"],
  ] as const)("of a good run of %s under %s in %s lets its properties hold", async (patch, name, format) => {
    const kinds = format === "perf" ? records.filter((kind) => kind !== "marks") : records;
    const log = logOf(patch, { workload: workload(name), events: 2500, records: kinds }, format);
    const { properties, logs } = await validateText(log, {
      patch,
      tunables: patch === "v3" ? { ...tunables, pteScanScale: 1 } : tunables,
    });
    expect([logs[0]?.events, logs[0]?.skipped, logs[0]?.unreadable]).toEqual([2500, 0, 0]);
    expect(properties.filter(({ verdict }) => verdict === "violated")).toEqual([]);
    const holding = properties.filter(({ verdict }) => verdict === "holds").map(({ id }) => id);
    expect(holding).toEqual(expect.arrayContaining(["A03", "A04", "A05", "A07", "B04", "F04", "P04", "S03"]));
    // The kprobe of a promotion tells the folio and its mm before v2 only.
    if (patch === "v0" || patch === "v1") expect(holding).toEqual(expect.arrayContaining(["F01", "F02"]));
    if (name === "sysfs") expect(holding).toContain("A09");
  });

  test("with lines lost, cut off, doubled or in other places is never violated and never whole", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<SimulatedPatch>("v0", "v1", "v3"),
        fc.array(fc.tuple(fc.constantFrom("delete", "cut", "double", "swap"), fc.nat(10_000)), {
          minLength: 1,
          maxLength: 4,
        }),
        async (patch, edits) => {
          const whole = logOf(patch, { workload: workload("sysfs"), events: 700, records });
          const all = whole.split("\n").slice(0, -1);
          const head = all.filter((line) => line.startsWith("#"));
          const body = all.filter((line) => !line.startsWith("#"));
          body.splice(body.length >> 1, 1);
          for (const [what, at] of edits) {
            const from = at % body.length;
            if (what === "delete") body.splice(from, 2);
            else if (what === "cut") body.splice(Math.max(1, body.length - 5));
            else if (what === "swap") body.splice(from, 2, ...body.slice(from, from + 2).reverse());
            else {
              // Not more than are missing, for the header counts.
              body.splice(from, 1, body[from] ?? "", body[from] ?? "");
              body.splice((from + 300) % body.length, 1);
            }
          }
          const { properties } = await validateText(`${[...head, ...body].join("\n")}\n`, {
            patch,
            tunables,
          });
          expect(properties.filter(({ verdict }) => verdict !== "inconclusive").map(({ id }) => id)).toEqual(
            [],
          );
        },
      ),
      { numRuns: 12 },
    );
  });
});

describe("a capture", () => {
  async function judged(faults: readonly string[], loss = 0): Promise<Record<string, readonly string[]>> {
    const run = { patch: "v1", workload: workload("abench"), seed: 1, events: 1200, loss } as const;
    const { items, files } = simulate({ ...run, faults });
    const folder = mkdtempSync(join(tmpdir(), "kmmcheck-capture-"));
    const log = [...logText(items, "ftrace", { patch: "v1" }), ""].join("\n");
    for (const { name, text } of [...files(), { name: "trace.txt", text: log }])
      writeFileSync(join(folder, name), text);
    const input = await openLog(folder, "capture");
    const { properties } = expectReport(await validateLogs(isInputError(input) ? [] : [input]));
    rmSync(folder, { recursive: true });
    const of = (verdict: string) => properties.filter((one) => one.verdict === verdict).map(({ id }) => id);
    return { violated: of("violated"), holds: of("holds") };
  }

  test("of a good run has nothing violated, and its counters agree with the log", async () => {
    const { violated, holds } = await judged([]);
    expect(violated).toEqual([]);
    expect(holds).toEqual(expect.arrayContaining(["A02", "C01", "K01", "S15"]));
  });

  test("of a log with losses proves nothing", async () => {
    const { violated, holds } = await judged([], 50);
    expect([violated, holds]).toEqual([[], ["K01"]]);
  });

  test.each(FAULTS.filter(({ beside }) => beside))("shows the fault $id", async ({ id, violates }) => {
    expect((await judged([id]))["violated"]).toEqual([...violates]);
  });
});

test("in v3 a prctl scale stretches every period", async () => {
  const log = logOf("v3", { workload: workload("idle"), events: 3000, scale: 8 });
  const at = async (pteScanScale: number) =>
    property(await validateText(log, { patch: "v3", tunables: { ...tunables, pteScanScale } }), "A07")
      .verdict;
  expect(log).toContain("scan_period = 4088");
  expect([await at(8), await at(1)]).toEqual(["holds", "violated"]);
});

test("the throttle is the law that logs are judged by", () => {
  for (const patch of SIMULATED_PATCHES)
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 60, 150, 300, 9000), { maxLength: 40 }), (totals) => {
        const law = LAWS[patch];
        let now = { period: 2000, size: law.defaultSize, delta: 0 };
        let activity = NO_ACTIVITY;
        for (const total of totals) {
          const next = nextActivity(law, activity, total);
          const allowed = steps(law, now.period, now.size, activity, next);
          now = tuned(patch, now, total);
          expect(allowed).toContainEqual(expect.objectContaining({ period: now.period, size: now.size }));
          activity = next;
        }
      }),
      { numRuns: 20 },
    );
});

describe("a good run of which lines are missing", () => {
  test("as markers tell is never said to be violated, and nothing holds that a loss could hide", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<SimulatedPatch>("v0", "v1", "v3"),
        fc.integer({ min: 1, max: 60 }),
        fc.nat(1000),
        async (patch, loss, seed) => {
          const log = logOf(patch, { events: 600, workload: workload("fork-storm"), loss, seed });
          expect(log).toMatch(/LOST \d+ EVENTS/);
          const { properties } = await validateText(log, { patch, tunables });
          expect(properties.filter(({ verdict }) => verdict !== "inconclusive").map(({ id }) => id)).toEqual(
            [],
          );
        },
      ),
      { numRuns: 8 },
    );
  });

  test("deleted, cut off, doubled or in other places: never violated, never held to be whole", async () => {
    const edit = fc.record({
      what: fc.constantFrom("delete", "cut", "double", "swap"),
      at: fc.nat(10_000),
      more: fc.integer({ min: 1, max: 8 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<SimulatedPatch>("v0", "v1", "v3"),
        fc.array(edit, { minLength: 1, maxLength: 6 }),
        async (patch, edits) => {
          const all = logOf(patch, { events: 500, workload: workload("fork-storm") })
            .split("\n")
            .slice(0, -1);
          const head = all.filter((line) => line.startsWith("#"));
          const body = all.filter((line) => !line.startsWith("#"));
          let doubled = 1;
          for (const { what, at, more } of edits) {
            const from = at % body.length;
            const line = body[from] ?? "";
            if (what === "delete") body.splice(from, more);
            else if (what === "cut") body.splice(Math.max(1, body.length - more));
            else if (what === "double") {
              body.splice(from, 0, line);
              doubled++;
            } else body.splice(from, 2, ...body.slice(from, from + 2).reverse());
          }
          // The header tells that lines are missing: more are than stand there twice.
          body.splice(body.length >> 1, doubled + Math.max(0, body.length - 500));
          const { properties } = await validateText(`${[...head, ...body].join("\n")}\n`, {
            patch,
            tunables,
          });
          expect(properties.filter(({ verdict }) => verdict !== "inconclusive").map(({ id }) => id)).toEqual(
            [],
          );
        },
      ),
      { numRuns: 12 },
    );
  });
});
