/** The last few lines, kept by reference, to quote the surroundings of a finding. */

import { escapeText } from "../event.ts";

/** A quoted line; its text is escaped and cut to 400 characters. */
export interface QuotedLine {
  readonly line: number;
  readonly text: string;
}

const KEEP = 3;
/** Lines whose places are remembered: more than a record may be held back. */
const PLACES = 2048;
const WIDTH = 400;

/** Where a line of a log that was put together really stands. */
export interface LineSource {
  /** Name of the file; null if there is only one. */
  readonly log: string | null;
  readonly line: number;
}

export interface LineContext {
  /** Says where the line pushed next stands; needed only where lines are sorted or merged. */
  readonly setSource: (log: string | null, line: number) => void;
  /** Where a line pushed lately stands; null where lines are as in the log. */
  readonly sourceOf: (line: number) => LineSource | null;
  readonly push: (line: number, bytes: Buffer, from: number, to: number) => void;
  /** Copies what is kept of these bytes, for they are about to change. */
  readonly detach: (bytes: Buffer) => void;
  /** The lines kept, oldest first; the two that follow are appended to the same array as they are read. */
  readonly quote: () => QuotedLine[];
}

export function createLineContext(): LineContext {
  const lines = new Int32Array(KEEP);
  const froms = new Int32Array(KEEP);
  const tos = new Int32Array(KEEP);
  const buffers: Buffer[] = Array.from({ length: KEEP }, () => Buffer.alloc(0));
  let next = 0;
  let places: (LineSource | null)[] | null = null;
  let place: LineSource | null = null;
  let open: { quoted: QuotedLine[]; missing: number }[] = [];

  function text(i: number): string {
    return quoteText(buffers[i] ?? Buffer.alloc(0), froms[i] ?? 0, tos[i] ?? 0);
  }

  return {
    setSource(log, line) {
      places ??= Array.from({ length: PLACES }, () => null);
      place = { log, line };
    },
    sourceOf: (line) => places?.[line % PLACES] ?? null,
    push(line, bytes, from, to) {
      if (places !== null) places[line % PLACES] = place;
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
    detach(bytes) {
      for (let i = 0; i < KEEP; i++) {
        if (buffers[i] !== bytes) continue;
        const from = froms[i] ?? 0;
        // A byte more than is quoted tells that there was more.
        const own = Buffer.from(bytes.subarray(from, Math.min(tos[i] ?? 0, from + WIDTH + 1)));
        buffers[i] = own;
        froms[i] = 0;
        tos[i] = own.length;
      }
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
