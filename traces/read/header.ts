/**
 * The columns in front of the payload: task, pid, tgid, cpu, flags, time, event name.
 *
 * The dash between task and pid is the anchor. A task name has at most 15 bytes, so the dash is byte 16 of the line
 * whatever the name contains (byte 8 in the latency format, which cuts names); everything after it is unambiguous.
 */

import { Kind, type TraceEvent } from "../event.ts";
import { ascii, COLON, DASH, isDigit, LEFT_BRACKET, matchesAt, SPACE, skipBlanks } from "./bytes.ts";
import { isNameByte, kindOfName } from "./event-name.ts";

const LEFT_PAREN = 40;
const RIGHT_PAREN = 41;
const RIGHT_BRACKET = 93;
const DOT = 46;
const LOWER_U = 117;
const PLUS = 43;

/** Bounds of the event's name in the bytes last parsed; from is -1 when the record has none. */
export interface NameBounds {
  from: number;
  to: number;
}

/**
 * Parses the columns of one record.
 *
 * @param anchor position of the dash between task and pid
 * @param nameWidth bytes in front of the dash that belong to the task
 * @param latency true for the latency format, which glues cpu and flags together
 * @returns false if this is no record; `event` and `name` are then undefined in part
 */
export function parseHeader(
  bytes: Buffer,
  anchor: number,
  end: number,
  nameWidth: number,
  latency: boolean,
  event: TraceEvent,
  name: NameBounds,
): boolean {
  if (bytes[anchor] !== DASH || anchor + 12 > end) return false;
  let at = anchor + 1;
  let pid = 0;
  const digits = at;
  while (at < end && isDigit(bytes[at] ?? 0)) pid = pid * 10 + (bytes[at++] ?? 0) - 48;
  if (at === digits || at - digits > 10) return false;
  event.pid = pid;
  event.commFrom = anchor - nameWidth;
  event.commTo = anchor;
  event.tgid = -1;
  at = skipBlanks(bytes, at, end);
  if (latency) return parseLatency(bytes, at, end, event, name);
  if (bytes[at] === LEFT_PAREN) {
    at = parseTgid(bytes, at + 1, end, event);
    if (at < 0) return false;
  }
  if (bytes[at] !== LEFT_BRACKET) return false;
  let cpu = 0;
  const cpuFrom = ++at;
  while (at < end && isDigit(bytes[at] ?? 0)) cpu = cpu * 10 + (bytes[at++] ?? 0) - 48;
  if (at === cpuFrom || at - cpuFrom > 6 || bytes[at] !== RIGHT_BRACKET) return false;
  // trace-cmd report leaves no blank where a clock has counted to twelve digits.
  if (bytes[at + 1] !== SPACE && !isTime(bytes, at + 1, end)) return false;
  event.cpu = cpu;
  at = skipBlanks(bytes, at + 1, end);
  const flagsFrom = at;
  if (!isTime(bytes, at, end)) {
    while (at < end && bytes[at] !== SPACE) {
      if (bytes[at] === COLON || bytes[at] === LEFT_BRACKET) return false;
      at++;
    }
    if (at - flagsFrom < 3 || at - flagsFrom > 8) return false;
    at = skipBlanks(bytes, at, end);
  }
  return parseTime(bytes, at, end, event, name);
}

/** True if digits, an optional fraction and a colon stand here: then there is no column of flags. */
function isTime(bytes: Buffer, at: number, end: number): boolean {
  if (!isDigit(bytes[at] ?? 0)) return false;
  while (at < end && (isDigit(bytes[at] ?? 0) || bytes[at] === DOT)) at++;
  return bytes[at] === COLON;
}

