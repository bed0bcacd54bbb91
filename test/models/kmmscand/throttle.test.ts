/** The throttle against an independent search of the same law, the published trajectories, and the verdicts. */
import { describe, expect, test } from "vitest";
import type { Patch } from "../../../models/entry.ts";
import { throttle } from "../../../models/kmmscand/throttle/throttle.ts";
import { enabledSteps, flatten, initialState, takeStep } from "../../../models/language/index.ts";
import { exploreNaively } from "../../oracle/naive-explorer.ts";
import { build, judge, runOf, violated } from "./build.ts";
import { describeVersions } from "./versions.ts";

/** Period in ms, size in MiB, pages remembered of the scan before. */
type Slot = readonly [period: number, size: number, delta: number];

interface Law {
  readonly least: number;
  readonly sizes: readonly [number, number, number];
  readonly threshold: number;
  readonly shift?: number;
  readonly stretch?: (period: number) => number;
}

/** Every slot that scans which find nothing, too little, enough or sixteen times as much can lead to. */
function reachable({ least, sizes, threshold, shift = 31, stretch = (p) => p }: Law): number {
  const seen = new Set<string>();
  const open: Slot[] = [[2000, sizes[1], 0]];
  for (let slot = open.pop(); slot !== undefined; slot = open.pop()) {
    if (seen.has(String(slot))) continue;
    seen.add(String(slot));
    const [period, size, delta] = slot;
    for (const found of [0, threshold - 1, threshold, threshold * 16]) {
      const total = (delta >> shift) + found;
      const useful = total >= threshold;
      const before = delta > 0;
      const p = useful
        ? before
          ? (period * 85) / 100
          : period >> 3
        : before
          ? period << 3
          : (period * 115) / 100;
      const s = useful ? (before ? size << 1 : sizes[2]) : before ? size : size >> 1;
      open.push([
        stretch(Math.min(Math.max(Math.floor(p), least), 5000)),
        Math.min(Math.max(s, sizes[0]), sizes[2]),
        useful ? total : 0,
      ]);
    }
  }
  return seen.size;
}

const v0: Law = { least: 400, sizes: [512, 4096, 16384], threshold: 100 };
const p1: Law = { least: 400, sizes: [256, 2048, 8192], threshold: 100 };
const fixed: Law = { least: 600, sizes: [256, 1024, 4096], threshold: 256 };
const v2: Law = { ...fixed, shift: 4 };
const v1: Law = { ...v2, least: 500 };
const tripled = (p: number) => p + Math.floor((p * 2) / 9);
const byDefault = (p: number) => p + Math.floor((p * 7) / 9);

const still = { prctls: 0, window: 0 };

describe("sizes", () => {
  test.each<[Patch, number, number, Law]>([
    ["v0", 1, 909, v0],
    ["p1", 1, 909, p1],
    ["v1", 1, 98, v1],
    ["v2", 1, 45, v2],
    ["v3", 1, 45, v2],
    ["v3", 3, 3759, { ...v2, stretch: tripled }],
    ["v3", 8, 230, { ...v2, stretch: byDefault }],
    ["fixed", 1, 17, fixed],
    ["fixed", 8, 17, fixed],
  ])("%s at scale %i, which nobody changes, has %i states", (patch, scale, states, law) => {
    expect(reachable(law)).toBe(states);
    const parameters = scale === 8 || patch === "v3" ? { ...still, scale } : still;
    const { statistics } = judge(build(throttle, patch, { parameters }));
    expect(statistics).toMatchObject({ states, transitions: 4 * states });
  });

  test.each<[Patch, Readonly<Record<string, number>>, number, number]>([
    ["p1", {}, 3637, 16_363],
    ["v1", {}, 393, 1765],
    ["v2", {}, 269, 1255],
    ["v3", { window: 0 }, 1794, 8510],
    ["fixed", {}, 963, 7566],
    ["fixed", { queue: 32 }, 125, 500],
  ])("%s at %o has %i states, both ways", (patch, parameters, states, transitions) => {
    const model = build(throttle, patch, { parameters });
    expect(exploreNaively(flatten(model))).toMatchObject({ states, transitions, errors: 0 });
    expect(judge(model).statistics).toMatchObject({ states, transitions });
  });

  test("v3 by default has as many as models/kmmscand/README.md tells", () => {
    expect(judge(build(throttle, "v3")).statistics).toMatchObject({
      states: 229_200,
      transitions: 1_799_680,
    });
  });
});

describeVersions(throttle, {
  violates: {
    v0: [],
    p1: [],
    v1: ["A07.idle"],
    v2: ["A07.idle", "A09"],
    v3: ["A06", "A07", "A07.share", "A09"],
    fixed: [],
  },
});

