/** Reading numbers and texts one after the other, in the byte order of the traced machine. */

import { BadTraceDat } from "./bad-trace-dat.ts";
import type { ByteSource } from "./byte-source.ts";

export interface Cursor {
  at: number;
  readonly u16: () => number;
  readonly u32: () => number;
  /** A number of 64 bits that is a size or a place, hence below 2^53. */
  readonly u64: () => number;
  readonly bytes: (length: number) => Buffer;
  /** A text that ends with NUL. */
  readonly text: () => string;
}

const LONGEST_TEXT = 4096;

export function createCursor(source: ByteSource, at: number, little: boolean): Cursor {
  function bytes(length: number): Buffer {
    const out = source.read(self.at, length);
    self.at += length;
    return out;
  }
  const self: Cursor = {
    at,
    bytes,
    u16: () => (little ? bytes(2).readUInt16LE() : bytes(2).readUInt16BE()),
    u32: () => (little ? bytes(4).readUInt32LE() : bytes(4).readUInt32BE()),
    u64() {
      const value = little ? bytes(8).readBigUInt64LE() : bytes(8).readBigUInt64BE();
      if (value > BigInt(Number.MAX_SAFE_INTEGER))
        throw new BadTraceDat(`byte ${self.at - 8} holds a size of ${value}`);
      return Number(value);
    },
    text() {
      const room = Math.min(LONGEST_TEXT, source.size - self.at);
      const found = source.read(self.at, Math.max(0, room));
      const end = found.indexOf(0);
      if (end < 0) throw new BadTraceDat(`the text at byte ${self.at} has no end`);
      self.at += end + 1;
      return found.toString("latin1", 0, end);
    },
  };
  return self;
}
