/** Time stamps in JSON: whole numbers of nanoseconds or of ticks, as text. */

import type { TraceEvent } from "../../event.ts";
import { isDigit } from "../bytes.ts";

/** Sets the time of an event from the digits at [from, to); none if they are absent (to is 0). False if it is no number. */
export function setTime(event: TraceEvent, bytes: Buffer, from: number, to: number, ticks: boolean): boolean {
  event.sec = -1;
  event.nsec = -1;
  event.ns = Number.NaN;
  if (to === 0) return true;
  if (from < 0 || to <= from || to - from > 20) return false;
  const split = ticks ? to : Math.max(from, to - 9);
  let high = 0;
  let low = 0;
  for (let i = from; i < to; i++) {
    const byte = bytes[i] ?? 0;
    if (!isDigit(byte)) return false;
    if (i < split) high = high * 10 + byte - 48;
    else low = low * 10 + byte - 48;
  }
  event.sec = high;
  if (!ticks) event.nsec = low;
  return true;
}
