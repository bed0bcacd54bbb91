/** The parts that both versions of trace.dat files share, each as it stands in the file or was unpacked. */

import { BadTraceDat } from "./bad-trace-dat.ts";
import type { Cursor } from "./cursor.ts";
import { type EventFormat, parseEventFormat } from "./event-format.ts";
import type { PageLayout } from "./trace-file.ts";

const MOST = 1 << 16;
const LARGEST_FORMAT = 1 << 20;

/** `header_page` and `header_event`: the layout of the ring buffer. */
export function readPageLayout(cursor: Cursor, longSize: number): PageLayout {
  expectText(cursor, "header_page");
  const page = sized(cursor);
  expectText(cursor, "header_event");
  sized(cursor);
  const commit = Number(/local_t commit;\s*offset:\d+;\s*size:(\d+)/.exec(page)?.[1] ?? longSize);
  const data = Number(/ data;\s*offset:(\d+)/.exec(page)?.[1] ?? 8 + commit);
  if ((commit !== 4 && commit !== 8) || data < 8 + commit || data > 256)
    throw new BadTraceDat("the layout of its pages is not known");
  return { data, longSize: commit };
}

function expectText(cursor: Cursor, text: string): void {
  if (cursor.text() !== text) throw new BadTraceDat(`${text} is missing`);
}

function sized(cursor: Cursor): string {
  const size = cursor.u64();
  if (size > LARGEST_FORMAT) throw new BadTraceDat(`a format of ${size} bytes is too long`);
  return cursor.bytes(size).toString("latin1");
}

/** The formats of ftrace's own events, then those of all systems. */
export function readFtraceFormats(cursor: Cursor, into: Map<number, EventFormat>): void {
  for (let left = counted(cursor); left > 0; left--) add(into, sized(cursor));
}

export function readSystemFormats(cursor: Cursor, into: Map<number, EventFormat>): void {
  for (let systems = counted(cursor); systems > 0; systems--) {
    cursor.text();
    for (let events = counted(cursor); events > 0; events--) add(into, sized(cursor));
  }
}

function counted(cursor: Cursor): number {
  const n = cursor.u32();
  if (n > MOST) throw new BadTraceDat(`it promises ${n} event formats`);
  return n;
}

function add(into: Map<number, EventFormat>, text: string): void {
  const format = parseEventFormat(text);
  if (format !== null) into.set(format.id, format);
}

/** `pid name` lines; a name may contain line feeds. */
export function parseTasks(text: string): Map<number, string> {
  const tasks = new Map<number, string>([[0, "<idle>"]]);
  let last = -1;
  for (const line of text.split("\n")) {
    const found = /^(\d{1,10}) (.*)$/s.exec(line);
    if (found !== null) {
      last = Number(found[1]);
      tasks.set(last, (found[2] ?? "").slice(0, 15));
    } else if (last >= 0 && line !== "") tasks.set(last, `${tasks.get(last) ?? ""}\n${line}`.slice(0, 15));
  }
  return tasks;
}

/** Events overwritten or dropped, from the text of one `per_cpu/cpuN/stats`; null if it is none. */
export function overrunsOf(stats: string): number | null {
  let sum = 0;
  let found = false;
  for (const line of stats.matchAll(/^(overrun|dropped events): (\d{1,15})$/gm)) {
    sum += Number(line[2]);
    found = true;
  }
  return found ? sum : null;
}

const TICKING = /^(?:counter|uptime|x86-tsc|ppc-tb|tsc2nsec)/;

/** True if the clock of this name counts nanoseconds. */
export function countsNanoseconds(clock: string): boolean {
  const chosen = /\[([^\]]*)\]/.exec(clock)?.[1] ?? clock;
  return !TICKING.test(chosen);
}
