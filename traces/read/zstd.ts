/** Decompressing zstd data chunk by chunk. The checksum of a frame is not verified; text that is damaged shows as lines not understood. */

import { Decompress } from "fzstd";
import { DamagedData } from "./damaged-data.ts";

/** The code with which the decompressor says that data are missing. */
const UNEXPECTED_END = 5;

/** The decompressed bytes. */
export async function* unzstd(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void> {
  let out: Buffer[] = [];
  // The decompressor goes on using what it hands over, so it is copied.
  const decompressor = new Decompress((chunk) => out.push(Buffer.from(chunk)));

  function* push(chunk: Uint8Array, final: boolean): Generator<Buffer, void> {
    try {
      decompressor.push(chunk, final);
    } catch (error) {
      yield* out.filter(({ length }) => length > 0);
      out = [];
      throw new DamagedData(error instanceof Error && "code" in error && error.code === UNEXPECTED_END);
    }
    yield* out.filter(({ length }) => length > 0);
    out = [];
  }

  for await (const chunk of source) yield* push(chunk, false);
  yield* push(new Uint8Array(0), true);
}
