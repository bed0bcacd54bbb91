/**
 * The payloads of the daemon's own trace events, V0 to V3, as templates anchored at the right end: V0 prints the
 * task name in the middle, and a task name may contain anything, also ` mm=`.
 */

import { Kind, NoMm, type TraceEvent } from "../event.ts";
import { ascii, matchesAt, SPACE, skipBlanks, smallDecimal } from "./bytes.ts";
import { createPointerScan, type PointerScan, type PointerTable, scanPointer } from "./pointer.ts";

const TEXT = {
  enter: ascii("kmmscand: mm_enter comm ="),
  start: ascii("kmmscand: scan_mm_start comm ="),
  end: ascii("kmmscand: scan_mm_end comm ="),
  migrate: ascii("kmmscand: scan_mm_migrate comm ="),
  mmEqual: ascii(" mm="),
  mmSpaced: ascii("mm = "),
  mmGlued: ascii("mm="),
  comm: ascii("comm="),
} as const;

/** Style of a payload: which versions print it. */
export const Style = { taskName: 0, node: 1, counts: 3, neutral: -1 } as const;

/** Facts about the pointers that the payload parser met; it only ever sets them. */
export interface PointerFacts {
  sawHashed: boolean;
  sawRaw: boolean;
  unknown: number;
}

export interface PayloadParser {
  /** Decodes the payload of a daemon event into `event`; false if it fits no template. */
  readonly parse: (event: TraceEvent, bytes: Buffer, from: number, to: number) => boolean;
  /** The number of the mm whose pointer fills [from, to) exactly; -1, and nothing is noted, if none that has one does. */
  readonly pointerAt: (bytes: Buffer, from: number, to: number) => number;
}

