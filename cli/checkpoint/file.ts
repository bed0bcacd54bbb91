/**
 * Checkpoints on disk. A file is a line that names the format, a line of JSON, the SHA-256 of both in hexadecimal as a third
 * line, the words of the states, which state each was found from, and the SHA-256 of all that as 32 bytes. It is read and written in
 * pieces, and written under another name first, so that it is whole or not there.
 */
import { createHash, type Hash } from "node:crypto";
import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { endianness } from "node:os";
import { basename, dirname, join } from "node:path";
import type { SavedCheck, SnapshotArrays } from "../../checker/check.ts";
import { InputError } from "../input-error.ts";
import { fileError } from "../node-host.ts";
import { count } from "../report/numbers.ts";
import type { Identity } from "./identity.ts";

/** A path, and how complaints mention it. */
export interface CheckpointPath {
  readonly path: string;
  readonly name: string;
}

export interface CheckpointHead {
  readonly byteOrder: "LE" | "BE";
  readonly identity: Identity;
  readonly saved: SavedCheck;
  /** Of the arrays. */
  readonly bytes: number;
}

const magic = "kmmcheck checkpoint 2\n";
const newline = 0x0a;
/** Bytes of a piece, and of the checksum at the end. */
const [piece, checksum] = [1 << 22, 32];
/** No list of levels and no counterexample makes the line of JSON longer than this. */
const longestHead = 1 << 28;

