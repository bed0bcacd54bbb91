/** Kprobe and scheduler events: `(symbol+0x0/0x150) name=value name=value`. */

import { FIELD_NAMES, Field, Kind, NoMm, type TraceEvent } from "../event.ts";
import { hexDigit, skipBlanks, smallDecimal, tokenEnd } from "./bytes.ts";
import type { PointerTable } from "./pointer.ts";

const SLOT: ReadonlyMap<number, number> = new Map(
  FIELD_NAMES.map((name, slot) => [keyOf(Buffer.from(name), 0, name.length), slot]),
);

function keyOf(bytes: Buffer, from: number, to: number): number {
  let value = to - from;
  for (let i = from; i < to; i++) value = (Math.imul(value, 33) + (bytes[i] ?? 0)) | 0;
  return value;
}

/**
 * Decodes the arguments of a kprobe event into `event.fields`, and its mm and rc.
 *
 * @returns `other` if the payload does not begin with a probed address: then the name belongs to another event; `damaged` if
 *   an argument that is kept is no number
 */
export function parseProbe(
  event: TraceEvent,
  bytes: Buffer,
  from: number,
  to: number,
  table: PointerTable,
): "read" | "other" | "damaged" {
  event.fields.fill(-1);
  event.mm = NoMm.absent;
  event.rc = Number.NaN;
  event.style = -1;
  from = skipBlanks(bytes, from, to);
  if (bytes[from] !== 40) return "other";
  let at = from + 1;
  let depth = 1;
  while (at < to && depth > 0) {
    if (bytes[at] === 40) depth++;
    else if (bytes[at] === 41) depth--;
    at++;
  }
  if (depth > 0) return "damaged";
  while (at < to) {
    at = skipBlanks(bytes, at, to);
    const end = tokenEnd(bytes, at, to);
    let equal = at;
    while (equal < end && bytes[equal] !== 61) equal++;
    const slot = equal < end ? SLOT.get(keyOf(bytes, at, equal)) : undefined;
    if (slot !== undefined) {
      if (!isNumber(bytes, equal + 1, end)) return "damaged";
      event.fields[slot * 2] = equal + 1;
      event.fields[slot * 2 + 1] = end;
    }
    at = end;
  }
  const mmFrom = event.fields[Field.mm * 2] ?? -1;
  if (mmFrom >= 0 && !setMm(event, bytes, mmFrom, event.fields[Field.mm * 2 + 1] ?? 0, table))
    return "damaged";
  const rcFrom = event.fields[Field.rc * 2] ?? -1;
  if (rcFrom >= 0) event.rc = smallDecimal(bytes, rcFrom, event.fields[Field.rc * 2 + 1] ?? 0);
  return "read";
}

/** Digits of a number of at most 64 bits, hexadecimal with or without 0x, or decimal with a sign. */
export function isNumber(bytes: Buffer, from: number, to: number): boolean {
  if (bytes[from] === 45) from++;
  else if (bytes[from] === 48 && bytes[from + 1] === 120) from += 2;
  if (from >= to || to - from > 20) return false;
  for (let i = from; i < to; i++) if (hexDigit(bytes[i] ?? 0) < 0) return false;
  return true;
}

function setMm(event: TraceEvent, bytes: Buffer, from: number, to: number, table: PointerTable): boolean {
  if (bytes[from] === 48 && bytes[from + 1] === 120) from += 2;
  if (to - from > 16 || from >= to) return false;
  let high = 0;
  let low = 0;
  for (let i = from; i < to; i++) {
    const digit = hexDigit(bytes[i] ?? 0);
    if (digit < 0) return false;
    if (to - i > 8) high = high * 16 + digit;
    else low = low * 16 + digit;
  }
  event.mm = high === 0 && low === 0 ? NoMm.nil : table.intern(high, low);
  return true;
}

/** Slot of a probe's argument in `event.fields`, undefined where none is kept. */
export function slotOf(bytes: Buffer, from: number, to: number): number | undefined {
  const slot = SLOT.get(keyOf(bytes, from, to));
  return slot === undefined || FIELD_NAMES[slot]?.length !== to - from ? undefined : slot;
}

/** True for the kinds that {@link parseProbe} decodes. */
export function isProbe(kind: Kind): boolean {
  return kind >= Kind.probeEnter && kind <= Kind.migrateListRet;
}
