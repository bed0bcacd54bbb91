/**
 * A strict JSON scanner over bytes: it finds where the members of an object stand and makes no values, so that numbers
 * of any size stay exact and a gigabyte of lines allocates next to nothing.
 */

/** Members of one object: bounds of each key without its quotes, and of each value as it stands. */
export interface Members {
  count: number;
  readonly keyFrom: number[];
  readonly keyTo: number[];
  readonly from: number[];
  readonly to: number[];
}

export function createMembers(): Members {
  return { count: 0, keyFrom: [], keyTo: [], from: [], to: [] };
}

/** Why and where scanning failed. */
export interface ScanFailure {
  reason: string;
  at: number;
}

const DEEPEST = 64;
const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const COLON = 58;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;

/** First byte from `at` that is no white space. */
export function skipSpace(bytes: Buffer, at: number, end: number): number {
  while (at < end) {
    const byte = bytes[at];
    if (byte !== 32 && byte !== 9 && byte !== 13 && byte !== 10) break;
    at++;
  }
  return at;
}

/** Scans the object at `at` into `out` and returns the position behind it, or -1 with `failure` set. */
export function scanObject(
  bytes: Buffer,
  at: number,
  end: number,
  out: Members | null,
  failure: ScanFailure,
  depth = 0,
): number {
  if (out !== null) out.count = 0;
  if (depth > DEEPEST) return fail(failure, "nested too deeply", at);
  if (bytes[at] !== OPEN_BRACE) return fail(failure, "an object is expected", at);
  at = skipSpace(bytes, at + 1, end);
  if (bytes[at] === CLOSE_BRACE && at < end) return at + 1;
  for (;;) {
    const key = at;
    at = scanString(bytes, at, end, failure);
    if (at < 0) return -1;
    const keyEnd = at - 1;
    at = skipSpace(bytes, at, end);
    if (at >= end || bytes[at] !== COLON) return fail(failure, "a colon is expected", at);
    at = skipSpace(bytes, at + 1, end);
    const value = at;
    at = scanValue(bytes, at, end, failure, depth);
    if (at < 0) return -1;
    if (out !== null && !addMember(bytes, out, key + 1, keyEnd, value, at))
      return fail(failure, `the key "${bytes.toString("latin1", key + 1, keyEnd)}" stands twice`, key);
    at = skipSpace(bytes, at, end);
    if (at < end && bytes[at] === CLOSE_BRACE) return at + 1;
    if (at >= end || bytes[at] !== COMMA) return fail(failure, "a comma or } is expected", at);
    at = skipSpace(bytes, at + 1, end);
  }
}

function addMember(
  bytes: Buffer,
  out: Members,
  keyFrom: number,
  keyTo: number,
  from: number,
  to: number,
): boolean {
  for (let i = 0; i < out.count; i++) {
    const start = out.keyFrom[i] ?? 0;
    if ((out.keyTo[i] ?? 0) - start !== keyTo - keyFrom) continue;
    if (bytes.compare(bytes, start, out.keyTo[i], keyFrom, keyTo) === 0) return false;
  }
  const i = out.count++;
  out.keyFrom[i] = keyFrom;
  out.keyTo[i] = keyTo;
  out.from[i] = from;
  out.to[i] = to;
  return true;
}

function scanValue(bytes: Buffer, at: number, end: number, failure: ScanFailure, depth: number): number {
  if (at >= end) return fail(failure, "the line ends early", at);
  switch (bytes[at]) {
    case QUOTE:
      return scanString(bytes, at, end, failure);
    case OPEN_BRACE:
      return scanObject(bytes, at, end, null, failure, depth + 1);
    case OPEN_BRACKET:
      return scanArray(bytes, at, end, failure, depth + 1);
    default:
      return scanLiteral(bytes, at, end, failure);
  }
}

function scanArray(bytes: Buffer, at: number, end: number, failure: ScanFailure, depth: number): number {
  if (depth > DEEPEST) return fail(failure, "nested too deeply", at);
  at = skipSpace(bytes, at + 1, end);
  if (at < end && bytes[at] === CLOSE_BRACKET) return at + 1;
  for (;;) {
    at = scanValue(bytes, at, end, failure, depth);
    if (at < 0) return -1;
    at = skipSpace(bytes, at, end);
    if (at < end && bytes[at] === CLOSE_BRACKET) return at + 1;
    if (at >= end || bytes[at] !== COMMA) return fail(failure, "a comma or ] is expected", at);
    at = skipSpace(bytes, at + 1, end);
  }
}

function scanString(bytes: Buffer, at: number, end: number, failure: ScanFailure): number {
  if (at >= end || bytes[at] !== QUOTE)
    return fail(failure, at >= end ? "the line ends early" : 'a " is expected', at);
  for (at++; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) return at + 1;
    if (byte < 32) return fail(failure, "a control character stands in a string", at);
    if (byte !== BACKSLASH) continue;
    const match = ESCAPE.exec(bytes.toString("latin1", at, Math.min(end, at + 6)));
    if (match === null) return fail(failure, "a wrong escape stands in a string", at);
    at += match[0].length - 1;
  }
  return fail(failure, "the line ends early", at);
}

const ESCAPE = /^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/;
const LITERAL = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)$/;

function scanLiteral(bytes: Buffer, at: number, end: number, failure: ScanFailure): number {
  let to = at;
  while (to < end && isLiteralByte(bytes[to] ?? 0)) to++;
  let digits = bytes[at] === 45 ? at + 1 : at;
  const first = digits;
  while (digits < to && (bytes[digits] ?? 0) >= 48 && (bytes[digits] ?? 0) <= 57) digits++;
  if (digits === to && to > first && (bytes[first] !== 48 || to === first + 1)) return to;
  if (LITERAL.test(bytes.toString("latin1", at, to))) return to;
  return fail(failure, at >= end ? "the line ends early" : "a value is expected", at);
}

function isLiteralByte(byte: number): boolean {
  return (
    (byte >= 48 && byte <= 57) ||
    (byte >= 97 && byte <= 122) ||
    byte === 45 ||
    byte === 46 ||
    byte === 43 ||
    byte === 69
  );
}

function fail(failure: ScanFailure, reason: string, at: number): number {
  failure.reason = reason;
  failure.at = at;
  return -1;
}

/** Number of the member with this key, or -1. */
export function findMember(bytes: Buffer, members: Members, key: Uint8Array): number {
  outer: for (let i = 0; i < members.count; i++) {
    const from = members.keyFrom[i] ?? 0;
    if ((members.keyTo[i] ?? 0) - from !== key.length) continue;
    for (let k = 0; k < key.length; k++) if (bytes[from + k] !== key[k]) continue outer;
    return i;
  }
  return -1;
}
