/** Replays the throttle law over the scan_mm_end lines of each mm; shared by the monitors that need its prediction. */

import type { TraceEvent } from "../event.ts";
import { createRows, type Row } from "../rows.ts";
import { LATE_ENTER } from "./findings.ts";
import {
  type Activity,
  ANY_ACTIVITY,
  LAWS,
  type Law,
  NO_ACTIVITY,
  nextActivity,
  type Patch,
  type Step,
  steps,
} from "./law.ts";
import type { Lives } from "./lives.ts";

/** What is known of an mm after one of its full scans. */
const BLANK = {
  line: 0,
  ns: Number.NaN,
  incarnation: -1,
  epoch: -1,
  period: 0,
  total: 0,
  /** Bytes in force, -1 if not known. */
  size: 0,
  /** {@link Activity} before this scan. */
  idle: 0,
  high: 0,
  low: 0,
};

export type ScanState = Row<keyof typeof BLANK>;

export interface Advance {
  /** The state before this end, if it belongs to the same incarnation and no hole lies between. */
  readonly before: Readonly<Pick<ScanState, "line" | "ns" | "period" | "total">> | null;
  /** True if its mm_enter is in the log, with no hole since, and no scan after it or, as it may be late, just before it. */
  readonly isFirst: boolean;
  /** Outcomes of the law after {@link before}; empty if there is none, or its numbers are beyond the law. */
  readonly next: readonly Step[];
  readonly law: Law;
}

export interface Throttle {
  readonly release: (mm: number) => void;
  readonly forget: (mms: ReadonlySet<number>) => void;
  /** Goes on with a scan_mm_end; several monitors may ask, one after the other, what it led to. */
  readonly advance: (event: TraceEvent) => Advance;
}

/** The throttle of a version in one log. */
export function createThrottle(lives: Lives, patch: Patch): Throttle {
  const states = createRows(BLANK);
  const law = LAWS[patch];
  let ends = 0;
  let last: Advance = { before: null, isFirst: false, next: [], law };

  function advance(event: TraceEvent): Advance {
    const life = lives.of(event.mm);
    const state = states.of(event.mm);
    const { line, ns, incarnation, period, total } = state;
    const isOfLife = line > 0 && incarnation === life.incarnation;
    const before = isOfLife && state.epoch === lives.epoch() ? { line, ns, period, total } : null;
    const isFirst =
      life.enterEpoch === lives.epoch() && !isOfLife && (line === 0 || life.enterNs - ns > LATE_ENTER);
    const after = before !== null ? activityAfter(law, state) : isFirst ? NO_ACTIVITY : ANY_ACTIVITY;
    const next = before === null ? [] : outcomes(law, state);
    const size = Number(event.size);
    // Where no mm_enter is recorded, a pointer may have gone to a new mm, of which this is the first scan.
    const mayBeNew = lives.seen.enters === 0 && looksFresh(law, size, Number(event.total));
    const activity = mayBeNew ? { ...after, mayBeIdle: true } : after;
    state.line = event.line;
    state.ns = event.ns;
    state.incarnation = life.incarnation;
    state.epoch = lives.epoch();
    state.period = Number(event.period);
    state.total = Number(event.total);
    state.size = size < 0 ? Number.NaN : sizeInForce(law, mayBeNew ? [] : next, size, state.total);
    state.idle = Number(activity.mayBeIdle);
    state.high = activity.high;
    state.low = activity.low;
    return { before, isFirst, next, law };
  }

  return {
    release: states.drop,
    forget: (mms) => mms.forEach(states.drop),
    advance(event) {
      if (ends !== lives.seen.ends) {
        ends = lives.seen.ends;
        last = advance(event);
      }
      return last;
    },
  };
}

const activityBefore = ({ idle, high, low }: ScanState): Activity => ({ mayBeIdle: idle === 1, high, low });

const activityAfter = (law: Law, state: ScanState): Activity =>
  nextActivity(law, activityBefore(state), Math.max(0, state.total));

function outcomes(law: Law, state: ScanState): readonly Step[] {
  const { period, size } = state;
  if (!(period > 0 && period < 2 ** 31) || Number.isNaN(size)) return [];
  return steps(law, period, size, activityBefore(state), activityAfter(law, state));
}

/** The size stored in the slot: what is printed, unless this scan was extended and only the largest size is printed. */
function sizeInForce(law: Law, next: readonly Step[], printed: number, total: number): number {
  if (!law.printsExtension || printed !== law.maxSize || total <= law.threshold) return printed;
  const sizes = new Set(next.map((step) => step.size));
  const [only] = sizes;
  return sizes.size === 1 && only !== undefined ? only : -1;
}

/** True if a first scan of a new mm could print this size. */
export function looksFresh(law: Law, size: number, total: number): boolean {
  return size === law.defaultSize || (law.printsExtension && size === law.maxSize && total > law.threshold);
}