/** Writes the file, or throws what the system says. */
export function writeCheckpoint(
  { path, name }: CheckpointPath,
  identity: Identity,
  saved: SavedCheck,
  arrays: SnapshotArrays,
): void {
  const temporary = temporaryOf(path);
  const sum = createHash("sha256");
  const bytes = arrays.reduce((sum, array) => sum + array.byteLength, 0);
  const about: CheckpointHead = { byteOrder: endianness(), identity, saved, bytes };
  const head = `${magic}${JSON.stringify(about)}\n`;
  try {
    const file = openSync(temporary, "w");
    try {
      const put = (bytes: Uint8Array) => {
        sum.update(bytes);
        writeAll(file, bytes);
      };
      put(Buffer.from(`${head}${hexOf(head)}\n`));
      const buffer = new Uint8Array(piece);
      for (const array of arrays) {
        for (const bytes of piecesOf(array)) {
          buffer.set(bytes);
          put(buffer.subarray(0, bytes.length));
        }
      }
      writeAll(file, sum.digest());
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw fileError(error, name, "write");
  }
}

/** Removes a file from which nothing is left to be done; one that is not there, or cannot be removed, does no harm. */
export function removeCheckpoint({ path }: CheckpointPath): void {
  try {
    rmSync(path, { force: true });
  } catch (error) {
    if (!(fileError(error, path, "remove") instanceof InputError)) throw error;
  }
}

/** Makes sure that the file can be written, before hours are spent. */
export function tryToWrite({ path, name }: CheckpointPath): void {
  const temporary = temporaryOf(path);
  try {
    closeSync(openSync(temporary, "w"));
    rmSync(temporary);
  } catch (error) {
    throw fileError(error, name, "write");
  }
}

/** True where the file begins as a checkpoint does. */
export function isCheckpoint({ path, name }: CheckpointPath): boolean {
  const file = open({ path, name });
  try {
    const start = Buffer.alloc(magic.length);
    return readSync(file, start, 0, start.length, 0) === start.length && start.toString("latin1") === magic;
  } catch (error) {
    throw fileError(error, name, "read");
  } finally {
    closeSync(file);
  }
}

/** The head of a file whose length fits it, and where its arrays begin. */
export function readHead({ path, name }: CheckpointPath): {
  readonly head: CheckpointHead;
  readonly offset: number;
} {
  const refuse = (why: string) => new InputError(why, { file: name });
  const file = open({ path, name });
  try {
    const bytes = readLines(file, 3);
    const text = bytes.toString("latin1");
    if (!text.startsWith(magic)) throw refuse("this is no checkpoint of kmmcheck");
    const end = text.indexOf("\n", magic.length) + 1;
    if (end === 0 || !text.endsWith("\n") || text.length !== end + 65)
      throw refuse("this checkpoint is truncated");
    const head = bytes.subarray(0, end);
    if (text.slice(end, -1) !== hexOf(head))
      throw refuse("this checkpoint is damaged: its checksum is wrong");
    const parsed = JSON.parse(head.subarray(magic.length).toString()) as CheckpointHead;
    if (parsed.byteOrder !== endianness())
      throw refuse("this checkpoint is of a machine with another byte order");
    const wanted = bytes.length + parsed.bytes + checksum;
    const { size } = statSync(path);
    if (size < wanted) throw refuse(`this checkpoint is truncated: ${count(size)} bytes of ${count(wanted)}`);
    if (size > wanted) throw refuse(`this checkpoint is damaged: ${count(size)} bytes, not ${count(wanted)}`);
    return { head: parsed, offset: bytes.length };
  } catch (error) {
    throw fileError(error, name, "read");
  } finally {
    closeSync(file);
  }
}

/** Fills the arrays, and compares the checksum of the whole file. */
export function readArrays({ path, name }: CheckpointPath, offset: number, arrays: SnapshotArrays): void {
  const file = open({ path, name });
  try {
    const sum = createHash("sha256");
    const buffer = new Uint8Array(piece);
    const get = (length: number) => {
      const bytes = buffer.subarray(0, length);
      if (readAll(file, bytes) < length) throw new InputError("this checkpoint is truncated", { file: name });
      return bytes;
    };
    for (let at = 0; at < offset; at += piece) sum.update(get(Math.min(piece, offset - at)));
    for (const array of arrays) {
      for (const bytes of piecesOf(array)) {
        const got = get(bytes.length);
        sum.update(got);
        bytes.set(got);
      }
    }
    const wanted = sum.digest("hex");
    if (Buffer.from(get(checksum)).toString("hex") !== wanted)
      throw new InputError("this checkpoint is damaged: its checksum is wrong", { file: name });
  } catch (error) {
    throw fileError(error, name, "read");
  } finally {
    closeSync(file);
  }
}

/** Beside the file, and always the same: what a power cut leaves is overwritten by the next attempt. */
function temporaryOf(path: string): string {
  return join(dirname(path), `.${basename(path)}.tmp`);
}

function open({ path, name }: CheckpointPath): number {
  try {
    return openSync(path, "r");
  } catch (error) {
    throw fileError(error, name, "read");
  }
}

/** Views of a few MiB each, one after the other: no single view of many GiB is needed. */
function* piecesOf(array: Int32Array): Generator<Uint8Array> {
  for (let at = 0; at < array.byteLength; at += piece) {
    yield new Uint8Array(array.buffer, array.byteOffset + at, Math.min(piece, array.byteLength - at));
  }
}

function hexOf(text: string | Uint8Array): string {
  const hash: Hash = createHash("sha256");
  return hash.update(text).digest("hex");
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
}

/** How many bytes there were, at most as many as asked for. */
function readAll(file: number, bytes: Uint8Array): number {
  let done = 0;
  while (done < bytes.length) {
    const got = readSync(file, bytes, done, bytes.length - done, null);
    if (got === 0) break;
    done += got;
  }
  return done;
}

/** The first lines, or what there is of them. */
function readLines(file: number, lines: number): Buffer {
  const pieces: Buffer[] = [];
  let [total, left] = [0, lines];
  while (total < longestHead) {
    const bytes = Buffer.alloc(1 << 16);
    const got = readAll(file, bytes);
    for (let at = 0; at < got; at++) {
      if (bytes[at] !== newline || --left > 0) continue;
      return Buffer.concat([...pieces, bytes.subarray(0, at + 1)]);
    }
    pieces.push(bytes.subarray(0, got));
    total += got;
    if (got < bytes.length) break;
    // A file of something else need not be read to its third line.
    if (total === bytes.length && !bytes.toString("latin1").startsWith(magic)) break;
  }
  return Buffer.concat(pieces);
}
