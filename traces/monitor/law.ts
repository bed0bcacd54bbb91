/**
 * The throttle law: how one scan's result changes an mm's scan period and size, version by version.
 *
 * With X the activity kept from earlier scans and Y that of this scan (both 0 below a threshold): idle twice lengthens
 * the period by 15 % and halves the size; useful twice shortens it by 15 % and doubles the size; useful after idle
 * divides the period by 8 and takes the largest size; idle after useful multiplies the period by 8.
 */

export type Patch = "v0" | "p1" | "v1" | "v2" | "v3";

export interface Law {
  /** Pages below which a scan counts as idle. */
  readonly threshold: number;
  /** Shift by which earlier activity decays; null where it is not carried over. */
  readonly decay: number | null;
  /** Milliseconds. */
  readonly minPeriod: number;
  readonly maxPeriod: number;
  /** Bytes. */
  readonly minSize: number;
  readonly maxSize: number;
  readonly defaultSize: number;
  /** True if scan_mm_end may print the largest size because this scan was extended. */
  readonly printsExtension: boolean;
  /** True if prctl scale and failure rate stretch the period after it was clamped. */
  readonly stretched: boolean;
}

const MIB = 2 ** 20;
const GIB = 2 ** 30;
const LATER = {
  threshold: 256,
  decay: 4,
  maxPeriod: 5000,
  minSize: 256 * MIB,
  maxSize: 4 * GIB,
  defaultSize: GIB,
  printsExtension: false,
} as const;

export const LAWS: Readonly<Record<Patch, Law>> = {
  v0: {
    threshold: 100,
    decay: null,
    minPeriod: 400,
    maxPeriod: 5000,
    minSize: 512 * MIB,
    maxSize: 16 * GIB,
    defaultSize: 4 * GIB,
    printsExtension: true,
    stretched: false,
  },
  p1: {
    threshold: 100,
    decay: null,
    minPeriod: 400,
    maxPeriod: 5000,
    minSize: 256 * MIB,
    maxSize: 8 * GIB,
    defaultSize: 2 * GIB,
    printsExtension: true,
    stretched: false,
  },
  v1: { ...LATER, minPeriod: 500, stretched: false },
  v2: { ...LATER, minPeriod: 600, stretched: false },
  v3: { ...LATER, minPeriod: 600, stretched: true },
};

/** Activity known only as a range: 0, or any value from `low` to `high`. */
export interface Activity {
  readonly mayBeIdle: boolean;
  /** Largest possible value; 0 means idle for sure. */
  readonly high: number;
  /** Smallest possible value if not idle. */
  readonly low: number;
}

export const NO_ACTIVITY: Activity = { mayBeIdle: true, high: 0, low: 0 };
export const ANY_ACTIVITY: Activity = { mayBeIdle: true, high: 2 ** 40, low: 1 };

/** Activity after a scan that counted `total` accessed pages. */
export function nextActivity(law: Law, before: Activity, total: number): Activity {
  const carry = law.decay === null ? 0 : Math.floor(before.high / 2 ** law.decay);
  const carryLow = law.decay === null || before.mayBeIdle ? 0 : Math.floor(before.low / 2 ** law.decay);
  const high = total + carry;
  const low = total + carryLow;
  if (high < law.threshold) return NO_ACTIVITY;
  return { mayBeIdle: low < law.threshold, high, low: Math.max(low, law.threshold) };
}

/** One possible outcome of the law. */
export interface Step {
  readonly period: number;
  /** Bytes, -1 when it cannot be known. */
  readonly size: number;
  /** Whether the scan before and this scan counted as useful. */
  readonly before: boolean;
  readonly now: boolean;
}

/**
 * All outcomes of the law for a scan that ran with `period` ms and `size` bytes (-1 unknown).
 *
 * @param before activity kept before the scan
 * @param now activity after it, from {@link nextActivity}
 */
export function steps(
  law: Law,
  period: number,
  size: number,
  before: Activity,
  now: Activity,
): readonly Step[] {
  const out: Step[] = [];
  const useful = [before.mayBeIdle ? [false] : [], before.high > 0 ? [true] : []].flat();
  const usefulNow = [now.mayBeIdle ? [false] : [], now.high > 0 ? [true] : []].flat();
  for (const x of useful) for (const y of usefulNow) out.push(step(law, period, size, x, y));
  return out;
}

function step(law: Law, period: number, size: number, before: boolean, now: boolean): Step {
  let nextPeriod = period;
  let nextSize = size;
  if (before && now) {
    nextPeriod = Math.trunc((period * 85) / 100);
    nextSize = size * 2;
  } else if (before) nextPeriod = period * 8;
  else if (now) {
    nextPeriod = Math.floor(period / 8);
    nextSize = law.maxSize;
  } else {
    nextPeriod = Math.trunc((period * 115) / 100);
    nextSize = Math.floor(size / 2);
  }
  const sizeKnown = size >= 0 || (now && !before);
  return {
    period: Math.min(law.maxPeriod, Math.max(law.minPeriod, nextPeriod)),
    size: sizeKnown ? Math.min(law.maxSize, Math.max(law.minSize, nextSize)) : -1,
    before,
    now,
  };
}

/** True if `printed` is what V3 makes of the clamped `period` for some failure rate, and this or any prctl scale. */
export function isStretched(period: number, printed: number, scale: number | null): boolean {
  for (let s = scale ?? 0; s <= (scale ?? 10); s++) {
    const scaled = s === 0 ? period : period + Math.trunc((period * (s - 1)) / 9);
    for (let failures = 0; failures <= 10; failures++) {
      if (scaled * (1 + failures) === printed) return true;
    }
  }
  return false;
}
