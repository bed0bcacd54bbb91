/** How the daemon sets the period and size of the next scan of an mm; `models/kmmscand/throttle` is the same law as a model. */

export type SimulatedPatch = "v0" | "v1" | "v2" | "v3";

export const SIMULATED_PATCHES: readonly SimulatedPatch[] = ["v0", "v1", "v2", "v3"];

const MIB = 2 ** 20;

interface Constants {
  /** Milliseconds. */
  readonly period: { readonly min: number; readonly max: number };
  /** Bytes. */
  readonly size: { readonly min: number; readonly start: number; readonly max: number };
  /** Pages below which a scan is idle. */
  readonly threshold: number;
  /** What of earlier activity is carried on, as a shift; null for nothing. */
  readonly decay: number | null;
  /** Milliseconds from the enter of an mm to its first scan. */
  readonly delay: number;
}

const later = {
  size: { min: 256 * MIB, start: 1024 * MIB, max: 4096 * MIB },
  threshold: 256,
  decay: 4,
  delay: 1000,
} as const;

export const CONSTANTS: Readonly<Record<SimulatedPatch, Constants>> = {
  v0: {
    period: { min: 400, max: 5000 },
    size: { min: 512 * MIB, start: 4096 * MIB, max: 16384 * MIB },
    threshold: 100,
    decay: null,
    delay: 0,
  },
  v1: { ...later, period: { min: 500, max: 5000 } },
  v2: { ...later, period: { min: 600, max: 5000 } },
  v3: { ...later, period: { min: 600, max: 5000 }, delay: 2000 },
};

/** What a slot remembers between scans. */
export interface Tuning {
  /** Milliseconds. */
  readonly period: number;
  /** Bytes. */
  readonly size: number;
  /** Accessed pages that count as activity, 0 after an idle scan. */
  readonly delta: number;
}

/** A slot after a scan that counted `total` accessed pages; v3 as with a prctl scale of 1 and no failed migrations. */
export function tuned(patch: SimulatedPatch, { period, size, delta }: Tuning, total: number): Tuning {
  const constants = CONSTANTS[patch];
  const carried = constants.decay === null ? 0 : delta >> constants.decay;
  const active = total + carried < constants.threshold ? 0 : total + carried;
  const [nextPeriod, nextSize] =
    active > 0
      ? delta > 0
        ? [Math.trunc((period * 85) / 100), size * 2]
        : [Math.trunc(period / 8), constants.size.max]
      : delta > 0
        ? [period * 8, size]
        : [Math.trunc((period * 115) / 100), Math.trunc(size / 2)];
  return {
    period: Math.max(constants.period.min, Math.min(constants.period.max, nextPeriod)),
    size: Math.max(constants.size.min, Math.min(constants.size.max, nextSize)),
    delta: active,
  };
}
