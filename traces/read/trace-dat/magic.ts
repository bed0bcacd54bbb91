/** How a trace.dat file begins. */

export const MAGIC = Buffer.from("\x17\x08Dtracing", "latin1");

/** True if these are the first bytes of a trace.dat file. */
export function isTraceDat(head: Buffer): boolean {
  return head.subarray(0, MAGIC.length).equals(MAGIC);
}