function parseTgid(bytes: Buffer, at: number, end: number, event: TraceEvent): number {
  at = skipBlanks(bytes, at, end);
  const from = at;
  let tgid = 0;
  while (at < end && isDigit(bytes[at] ?? 0)) tgid = tgid * 10 + (bytes[at++] ?? 0) - 48;
  if (at > from) event.tgid = tgid;
  else while (at < end && bytes[at] === DASH) at++;
  if (at === from || bytes[at] !== RIGHT_PAREN) return -1;
  return skipBlanks(bytes, at + 1, end);
}

/** The latency format: cpu and flags glued together, time as seconds, ticks or microseconds with a delay mark. */
function parseLatency(bytes: Buffer, at: number, end: number, event: TraceEvent, name: NameBounds): boolean {
  let cpu = 0;
  const cpuFrom = at;
  while (at < end && isDigit(bytes[at] ?? 0) && at - cpuFrom < 4) cpu = cpu * 10 + (bytes[at++] ?? 0) - 48;
  if (at === cpuFrom) return false;
  event.cpu = cpu;
  const flagsFrom = at;
  while (at < end && bytes[at] !== SPACE) {
    if (bytes[at] === COLON) return false;
    at++;
  }
  if (at - flagsFrom > 8) return false;
  return parseTime(bytes, skipBlanks(bytes, at, end), end, event, name);
}

function parseTime(bytes: Buffer, at: number, end: number, event: TraceEvent, name: NameBounds): boolean {
  let sec = 0;
  const from = at;
  while (at < end && isDigit(bytes[at] ?? 0)) sec = sec * 10 + (bytes[at++] ?? 0) - 48;
  if (at === from || at - from > 19) return false;
  event.sec = sec;
  event.nsec = -1;
  if (bytes[at] === DOT) {
    let fraction = 0;
    const fractionFrom = ++at;
    while (at < end && isDigit(bytes[at] ?? 0)) fraction = fraction * 10 + (bytes[at++] ?? 0) - 48;
    if (at - fractionFrom === 6) event.nsec = fraction * 1000;
    else if (at - fractionFrom === 9) event.nsec = fraction;
    else return false;
  } else if (bytes[at] === LOWER_U && bytes[at + 1] === 115) {
    event.nsec = (sec % 1e6) * 1000;
    event.sec = Math.floor(sec / 1e6);
    at += 2;
    if (bytes[at] !== COLON) at++;
  }
  if (bytes[at] !== COLON || bytes[at + 1] !== SPACE) return false;
  at = skipBlanks(bytes, at + 1, end);
  if (bytes[at] === LEFT_PAREN && bytes[at + 1] === PLUS) at = skipTimeDifference(bytes, at, end);
  parseName(bytes, at, end, event, name);
  return true;
}

/** `(+1807)`, which trace-cmd report --ts-diff puts between time and event. */
function skipTimeDifference(bytes: Buffer, at: number, end: number): number {
  let to = at + 2;
  while (to < end && isDigit(bytes[to] ?? 0)) to++;
  return bytes[to] === RIGHT_PAREN ? skipBlanks(bytes, to + 1, end) : at;
}

/** What most lines of most logs have. */
const COMMONEST = ascii("kmem_scan_mm_start: ");

/** The event's name and the place of its payload, from `at`; a body without a name is of kind other. */
export function parseName(bytes: Buffer, at: number, end: number, event: TraceEvent, name: NameBounds): void {
  const from = at;
  if (matchesAt(bytes, at, COMMONEST) && at + COMMONEST.length <= end) {
    name.from = at;
    name.to = at + COMMONEST.length - 2;
    event.kind = Kind.scanStart;
    event.payload = at + COMMONEST.length;
    return;
  }
  while (at < end && isNameByte(bytes[at] ?? 0)) at++;
  if (at === from || bytes[at] !== COLON || (at + 1 < end && bytes[at + 1] !== SPACE)) {
    event.kind = Kind.other;
    event.payload = from;
    name.from = -1;
    return;
  }
  name.from = from;
  name.to = at;
  event.kind = kindOfName(bytes, from, at);
  event.payload = Math.min(at + 2, end);
}
