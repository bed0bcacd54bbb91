/** A trace.dat file as a log. */

import { type InputError, inputError } from "../../input-error.ts";
import { createLineContext } from "../context.ts";
import type { EventSink } from "../delivery.ts";
import type { FormatId } from "../formats.ts";
import type { OpenLog, ReadOptions, ReadResult } from "../log-reader.ts";
import { createPointerTable } from "../pointer.ts";
import { createRecordReader } from "../record-reader.ts";
import type { LogInput } from "../source.ts";
import { BadTraceDat } from "./bad-trace-dat.ts";
import { type ByteSource, fileBytes, memoryBytes } from "./byte-source.ts";
import { readTraceDat } from "./read-trace-dat.ts";
import { readTraceFile, type TraceFile } from "./trace-file.ts";

const FORMAT: FormatId = "trace.dat";

/**
 * Reads the trace.dat file of `input`.
 *
 * @param head its first bytes; all of them where it is no plain file
 */
export async function readTraceDatLog(
  input: LogInput,
  head: Buffer,
  options: ReadOptions,
  start: (log: OpenLog) => EventSink,
): Promise<ReadResult | InputError> {
  if (options.format !== "auto" && options.format !== FORMAT)
    return inputError("binary-trace", "this is a trace.dat file of trace-cmd, not text", {
      file: input.name,
      hint: "leave --format away, or trace-cmd report -t -i FILE".replace("FILE", input.name),
    });
  const source = sourceOf(input, head);
  try {
    return await readRecords(input, source, options, start);
  } catch (error) {
    if (!(error instanceof BadTraceDat)) throw error;
    return inputError("bad-trace-dat", error.message, { file: input.name });
  } finally {
    source.close();
  }
}

function sourceOf(input: LogInput, head: Buffer): ByteSource {
  if (input.path === undefined) return memoryBytes(head);
  const file = fileBytes(input.path);
  // A compressed file was unpacked as a stream: its own bytes are not those of a trace.dat.
  if (file.size >= head.length && file.read(0, Math.min(head.length, 16)).equals(head.subarray(0, 16)))
    return file;
  file.close();
  return memoryBytes(head);
}

async function readRecords(
  input: LogInput,
  source: ByteSource,
  options: ReadOptions,
  start: (log: OpenLog) => EventSink,
): Promise<ReadResult> {
  const file = readTraceFile(source);
  const table = createPointerTable();
  const context = createLineContext();
  let sink: EventSink | null = null;
  let offset = 0;
  const reader = createRecordReader({
    layout: "columns",
    table,
    context,
    clockHz: options.clockHz,
    offset: () => offset,
    sink: { event: (event) => sink?.event(event), gap: (gap) => sink?.gap(gap) },
  });
  const log: OpenLog = {
    detection: { kind: "format", format: FORMAT, layout: "columns", reason: describe(file) },
    facts: reader.facts,
    table,
    context,
  };
  reader.facts.overruns = file.overruns;
  sink = start(log);
  let interrupted = false;
  await readTraceDat(
    source,
    file,
    (bytes, length) => {
      reader.line(bytes, 0, length, true);
      offset += length + 1;
    },
    () => {
      reader.facts.bytes = offset;
      options.onProgress?.({ log: input.name, bytes: offset });
      interrupted = options.signal?.aborted === true;
      return !interrupted;
    },
  );
  reader.end();
  return { ...log, interrupted, cut: null, damaged: false };
}

function describe({ version, compression, cpus }: TraceFile): string {
  const packed = compression === "none" ? "not compressed" : `compressed with ${compression}`;
  const instances = new Set(cpus.map(({ instance }) => instance)).size;
  return `magic of trace.dat version ${version}, ${packed}, ${instances === 1 ? "one buffer" : `${instances} buffers`}`;
}
