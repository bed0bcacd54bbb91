/** The last few lines, kept by reference, to quote the surroundings of a finding. */

import { escapeText } from "../event.ts";

/** A quoted line; its text is escaped and cut to 400 characters. */
export interface QuotedLine {
  readonly line: number;
  readonly text: string;
}

const KEEP = 3;
const WIDTH = 400;

export interface LineContext {
  readonly push: (line: number, bytes: Buffer, from: number, to: number) => void;
  /** The lines kept, oldest first; the two that follow are appended to the same array as they are read. */
  readonly quote: () => QuotedLine[];
}

export function createLineContext(): LineContext {
  const lines = new Int32Array(KEEP);
  const froms = new Int32Array(KEEP);
  const tos = new Int32Array(KEEP);
  const buffers: Buffer[] = Array.from({ length: KEEP }, () => Buffer.alloc(0));
  let next = 0;
  let open: { quoted: QuotedLine[]; missing: number }[] = [];

  function text(i: number): string {
    return quoteText(buffers[i] ?? Buffer.alloc(0), froms[i] ?? 0, tos[i] ?? 0);
  }

  return {
    push(line, bytes, from, to) {
      lines[next] = line;
      froms[next] = from;
      tos[next] = to;
      buffers[next] = bytes;
      if (open.length > 0) {
        for (const entry of open) {
          entry.quoted.push({ line, text: text(next) });
          entry.missing--;
        }
        open = open.filter((entry) => entry.missing > 0);
      }
      next = next === KEEP - 1 ? 0 : next + 1;
    },
    quote() {
      const quoted: QuotedLine[] = [];
      for (let i = 0; i < KEEP; i++) {
        const at = (next + i) % KEEP;
        if ((lines[at] ?? 0) > 0) quoted.push({ line: lines[at] ?? 0, text: text(at) });
      }
      open.push({ quoted, missing: 2 });
      return quoted;
    },
  };
}

/** Text of a line for a report. */
export function quoteText(bytes: Buffer, from: number, to: number): string {
  const text = escapeText(bytes.toString("latin1", from, Math.min(to, from + WIDTH)));
  return to - from > WIDTH ? `${text}...` : text;
}
