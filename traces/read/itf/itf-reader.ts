/** Reads a trace in ITF; line numbers count its states, from 1. */

import type { HeaderCheck } from "../json/header.ts";
import { createJsonReader } from "../json/json-reader.ts";
import type { RecordReader, RecordReaderOptions } from "../record-reader.ts";
import { UnreadableLine } from "../unreadable-line.ts";
import { itfLines } from "./decode.ts";

/** Largest text, bytes: unlike a log, it is read as a whole. */
const LARGEST = 1 << 27;

export function createItfReader(options: RecordReaderOptions, check: HeaderCheck): RecordReader {
  const parts: Buffer[] = [];
  let size = 0;
  const inner = createJsonReader({ ...options, offset: () => 0 }, check);
  return {
    line(bytes, from, to) {
      size += to - from + 1;
      if (size > LARGEST)
        throw new UnreadableLine(1, `a trace in ITF of more than ${LARGEST} bytes is not read`);
      parts.push(Buffer.from(bytes.subarray(from, to)), NEWLINE);
    },
    end() {
      for (const line of itfLines(Buffer.concat(parts).toString("utf8"))) {
        // Task names are bytes, one a character up to 0xff; JSON.parse gave characters, so they are escaped again.
        const bytes = Buffer.from(line.replace(NOT_ASCII, escaped), "latin1");
        inner.line(bytes, 0, bytes.length, true);
      }
      inner.end();
    },
    facts: inner.facts,
  };
}

const NEWLINE = Buffer.from("\n");
const NOT_ASCII = /[\u007f-\uffff]/g;

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
