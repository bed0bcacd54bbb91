/**
 * The scan throttle: update_mmslot_info of each version, exhaustive over the control law in exact integers.
 *
 * A state is the period in ms, the size in MiB and whether the last scan was useful. Whether the next scan is useful is
 * the environment's choice, after threshold and decay: with the decay of V1 to V3 a scan can be useful without accesses.
 */
import type { BuildOptions, Feature, ModelEntry, Patch } from "../entry.ts";
import {
  actor,
  add,
  and,
  bool,
  choose,
  declare,
  div,
  type Expr,
  ge,
  greatest,
  type Int,
  int,
  le,
  least,
  type Model,
  mul,
  type Property,
  point,
  set,
  step,
} from "../language/index.ts";

/** Limits of a version: period in ms, sizes in MiB. */
interface Bounds {
  readonly period: { readonly min: number; readonly max: number };
  readonly size: { readonly min: number; readonly start: number; readonly max: number };
}

const v0: Bounds = { period: { min: 400, max: 5000 }, size: { min: 512, start: 4096, max: 16384 } };
const sizeFromV1 = { min: 256, start: 1024, max: 4096 };
const bounds: Readonly<Record<Patch, Bounds>> = {
  v0,
  v1: { period: { min: 500, max: 5000 }, size: sizeFromV1 },
  v2: { period: { min: 600, max: 5000 }, size: sizeFromV1 },
  v3: { period: { min: 600, max: 5000 }, size: sizeFromV1 },
  fixed: v0,
};

/** pte_scan_scale runs up to this value, and its default of V1 and V2 is 1. */
const scaleMax = 10;

const features: readonly Feature[] = [
  {
    name: "scaleNotStored",
    doc: "prctl scale and failure percentage stretch the wait for the next scan only, not the stored period",
    closes: ["D72", "D73"],
    restores: ["A06", "A07"],
    patches: ["v0", "v1", "v2", "fixed"],
  },
];

export const throttle: ModelEntry = {
  name: "throttle",
  title: "The control law of scan period and scan size",
  doc: "update_mmslot_info after each scan, which the environment makes useful or idle.",
  parameters: {
    start: {
      default: 2000,
      min: 400,
      max: 5000,
      doc: "mm_scan_period_ms when the mm is registered, ms (clamped)",
    },
    scale: { default: 8, min: 0, max: scaleMax, doc: "pte_scan_scale of the mm (v3)" },
    failed: { default: 0, min: 0, max: 100, doc: "percentage of failed migrations (v3)" },
  },
  patches: ["v0", "v1", "v2", "v3", "fixed"],
  features,
  build,
};

function build(options: BuildOptions): Model {
  const limits = bounds[options.patch ?? "v0"];
  const { start = 2000, scale = 1, failed = 0 } = options.parameters;
  const clamped = Math.min(limits.period.max, Math.max(limits.period.min, start));
  const { variables, v } = declare({
    scan_period: { sort: int(0, 110_000), initial: clamped, doc: "slot->scan_period, ms" },
    scan_size: {
      sort: int(limits.size.min / 2, limits.size.max * 2),
      initial: limits.size.start,
      doc: "slot->scan_size, MiB",
    },
    scan_delta: { sort: bool, initial: false, doc: "slot->scan_delta is not 0: the last scan was useful" },
  });
  const clamp = (value: Expr<Int>, { min, max }: { readonly min: number; readonly max: number }) =>
    least(greatest(value, min), max);
  const stretched = (period: Expr<Int>) => {
    if (options.features["scaleNotStored"] === true) return period;
    const scaled = scale === 0 ? period : add(period, div(mul(period, scale - 1), scaleMax - 1));
    return mul(scaled, 1 + Math.trunc(failed / 10));
  };
  const next = (useful: boolean) => {
    const [steady, turned] = useful
      ? [div(mul(v.scan_period, 85), 100), div(v.scan_period, 8)]
      : [div(mul(v.scan_period, 115), 100), mul(v.scan_period, 8)];
    const period = useful ? choose(v.scan_delta, steady, turned) : choose(v.scan_delta, turned, steady);
    const size = useful
      ? choose(v.scan_delta, mul(v.scan_size, 2), limits.size.max)
      : choose(v.scan_delta, v.scan_size, div(v.scan_size, 2));
    return { period: stretched(clamp(period, limits.period)), size: clamp(size, limits.size) };
  };
  const update = (useful: boolean) => {
    const { period, size } = next(useful);
    // The size is written first: it depends on scan_delta alone, and the period is read by nothing after it.
    return [set(v.scan_size, size), set(v.scan_period, period), set(v.scan_delta, useful)];
  };
  const slot = actor({
    name: "slot",
    doc: "one mm_slot, scanned again and again",
    initial: "update_mmslot_info:scan",
    points: {
      "update_mmslot_info:scan": point(
        step("useful", "the scan found accessed folios: update_mmslot_info", { do: update(true) }),
        step("idle", "the scan found none: update_mmslot_info", { do: update(false) }),
      ),
    },
  });
  const properties: readonly Property[] = [
    {
      id: "A06",
      kind: "invariant",
      title: "Scan period and size stay within their limits",
      says: "the stored period or size has left the range that the sysfs file promises",
      defects: ["D72"],
      holds: and(
        ge(v.scan_period, limits.period.min),
        le(v.scan_period, limits.period.max),
        ge(v.scan_size, limits.size.min),
        le(v.scan_size, limits.size.max),
      ),
    },
    {
      id: "A07",
      kind: "assertion",
      title: "A useful scan never lengthens the period",
      says: "the control law goes the wrong way: a useful scan is followed by a longer period",
      defects: ["D73"],
      on: [{ actor: "slot", steps: ["useful"] }],
      holds: le(next(true).period, v.scan_period),
    },
    {
      id: "A07.idle",
      kind: "assertion",
      title: "An idle scan never shortens the period",
      says: "an idle scan is followed by a shorter period",
      defects: ["D73"],
      on: [{ actor: "slot", steps: ["idle"] }],
      holds: ge(next(false).period, v.scan_period),
    },
  ];
  return { name: "throttle", title: throttle.title, identities: {}, variables, actors: [slot], properties };
}
