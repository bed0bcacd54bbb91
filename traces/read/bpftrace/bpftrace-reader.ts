/** Reads what the shipped bpftrace scripts print, as text or with -f json: each event becomes a line of trace-cmd's layout. */

import { noteLoss, noteUnknown } from "../note.ts";
import { createRecordReader, type RecordReader, type RecordReaderOptions } from "../record-reader.ts";
import { type BpftraceRecord, parseJsonLine } from "./line.ts";
import { createSorter } from "./sorter.ts";

interface Placed extends BpftraceRecord {
  readonly line: number;
  readonly offset: number;
}

export function createBpftraceReader(options: RecordReaderOptions): RecordReader {
  let offset = 0;
  let line = 0;
  const inner = createRecordReader({ ...options, layout: "columns", offset: () => offset });
  const { facts } = inner;
  const sorter = createSorter<Placed>((item) => {
    offset = item.offset;
    options.context.setSource(null, item.line);
    const bytes = Buffer.from(textOf(item), "latin1");
    inner.line(bytes, 0, bytes.length, true);
  });
  /** The line before ended an event's task name, which may hold a line feed. */
  let open = false;

  return {
    line(bytes, from, to, complete) {
      line++;
      const text = bytes.toString("latin1", from, to);
      const found = parseJsonLine(text);
      if (found.kind === "event") {
        if (!complete && !text.startsWith("{")) facts.truncated = true;
        sorter.add({ ...found.record, line, offset: options.offset() });
      } else if (found.kind === "lost") options.sink.gap(noteLoss(facts, -1, found.count, line));
      else if (found.kind === "side" || (open && to - from < 15)) facts.side++;
      else {
        noteUnknown(facts, line, text);
        if (!complete) facts.truncated = true;
      }
      open = found.kind === "event" || (open && found.kind === "unknown");
    },
    end() {
      sorter.end();
      inner.end();
      facts.lines = line;
      facts.late = sorter.late();
    },
    facts,
  };
}

function textOf({ sec, nsec, cpu, tid, body, task }: Placed): string {
  const time = `${String(sec).padStart(5)}.${String(nsec).padStart(9, "0")}`;
  return `${task.padStart(16)}-${tid.padEnd(5)} [${cpu.padStart(3, "0")}] ${time}: ${body}`;
}
