/** How the daemon sets the period and size of the next scan of an mm: by running the model `throttle`, one step a scan. */
import {
  enabledSteps,
  featuresOf,
  findModel,
  flatten,
  initialState,
  type System,
  takeStep,
} from "../../models/index.ts";

export type SimulatedPatch = "v0" | "v1" | "v2" | "v3";

export const SIMULATED_PATCHES: readonly SimulatedPatch[] = ["v0", "v1", "v2", "v3"];

const MIB = 2 ** 20;

/** What the model leaves open: which scans are useful, and where the numbers begin and end. */
interface Constants {
  /** Largest period, milliseconds. */
  readonly longest: number;
  /** Size of the first scan, bytes. */
  readonly firstSize: number;
  /** Pages below which a scan is idle. */
  readonly threshold: number;
  /** What of earlier activity is carried on, as a shift; null for nothing. */
  readonly decay: number | null;
  /** Milliseconds from the enter of an mm to its first scan. */
  readonly delay: number;
}

const later = { longest: 5000, firstSize: 1024 * MIB, threshold: 256, decay: 4, delay: 1000 } as const;

export const CONSTANTS: Readonly<Record<SimulatedPatch, Constants>> = {
  v0: { longest: 5000, firstSize: 4096 * MIB, threshold: 100, decay: null, delay: 0 },
  v1: later,
  v2: later,
  v3: { ...later, delay: 2000 },
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

/**
 * A slot after a scan that counted `total` accessed pages, no migration having failed.
 *
 * @param scale - prctl scale of the mm, which matters in v3
 */
export function tuned(patch: SimulatedPatch, tuning: Tuning, total: number, scale = 1): Tuning {
  const { threshold, decay } = CONSTANTS[patch];
  const carried = decay === null ? 0 : tuning.delta >> decay;
  const active = total + carried < threshold ? 0 : total + carried;
  const system = throttleOf(patch, scale);
  const before = initialState(system);
  const context = {
    ...before.context,
    period: tuning.period,
    size: Math.trunc(tuning.size / MIB),
    // The least that is more than nothing: a sixteenth of it makes no scan useful.
    delta: tuning.delta > 0 ? 1 : 0,
  };
  const state = { ...before, context };
  const name = active > 0 ? "finds_enough" : "finds_none";
  const step = enabledSteps(system, state).find((one) => one.name === name);
  if (step === undefined) throw new Error(`the model throttle has no step ${name}`);
  const { context: after } = takeStep(system, state, step);
  return { period: Number(after["period"]), size: Number(after["size"]) * MIB, delta: active };
}

const systems = new Map<string, System>();

function throttleOf(patch: SimulatedPatch, scale: number): System {
  const key = `${patch} ${scale}`;
  const known = systems.get(key);
  if (known !== undefined) return known;
  const entry = findModel("throttle");
  if (entry === undefined) throw new Error("the catalogue has no model throttle");
  const usual = Object.entries(entry.parameters).map(([name, { default: value }]) => [name, value]);
  const parameters = { ...Object.fromEntries(usual), scale, prctls: 0, window: 0 };
  const system = flatten(entry.build({ patch, features: featuresOf(entry, patch), parameters }));
  systems.set(key, system);
  return system;
}
