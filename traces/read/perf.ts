/**
 * The columns of perf script: `comm pid[/tid] [cpu] time: [period] system:event: payload`.
 *
 * The task name is padded to 16 bytes, so the blank behind it is byte 16 of the line whatever the name contains. With -g
 * it is not padded; then the right-most columns that parse count. `-F time,event,trace` has neither task nor cpu.
 */

import type { TraceEvent } from "../event.ts";
import { COLON, isDigit, LEFT_BRACKET, SPACE, skipBlanks } from "./bytes.ts";
import { isNameByte } from "./event-name.ts";
import { type NameBounds, parseName } from "./header.ts";

/** `perf`: task at byte 16. `perf-unpadded`: as -g prints it. `perf-untasked`: time and event only. */
export type PerfLayout = "perf" | "perf-unpadded" | "perf-untasked";

const SLASH = 47;
const RIGHT_BRACKET = 93;
const DOT = 46;
const UNPADDED = /^([^\t][\s\S]{0,14}?|) +(\d+)(?:\/\d+ *)? +(?:\[\d{3,}\] +)?\d+\.(?:\d{6}|\d{9}): /;

export function isPerfLayout(layout: string): layout is PerfLayout {
  return layout.startsWith("perf");
}

/** Parses the columns of one record from `from`; false if this is none, then `event` and `name` are undefined in part. */
export function parsePerfHeader(
  bytes: Buffer,
  from: number,
  end: number,
  layout: PerfLayout,
  event: TraceEvent,
  name: NameBounds,
): boolean {
  let width = 16;
  event.pid = -1;
  event.tgid = -1;
  event.cpu = -1;
  event.commFrom = from;
  event.commTo = from;
  if (layout === "perf-untasked")
    return parseCpuAndTime(bytes, skipBlanks(bytes, from, end), end, event, name);
  if (layout === "perf-unpadded") {
    const found = UNPADDED.exec(bytes.toString("latin1", from, Math.min(end, from + 120)));
    if (found === null) return false;
    width = (found[1] ?? "").length;
  }
  if (from + width >= end || bytes[from + width] !== SPACE) return false;
  event.commTo = from + width;
  let at = skipBlanks(bytes, from + width, end);
  const digits = at;
  let pid = 0;
  while (at < end && isDigit(bytes[at] ?? 0)) pid = pid * 10 + (bytes[at++] ?? 0) - 48;
  if (at === digits || at - digits > 10) return false;
  if (bytes[at] === SLASH) {
    event.tgid = pid;
    pid = 0;
    const tid = ++at;
    while (at < end && isDigit(bytes[at] ?? 0)) pid = pid * 10 + (bytes[at++] ?? 0) - 48;
    if (at === tid || at - tid > 10) return false;
  }
  event.pid = pid;
  if (bytes[at] !== SPACE) return false;
  return parseCpuAndTime(bytes, skipBlanks(bytes, at, end), end, event, name);
}

function parseCpuAndTime(
  bytes: Buffer,
  at: number,
  end: number,
  event: TraceEvent,
  name: NameBounds,
): boolean {
  if (bytes[at] === LEFT_BRACKET) {
    const digits = ++at;
    let cpu = 0;
    while (at < end && isDigit(bytes[at] ?? 0)) cpu = cpu * 10 + (bytes[at++] ?? 0) - 48;
    if (at === digits || at - digits > 6 || bytes[at] !== RIGHT_BRACKET) return false;
    event.cpu = cpu;
    at = skipBlanks(bytes, at + 1, end);
  }
  const from = at;
  let sec = 0;
  while (at < end && isDigit(bytes[at] ?? 0)) sec = sec * 10 + (bytes[at++] ?? 0) - 48;
  if (at === from || bytes[at] !== DOT) return false;
  let fraction = 0;
  const digits = ++at;
  while (at < end && isDigit(bytes[at] ?? 0)) fraction = fraction * 10 + (bytes[at++] ?? 0) - 48;
  if (at - digits !== 6 && at - digits !== 9) return false;
  if (bytes[at] !== COLON || (at + 1 < end && bytes[at + 1] !== SPACE)) return false;
  event.sec = sec;
  event.nsec = at - digits === 6 ? fraction * 1000 : fraction;
  parseSystemEvent(bytes, skipBlanks(bytes, at + 1, end), end, event, name);
  return true;
}

/** `[period] system:event: payload`; a body without a system keeps its text as the payload of an unknown event. */
function parseSystemEvent(bytes: Buffer, at: number, end: number, event: TraceEvent, name: NameBounds): void {
  let from = at;
  while (from < end && isDigit(bytes[from] ?? 0)) from++;
  from = from > at && bytes[from] === SPACE ? skipBlanks(bytes, from, end) : at;
  let to = from;
  while (to < end && isNameByte(bytes[to] ?? 0)) to++;
  const system = to > from && bytes[to] === COLON && to + 1 < end && isNameByte(bytes[to + 1] ?? 0);
  parseName(bytes, system ? to + 1 : from, end, event, name);
  event.payload = skipBlanks(bytes, event.payload, end);
}

/** Whether a record of perf itself tells of lost events, and of how many (-1 unknown); null if it does not. */
export function perfLoss(text: string): number | null {
  if (!text.startsWith("PERF_RECORD_")) return null;
  const found = /^PERF_RECORD_LOST(?:_SAMPLES)? +lost +(\d+)/.exec(text);
  if (found !== null) return Number(found[1]);
  return /^PERF_RECORD_(?:LOST|THROTTLE|AUX_OUTPUT_LOST)/.test(text) ? -1 : null;
}
