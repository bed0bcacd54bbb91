/** A small file as text, decompressed if it is gzip'd. */

import { readFile, stat } from "node:fs/promises";
import { gunzipSync } from "node:zlib";

const LIMIT = 64 << 20;

/** The text, one character a byte; null if it is too large or cannot be read. */
export async function readSmall(path: string): Promise<string | null> {
  try {
    const about = await stat(path);
    if (!about.isFile() || about.size > LIMIT) return null;
    const bytes = await readFile(path);
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return (isGzip ? gunzipSync(bytes, { maxOutputLength: LIMIT }) : bytes).toString("latin1");
  } catch (error) {
    if (error instanceof Error && "code" in error) return null;
    throw error;
  }
}
