/**
 * The ftrace text within a web page of systrace. Pages of 2013 on have it in a script of class trace-data, next to others;
 * those of 2012 in a string of a script, a line of it a line, each with `\\n\\` at its end.
 */

import { createRecordReader, type RecordReader, type RecordReaderOptions } from "./record-reader.ts";
import { UnreadableLine } from "./unreadable-line.ts";

const OPEN = /^\s*<script class="trace-data"[^>]*>\s*$/;
const CLOSE = /^\s*<\/script>/;
const STRING = /^\s*var linuxPerfData = "\\\s*$/;
const LINE_END = /\\n(?:\\|";?)?\s*$/;
const NOTHING = Buffer.alloc(0);

export function createWebPageReader(options: RecordReaderOptions): RecordReader {
  const inner = createRecordReader({ ...options, layout: "columns" });
  /** `open`: within a script whose first line is still to tell whether it is the trace. */
  let place: "outside" | "open" | "script" | "string" = "outside";
  let found = false;
  let line = 0;

  /** The line without what belongs to the page; null if all of it does. */
  function unwrap(text: string): string | null {
    if (place === "outside") {
      if (OPEN.test(text)) place = "open";
      else if (STRING.test(text)) place = "string";
      return null;
    }
    if (place === "string") {
      if (/";?\s*$/.test(text) && !text.endsWith("\\")) place = "outside";
      return text.replace(LINE_END, "");
    }
    if (CLOSE.test(text)) {
      place = "outside";
      return null;
    }
    if (place === "open" && text.trim() !== "") place = text.startsWith("# tracer:") ? "script" : "outside";
    return place === "script" ? text : null;
  }

  return {
    line(bytes, from, to, complete) {
      line++;
      const text = unwrap(bytes.toString("latin1", from, to));
      found ||= text?.startsWith("# tracer:") === true;
      const content = text === null ? NOTHING : Buffer.from(text, "latin1");
      inner.line(content, 0, content.length, complete || content.length === 0);
    },
    end() {
      if (!found)
        throw new UnreadableLine(Math.max(1, line), "this web page ends without the text of a trace");
      inner.end();
    },
    facts: inner.facts,
  };
}
