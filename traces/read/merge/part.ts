/** One of the logs that are merged: its lines, and the time of the record that comes next. */

import { createEvent } from "../../event.ts";
import { parseHeader } from "../header.ts";
import { createLineSplitter } from "../lines.ts";
import { parsePerfHeader } from "../perf.ts";

/** A line of a part, with its number there. */
export interface PartLine {
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
  readonly complete: boolean;
  readonly line: number;
}

export interface Part {
  readonly name: string;
  readonly index: number;
  /** The record that comes next, null at the end; its time. */
  head: PartLine | null;
  sec: number;
  nsec: number;
  /** Lines that belong in front of `head`. */
  marks: PartLine[];
  /**
   * Goes on to the next record. Lines without a time belong to the record before them and are handed to `follow`; marks of
   * lost events and of a CPU that starts belong to the record after them.
   */
  readonly advance: (follow: (line: PartLine) => void) => Promise<void>;
  readonly bytes: () => number;
  readonly close: () => Promise<void>;
}

const MARK = /^(?:CPU:\d+ \[|##### CPU \d|\[LINE TOO BIG\])/;

export function createPart(
  name: string,
  index: number,
  chunks: AsyncIterator<Buffer>,
  first: Buffer,
  layout: "columns" | "perf",
  maxLineBytes: number,
): Part {
  const event = createEvent();
  const bounds = { from: -1, to: -1 };
  let lines: PartLine[] = [];
  let next = 0;
  let count = 0;
  let bytes = 0;
  let ended = false;
  const splitter = createLineSplitter(maxLineBytes, (buffer, from, to, complete) => {
    lines.push({ bytes: buffer, from, to, complete, line: ++count });
  });

  function feed(chunk: Buffer): void {
    bytes += chunk.length;
    splitter.feed(chunk);
  }

  /** The next line, null at the end. */
  async function take(): Promise<PartLine | null> {
    while (next >= lines.length) {
      if (ended) return null;
      lines = [];
      next = 0;
      const chunk = await chunks.next();
      if (chunk.done !== true) feed(chunk.value);
      else {
        ended = true;
        splitter.end();
      }
    }
    return lines[next++] ?? null;
  }

  function isRecord({ bytes: buffer, from, to }: PartLine): boolean {
    if (layout === "perf") return parsePerfHeader(buffer, from, to, "perf", event, bounds);
    return parseHeader(buffer, from + 16, to, 16, false, event, bounds);
  }

  const self: Part = {
    name,
    index,
    head: null,
    sec: 0,
    nsec: 0,
    marks: [],
    async advance(follow) {
      self.head = null;
      self.marks = [];
      for (let line = await take(); line !== null; line = await take()) {
        if (isRecord(line)) {
          self.head = line;
          self.sec = event.sec;
          self.nsec = event.nsec;
          return;
        }
        const { bytes: buffer, from, to } = line;
        if (MARK.test(buffer.toString("latin1", from, Math.min(to, from + 20)))) self.marks.push(line);
        else follow(line);
      }
    },
    bytes: () => bytes,
    async close() {
      await chunks.return?.();
    },
  };
  feed(first);
  return self;
}

/** Order of the next records of two parts: by time, then as the parts were given. */
export function orderOf(a: Part, b: Part): number {
  return a.sec - b.sec || a.nsec - b.nsec || a.index - b.index;
}
