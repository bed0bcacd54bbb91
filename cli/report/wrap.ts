/** Words into lines. Widths are counted in code points, before any colour is put on. */

/** The number of columns a text takes. */
export function widthOf(text: string): number {
  return [...text].length;
}

/** Fills with blanks to a width; a longer text stays as it is. */
export function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

/** Fills with blanks on the left. */
export function padStart(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - widthOf(text))) + text;
}

/**
 * Breaks a text into lines of at most `width`, between words; a word that is too long is cut, after a punctuation mark
 * where there is one.
 *
 * @param hanging - blanks before every line but the first
 */
export function wrap(text: string, width: number, hanging = 0): readonly string[] {
  const lines: string[] = [];
  let line = "";
  const flush = () => {
    lines.push(line.trimEnd());
    line = " ".repeat(hanging);
  };
  let started = false;
  for (const word of text.split(" ").filter((w) => w !== "")) {
    let rest = word;
    if (started && widthOf(line) + 1 + widthOf(rest) <= width) {
      line += ` ${rest}`;
      continue;
    }
    if (started) flush();
    started = true;
    while (widthOf(line) + widthOf(rest) > width) {
      const room = Math.max(1, width - widthOf(line));
      const cut = cutAt(rest, room);
      line += [...rest].slice(0, cut).join("");
      rest = [...rest].slice(cut).join("");
      flush();
    }
    line += rest;
  }
  lines.push(line.trimEnd());
  return lines;
}

/** Where to cut a word that does not fit: after the last mark in its second half, else at the very end of the room. */
function cutAt(word: string, room: number): number {
  const chars = [...word];
  for (let at = room; at > room / 2; at--) {
    if (/[-_.,:;/([{>]/.test(chars[at - 1] ?? "")) return at;
  }
  return room;
}

/** A label and a wrapped text beside it. */
export function labelled(label: string, text: string, options: { width: number; indent: number }): string {
  return wrap(text, options.width - options.indent)
    .map((line, i) => (i === 0 ? pad(label, options.indent) : " ".repeat(options.indent)) + line)
    .map((line) => line.trimEnd())
    .join("\n");
}
