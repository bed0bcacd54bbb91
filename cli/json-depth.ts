/** How deep a JSON text may nest. Whatever walks a document later recurses, so the depth is measured before. */

/** Levels of arrays and objects; the models of the catalogue have 25. */
export const mostLevels = 200;

/** Where valid JSON opens more than `most` levels; null where it never does. Does not recurse. */
export function tooDeepAt(text: string, most: number): number | null {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"') at = endOfString(text, at);
    else if (char === "[" || char === "{") {
      depth += 1;
      if (depth > most) return at;
    } else if (char === "]" || char === "}") depth -= 1;
  }
  return null;
}

/** The closing quote of the string that opens at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at;
}
