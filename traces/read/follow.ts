/** Reading a log that is still being written: a growing file, also when it is replaced or cut off, or a slow pipe. */

import { type FileHandle, open, stat } from "node:fs/promises";
import { breakChunk, breakOf } from "./break.ts";

const CHUNK = 1 << 18;
const LINE_FEED = 10;
/** A line longer than this is passed on in parts. */
const LONGEST_LINE = 1 << 20;
/** Milliseconds between two looks at a file that has not grown. */
const POLL = 200;
/** Lines besides comments that tell the format, and milliseconds after which fewer must do. */
const HEAD_LINES = 16;
const HEAD_WAIT = 1000;
const HEAD_BYTES = 1 << 16;

/**
 * The bytes of the file at `path`, whole lines at a time, and what is appended to it, until `signal` is aborted. A file
 * that another one replaces (logrotate) is read to its end first; one that is cut off (copytruncate) is read anew from
 * its beginning. Both leave a break (see `break.ts`).
 *
 * Rejects as the file system does if the file cannot be opened at first.
 */
export async function* followFile(path: string, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
  let file = await open(path, "r");
  let at = 0;
  let rest: Uint8Array = Buffer.alloc(0);
  try {
    while (!signal.aborted) {
      const buffer = Buffer.allocUnsafe(CHUNK);
      const { bytesRead } = await file.read(buffer, 0, CHUNK, at);
      if (bytesRead > 0) {
        at += bytesRead;
        const grown = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
        const end = grown.length > LONGEST_LINE ? grown.length : grown.lastIndexOf(LINE_FEED) + 1;
        rest = grown.subarray(end);
        if (end > 0) yield grown.subarray(0, end);
        continue;
      }
      if ((await file.stat()).size < at) {
        yield breakChunk("truncated");
        at = 0;
        rest = Buffer.alloc(0);
        continue;
      }
      const next = await replacement(path, file, at);
      if (next === null) {
        await pause(POLL, signal);
        continue;
      }
      await file.close();
      file = next;
      yield breakChunk(rest.length > 0 ? "truncated" : "replaced");
      at = 0;
      rest = Buffer.alloc(0);
    }
  } finally {
    await file.close();
  }
}

/** The file that has taken the place of `file`, which has been read up to `at`; null as long as there is none. */
async function replacement(path: string, file: FileHandle, at: number): Promise<FileHandle | null> {
  const now = await stat(path).catch(() => null);
  if (now === null) return null;
  const before = await file.stat();
  // What was written to the old file before it was replaced is read first.
  if ((now.ino === before.ino && now.dev === before.dev) || before.size > at) return null;
  return open(path, "r").catch(() => null);
}

/**
 * The chunks of a source, the first ones together until they have enough lines to tell the format by, but without
 * waiting for more than a moment once there is a line: a log that grows slowly is judged as it comes.
 */
export async function* withHead(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const iterator = source[Symbol.asyncIterator]();
  const ask = (): Promise<IteratorResult<Uint8Array>> => {
    const asked = iterator.next();
    // It may fail while nobody waits for it; who waits for it later is told.
    asked.catch(() => undefined);
    return asked;
  };
  let head: Uint8Array = Buffer.alloc(0);
  let late: Promise<null> | null = null;
  const waiting = new AbortController();
  try {
    let next: Promise<IteratorResult<Uint8Array>> | null = null;
    while (recordLines(head) < HEAD_LINES && head.length < HEAD_BYTES) {
      next ??= ask();
      if (recordLines(head) > 0) late ??= pause(HEAD_WAIT, waiting.signal);
      const result: IteratorResult<Uint8Array> | null = await (late === null
        ? next
        : Promise.race([next, late]));
      if (result === null) break;
      next = null;
      if (result.done === true) {
        yield head;
        return;
      }
      if (breakOf(result.value) === null) head = Buffer.concat([head, result.value]);
    }
    yield head;
    for (;;) {
      const result: IteratorResult<Uint8Array> = await (next ?? ask());
      next = null;
      if (result.done === true) return;
      yield result.value;
    }
  } finally {
    waiting.abort();
    // Not awaited: the source may be waiting for bytes that never come.
    iterator.return?.()?.catch(() => undefined);
  }
}

/** Whole lines of a text that are not blank and no comments. */
function recordLines(head: Uint8Array): number {
  const text = Buffer.from(head).toString("latin1");
  return text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#")).length;
}

/** Resolves with null after `ms` milliseconds, or when `signal` is aborted. */
function pause(ms: number, signal: AbortSignal): Promise<null> {
  return new Promise((done) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      done(null);
    };
    const timer = setTimeout(end, ms);
    if (signal.aborted) end();
    else signal.addEventListener("abort", end);
  });
}
