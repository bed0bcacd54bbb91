/** The throttle against an independent search of the same law, the published trajectories, and the verdicts. */
import { describe, expect, test } from "vitest";
import type { Patch } from "../../../models/entry.ts";
import { throttle } from "../../../models/kmmscand/throttle/throttle.ts";
import { enabledSteps, flatten, initialState, takeStep } from "../../../models/language/index.ts";
import { build, judge, violated } from "./build.ts";

/** Period in ms, size in MiB, and whether the scan before was useful. */
type Slot = readonly [period: number, size: number, useful: boolean];

function reachable(
  least: number,
  sizes: readonly [number, number, number],
  stretch = (p: number) => p,
): number {
  const seen = new Set<string>();
  const open: Slot[] = [[2000, sizes[1], false]];
  for (let slot = open.pop(); slot !== undefined; slot = open.pop()) {
    if (seen.has(String(slot))) continue;
    seen.add(String(slot));
    const [period, size, useful] = slot;
    const push = (p: number, s: number, u: boolean) =>
      open.push([
        stretch(Math.min(Math.max(Math.floor(p), least), 5000)),
        Math.min(Math.max(s, sizes[0]), sizes[2]),
        u,
      ]);
    push(useful ? (period * 85) / 100 : period >> 3, useful ? size << 1 : sizes[2], true);
    push(useful ? period << 3 : (period * 115) / 100, useful ? size : size >> 1, false);
  }
  return seen.size;
}

const large = [512, 4096, 16384] as const;
const medium = [256, 2048, 8192] as const;
const small = [256, 1024, 4096] as const;
const tripled = (p: number) => p + Math.floor((p * 2) / 9);
const byDefault = (p: number) => p + Math.floor((p * 7) / 9);

test.each<[Patch, number, number, number]>([
  ["v0", 1, 686, reachable(400, large)],
  ["p1", 1, 686, reachable(400, medium)],
  ["v1", 1, 40, reachable(500, small)],
  ["v2", 1, 15, reachable(600, small)],
  ["v3", 1, 15, reachable(600, small)],
  ["v3", 3, 171, reachable(600, small, tripled)],
  ["v3", 8, 23, reachable(600, small, byDefault)],
  ["fixed", 1, 15, reachable(600, small)],
  ["fixed", 8, 15, reachable(600, small)],
])("%s at scale %i has %i states", (patch, scale, states, independent) => {
  expect(independent).toBe(states);
  const { statistics } = judge(build(throttle, patch, { parameters: { scale } }));
  expect(statistics).toMatchObject({ states, transitions: 2 * states });
});

describe("verdicts", () => {
  test.each<Patch>(["v0", "p1", "v1", "v2"])("%s holds both properties", (patch) => {
    expect(judge(build(throttle, patch)).verdict).toBe("holds");
  });

  test("fixed holds both at every scale and failure share", () => {
    for (let scale = 0; scale <= 10; scale++) {
      for (let failures = 0; failures <= 10; failures++) {
        expect(judge(build(throttle, "fixed", { parameters: { scale, failures } })).verdict).toBe("holds");
      }
    }
  });

  test("fixed is v3 with every feature on", () => {
    const features = Object.fromEntries(throttle.features.map(({ name }) => [name, true]));
    expect(build(throttle, "v3", { features })).toEqual(build(throttle, "fixed"));
  });

  test("v3 leaves the range and turns the law around at the default scale", () => {
    expect(violated(judge(build(throttle, "v3")))).toEqual(["A06", "A07"]);
  });

  test.each(throttle.features)("fixed without $name violates exactly $restores", ({ name, restores }) => {
    const without = judge(build(throttle, "fixed", { features: { [name]: false } }));
    expect(violated(without)).toEqual(restores);
  });
});

/** Periods along a sequence of scans. */
function periods(patch: Patch, scans: readonly boolean[], scale = 1): readonly number[] {
  const flat = flatten(build(throttle, patch, { parameters: { scale } }));
  let state = initialState(flat);
  return scans.map((useful) => {
    const wanted = /Useful$/;
    const step = enabledSteps(flat, state).find(({ name }) => wanted.test(name) === useful)!;
    state = takeStep(flat, state, step);
    return state.context["period"] as number;
  });
}

describe("trajectories", () => {
  const [idle, useful] = [false, true];

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
});
