/** Bytes that can be read at any place: a file, or what was unpacked from it. */

import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { BadTraceDat } from "./bad-trace-dat.ts";

export interface ByteSource {
  readonly size: number;
  /** The bytes from `at`; throws {@link BadTraceDat} if there are not as many. */
  readonly read: (at: number, length: number) => Buffer;
  readonly close: () => void;
}

/** The file at `path`; throws the error of the file system. */
export function fileBytes(path: string): ByteSource {
  const fd = openSync(path, "r");
  const { size } = fstatSync(fd);
  return {
    size,
    read(at, length) {
      checkRange(at, length, size);
      const bytes = Buffer.allocUnsafe(length);
      for (let done = 0; done < length; ) {
        const got = readSync(fd, bytes, done, length - done, at + done);
        if (got === 0) throw new BadTraceDat(`it ends at byte ${at + done}`);
        done += got;
      }
      return bytes;
    },
    close: () => closeSync(fd),
  };
}

/** Bytes in memory. */
export function memoryBytes(bytes: Buffer): ByteSource {
  return {
    size: bytes.length,
    read(at, length) {
      checkRange(at, length, bytes.length);
      return bytes.subarray(at, at + length);
    },
    close: () => undefined,
  };
}

function checkRange(at: number, length: number, size: number): void {
  if (at < 0 || length < 0 || at + length > size)
    throw new BadTraceDat(`bytes ${at} to ${at + length} are needed, but there are only ${size}`);
}
