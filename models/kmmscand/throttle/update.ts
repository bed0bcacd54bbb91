/** What a version makes of the control law: what the slot stores, and what the next scan goes by. */
import { add, type Bool, choose, type Expr, ge, greatest, gt, type Int } from "../../language/index.ts";
import type { Has } from "./features.ts";
import { chunksOf, type Memory, type Scope } from "./memory.ts";
import { type Case, clamp, decayed, type Limits, scaled, slowed, tunedPeriod } from "./throttle-law.ts";

export interface Update {
  readonly limits: Limits;
  /** A sixteenth of scan_delta counts as found once more. */
  readonly remembers: boolean;
  /** What becomes of the tuned period before it is stored. */
  readonly store: (tuned: Expr<Int>) => Expr<Int>;
  /** What the next scan waits for, of the period that is stored. */
  readonly wait: (stored: Expr<Int>) => Expr<Int>;
  /** The size of the next scan, of the size that is stored. */
  readonly extent: (stored: Expr<Int>) => Expr<Int>;
  /** The period that is stored after this case. */
  readonly after: (which: Case) => Expr<Int>;
  /** What a scan that has found so many pages adds up to. */
  readonly sum: (found: number) => Expr<Int>;
  /** Whether the scan before was useful; and whether one that finds so many pages is. */
  readonly before: Expr<Bool>;
  readonly useful: (found: number) => Expr<Bool>;
}

export function updateOf(v: Memory, has: Has, limits: Limits, scope: Scope): Update {
  const { min, max } = limits.period;
  const bounded = (period: Expr<Int>) => (has("stretchedPeriodClamped") ? clamp(period, min, max) : period);
  const byScale = (period: Expr<Int>) => (has("scaleStretches") ? scaled(period, v.scale) : period);
  const byFailures = (period: Expr<Int>) => (has("failuresStretch") ? slowed(period, v.fratio) : period);
  const stretches = has("scaleStretches") || has("failuresStretch");
  const stretch = (period: Expr<Int>) => (stretches ? bounded(byFailures(byScale(period))) : period);
  const unstretched = has("periodStoredUnstretched");
  const store = (tuned: Expr<Int>) => (unstretched ? tuned : stretch(tuned));
  const counts = scope.queue > 0;
  // Another scan of the largest size might not fit.
  const nearBound = gt(add(v.queue, chunksOf(limits)), scope.queue);
  const wait = (stored: Expr<Int>) => {
    const usual = unstretched ? stretch(stored) : stored;
    return counts && has("queueLengthensPeriod") ? choose(nearBound, greatest(usual, max), usual) : usual;
  };
  const extent = (stored: Expr<Int>) =>
    counts && has("queueShortensScan")
      ? choose<Int>(nearBound, { kind: "int", value: limits.size.min }, stored)
      : stored;
  const remembers = !has("scanJudgedByItself");
  const sum = (found: number): Expr<Int> =>
    remembers ? add(decayed(v.delta), found) : { kind: "int", value: found };
  return {
    limits,
    remembers,
    store,
    wait,
    extent,
    after: (which) => store(tunedPeriod(which, v.period, limits)),
    sum,
    before: gt(v.delta, 0),
    useful: (found) => ge(sum(found), limits.threshold),
  };
}
