/** The control law against fifteen obvious lines, and its verdicts for each version. */
import { describe, expect, test } from "vitest";
import { check } from "../../../checker/check.ts";
import { checkModel, featuresOf, findModel, type Patch } from "../../../models/index.ts";

function build(patch: Patch, parameters: Readonly<Record<string, number>> = {}, features = {}) {
  const entry = findModel("throttle");
  if (entry === undefined) throw new Error("the throttle model is gone");
  const defaults = Object.fromEntries(Object.entries(entry.parameters).map(([name, p]) => [name, p.default]));
  return entry.build({
    patch,
    features: { ...featuresOf(entry, patch), ...features },
    parameters: { ...defaults, ...parameters },
  });
}

/** Distinct (period, size, useful) reachable under the law; sizes in bytes, as the kernel counts. */
function lawStates(
  min: number,
  sizes: readonly [number, number, number],
  scale: number,
  failed: number,
): number {
  const [smallest, start, largest] = sizes.map((mib) => mib * 2 ** 20) as [number, number, number];
  const seen = new Set([`2000 ${start} 0`]);
  for (const key of seen) {
    const [p, s, x] = key.split(" ").map(Number) as [number, number, number];
    for (const y of [0, 1]) {
      const change: [number, number] =
        x === y
          ? y === 1
            ? [Math.floor((p * 85) / 100), s * 2]
            : [Math.floor((p * 115) / 100), s / 2]
          : y === 1
            ? [p >> 3, largest]
            : [p << 3, s];
      let period = Math.min(5000, Math.max(min, change[0]));
      if (scale > 0) period += Math.floor((period * (scale - 1)) / 9);
      period *= 1 + Math.floor(failed / 10);
      seen.add(`${period} ${Math.min(largest, Math.max(smallest, change[1]))} ${y}`);
    }
  }
  return seen.size;
}

const verdicts = (patch: Patch, parameters = {}, features = {}) =>
  check(build(patch, parameters, features), { now: () => 0 }).properties.map(
    ({ id, verdict }) => `${id} ${verdict}`,
  );

describe("the reachable states are those of the law", () => {
  const v1Sizes = [256, 1024, 4096] as const;
  test.each([
    ["v0", {}, lawStates(400, [512, 4096, 16384], 1, 0)],
    ["fixed", {}, lawStates(400, [512, 4096, 16384], 1, 0)],
    ["v1", {}, lawStates(500, v1Sizes, 1, 0)],
    ["v2", {}, lawStates(600, v1Sizes, 1, 0)],
    ["v3", { scale: 8 }, lawStates(600, v1Sizes, 8, 0)],
    ["v3", { scale: 10, failed: 100 }, lawStates(600, v1Sizes, 10, 100)],
  ] as const)("%s %o", (patch, parameters, states) => {
    const model = build(patch, parameters);
    expect(checkModel(model)).toEqual([]);
    expect(check(model, { now: () => 0 }).statistics.states).toBe(states);
  });
});

test("the law of v0, v1, v2 and fixed keeps its limits and its direction", () => {
  for (const patch of ["v0", "v1", "v2", "fixed"] as const) {
    expect(verdicts(patch)).toEqual(["A06 holds", "A07 holds", "A07.idle holds"]);
  }
});

test("v3 with its default scale leaves the limits and lengthens the period of a busy mm", () => {
  expect(verdicts("v3")).toContain("A06 violated");
  expect(verdicts("v3")).toContain("A07 violated");
  expect(verdicts("v3", { scale: 1 })).toEqual(["A06 holds", "A07 holds", "A07.idle holds"]);
  expect(verdicts("v3", {}, { scaleNotStored: true })).toEqual(["A06 holds", "A07 holds", "A07.idle holds"]);
});
