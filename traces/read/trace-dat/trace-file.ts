/** What stands in a trace.dat file around its events: formats, task names, statistics, and where the events are. */

import { BadTraceDat } from "./bad-trace-dat.ts";
import type { ByteSource } from "./byte-source.ts";
import { createCursor } from "./cursor.ts";
import type { EventFormat } from "./event-format.ts";
import { isTraceDat, MAGIC } from "./magic.ts";
import type { Unpack } from "./unpack.ts";
import { readVersion6 } from "./version6.ts";
import { readVersion7 } from "./version7.ts";

/** Where the ring buffer pages of one CPU stand. */
export interface CpuData {
  readonly cpu: number;
  /** Name of the trace instance, "" for the top one. */
  readonly instance: string;
  /** Nanoseconds, or ticks of another clock. */
  readonly inNanoseconds: boolean;
  readonly at: number;
  readonly size: number;
  readonly pageSize: number;
}

/** Layout of a ring buffer page. */
export interface PageLayout {
  /** Where the events begin. */
  readonly data: number;
  /** Bytes of the word that holds how much of the page is filled. */
  readonly longSize: number;
}

export interface TraceFile {
  readonly version: number;
  readonly compression: string;
  readonly little: boolean;
  readonly page: PageLayout;
  readonly formats: ReadonlyMap<number, EventFormat>;
  /** Task names as bytes in latin1, by pid. */
  readonly tasks: ReadonlyMap<number, string>;
  readonly cpus: readonly CpuData[];
  readonly cpuCount: number;
  /** Events that the ring buffers say were overwritten or dropped; null without their statistics. */
  readonly overruns: number | null;
  readonly unpack: Unpack;
}

/** Reads everything but the events; throws {@link BadTraceDat}. */
export function readTraceFile(source: ByteSource): TraceFile {
  if (!isTraceDat(source.read(0, Math.min(source.size, MAGIC.length))))
    throw new BadTraceDat("it does not begin as one");
  const head = createCursor(source, MAGIC.length, true);
  const version = head.text();
  const order = head.bytes(1)[0];
  const longSize = head.bytes(1)[0] ?? 0;
  if (order !== 0 && order !== 1) throw new BadTraceDat(`its byte order is ${order}, not 0 or 1`);
  if (longSize !== 4 && longSize !== 8) throw new BadTraceDat(`its longs have ${longSize} bytes`);
  const cursor = createCursor(source, head.at, order === 0);
  const pageSize = cursor.u32();
  if (pageSize < 1024 || pageSize > 1 << 20) throw new BadTraceDat(`its pages have ${pageSize} bytes`);
  if (version === "6") return readVersion6(cursor, order === 0, longSize, pageSize);
  if (version === "7") return readVersion7(source, cursor, order === 0, longSize);
  throw new BadTraceDat(
    `its version is ${JSON.stringify(version.slice(0, 20))}, and versions 6 and 7 are read`,
  );
}
