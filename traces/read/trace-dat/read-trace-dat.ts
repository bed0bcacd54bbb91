/**
 * Reads a trace.dat file of trace-cmd: the records of all CPUs, merged by their exact times, go to the text reader as the
 * lines that `trace-cmd report -t` prints. Each record is one line there whatever it contains, so none can be forged.
 */

import type { ByteSource } from "./byte-source.ts";
import { createRecordWriter } from "./record-text.ts";
import { createRingReader, type RingReader } from "./ring-pages.ts";
import type { TraceFile } from "./trace-file.ts";

/** Receives the lines; their bytes stay as they are for the next three. */
export type LineSink = (bytes: Buffer, length: number) => void;

/** Lines handed over before the event loop gets its turn. */
const BATCH = 4096;

/**
 * Hands all lines to `line`.
 *
 * @param goOn asked from time to time, and at the end; false stops the reading
 * @throws BadTraceDat
 */
export async function readTraceDat(
  source: ByteSource,
  file: TraceFile,
  line: LineSink,
  goOn: () => boolean,
): Promise<void> {
  const write = createRecordWriter(file);
  const rings = file.cpus
    .map((data) => createRingReader(source, file, data))
    .filter((ring) => ring.next())
    .sort(order);
  const head = Buffer.from(`cpus=${file.cpuCount}`);
  line(head, head.length);
  for (let count = 1; rings.length > 0; count++) {
    const [ring] = rings;
    if (ring === undefined) break;
    if (ring.lost !== 0) {
      const mark = Buffer.from(
        `CPU:${ring.data.cpu} [${ring.lost < 0 ? "" : `${ring.lost} `}EVENTS DROPPED]`,
      );
      line(mark, mark.length);
    }
    const text = write(ring);
    line(text.bytes, text.length);
    if (ring.next()) settle(rings);
    else rings.shift();
    if (count % BATCH !== 0) continue;
    if (!goOn()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  goOn();
}

/** Moves the first ring to its place; the others are in order. */
function settle(rings: RingReader[]): void {
  for (let i = 0; i + 1 < rings.length; i++) {
    const ring = rings[i];
    const next = rings[i + 1];
    if (ring === undefined || next === undefined || order(ring, next) <= 0) return;
    rings[i] = next;
    rings[i + 1] = ring;
  }
}

function order(a: RingReader, b: RingReader): number {
  return a.high - b.high || a.low - b.low || a.data.cpu - b.data.cpu;
}
