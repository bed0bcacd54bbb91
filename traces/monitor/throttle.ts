/** Replays the throttle law over the scan_mm_end lines of each mm; shared by the monitors that need its prediction. */

import type { TraceEvent } from "../event.ts";
import { LATE_ENTER } from "./findings.ts";
import {
  type Activity,
  ANY_ACTIVITY,
  LAWS,
  type Law,
  NO_ACTIVITY,
  nextActivity,
  type Step,
  steps,
} from "./law.ts";
import type { Life } from "./life.ts";
import type { MonitorEnv } from "./monitor.ts";

/** What is known of an mm after one of its full scans. */
export interface ScanState {
  readonly line: number;
  readonly ns: number;
  readonly incarnation: number;
  readonly epoch: number;
  readonly period: number;
  readonly total: number;
  /** Bytes in force, -1 if not known. */
  readonly size: number;
  /** Activity before this scan and after it. */
  readonly past: Activity;
  readonly activity: Activity;
}

export interface Advance {
  /** The state before this end, if it belongs to the same incarnation and no hole lies between. */
  readonly before: ScanState | null;
  /** True if its mm_enter is in the log, with no hole since, and no scan after it or, as it may be late, just before it. */
  readonly isFirst: boolean;
  /** Outcomes of the law after {@link before}; empty if there is none, or its numbers are beyond the law. */
  readonly next: readonly Step[];
  readonly law: Law;
}

export interface Throttle {
  readonly release: (mm: number) => void;
  readonly forget: (mms: ReadonlySet<number>) => void;
  readonly advance: (event: TraceEvent) => Advance;
}

export function createThrottle(env: MonitorEnv): Throttle {
  const states = new Map<number, ScanState>();
  return {
    release: (mm) => void states.delete(mm),
    forget(mms) {
      for (const mm of mms) states.delete(mm);
    },
    advance(event) {
      const law = LAWS[env.patch ?? "v0"];
      const life = env.lives.of(event.mm);
      const old = states.get(event.mm) ?? null;
      const before =
        old !== null && old.incarnation === life.incarnation && old.epoch === env.lives.epoch() ? old : null;
      const period = Number(event.period);
      const size = Number(event.size);
      const total = Number(event.total);
      const isFirst = isNew(env, life, old);
      const activity = before?.activity ?? (isFirst ? NO_ACTIVITY : ANY_ACTIVITY);
      const now = nextActivity(law, activity, Math.max(0, total));
      const next = before === null ? [] : outcomes(law, before);
      states.set(event.mm, {
        line: event.line,
        ns: event.ns,
        incarnation: life.incarnation,
        epoch: env.lives.epoch(),
        period,
        total,
        size: size < 0 ? Number.NaN : sizeInForce(law, next, size, total),
        past: activity,
        activity: now,
      });
      return { before, isFirst, next, law };
    },
  };
}

function outcomes(law: Law, { period, size, past, activity }: ScanState): readonly Step[] {
  const isSound = period > 0 && period < 2 ** 31 && !Number.isNaN(size);
  return isSound ? steps(law, period, size, past, activity) : [];
}

/** True if this life's mm_enter is in the log, and no scan after it or, as a mm_enter may be late, just before it. */
function isNew(env: MonitorEnv, life: Life, old: ScanState | null): boolean {
  if (life.enterEpoch !== env.lives.epoch() || old?.incarnation === life.incarnation) return false;
  return old === null || life.enterNs - old.ns > LATE_ENTER;
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
