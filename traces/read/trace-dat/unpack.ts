/** Unpacking compressed parts of a trace.dat file: zstd by a library, zlib by node. */

import { inflateSync } from "node:zlib";
import { decompress } from "fzstd";
import { BadTraceDat } from "./bad-trace-dat.ts";

/** Largest part that is unpacked, bytes; trace-cmd writes parts of well under a megabyte. */
const LARGEST = 1 << 26;

/** Unpacks a part whose unpacked size is known. */
export type Unpack = (packed: Buffer, size: number) => Buffer;

/** How to unpack what was packed by `name` ("none", "zstd", "zlib"). */
export function unpackerOf(name: string): Unpack {
  if (name !== "none" && name !== "zstd" && name !== "zlib")
    throw new BadTraceDat(`it is compressed with ${JSON.stringify(name)}, which is not known`);
  return (packed, size) => {
    if (size > LARGEST) throw new BadTraceDat(`a part of ${size} bytes is larger than trace-cmd writes`);
    let out: Uint8Array;
    try {
      if (name === "none") out = packed;
      else if (name === "zlib") out = inflateSync(packed, { maxOutputLength: size });
      else out = decompress(packed, new Uint8Array(size));
    } catch {
      throw new BadTraceDat(`a part of it is no ${name} data`);
    }
    if (out.length !== size) throw new BadTraceDat(`a part has ${out.length} bytes instead of ${size}`);
    return Buffer.from(out.buffer, out.byteOffset, out.byteLength);
  };
}
