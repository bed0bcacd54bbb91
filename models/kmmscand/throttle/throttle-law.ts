/** The control law of update_mmslot_info: how the result of a scan sets the period and the size of the next one. */
import type { Patch } from "../../entry.ts";
import {
  add,
  choose,
  div,
  type Expr,
  eq,
  greatest,
  type Int,
  least,
  mul,
  type Operand,
  sub,
} from "../../language/index.ts";

/** The documented ranges and defaults of a version; periods in ms, sizes in MiB, the threshold in pages. */
export interface Limits {
  readonly period: { readonly min: number; readonly start: number; readonly max: number };
  readonly size: { readonly min: number; readonly start: number; readonly max: number };
  /** KMMSCAND_IGNORE_SCAN_THR: fewer accessed pages make no scan useful. */
  readonly threshold: number;
}

const small = { min: 256, start: 1024, max: 4096 } as const;

export const limitsOf: Readonly<Record<Patch, Limits>> = {
  v0: {
    period: { min: 400, start: 2000, max: 5000 },
    size: { min: 512, start: 4096, max: 16384 },
    threshold: 100,
  },
  p1: {
    period: { min: 400, start: 2000, max: 5000 },
    size: { min: 256, start: 2048, max: 8192 },
    threshold: 100,
  },
  v1: { period: { min: 500, start: 2000, max: 5000 }, size: small, threshold: 256 },
  v2: { period: { min: 600, start: 2000, max: 5000 }, size: small, threshold: 256 },
  v3: { period: { min: 600, start: 2000, max: 5000 }, size: small, threshold: 256 },
  fixed: { period: { min: 600, start: 2000, max: 5000 }, size: small, threshold: 256 },
};

/** The four cases of the law: was the scan before useful, was this one? */
export type Case = "stillIdle" | "stillUseful" | "firstIdle" | "firstUseful";

/** SCAN_PERIOD_TUNE_PERCENT is 15, SCAN_PERIOD_CHANGE_SCALE is 3; every division truncates. */
export function tunedPeriod(which: Case, period: Expr<Int>, { period: { min, max } }: Limits): Expr<Int> {
  const tuned = {
    stillIdle: div(mul(period, 115), 100),
    stillUseful: div(mul(period, 85), 100),
    firstIdle: mul(period, 8),
    firstUseful: div(period, 8),
  }[which];
  return clamp(tuned, min, max);
}

export function tunedSize(which: Case, size: Expr<Int>, { size: { min, max } }: Limits): Operand<Int> {
  const tuned = {
    stillIdle: div(size, 2),
    stillUseful: mul(size, 2),
    firstIdle: size,
    firstUseful: max,
  }[which];
  return clamp(tuned, min, max);
}

/** SCAN_DECAY_SHIFT is 4: what is left of scan_delta when the next scan adds its own. */
export function decayed(delta: Expr<Int>): Expr<Int> {
  return div(delta, 16);
}

/** What v3 does to a period after the clamp: once for the prctl scale. */
export function scaled(period: Expr<Int>, scale: Expr<Int>): Expr<Int> {
  return choose(eq(scale, 0), period, add(period, div(mul(period, sub(scale, 1)), 9)));
}

/** And once for the share of failed migrations, in percent. */
export function slowed(period: Expr<Int>, fratio: Expr<Int>): Expr<Int> {
  return mul(period, add(div(fratio, 10), 1));
}

export function clamp(value: Operand<Int>, min: number, max: number): Expr<Int> {
  return least(greatest(value, min), max);
}
