/** From the bytes of an event name to its kind, without making a string. */

import { EVENT_NAMES, Kind } from "../event.ts";
import { ascii, matchesAt, SPACE } from "./bytes.ts";

const TAB = 9;

interface Entry {
  readonly kind: Kind;
  readonly text: Uint8Array;
}

const BY_HASH: ReadonlyMap<number, Entry> = new Map(
  EVENT_NAMES.slice(1).map((name, i) => {
    const text = ascii(name);
    return [hash(Buffer.from(text), 0, text.length), { kind: (i + 1) as Kind, text }];
  }),
);

function hash(bytes: Buffer, from: number, to: number): number {
  let value = to - from;
  for (let i = from; i < to; i++) value = (Math.imul(value, 31) + (bytes[i] ?? 0)) | 0;
  return value;
}

/** Kind of the event named by [from, to), `Kind.other` if it is none that is decoded. */
export function kindOfName(bytes: Buffer, from: number, to: number): Kind {
  const entry = BY_HASH.get(hash(bytes, from, to));
  if (entry === undefined || entry.text.length !== to - from || !matchesAt(bytes, from, entry.text))
    return Kind.other;
  return entry.kind;
}

/** True if the byte may stand in an event or function name. */
export function isNameByte(byte: number): boolean {
  if (byte >= 97) return byte <= 122;
  if (byte >= 65) return byte <= 90 || byte === 95;
  return (byte >= 48 && byte <= 57) || byte === 45 || byte === 46;
}

/** True if up to the first blank there are only printable ASCII characters, as names of events and functions consist of. */
export function isPlainToken(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === SPACE || byte === TAB) return true;
    if (byte < SPACE || byte > 126) return false;
  }
  return true;
}
