/** Version 7 of trace.dat: sections, found by options that point to them. */

import { BadTraceDat } from "./bad-trace-dat.ts";
import { type ByteSource, memoryBytes } from "./byte-source.ts";
import { type Cursor, createCursor } from "./cursor.ts";
import type { EventFormat } from "./event-format.ts";
import {
  countsNanoseconds,
  overrunsOf,
  parseTasks,
  readFtraceFormats,
  readPageLayout,
  readSystemFormats,
} from "./parts.ts";
import type { CpuData, PageLayout, TraceFile } from "./trace-file.ts";
import { unpackerOf } from "./unpack.ts";

const Option = {
  done: 0,
  stats: 2,
  buffer: 3,
  cpuCount: 8,
  headers: 16,
  ftraceFormats: 17,
  formats: 18,
  tasks: 21,
} as const;

const PACKED = 1;
const LARGEST = 1 << 26;
const MOST_CPUS = 1 << 13;

export function readVersion7(source: ByteSource, head: Cursor, little: boolean, longSize: number): TraceFile {
  const compression = head.text();
  head.text();
  const unpack = unpackerOf(compression);
  const formats = new Map<number, EventFormat>();
  const cpus: CpuData[] = [];
  let page: PageLayout | null = null;
  let tasks = new Map<number, string>([[0, "<idle>"]]);
  let cpuCount = 0;
  let overruns: number | null = null;

  /** The content of the section at `at`. */
  function section(at: number): Cursor {
    const cursor = createCursor(source, at, little);
    cursor.u16();
    const flags = cursor.u16();
    cursor.u32();
    const size = cursor.u64();
    if (size > LARGEST) throw new BadTraceDat(`the section at byte ${at} has ${size} bytes`);
    if ((flags & PACKED) === 0) return createCursor(memoryBytes(cursor.bytes(size)), 0, little);
    const packed = cursor.u32();
    const whole = cursor.u32();
    return createCursor(memoryBytes(unpack(cursor.bytes(packed), whole)), 0, little);
  }

  function onOption(id: number, cursor: Cursor, size: number): void {
    switch (id) {
      case Option.headers:
        page = readPageLayout(section(cursor.u64()), longSize);
        return;
      case Option.ftraceFormats:
        readFtraceFormats(section(cursor.u64()), formats);
        return;
      case Option.formats:
        readSystemFormats(section(cursor.u64()), formats);
        return;
      case Option.tasks: {
        const names = section(cursor.u64());
        tasks = parseTasks(names.bytes(names.u64()).toString("latin1"));
        return;
      }
      case Option.stats: {
        const found = overrunsOf(cursor.bytes(size).toString("latin1"));
        if (found !== null) overruns = (overruns ?? 0) + found;
        return;
      }
      case Option.cpuCount:
        cpuCount = cursor.u32();
        return;
      case Option.buffer:
        readBuffer(cursor);
        return;
      default:
    }
  }

  function readBuffer(cursor: Cursor): void {
    cursor.u64();
    const instance = cursor.text();
    const inNanoseconds = countsNanoseconds(cursor.text());
    const size = cursor.u32();
    const count = cursor.u32();
    if (size < 1024 || size > 1 << 20) throw new BadTraceDat(`its pages have ${size} bytes`);
    if (count > MOST_CPUS) throw new BadTraceDat(`it promises ${count} CPUs`);
    for (let i = 0; i < count; i++) {
      const cpu = cursor.u32();
      cpus.push({ cpu, instance, inNanoseconds, at: cursor.u64(), size: cursor.u64(), pageSize: size });
    }
  }

  const seen = new Set<number>();
  for (let at = head.u64(); at > 0; ) {
    if (seen.has(at) || seen.size > 1000) throw new BadTraceDat("its options go round in a circle");
    seen.add(at);
    const cursor = section(at);
    at = 0;
    for (;;) {
      const id = cursor.u16();
      const size = cursor.u32();
      const option: Cursor = createCursor(memoryBytes(cursor.bytes(size)), 0, little);
      if (id === Option.done) {
        at = option.u64();
        break;
      }
      onOption(id, option, size);
    }
  }
  if (page === null) throw new BadTraceDat("the layout of its pages is missing");
  return { version: 7, compression, little, page, formats, tasks, cpus, cpuCount, overruns, unpack };
}
