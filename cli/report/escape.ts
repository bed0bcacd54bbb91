/** Makes foreign text safe for a terminal. */

/**
 * Control characters (C0, DEL, C1), line and paragraph separators, and the marks that change the direction of writing.
 * A terminal would obey them, or a reader be deceived by them.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is the purpose
const unsafe = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

/** The text with every unsafe character written as `\xNN` or `\u{NNNN}`. */
export function escapeText(text: string): string {
  return text.replace(unsafe, (char) => {
    const code = (char.codePointAt(0) ?? 0).toString(16);
    return code.length <= 2 ? `\\x${code.padStart(2, "0")}` : `\\u{${code}}`;
  });
}

/** {@link escapeText} for every string of a document, keys included. Line breaks inside a text become blanks. */
export function escapeAll<T>(value: T): T {
  return walk(value) as T;
}

function walk(value: unknown): unknown {
  if (typeof value === "string") return escapeText(value.replace(/\s*\n\s*/g, " "));
  if (Array.isArray(value)) return value.map(walk);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, of]) => [escapeText(key), walk(of)]));
  }
  return value;
}
