/** The arguments of events in JSON: of the daemon's own ones, and of probes. */

import { FIELD_NAMES, Field, Kind, NoMm, type TraceEvent } from "../../event.ts";
import { ascii, smallDecimal } from "../bytes.ts";
import { type PointerFacts, Style, setTuning } from "../payload.ts";
import { createPointerScan, type PointerTable, scanPointer } from "../pointer.ts";
import { isNumber, slotOf } from "../probe.ts";
import { findMember, type Members } from "./scan.ts";
import { type TextBounds, textBounds, wholeText } from "./values.ts";

const KEY = {
  mm: ascii("mm"),
  comm: ascii("comm"),
  rc: ascii("rc"),
  node: ascii("node"),
  targetNode: ascii("target_node"),
  start: ascii("start"),
  total: ascii("total"),
  period: ascii("scan_period"),
  size: ascii("scan_size"),
  msuccess: ascii("msuccess"),
  mfailed: ascii("mfailed"),
} as const;

export interface ArgumentReader {
  /** Decodes the arguments of a daemon event; returns what is wrong with them, or null. */
  readonly daemon: (event: TraceEvent, bytes: Buffer, args: Members, style: number) => string | null;
  /** Decodes the arguments of a probe. */
  readonly probe: (event: TraceEvent, bytes: Buffer, args: Members) => string | null;
}

export function createArgumentReader(table: PointerTable, facts: PointerFacts): ArgumentReader {
  const scan = createPointerScan();
  const text: TextBounds = { from: -1, to: -1, escaped: false };

  function locate(bytes: Buffer, args: Members, key: Uint8Array): boolean {
    const i = findMember(bytes, args, key);
    if (i < 0) return false;
    textBounds(bytes, args.from[i] ?? 0, args.to[i] ?? 0, text);
    return true;
  }

  function pointer(event: TraceEvent, bytes: Buffer, args: Members): string | null {
    const i = findMember(bytes, args, KEY.mm);
    if (i < 0) return "the event has no mm";
    textBounds(bytes, args.from[i] ?? 0, args.to[i] ?? 0, text);
    if (text.from < 0) return "mm is no pointer";
    if (text.from === args.from[i]) return numericPointer(event, bytes);
    if (!scanPointer(bytes, text.from, text.to, scan) || scan.from !== text.from) return "mm is no pointer";
    if (scan.special !== 0) {
      event.mm = scan.special;
      if (scan.special === NoMm.unknown) facts.unknown++;
    } else intern(event, scan.high, scan.low);
    return null;
  }

  /** A pointer as a JSON number, of any size. */
  function numericPointer(event: TraceEvent, bytes: Buffer): string | null {
    const digits = wholeText(bytes, text.from, text.to);
    if (digits === null) return "mm is no pointer";
    const value = BigInt(digits);
    if (value < 0n || value > 0xffffffffffffffffn) return "mm is no pointer of 64 bits";
    const high = Number(value >> 32n);
    const low = Number(value & 0xffffffffn);
    if (value === 0n) event.mm = NoMm.nil;
    else if (high === 0xffffffff && low >= 0xfffff001) event.mm = NoMm.error;
    else intern(event, high, low);
    return null;
  }

  function intern(event: TraceEvent, high: number, low: number): void {
    if (high === 0) facts.sawHashed = true;
    else facts.sawRaw = true;
    event.mm = table.intern(high, low);
  }

  function whole(bytes: Buffer, args: Members, key: Uint8Array): bigint | null {
    if (!locate(bytes, args, key)) return null;
    const digits = wholeText(bytes, text.from, text.to);
    return digits === null ? null : BigInt(digits);
  }

  function small(bytes: Buffer, args: Members, key: Uint8Array): number {
    return locate(bytes, args, key) && text.from >= 0 ? smallDecimal(bytes, text.from, text.to) : Number.NaN;
  }

  /** The node, -1 if none is given, NaN if it is no number. */
  function node(bytes: Buffer, args: Members): number {
    const key = findMember(bytes, args, KEY.node) >= 0 ? KEY.node : KEY.targetNode;
    return findMember(bytes, args, key) < 0 ? -1 : small(bytes, args, key);
  }

  function scanEnd(event: TraceEvent, bytes: Buffer, args: Members): string | null {
    const start = whole(bytes, args, KEY.start);
    const total = whole(bytes, args, KEY.total);
    const period = whole(bytes, args, KEY.period);
    const size = whole(bytes, args, KEY.size);
    if (start === null || total === null || period === null || size === null)
      return "start, total, scan_period and scan_size must be whole numbers";
    event.start = BigInt.asUintN(64, start);
    event.total = total;
    setTuning(event, period, size);
    return null;
  }

  function daemon(event: TraceEvent, bytes: Buffer, args: Members, style: number): string | null {
    const named = findMember(bytes, args, KEY.comm) >= 0;
    const hasNode = findMember(bytes, args, KEY.node) >= 0 || findMember(bytes, args, KEY.targetNode) >= 0;
    const counts = findMember(bytes, args, KEY.msuccess) >= 0 && findMember(bytes, args, KEY.mfailed) >= 0;
    event.style = counts ? Style.counts : named ? Style.taskName : hasNode ? Style.node : style;
    const wrong = pointer(event, bytes, args);
    if (wrong !== null) return wrong;
    if (event.kind !== Kind.scanEnd && event.kind !== Kind.migrate) return null;
    event.node = node(bytes, args);
    if (Number.isNaN(event.node)) return "node must be a whole number";
    if (event.kind === Kind.scanEnd) return scanEnd(event, bytes, args);
    event.rc = small(bytes, args, KEY.rc);
    return Number.isNaN(event.rc) ? "rc must be a whole number" : null;
  }

  function probe(event: TraceEvent, bytes: Buffer, args: Members): string | null {
    event.fields.fill(-1);
    event.style = Style.neutral;
    event.rc = Number.NaN;
    event.mm = NoMm.absent;
    for (let i = 0; i < args.count; i++) {
      const slot = slotOf(bytes, args.keyFrom[i] ?? 0, args.keyTo[i] ?? 0);
      if (slot === undefined) continue;
      textBounds(bytes, args.from[i] ?? 0, args.to[i] ?? 0, text);
      if (slot !== Field.mm && (text.from < 0 || !isNumber(bytes, text.from, text.to)))
        return `${FIELD_NAMES[slot]} must be a number`;
      event.fields[slot * 2] = text.from;
      event.fields[slot * 2 + 1] = text.to;
      if (slot === Field.rc) event.rc = smallDecimal(bytes, text.from, text.to);
    }
    return findMember(bytes, args, KEY.mm) < 0 ? null : pointer(event, bytes, args);
  }

  return { daemon, probe };
}
