/** Version 6 of trace.dat: the parts one after the other, never compressed. */

import { BadTraceDat } from "./bad-trace-dat.ts";
import type { Cursor } from "./cursor.ts";
import type { EventFormat } from "./event-format.ts";
import {
  countsNanoseconds,
  overrunsOf,
  parseTasks,
  readFtraceFormats,
  readPageLayout,
  readSystemFormats,
} from "./parts.ts";
import type { CpuData, TraceFile } from "./trace-file.ts";
import { unpackerOf } from "./unpack.ts";

const Option = { stats: 2, buffer: 3, clock: 4 } as const;
const LARGEST = 1 << 26;
const MOST_CPUS = 1 << 13;
const WORD = 10;

export function readVersion6(cursor: Cursor, little: boolean, longSize: number, pageSize: number): TraceFile {
  const page = readPageLayout(cursor, longSize);
  const formats = new Map<number, EventFormat>();
  readFtraceFormats(cursor, formats);
  readSystemFormats(cursor, formats);
  skipSized(cursor);
  skipSized(cursor);
  const taskBytes = cursor.u64();
  if (taskBytes > LARGEST) throw new BadTraceDat(`its task names have ${taskBytes} bytes`);
  const tasks = parseTasks(cursor.bytes(taskBytes).toString("latin1"));
  const cpuCount = cursor.u32();
  if (cpuCount > MOST_CPUS) throw new BadTraceDat(`it promises ${cpuCount} CPUs`);
  const cpus: CpuData[] = [];
  const instances: { readonly at: number; readonly name: string }[] = [];
  let inNanoseconds = true;
  let overruns: number | null = null;

  function word(): string {
    return cursor
      .bytes(WORD)
      .toString("latin1")
      .replace(/[ \0]+$/, "");
  }

  function readOptions(): void {
    for (;;) {
      const id = cursor.u16();
      if (id === 0) return;
      const size = cursor.u32();
      const start = cursor.at;
      if (id === Option.buffer) instances.push({ at: cursor.u64(), name: cursor.text() });
      else if (id === Option.clock) inNanoseconds = countsNanoseconds(cursor.bytes(size).toString("latin1"));
      else if (id === Option.stats) {
        const found = overrunsOf(cursor.bytes(size).toString("latin1"));
        if (found !== null) overruns = (overruns ?? 0) + found;
      }
      cursor.at = start + size;
    }
  }

  function readCpus(instance: string): void {
    let kind = word();
    if (kind === "options") {
      readOptions();
      kind = word();
    }
    if (kind === "latency")
      throw new BadTraceDat("it holds the text of a latency tracer; trace-cmd report prints it");
    if (kind !== "flyrecord") throw new BadTraceDat(`"flyrecord" is missing at byte ${cursor.at - WORD}`);
    for (let cpu = 0; cpu < cpuCount; cpu++)
      cpus.push({ cpu, instance, inNanoseconds, at: cursor.u64(), size: cursor.u64(), pageSize });
  }

  readCpus("");
  for (const instance of instances.slice(0, 1000)) {
    cursor.at = instance.at;
    readCpus(instance.name);
  }
  const unpack = unpackerOf("none");
  return { version: 6, compression: "none", little, page, formats, tasks, cpus, cpuCount, overruns, unpack };
}

/** Kernel symbols and printk formats, which are not needed. */
function skipSized(cursor: Cursor): void {
  const size = cursor.u32();
  cursor.at += size;
}
