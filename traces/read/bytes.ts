/** Reading numbers and comparing text in bytes, without making strings. */

export const SPACE = 32;
export const DASH = 45;
export const COLON = 58;
export const LEFT_BRACKET = 91;

/** Value of a hexadecimal digit, or -1. */
export function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  if (byte >= 97 && byte <= 102) return byte - 87;
  if (byte >= 65 && byte <= 70) return byte - 55;
  return -1;
}

export function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

/** True if `text` (ASCII codes) stands in `bytes` at `at`. */
export function matchesAt(bytes: Buffer, at: number, text: Uint8Array): boolean {
  if (at < 0 || at + text.length > bytes.length) return false;
  for (let i = 0; i < text.length; i++) {
    if (bytes[at + i] !== text[i]) return false;
  }
  return true;
}

/** ASCII codes of a constant. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, "latin1"));
}

/** First position from `at` that is not a blank, at most `end`. */
export function skipBlanks(bytes: Buffer, at: number, end: number): number {
  while (at < end && bytes[at] === SPACE) at++;
  return at;
}

/** Position of the first blank from `at`, at most `end`. */
export function tokenEnd(bytes: Buffer, at: number, end: number): number {
  while (at < end && bytes[at] !== SPACE) at++;
  return at;
}

/** A signed decimal integer of at most nine digits that fills [from, to) exactly, else NaN. */
export function smallDecimal(bytes: Buffer, from: number, to: number): number {
  const negative = bytes[from] === DASH;
  const first = negative ? from + 1 : from;
  if (first >= to || to - first > 10) return Number.NaN;
  let value = 0;
  for (let i = first; i < to; i++) {
    const digit = (bytes[i] ?? 0) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return negative ? -value : value;
}