/** A parser that numbers pointers in `table` and notes their classes in `facts`. */
export function createPayloadParser(table: PointerTable, facts: PointerFacts): PayloadParser {
  const scan: PointerScan = createPointerScan();

  function pointer(event: TraceEvent, bytes: Buffer, from: number, to: number): boolean {
    if (!scanPointer(bytes, from, to, scan)) return false;
    if (scan.special !== 0) {
      event.mm = scan.special;
      if (scan.special === NoMm.unknown) facts.unknown++;
      return true;
    }
    event.mm = number();
    return true;
  }

  /** Number of the pointer just scanned. */
  function number(): number {
    if (scan.high === 0) facts.sawHashed = true;
    else facts.sawRaw = true;
    return table.intern(scan.high, scan.low);
  }

  /** `PREFIX NAME mm=P` with a name of at most 15 bytes, the pointer ending at `to`. */
  function named(event: TraceEvent, bytes: Buffer, from: number, to: number, prefix: Uint8Array): boolean {
    if (!matchesAt(bytes, from, prefix) || !pointer(event, bytes, from, to)) return false;
    const nameFrom = from + prefix.length;
    const nameTo = scan.from - TEXT.mmEqual.length;
    event.style = Style.taskName;
    return nameTo >= nameFrom && nameTo - nameFrom <= 15 && matchesAt(bytes, nameTo, TEXT.mmEqual);
  }

  /** `mm = P`, the pointer ending at `to`. */
  function spaced(event: TraceEvent, bytes: Buffer, from: number, to: number): boolean {
    if (!matchesAt(bytes, from, TEXT.mmSpaced) || !pointer(event, bytes, from + 5, to)) return false;
    event.style = Style.node;
    return scan.from === from + TEXT.mmSpaced.length;
  }

  /** `[comm=NAME ]mm=P`, as trace-cmd report -R and options/fields print. */
  function raw(event: TraceEvent, bytes: Buffer, from: number, to: number): boolean {
    if (bytes[to - 1] === 41) to = unwrapFields(bytes, to);
    if (!pointer(event, bytes, from, to)) return false;
    const keyFrom = scan.from - (bytes[scan.from - 1] === 40 ? 4 : 3);
    if (!matchesAt(bytes, keyFrom, TEXT.mmGlued)) return false;
    event.style = keyFrom === from ? Style.neutral : Style.taskName;
    return keyFrom === from || (matchesAt(bytes, from, TEXT.comm) && bytes[keyFrom - 1] === SPACE);
  }

  function bare(event: TraceEvent, bytes: Buffer, from: number, to: number): boolean {
    if (event.kind === Kind.scanStart && named(event, bytes, from, to, TEXT.start)) return true;
    if (event.kind === Kind.mmEnter && named(event, bytes, from, to, TEXT.enter)) return true;
    return spaced(event, bytes, from, to) || raw(event, bytes, from, to);
  }

  function scanEnd(event: TraceEvent, bytes: Buffer, from: number, to: number): boolean {
    const tail = END_TAIL.exec(bytes.toString("latin1", Math.max(from, to - 200), to));
    if (tail === null) return false;
    const head = to - tail[0].length;
    if (matchesAt(bytes, from, TEXT.end)) {
      if (tail[5] !== undefined || !named(event, bytes, from, head, TEXT.end)) return false;
    } else {
      if (!raw(event, bytes, from, head)) return false;
      if (tail[5] !== undefined) event.style = Style.node;
    }
    event.start = BigInt.asUintN(64, BigInt(tail[1] ?? "0"));
    event.total = BigInt(tail[2] ?? "0");
    setTuning(event, BigInt(tail[3] ?? "0"), BigInt(tail[4] ?? "0"));
    event.node = tail[5] === undefined ? -1 : Number(tail[5]);
    return true;
  }

  function migrate(event: TraceEvent, bytes: Buffer, from: number, to: number): boolean {
    if (matchesAt(bytes, from, TEXT.migrate)) {
      let at = to;
      while (at > from && bytes[at - 1] !== 61) at--;
      event.rc = smallDecimal(bytes, at, to);
      event.node = -1;
      return (
        !Number.isNaN(event.rc) &&
        bytes.toString("latin1", at - 4, at) === " rc=" &&
        named(event, bytes, from, at - 4, TEXT.migrate)
      );
    }
    const tail = MIGRATE_TAIL.exec(bytes.toString("latin1", Math.max(from, to - 120), to));
    if (tail === null) return false;
    const head = to - tail[0].length;
    const isSpaced = matchesAt(bytes, from, TEXT.mmSpaced);
    if (!(isSpaced ? spaced(event, bytes, from, head) : raw(event, bytes, from, head))) return false;
    event.rc = Number(tail[1]);
    event.node = tail[2] === undefined ? -1 : Number(tail[2]);
    if (tail[2] !== undefined) event.style = tail[3] === undefined ? Style.node : Style.counts;
    return true;
  }

  return {
    parse(event, bytes, from, to) {
      while (to > from && bytes[to - 1] === SPACE) to--;
      from = skipBlanks(bytes, from, to);
      event.mm = NoMm.absent;
      switch (event.kind) {
        case Kind.scanStart:
        case Kind.mmEnter:
        case Kind.mmExit:
          return bare(event, bytes, from, to);
        case Kind.scanEnd:
          return scanEnd(event, bytes, from, to);
        default:
          return migrate(event, bytes, from, to);
      }
    },
    pointerAt: (bytes, from, to) =>
      scanPointer(bytes, from, to, scan) && scan.special === 0 && scan.from === from ? number() : -1,
  };
}

const NUMBER = "(?:0x[0-9a-f]+ \\()?(-?\\d{1,20})\\)?";
const END_TAIL = new RegExp(
  `,? start ?= ?${NUMBER},? total ?= ?${NUMBER},? scan_period ?= ?${NUMBER},? scan_size ?= ?${NUMBER}(?: (?:target_)?node ?= ?${NUMBER})?$`,
);
const MIGRATE_TAIL = new RegExp(
  ` rc ?= ?${NUMBER}(?: (?:target_)?node ?= ?${NUMBER})?(?: msuccess ?= ?(-?\\d{1,11}) mfailed ?= ?(-?\\d{1,11}))?$`,
);

/** `mm=(0x…)` of options/fields: the end without the closing parenthesis, unless the pointer is a name in parentheses. */
function unwrapFields(bytes: Buffer, to: number): number {
  let at = to - 2;
  while (at > 0 && bytes[at] !== 40) at--;
  return bytes[at + 1] === 48 && bytes[at + 2] === 120 ? to - 1 : to;
}

const PERIOD_LIMIT = 65536n;

/**
 * Period (ms) and size (bytes) of scan_mm_end. In V0 the tracepoint may print them under each other's label, even
 * within one file, so the pair is put right by magnitude: a period is small and a size is not.
 */
export function setTuning(event: TraceEvent, period: bigint, size: bigint): void {
  event.swapped = event.style === Style.taskName && period >= PERIOD_LIMIT && size < PERIOD_LIMIT;
  event.period = event.swapped ? size : period;
  event.size = event.swapped ? period : size;
}
