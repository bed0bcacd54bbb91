/** Bytes of a log: from a file or standard input, decompressed where they are gzip or zstd data. */

import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { pipeline, Readable } from "node:stream";
import { createGunzip, createInflate } from "node:zlib";
import type { Capture } from "../capture.ts";

/** What the standard input is called in reports. */
export const STDIN_NAME = "<stdin>";

const CHUNK = 1 << 18;
/** What atrace -z prints in front of its zlib data. */
const ATRACE = Buffer.from("capturing trace... done\nTRACE:\n");

/** A log to validate: a name for reports, and its bytes. Chunks must not be changed after they were delivered. */
export interface LogInput {
  readonly name: string;
  readonly open: () => AsyncIterable<Uint8Array>;
  /** The same bytes in chunks that are good only until the next one is asked for, where that is quicker. */
  readonly lend?: () => AsyncIterable<Uint8Array>;
  /** The file that holds them, if it may be read at any place. */
  readonly path?: string;
  /** Logs of one run that are merged by time; `open` is not used then. */
  readonly parts?: readonly LogInput[];
  /** What was recorded beside the log. */
  readonly capture?: Capture;
}

/** The file at `path`, or standard input for "-". Opening fails when it is read, not here. */
export function logFile(path: string, stdin: AsyncIterable<Uint8Array> = process.stdin): LogInput {
  if (path === "-") return { name: STDIN_NAME, open: () => stdin };
  const whole = () => createReadStream(path, { highWaterMark: CHUNK });
  return { name: path, path, open: whole, lend: () => lendFile(path, whole) };
}

/** The chunks of a plain file, in two buffers in turn, one being filled while the other is read; others as `otherwise`. */
async function* lendFile(
  path: string,
  otherwise: () => AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  if (!(await stat(path)).isFile()) {
    yield* otherwise();
    return;
  }
  const file = await open(path, "r");
  let ready = Buffer.allocUnsafeSlow(CHUNK);
  let filling = Buffer.allocUnsafeSlow(CHUNK);
  let reading = file.read(filling, 0, CHUNK);
  try {
    for (;;) {
      const { bytesRead } = await reading;
      if (bytesRead === 0) return;
      [ready, filling] = [filling, ready];
      reading = file.read(filling, 0, CHUNK);
      // Who reads on is told of a failure.
      reading.catch(() => undefined);
      yield ready.subarray(0, bytesRead);
    }
  } finally {
    await reading.catch(() => undefined);
    await file.close();
  }
}

/** Logs of one run as one log, merged by time. */
export function mergedLogs(parts: readonly LogInput[]): LogInput {
  const [first, ...others] = parts.map(({ name }) => name);
  const name = others.length < 3 ? [first, ...others].join(" + ") : `${first} and ${others.length} others`;
  return { name, parts, open: emptySource };
}

async function* emptySource(): AsyncGenerator<Uint8Array, void> {}

/**
 * The decompressed bytes of a source whose first bytes say that it is gzip or zstd; others as they are, also in that they are
 * lent.
 */
export async function* decompressed(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void> {
  const iterator = source[Symbol.asyncIterator]();
  const first = await firstBytes(iterator);
  const isAtrace = first.subarray(0, ATRACE.length).equals(ATRACE) && first[ATRACE.length] === 0x78;
  const whole = resume(isAtrace ? first.subarray(ATRACE.length) : first, iterator);
  if (first[0] === 0x28 && first[1] === 0xb5) {
    const { unzstd } = await import("./zstd.ts");
    yield* unzstd(copies(whole));
    return;
  }
  if (!isAtrace && (first[0] !== 0x1f || first[1] !== 0x8b)) {
    yield* whole;
    return;
  }
  const gunzip = isAtrace ? createInflate({ chunkSize: CHUNK }) : createGunzip({ chunkSize: CHUNK });
  // Errors of the source and of the decompressor both destroy `gunzip`, whose iterator then throws them.
  pipeline(Readable.from(copies(whole)), gunzip, () => undefined);
  yield* gunzip as AsyncIterable<Buffer>;
}

/** True if more bytes must tell whether zlib data of atrace begin here. */
function mayBeAtrace(first: Buffer): boolean {
  return first.length <= ATRACE.length && ATRACE.subarray(0, first.length).equals(first);
}

async function firstBytes(iterator: AsyncIterator<Uint8Array>): Promise<Buffer> {
  let first = Buffer.alloc(0);
  while (first.length < 2 || mayBeAtrace(first)) {
    const next = await iterator.next();
    if (next.done === true) break;
    first = Buffer.concat([first, next.value]);
  }
  return first;
}

/** What decompresses may ask for more before it has done with what it has. */
async function* copies(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  for await (const chunk of chunks) yield Buffer.from(chunk);
}

async function* resume(first: Buffer, iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Buffer, void> {
  try {
    if (first.length > 0) yield first;
    for (;;) {
      const next = await iterator.next();
      if (next.done === true) return;
      const { buffer, byteOffset, byteLength } = next.value;
      yield Buffer.from(buffer, byteOffset, byteLength);
    }
  } finally {
    await iterator.return?.();
  }
}
