/** Reads one log from its bytes: decides the format, then delivers events and holes. */

import { type InputError, inputError } from "../input-error.ts";
import { type Break, breakOf } from "./break.ts";
import { createLineContext, type LineContext } from "./context.ts";
import { DamagedData } from "./damaged-data.ts";
import type { EventSink } from "./delivery.ts";
import type { LogFacts } from "./facts.ts";
import { type Detection, detectFormat, type FormatId } from "./formats.ts";
import { createJsonReader } from "./json/json-reader.ts";
import { createLineSplitter } from "./lines.ts";
import { createPointerTable, type PointerTable } from "./pointer.ts";
import { createRecordReader, type RecordReader, type RecordReaderOptions } from "./record-reader.ts";
import { decompressed, type LogInput, STDIN_NAME } from "./source.ts";
import { holdsTraceDat, isTraceDat } from "./trace-dat/magic.ts";
import { UnreadableLine } from "./unreadable-line.ts";

export interface ReadOptions {
  readonly format: FormatId | "auto";
  /** Ticks a second of an integer clock, null if unknown. */
  readonly clockHz: number | null;
  /** Longest line kept, bytes. */
  readonly maxLineBytes: number;
  /** Bytes to wait for before the format is decided; 64 KiB if not given. */
  readonly head?: number;
  /** False to read every line in the same way, the common ones too. */
  readonly quick?: boolean;
  readonly signal: AbortSignal | null;
  readonly onProgress: ((progress: { readonly log: string; readonly bytes: number }) => void) | null;
}

export interface OpenLog {
  readonly detection: Detection;
  readonly facts: LogFacts;
  readonly table: PointerTable;
  readonly context: LineContext;
}

export interface ReadResult extends OpenLog {
  readonly interrupted: boolean;
  /** Why the bytes ended early, null if they did not. */
  readonly cut: string | null;
  /** What was read before may not be what was written: the data were found to be damaged. */
  readonly damaged: boolean;
}

const HEAD = 1 << 16;

/**
 * Reads a log to its end.
 *
 * @param start called once the format is known; returns where events go
 * @returns what was learnt, or why the log cannot be read
 */
export async function readLog(
  input: LogInput,
  options: ReadOptions,
  start: (log: OpenLog) => EventSink,
): Promise<ReadResult | InputError> {
  try {
    return await readWhole(input, options, start);
  } catch (error) {
    if (!(error instanceof UnreadableLine)) throw error;
    return inputError("bad-header", error.message, { file: input.name, line: error.line, column: 1 });
  }
}

async function readWhole(
  input: LogInput,
  options: ReadOptions,
  start: (log: OpenLog) => EventSink,
): Promise<ReadResult | InputError> {
  const file = input.name;
  if (input.parts !== undefined) return readParts(file, input.parts, options, start);
  let head: Buffer[] = [];
  let headBytes = 0;
  let feeder: Feeder | null = null;
  let interrupted = false;
  let binary = false;
  let cut: string | null = null;
  let damaged = false;
  try {
    for await (const chunk of decompressed(input.lend?.() ?? input.open())) {
      if (isAborted(options)) {
        interrupted = true;
        // What a log that grows slowly had so far may have waited for more, to tell the format by.
        if (feeder === null) head.push(Buffer.from(chunk));
        break;
      }
      const broken = breakOf(chunk);
      if (broken !== null) {
        feeder?.broken(broken);
        continue;
      }
      if (feeder === null) {
        head.push(Buffer.from(chunk));
        headBytes += chunk.length;
        if (headBytes < Math.max(1, options.head ?? HEAD)) continue;
        binary ||= isTraceDat(head.length === 1 ? chunk : Buffer.concat(head));
        if (binary) {
          if (input.path !== undefined && holdsTraceDat(input.path)) break;
          if (headBytes > MOST_IN_MEMORY) return tooLongForMemory(file);
          continue;
        }
        const opened = await open(file, Buffer.concat(head), options, start);
        if ("kind" in opened) return opened;
        feeder = opened;
        head = [];
      } else feeder.feed(chunk);
      options.onProgress?.({ log: file, bytes: feeder.log.facts.bytes });
      // Not only before the next chunk, which may be long in coming.
      if (isAborted(options)) {
        interrupted = true;
        break;
      }
    }
  } catch (error) {
    const failure = describeFailure(error, file, headBytes > 0 || feeder !== null);
    if (typeof failure !== "string") return failure;
    cut = failure;
    damaged = !endedEarly(error);
  }
  // A source that is interrupted while it waits just ends.
  interrupted ||= isAborted(options);
  if (feeder === null) {
    const first = Buffer.concat(head);
    if (isTraceDat(first) && !interrupted) {
      if (cut !== null) return inputError("bad-trace-dat", cut, { file });
      const { readTraceDatLog } = await import("./trace-dat/trace-dat-log.ts");
      return readTraceDatLog(input, first, options, start);
    }
    const nothing = first.length === 0 && interrupted;
    const opened = await open(file, nothing ? NO_RECORDS : first, options, start);
    if ("kind" in opened) return opened;
    feeder = opened;
  }
  feeder.end(!interrupted);
  return { ...feeder.log, interrupted, cut, damaged };
}

async function readParts(
  file: string,
  parts: readonly LogInput[],
  options: ReadOptions,
  start: (log: OpenLog) => EventSink,
): Promise<ReadResult | InputError> {
  const { readMergedLog } = await import("./merge/merged-log.ts");
  try {
    return await readMergedLog(file, parts, options, start);
  } catch (error) {
    const path = error instanceof Error && "path" in error ? error.path : null;
    const part = parts.find((input) => input.path !== undefined && input.path === path);
    const failure = describeFailure(error, part?.name ?? file, false);
    return typeof failure === "string" ? inputError("unreadable-file", failure, { file }) : failure;
  }
}

