/**
 * Follows every mm of a log through the model of one version: one belief an mm, one table look-up an event.
 *
 * Events of one mm that come from different CPUs and tasks within the error of the clocks may be in any order.
 */
import { Kind, NoMm, type TraceEvent } from "../event.ts";
import { kindOf } from "./alphabet.ts";
import { ANYWHERE, type Beliefs, NOTHING } from "./beliefs.ts";
import { CLOCK_SKEW, mayBeLate, reordered } from "./reorder.ts";
import { createTracks, type Track } from "./tracks.ts";

/** How long after a visit of an mm its mm_enter may still come, nanoseconds. */
const LATE_ENTER = 100e6;

/** An event that no state of the belief before it explains. */
export interface Rejection {
  readonly belief: number;
  readonly prefix: number;
  readonly symbol: number;
  /** Kind and line of the event of this mm before it; line 0 if there is none. */
  readonly lastKind: number;
  readonly lastLine: number;
  /** Line of the last event of another mm by the scanner and by the migrator, 0 if none came since. */
  readonly otherScanLine: number;
  readonly otherMigrateLine: number;
}

export interface Observer {
  /** Null if the event fits. */
  readonly observe: (event: TraceEvent, symbol: number) => Rejection | null;
  /** Events may be missing: each mm may be anywhere. */
  readonly widen: () => void;
  readonly forget: (mms: ReadonlySet<number>) => void;
  /** Pointers seen, events for which another order was tried, and enters that came after the first visit of their mm. */
  readonly counts: () => { readonly mms: number; readonly close: number; readonly late: number };
}

export function createObserver(beliefs: Beliefs): Observer {
  const tracks = createTracks();
  let epoch = 1;
  let mms = 0;
  let close = 0;
  let late = 0;
  let scans = 0;
  let migrations = 0;
  let scanLine = 0;
  let migrateLine = 0;
  /** How many there were when the present epoch began: what came before says nothing now. */
  let scansBefore = 0;
  let migrationsBefore = 0;

  function widen(): void {
    epoch++;
    scansBefore = scans;
    migrationsBefore = migrations;
  }

  function begin(track: Track): void {
    if (track.epoch === 0) mms++;
    track.epoch = epoch;
    track.belief = ANYWHERE;
    track.scans = scansBefore;
    track.migrations = migrationsBefore;
    track.line = 0;
    track.since = Number.NaN;
    track.ns = Number.NaN;
    tracks.part(track);
  }

  function prefixOf(track: Track): number {
    const scanned = track.scans !== scans;
    const migrated = track.migrations !== migrations;
    if (!scanned) return migrated ? 2 : 0;
    if (!migrated) return 1;
    return scanLine < migrateLine ? 3 : 4;
  }

  function settle(track: Track, event: TraceEvent, prefix: number, symbol: number, next: number): void {
    if (event.kind === Kind.migrate) {
      migrations++;
      migrateLine = event.line;
    } else if (event.kind === Kind.scanStart || event.kind === Kind.scanEnd) {
      scans++;
      scanLine = event.line;
    }
    track.scans = scans;
    track.migrations = migrations;
    note(track, event, symbol, prefix);
    track.belief = next;
    track.line = event.line;
    track.ns = event.ns;
  }

  return {
    observe(event, symbol) {
      if (event.mm < 0) {
        // It may have been any mm's.
        if (event.mm === NoMm.unknown) widen();
        return null;
      }
      const track = tracks.of(event.mm);
      if (track.epoch !== epoch) begin(track);
      const prefix = prefixOf(track);
      const { belief } = track;
      let next = beliefs.step(belief, prefix, symbol);
      if (mayBeLate(track, event)) {
        next = reordered(beliefs, tracks, track, event, prefix, symbol, next);
        close++;
      } else tracks.part(track);
      let rejection: Rejection | null = null;
      if (next === NOTHING && isLateEnter(track, event)) {
        late++;
        next = beliefs.step(beliefs.step(ANYWHERE, 0, symbol), 0, track.symbol);
        if (next === NOTHING) next = ANYWHERE;
        tracks.part(track);
      } else if (next === NOTHING) {
        rejection = {
          belief,
          prefix,
          symbol,
          lastKind: track.line === 0 ? 0 : track.symbol >> 1,
          lastLine: track.line,
          otherScanLine: track.scans === scans ? 0 : scanLine,
          otherMigrateLine: track.migrations === migrations ? 0 : migrateLine,
        };
        next = beliefs.step(ANYWHERE, 0, symbol);
        if (next === NOTHING) next = ANYWHERE;
        tracks.part(track);
      }
      settle(track, event, prefix, symbol, next);
      return rejection;
    },
    widen,
    forget: tracks.forget,
    counts: () => ({ mms, close, late }),
  };
}

/**
 * The enter of an mm that has just been visited. The slot is on the list before the event is shown, so logs may have it
 * late, although the mmap_lock that a task holds meanwhile should turn the visits away.
 */
function isLateEnter(track: Track, { kind, ns }: TraceEvent): boolean {
  const last = kindOf(track.symbol);
  const visited = track.line > 0 && (last === Kind.scanStart || last === Kind.scanEnd);
  return kind === Kind.mmEnter && visited && !(ns - track.ns > LATE_ENTER);
}

/** Remembers the event as one of a run of equal ones, or as the first of a new run. */
function note(track: Track, event: TraceEvent, symbol: number, prefix: number): void {
  const again =
    symbol === track.symbol &&
    event.cpu === track.cpu &&
    event.pid === track.pid &&
    event.ns - track.since <= CLOCK_SKEW;
  if (again) {
    track.times++;
    return;
  }
  if (track.close === 0) track.base = track.belief;
  track.symbol = symbol;
  track.prefix = prefix;
  track.cpu = event.cpu;
  track.pid = event.pid;
  track.times = 1;
  track.since = event.ns;
}
