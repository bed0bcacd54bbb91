/** What a monitor is: it is fed the events of one log and judges one property. */

import type { Capture } from "../capture.ts";
import type { Gap, Kind, TraceEvent } from "../event.ts";
import type { Findings } from "./findings.ts";
import type { Patch } from "./law.ts";
import type { Lives } from "./lives.ts";
import type { Throttle } from "./throttle.ts";

/** What a monitor says at the end, besides the violations it has reported on the way. */
export interface Judgement {
  /** How often the property's premise occurred and could be judged. */
  readonly judged: number;
  /** Why the log cannot decide the property whatever its quality, or null. */
  readonly undecided: string | null;
  /** A measured fact worth stating with the verdict, such as a worst margin, or null. */
  readonly note: string | null;
  /** True if nothing in the log could be judged, so that the property is left out unless it was asked for. */
  readonly moot?: boolean;
}

export interface Monitor {
  readonly kinds: readonly Kind[];
  /** Called for events of `kinds`, after the shared life-cycle tracker has seen them. */
  readonly event: (event: TraceEvent) => void;
  /** Called for every hole; knowledge from before it is void (the tracker's epoch has grown). */
  readonly gap?: (gap: Gap) => void;
  /** Drops what is kept of an mm only for its life, which is over: `incarnation` has grown, so nothing asks for it again. */
  readonly release?: (mm: number) => void;
  /** Drops what is kept of these mms: their pointers have not been seen for long and will stand for others. */
  readonly forget?: (mms: ReadonlySet<number>) => void;
  readonly finish: () => Judgement;
}

/** Values in force, where the user gave them. */
export interface Tunables {
  /** mm_scan_period_ms, milliseconds. */
  readonly scanPeriodMs?: number;
  /** scan_sleep_ms, milliseconds. */
  readonly scanSleepMs?: number;
  /** mms_to_scan, visits in one cycle. */
  readonly mmsToScan?: number;
  /** prctl scale of every mm (V3 stretches the period by it). */
  readonly pteScanScale?: number;
  /** Nodes of the top memory tier. */
  readonly topTierNodes?: readonly number[];
}

/** What monitors share. */
export interface MonitorEnv {
  readonly lives: Lives;
  readonly findings: Findings;
  /** The throttle law of {@link patch} over the scans of each mm. */
  readonly throttle: Throttle;
  readonly tunables: Tunables;
  /** Tunables that only a capture tells; it knows knobs at its two ends, so a write in between would explain a deviation. */
  readonly assumed: ReadonlySet<keyof Tunables>;
  /** What stands beside the log, null if nothing. */
  readonly capture: Capture | null;
  /** Kernel ticks a second, and whether the user gave it. */
  readonly hz: number;
  readonly hzGiven: boolean;
  /** The version by whose rules to judge; null where the property is not {@link MonitorEntry.byVersion}. */
  readonly patch: Patch | null;
  /** How far the clocks of the CPUs may be apart, nanoseconds: events of different ones that are closer are unordered. */
  readonly skew: () => number;
  /** False if the log's clock has no unit. */
  readonly timed: () => boolean;
  /** The pointer of an mm for a message. */
  readonly mmText: (mm: number) => string;
}

/** A property that logs can be judged by. */
export interface MonitorEntry {
  readonly id: string;
  readonly title: string;
  /**
   * Whether the property is judged without being asked for by its id; by default always. Most logs lack the probes
   * and tunables that the finer properties need, and a list of "cannot tell" helps nobody.
   */
  readonly applies?: (has: (kind: Kind) => boolean, tunables: Tunables, capture: Capture | null) => boolean;
  /** True if the property rests on what stands beside the log alone, so that the log's quality does not matter. */
  readonly apart?: true;
  /** True if it also judges events that contradict the version that was given. */
  readonly anyVersion?: true;
  /** True if its rules depend on the version: then there is one monitor for each version that the log may be of. */
  readonly byVersion?: true;
  /** True if its rules are others for P1, the patch before V1, whose events look like those of V1. */
  readonly differsInP1?: true;
  /** Which events the property needs, in words. */
  readonly needs: string;
  readonly create: (env: MonitorEnv) => Monitor;
}
