/** Splitting chunks of bytes into lines, in constant memory. Nothing refers to a chunk that has been fed. */

/** Receives each line as a range of bytes without its line end. */
export type LineHandler = (bytes: Buffer, from: number, to: number, complete: boolean) => void;

/**
 * Handles the line at `from` in one go, if it is one that it knows.
 *
 * @returns the position of its line feed, -1 if the line is to be split off and handled as any other
 */
export type QuickHandler = (bytes: Buffer, from: number) => number;

export interface LineSplitter {
  readonly feed: (chunk: Buffer) => void;
  /** Delivers a last line that has no line end. */
  readonly end: () => void;
  /** Bytes of the line being delivered that stand before it in the log. */
  readonly offset: () => number;
  /** Lines that were longer than the limit; their tail was dropped. */
  readonly overlong: () => number;
}

/** Splits at line feeds and strips one carriage return; a line keeps at most `limit` bytes. */
export function createLineSplitter(
  limit: number,
  handle: LineHandler,
  quick: QuickHandler = () => -1,
): LineSplitter {
  let parts: Buffer[] = [];
  let kept = 0;
  let skipped = 0;
  let offset = 0;
  let overlong = 0;

  function keep(chunk: Buffer, from: number, to: number): void {
    const room = Math.max(0, Math.min(to - from, limit - kept));
    if (room > 0) parts.push(Buffer.from(chunk.subarray(from, from + room)));
    kept += room;
    skipped += to - from - room;
  }

  function deliver(bytes: Buffer, from: number, to: number, complete: boolean): void {
    const end = to > from && bytes[to - 1] === 13 ? to - 1 : to;
    handle(bytes, from, end, complete);
  }

  function deliverKept(complete: boolean): void {
    const bytes = Buffer.concat(parts);
    const whole = kept + skipped;
    if (skipped > 0) overlong++;
    parts = [];
    kept = 0;
    skipped = 0;
    deliver(bytes, 0, bytes.length, complete);
    offset += whole + 1;
  }

  return {
    feed(chunk) {
      let from = 0;
      while (from < chunk.length) {
        const end = kept + skipped > 0 ? -1 : quick(chunk, from);
        if (end >= 0) {
          offset += end - from + 1;
          from = end + 1;
          continue;
        }
        const to = chunk.indexOf(10, from);
        if (to < 0) break;
        if (kept + skipped > 0) {
          keep(chunk, from, to);
          deliverKept(true);
        } else if (to - from > limit) {
          keep(chunk, from, to);
          deliverKept(true);
        } else {
          deliver(chunk, from, to, true);
          offset += to - from + 1;
        }
        from = to + 1;
      }
      if (from < chunk.length) keep(chunk, from, chunk.length);
    },
    end() {
      if (kept + skipped > 0) deliverKept(false);
    },
    offset: () => offset,
    overlong: () => overlong,
  };
}
