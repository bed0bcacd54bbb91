import { describe, expect, test } from "vitest";
import {
  type Activity,
  ANY_ACTIVITY,
  isStretched,
  LAWS,
  NO_ACTIVITY,
  nextActivity,
  type Patch,
  steps,
} from "../../traces/monitor/law.ts";

/** Periods and sizes over a run of scans with these totals. */
function run(
  patch: Patch,
  period: number,
  size: number,
  totals: readonly number[],
): readonly (readonly [number, number])[] {
  const law = LAWS[patch];
  let activity: Activity = NO_ACTIVITY;
  const out: (readonly [number, number])[] = [];
  for (const total of totals) {
    const now = nextActivity(law, activity, total);
    const [step, other] = steps(law, period, size, activity, now);
    expect(other).toBeUndefined();
    activity = now;
    ({ period, size } = step!);
    out.push([period, size]);
  }
  return out;
}

const MIB = 2 ** 20;
const GIB = 2 ** 30;
const periods = (patch: Patch, period: number, totals: readonly number[]): readonly number[] =>
  run(patch, period, LAWS[patch].defaultSize, totals).map(([p]) => p);
const times = (n: number, total: number): readonly number[] => Array.from({ length: n }, () => total);

test.each(["v0", "v1", "v2"] as const)(
  "%s lengthens the period of an idle mm by 15 %% up to the limit",
  (patch) => {
    expect(periods(patch, 2000, times(8, 0))).toEqual([2300, 2645, 3041, 3497, 4021, 4624, 5000, 5000]);
  },
);

test("the first useful scan after idling divides the period by 8", () => {
  expect(periods("v0", 5000, [1000])).toEqual([625]);
  expect(periods("v1", 5000, [1000])).toEqual([625]);
  expect(periods("v2", 5000, [1000])).toEqual([625]);
});

test("steady use shortens the period by 15 % down to the limit", () => {
  expect(periods("v0", 5000, times(4, 1000))).toEqual([625, 531, 451, 400]);
  expect(periods("v1", 5000, times(3, 1000))).toEqual([625, 531, 500]);
  expect(periods("v2", 5000, times(2, 1000))).toEqual([625, 600]);
});

test("one idle scan after use multiplies the period by 8", () => {
  expect(periods("v0", 2300, [8192, 0, 0, 0, 0])).toEqual([400, 3200, 3680, 4232, 4866]);
});

test("the size halves while idle, doubles while used, and takes the largest value when use begins", () => {
  expect(run("v0", 2000, 4 * GIB, [0, 8192, 0, 0, 0, 0]).map(([, size]) => size)).toEqual(
    [2, 16, 16, 8, 4, 2].map((n) => n * GIB),
  );
  expect(run("v1", 2000, GIB, [0, 0, 0]).map(([, size]) => size)).toEqual([512 * MIB, 256 * MIB, 256 * MIB]);
});

describe("activity", () => {
  test("below the threshold is none, at the threshold is some", () => {
    expect(nextActivity(LAWS.v0, NO_ACTIVITY, 99)).toEqual(NO_ACTIVITY);
    expect(nextActivity(LAWS.v0, NO_ACTIVITY, 100)).toMatchObject({ mayBeIdle: false, high: 100 });
    expect(nextActivity(LAWS.v1, NO_ACTIVITY, 255)).toEqual(NO_ACTIVITY);
    expect(nextActivity(LAWS.v1, NO_ACTIVITY, 256)).toMatchObject({ mayBeIdle: false, high: 256 });
  });
  test("decays by 16 from V1 on and is forgotten in V0", () => {
    let activity = nextActivity(LAWS.v1, NO_ACTIVITY, 1e6);
    const highs = [activity.high];
    for (let i = 0; i < 3; i++) {
      activity = nextActivity(LAWS.v1, activity, 0);
      highs.push(activity.high);
    }
    expect(highs).toEqual([1e6, 62500, 3906, 0]);
    expect(nextActivity(LAWS.v0, nextActivity(LAWS.v0, NO_ACTIVITY, 1e6), 0)).toEqual(NO_ACTIVITY);
  });
  test("that is unknown becomes known after a few scans", () => {
    let activity: Activity = ANY_ACTIVITY;
    for (let i = 0; i < 12; i++) activity = nextActivity(LAWS.v1, activity, 0);
    expect(activity).toEqual(NO_ACTIVITY);
    expect(steps(LAWS.v0, 2000, GIB, ANY_ACTIVITY, NO_ACTIVITY).map((step) => step.period)).toEqual([
      2300, 5000,
    ]);
  });
});

test("V3 stretches by the prctl scale and the failure rate", () => {
  for (const printed of [600, 1066, 1200, 1332, 6600])
    expect(isStretched(600, printed, null), `${printed}`).toBe(true);
  expect(isStretched(600, 1066, 8)).toBe(true);
  expect(isStretched(600, 600, 8)).toBe(false);
  expect(isStretched(600, 601, null)).toBe(false);
});
