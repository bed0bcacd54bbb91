/** Values in JSON text: integers of any size, as a number or as a string, and text as bytes. */

const QUOTE = 34;

/** Where the text of an integer or of a string stands; from is -1 where it is neither. */
export interface TextBounds {
  from: number;
  to: number;
  /** The string contains escapes: its bytes are not its text. */
  escaped: boolean;
}

/** Bounds of the text of a string (without quotes) or number at [from, to). */
export function textBounds(bytes: Buffer, from: number, to: number, out: TextBounds): void {
  out.escaped = false;
  out.from = from;
  out.to = to;
  const first = bytes[from] ?? 0;
  if (first === QUOTE) {
    out.from = from + 1;
    out.to = to - 1;
    out.escaped = bytes.subarray(from, to).includes(92);
  } else if (first !== 45 && (first < 48 || first > 57)) out.from = -1;
}

/** A whole number of at most 20 digits in decimal, or null. */
export function wholeText(bytes: Buffer, from: number, to: number): string | null {
  if (from < 0 || to <= from || to - from > 21) return null;
  let at = bytes[from] === 45 ? from + 1 : from;
  if (at === to) return null;
  for (; at < to; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < 48 || byte > 57) return null;
  }
  return bytes.toString("latin1", from, to);
}

/** The bytes that an escaped string stands for: characters up to 0xff are bytes, others UTF-8. */
export function unescapeBytes(bytes: Buffer, from: number, to: number): Buffer {
  const text: string = JSON.parse(`"${bytes.toString("latin1", from, to)}"`);
  return Buffer.concat(
    Array.from(text, (char) => Buffer.from(char, (char.codePointAt(0) ?? 0) > 255 ? "utf8" : "latin1")),
  );
}
