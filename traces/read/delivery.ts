/** The last step of reading: puts an event on the clock, counts it and hands it over. */

import { escapeText, type Gap, Kind, type TraceEvent } from "../event.ts";
import type { LogFacts } from "./facts.ts";
import type { NameBounds } from "./header.ts";

/** Where a reader delivers; the event is reused, see {@link TraceEvent}. */
export interface EventSink {
  readonly event: (event: TraceEvent) => void;
  readonly gap: (gap: Gap) => void;
}

export interface Delivery {
  /** Hands over the event whose columns and payload have been parsed. */
  readonly deliver: (bytes: Buffer, from: number, to: number, line: number, offset: number) => void;
  /** Copies what is kept of these bytes, for they are about to change. */
  readonly detach: (bytes: Buffer) => void;
  /** Forgets the time of each CPU: another trace begins. */
  readonly restart: () => void;
}

/** The last record of a CPU. */
interface Last {
  bytes: Buffer;
  from: number;
  to: number;
  ns: number;
  /** Latest time of the CPU so far. */
  peak: number;
}

const NAME_LIMIT = 256;
const CPU_LIMIT = 65536;
const SECOND = 1e9;
/** Times that are printed differently may differ by so much, nanoseconds. */
const ROUNDING = 1000;
const LOWER_E = 101;
const RV_ERROR = /^error_\w+: (?:\d+: )?(?:event .* not expected in the state |.*: violation detected)/s;
/** What a task does only once before it does something else, so that within a microsecond an equal line is a copy. */
const ONCE: ReadonlySet<Kind> = new Set([
  Kind.mmEnter,
  Kind.mmExit,
  Kind.scanEnd,
  Kind.probeEnter,
  Kind.probeExit,
  Kind.probeExitRet,
  Kind.probeCollect,
  Kind.promote,
  Kind.pteEntry,
  Kind.walkVma,
  Kind.fork,
  Kind.exec,
  Kind.exit,
]);
const FORGED = /-\d+ +\[\d{3,}\] +\S+ +\d+\.\d+: /;

/**
 * @param clockHz ticks a second of an integer clock, null if unknown
 * @param sorted true if the tool sorts all its records by time: then no time may go back, else none on its CPU
 */
export function createDelivery(
  event: TraceEvent,
  name: NameBounds,
  facts: LogFacts,
  sink: EventSink,
  clockHz: number | null,
  sorted: boolean,
): Delivery {
  const cpuTime: number[] = [];
  const last: (Last | undefined)[] = [];
  /** Latest time so far; in an object, where the number is changed in place. */
  const clock = { latest: Number.NEGATIVE_INFINITY };
  let baseSec = -1;

  function setTime(): void {
    if (baseSec < 0) baseSec = event.sec;
    if (event.nsec >= 0) {
      facts.sawFraction = true;
      event.ns = (event.sec - baseSec) * SECOND + event.nsec;
    } else {
      facts.sawTicks = true;
      event.ns = clockHz === null ? Number.NaN : ((event.sec - baseSec) * SECOND) / clockHz;
    }
    const back = clock.latest - event.ns;
    if (back > 0) {
      if (back > facts.skew) facts.skew = back;
      if (sorted) {
        jump();
        clock.latest = event.ns;
      }
    } else clock.latest = event.ns;
    const cpu = event.cpu;
    if (cpu < 0) return;
    const before = cpuTime[cpu];
    if (before === undefined) facts.cpus.add(cpu);
    else if (event.ns < before) backwards(before);
    if (cpu >= CPU_LIMIT) return;
    cpuTime[cpu] = event.ns;
    inPlace(cpu);
  }

  function backwards(before: number): void {
    facts.backwards++;
    if (before - event.ns > SECOND && !sorted) jump();
  }

  /** Logs that overlap and stand one after the other tell a stretch twice: there time is behind what it was. */
  function inPlace(cpu: number): void {
    const before = last[cpu];
    if (before === undefined || !(event.ns < before.peak - ROUNDING)) return;
    if (facts.outOfPlace++ === 0) facts.outOfPlaceLine = event.line;
    facts.doubtfulLine = event.line;
    if (event.ns < before.ns - ROUNDING) sink.gap({ reason: "clock", line: event.line, cpu, lost: -1 });
  }

  /**
   * Whether the line is a copy of the one before it of its CPU and is to be left out. A clock of microseconds may also show two
   * events that are equal: visits that are not due, migrations with one result.
   */
  function isCopy(bytes: Buffer, from: number, to: number): boolean {
    const { cpu, nsec, ns, kind } = event;
    if (cpu < 0 || cpu >= CPU_LIMIT || nsec < 0) return false;
    const before = last[cpu];
    if (before === undefined) {
      last[cpu] = { bytes, from, to, ns, peak: ns };
      return false;
    }
    const isEqual =
      before.ns === ns &&
      before.to - before.from === to - from &&
      before.bytes.compare(bytes, from, to, before.from, before.to) === 0;
    before.bytes = bytes;
    before.from = from;
    before.to = to;
    before.ns = ns;
    if (ns > before.peak) before.peak = ns;
    if (!isEqual) return false;
    if (!ONCE.has(kind)) {
      facts.doubtfulLine = event.line;
      return false;
    }
    if (facts.doubled++ === 0) facts.doubledLine = event.line;
    return true;
  }

  function jump(): void {
    facts.clockJumps++;
    cpuTime.length = 0;
    last.length = 0;
    clock.latest = event.ns;
    sink.gap({ reason: "clock", line: event.line, cpu: -1, lost: -1 });
  }

  /** An error event of a runtime verification monitor (kernel/trace/rv). */
  function noteVerification(bytes: Buffer): void {
    const text = bytes.toString("latin1", name.from, Math.min(event.to, name.from + 256));
    if (!RV_ERROR.test(text)) return;
    facts.rvErrors++;
    facts.rvExample ??= { line: event.line, text: escapeText(text) };
  }

  function count(bytes: Buffer): void {
    facts.records++;
    if (event.kind !== Kind.other) {
      facts.countByKind[event.kind] = (facts.countByKind[event.kind] ?? 0) + 1;
      return;
    }
    if (name.from >= 0 && bytes[name.from] === LOWER_E) noteVerification(bytes);
    const text = name.from < 0 ? "(no name)" : bytes.toString("latin1", name.from, name.to);
    const key = facts.countByName.has(text) || facts.countByName.size < NAME_LIMIT ? text : "(more names)";
    facts.countByName.set(key, (facts.countByName.get(key) ?? 0) + 1);
  }

  return {
    deliver(bytes, from, to, line, offset) {
      event.line = line;
      event.offset = offset;
      event.bytes = bytes;
      event.from = from;
      event.to = to;
      if (event.sec >= 0) {
        setTime();
        if (isCopy(bytes, from, to)) return;
      }
      count(bytes);
      if (event.kind === Kind.marker) {
        facts.markers++;
        if (FORGED.test(bytes.toString("latin1", event.payload, to))) facts.forgedHints++;
      }
      sink.event(event);
    },
    detach(bytes) {
      last.forEach((before) => {
        if (before?.bytes !== bytes) return;
        before.bytes = Buffer.from(bytes.subarray(before.from, before.to));
        before.to -= before.from;
        before.from = 0;
      });
    },
    restart() {
      cpuTime.length = 0;
      last.length = 0;
      clock.latest = Number.NEGATIVE_INFINITY;
    },
  };
}