/** The log's name where a hint gives a command. */
function nameInCommands(file: string): string {
  return file === STDIN_NAME ? "LOG" : file;
}

function isAborted({ signal }: ReadOptions): boolean {
  return signal?.aborted === true;
}

/** What an interrupted log counts as of which nothing has come. */
const NO_RECORDS = Buffer.from("# tracer: nop\n");

/** A trace.dat that is no plain file, but compressed or from a pipe, is unpacked in memory up to this size. */
const MOST_IN_MEMORY = 1 << 26;

function tooLongForMemory(file: string): InputError {
  return inputError(
    "binary-trace",
    "a trace.dat file of more than 64 MiB is read only from a plain file, not compressed and not from a pipe",
    { file, hint: "unpack it to a file and name that" },
  );
}

interface Feeder {
  readonly log: OpenLog;
  readonly feed: (chunk: Buffer) => void;
  readonly broken: (kind: Break) => void;
  readonly end: (complete: boolean) => void;
}

async function open(
  file: string,
  head: Buffer,
  options: ReadOptions,
  start: (log: OpenLog) => EventSink,
): Promise<Feeder | InputError> {
  if (head.length === 0) return inputError("empty", "the log is empty", { file });
  const detection = detectFormat(head.subarray(0, HEAD), options.format);
  if (detection.kind === "refusal") {
    return inputError(detection.code, detection.message, {
      file,
      line: 1,
      column: 1,
      hint: detection.hint.replaceAll("FILE", nameInCommands(file)),
    });
  }
  const table = createPointerTable();
  const context = createLineContext();
  const splitter = createLineSplitter(
    options.maxLineBytes,
    (bytes, from, to, complete) => reader.line(bytes, from, to, complete),
    (bytes, from) => reader.quick?.(bytes, from) ?? -1,
  );
  // The reader delivers nothing before the first line, so the sink may be made from the facts it is still to fill.
  let sink: EventSink | null = null;
  const reader = await createReader({
    layout: detection.layout,
    table,
    context,
    clockHz: options.clockHz,
    quick: options.quick !== false,
    offset: splitter.offset,
    sink: { event: (event) => sink?.event(event), gap: (gap) => sink?.gap(gap) },
  });
  const log: OpenLog = { detection, facts: reader.facts, table, context };
  sink = start(log);
  const feed = (chunk: Buffer): void => {
    reader.facts.bytes += chunk.length;
    // The chunk may be lent.
    const bytes = reader.detach === undefined ? Buffer.from(chunk) : chunk;
    splitter.feed(bytes);
    reader.detach?.(bytes);
  };
  const mark = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  feed(head.subarray(mark));
  return {
    log,
    feed,
    broken(kind) {
      reader.facts.segments++;
      if (kind === "truncated") {
        reader.facts.lossLines++;
        reader.facts.lostUnknown = true;
      }
      sink?.gap({ reason: "segment", line: 0, cpu: -1, lost: -1 });
    },
    end(complete) {
      if (complete) splitter.end();
      reader.end();
      reader.facts.overlong = splitter.overlong();
    },
  };
}

/** The reader of a layout; what text does not need is loaded only where it is. */
async function createReader(options: RecordReaderOptions): Promise<RecordReader> {
  if (options.layout === "bpftrace") {
    const { createBpftraceReader } = await import("./bpftrace/bpftrace-reader.ts");
    return createBpftraceReader(options);
  }
  if (options.layout === "systrace") {
    const { createWebPageReader } = await import("./web-page.ts");
    return createWebPageReader(options);
  }
  if (options.layout !== "json" && options.layout !== "itf") return createRecordReader(options);
  const { checkHeader } = await import("./json/header-check.ts");
  if (options.layout === "itf") {
    const { createItfReader } = await import("./itf/itf-reader.ts");
    return createItfReader(options, checkHeader);
  }
  return createJsonReader(options, checkHeader);
}

/** What is missing at their end is no sign that what was read is wrong, as a checksum that does not fit is. */
const UNCHECKED = "no checksum covers what was read";

function endedEarly(error: unknown): boolean {
  return error instanceof DamagedData
    ? error.early
    : error instanceof Error && "code" in error && error.code === "Z_BUF_ERROR";
}

function describeFailure(error: unknown, file: string, started: boolean): InputError | string {
  if (error instanceof UnreadableLine) throw error;
  if (error instanceof DamagedData) {
    if (started) return error.early ? `${error.message}: ${UNCHECKED}` : error.message;
    return inputError("bad-zstd", error.message, { file, hint: `zstd -t ${nameInCommands(file)}` });
  }
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "Z_BUF_ERROR" && started) return `the gzip data end early: ${UNCHECKED}`;
  if (code.startsWith("Z_")) {
    if (started) return "the gzip data are damaged";
    return inputError("bad-gzip", "the gzip data are damaged", {
      file,
      hint: `gzip -t ${nameInCommands(file)}`,
    });
  }
  if (code === "ENOENT") return inputError("unreadable-file", "there is no such file", { file });
  if (code === "EISDIR") return inputError("unreadable-file", "this is a directory, not a log", { file });
  if (code === "EACCES" || code === "EPERM")
    return inputError("unreadable-file", "the file may not be read", { file });
  if (code === "") throw error;
  return inputError("unreadable-file", `the log cannot be read (${code})`, { file });
}
