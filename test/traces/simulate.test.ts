/** What simulate writes, validate accepts; every fault is caught by the property that names it; and no loss makes a good run look bad. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LAWS, NO_ACTIVITY, nextActivity, steps } from "../../traces/monitor/law.ts";
import {
  FAULTS,
  SIMULATED_PATCHES,
  type SimulatedPatch,
  type SimulateOptions,
  simulate,
  WORKLOADS,
} from "../../traces/synthesize/index.ts";
import { tuned } from "../../traces/synthesize/throttle.ts";
import { LOG_FORMATS, type LogFormat, logText } from "../../traces/synthesize/write/index.ts";
import { memoryLog, readBack, validateText } from "./support/logs.ts";

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

interface FaultCase {
  readonly patch: SimulatedPatch;
  readonly id: string;
  readonly name: string;
}

const faultCases: readonly FaultCase[] = [
  ...FAULTS.map(({ id, patches }): FaultCase => {
    if (!patches.includes("v0")) return { patch: "v1", id, name: "fork-storm" };
    return { patch: "v0", id, name: id === "B03" ? "idle" : "abench" };
  }),
  { patch: "v1", id: "M01", name: "abench" },
  { patch: "v3", id: "A07", name: "abench" },
];

test.each(faultCases)(
  "in $patch the fault $id is caught by its property alone",
  async ({ patch, id, name }) => {
    const fault = FAULTS.find((one) => one.id === id);
    const log = logOf(patch, { events: 5000, workload: workload(name), faults: [id] });
    const violated = await idsOf(patch, log, "violated");
    if (fault?.hint !== true) expect([...violated].sort()).toEqual([...(fault?.violates ?? [])].sort());
    else {
      expect(violated).toEqual([]);
      expect(await idsOf(patch, log, "inconclusive")).toContain(id);
    }
  },
);

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
