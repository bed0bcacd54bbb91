/** How a trace.dat file begins. */

import { closeSync, openSync, readSync } from "node:fs";

export const MAGIC = Buffer.from("\x17\x08Dtracing", "latin1");

/** True if these are the first bytes of a trace.dat file. */
export function isTraceDat(head: Buffer): boolean {
  return head.subarray(0, MAGIC.length).equals(MAGIC);
}

/** True if the file at `path` begins so. */
export function holdsTraceDat(path: string): boolean {
  const fd = openSync(path, "r");
  try {
    const head = Buffer.alloc(16);
    readSync(fd, head, 0, 16, 0);
    return isTraceDat(head);
  } finally {
    closeSync(fd);
  }
}