describe("verdicts", () => {
  test("fixed holds everything at every scale and window", () => {
    for (let scale = 0; scale <= 10; scale++) {
      for (const window of [0, 2, 4]) {
        const { verdict } = judge(build(throttle, "fixed", { parameters: { scale, window } }));
        expect({ scale, window, verdict }).toEqual({ scale, window, verdict: "holds" });
      }
    }
  });

  test("fixed is v3 with every fix on", () => {
    const fixes = throttle.features.filter(({ patches }) => patches.includes("fixed"));
    const features = Object.fromEntries(fixes.map(({ name }) => [name, true]));
    expect(build(throttle, "v3", { features })).toEqual(build(throttle, "fixed"));
  });

  test("v3 at scale 1 violates A07.idle, too", () => {
    const parameters = { ...still, scale: 1 };
    expect(violated(judge(build(throttle, "v3", { parameters })))).toEqual(["A07.idle"]);
  });
});

describe("the shortest run that shows", () => {
  test("D74: no call consumes enough entries, so the share is never updated", () => {
    const run = runOf(judge(build(throttle, "v3")), "A07.share");
    const entries = run.filter((step) => !step.endsWith("list_empty"));
    expect(run.map((step) => step.endsWith("list_empty"))).toEqual([false, true, false, true, false]);
    expect(entries.every((step) => /^kmigrated\.migrate/.test(step))).toBe(true);
  });

  test.each<Patch>(["v1", "v2"])(
    "D78 in %s: what a busy scan has found makes an idle one useful",
    (patch) => {
      const run = runOf(judge(build(throttle, patch)), "A07.idle");
      expect(run.slice(-2)).toEqual(["slot.finds_many", "slot.finds_none"]);
    },
  );

  test.each([1, 2, 3])("D78: it does so for %i scans", (decays) => {
    const flat = flatten(build(throttle, "v2", { parameters: { decays } }));
    const deltas = follow(flat, ["finds_many", ...Array(decays + 1).fill("finds_none")], "delta");
    expect(deltas.map((delta) => delta > 0)).toEqual([...Array(decays + 1).fill(true), false]);
  });
});

/** The values of one variable along a sequence of scans. */
function follow(
  flat: ReturnType<typeof flatten>,
  scans: readonly string[],
  variable: string,
): readonly number[] {
  let state = initialState(flat);
  return scans.map((found) => {
    const step = enabledSteps(flat, state).find(({ name }) => name === found)!;
    state = takeStep(flat, state, step);
    return state.context[variable] as number;
  });
}

function periods(patch: Patch, scans: readonly string[], scale = 1): readonly number[] {
  const parameters = patch === "v3" ? { scale } : {};
  return follow(flatten(build(throttle, patch, { parameters })), scans, "period");
}

describe("trajectories", () => {
  const [idle, useful, busiest] = ["finds_none", "finds_enough", "finds_many"] as const;

  test("an idle mm is scanned less and less often", () => {
    expect(periods("v0", Array(7).fill(idle))).toEqual([2300, 2645, 3041, 3497, 4021, 4624, 5000]);
  });

  test("a busy mm is scanned at the shortest period, and an idle scan takes that back at once", () => {
    const idleFirst = Array(7).fill(idle);
    expect(periods("v0", [...idleFirst, useful, useful, useful, useful, idle]).slice(7)).toEqual([
      625, 531, 451, 400, 3200,
    ]);
  });

  test("v3 at its default scale is slower the busier the mm is", () => {
    expect(periods("v3", Array(8).fill(useful), 8)).toEqual([1066, 1610, 2432, 3674, 5550, 8385, 8888, 8888]);
  });

  test("scan_delta is divided by 16 in each idle scan, until it is below the threshold", () => {
    const flat = flatten(build(throttle, "v1", { parameters: { decays: 3 } }));
    const scans = [busiest, idle, idle, idle, idle];
    expect(follow(flat, scans, "delta")).toEqual([2 ** 20, 65_536, 4096, 256, 0]);
  });

  test("too little and what is left of the threshold are enough together", () => {
    const flat = flatten(build(throttle, "v1"));
    expect(follow(flat, ["finds_enough", "finds_few"], "delta")).toEqual([256, 271]);
  });
});

describe("back-pressure", () => {
  const bounded = (features: Readonly<Record<string, boolean>>, rate: number) =>
    violated(judge(build(throttle, "fixed", { features, parameters: { queue: 32, rate } })));
  const shorter = { queueShortensScan: true };
  const longer = { queueLengthensPeriod: true };

  test.each([
    ["without any", {}, 16],
    ["by a longer period", longer, 4],
    ["by a shorter scan", shorter, 1],
    ["by both", { ...shorter, ...longer }, 1],
  ])("%s the queue is bounded from %o and a rate of %i on", (_, features, least) => {
    expect(bounded(features, least)).toEqual([]);
    if (least > 1) expect(bounded(features, least - 1)).toEqual(["B05"]);
  });
});
