/** The events of one CPU, from its ring buffer pages: time stamps, losses, and where each record stands. */

import { BadTraceDat } from "./bad-trace-dat.ts";
import { type ByteSource, memoryBytes } from "./byte-source.ts";
import { createCursor } from "./cursor.ts";
import type { CpuData, TraceFile } from "./trace-file.ts";

/** A place in the events of one CPU; its fields change with {@link RingReader.next}. */
export interface RingReader {
  readonly data: CpuData;
  page: Buffer;
  /** Bounds of the record in `page`. */
  from: number;
  to: number;
  /** Time in units of 10^9 and below: seconds and nanoseconds, where the clock counts those. */
  high: number;
  low: number;
  /** Events lost before this one: 0 none, -1 an unknown number. */
  lost: number;
  /** Moves to the next event; false at the end. */
  readonly next: () => boolean;
}

const BILLION = 1_000_000_000;
const MISSED = 0x80000000;
const MISSED_STORED = 0x40000000;
const FILLED = 0x7ffffff;
/** trace-cmd packs ten pages at a time. */
const MOST_PAGES = 64;
const PADDING = 29;
const TIME_EXTEND = 30;
const TIME_STAMP = 31;
const STAMP_BITS = (1n << 59n) - 1n;

export function createRingReader(source: ByteSource, file: TraceFile, data: CpuData): RingReader {
  const { little, page: layout } = file;
  const nextPage = pagesOf(source, file, data);
  let at = 0;
  let end = 0;

  const u32 = (bytes: Buffer, place: number): number =>
    little ? bytes.readUInt32LE(place) : bytes.readUInt32BE(place);

  const word = (bytes: Buffer, place: number): bigint =>
    little ? bytes.readBigUInt64LE(place) : bytes.readBigUInt64BE(place);

  function setTime(time: bigint): void {
    self.high = Number(time / 1_000_000_000n);
    self.low = Number(time % 1_000_000_000n);
  }

  function addTime(delta: number): void {
    self.low += delta;
    if (self.low < BILLION) return;
    const carry = Math.floor(self.low / BILLION);
    self.high += carry;
    self.low -= carry * BILLION;
  }

  /** Begins the next page that holds something; false if there is none. */
  function turn(): boolean {
    for (;;) {
      const page = nextPage();
      if (page === null) return false;
      setTime(word(page, 0));
      const commit = layout.longSize === 4 || little ? u32(page, 8) : u32(page, 12);
      at = layout.data;
      end = at + (commit & FILLED);
      if (end > page.length) throw new BadTraceDat(`a page of CPU ${data.cpu} is filled beyond its end`);
      self.page = page;
      if ((commit & MISSED) !== 0) self.lost = storedLoss(page, commit);
      if (end > at) return true;
    }
  }

  function storedLoss(page: Buffer, commit: number): number {
    if ((commit & MISSED_STORED) === 0 || end + layout.longSize > page.length) return -1;
    const count = layout.longSize === 8 ? Number(word(page, end)) : u32(page, end);
    return count > 0 && Number.isSafeInteger(count) ? count : -1;
  }

  /** An event's time beyond 27 bits: a longer difference, or the time itself. */
  function longTime(type: number, delta: number, more: number): void {
    if (type === TIME_EXTEND && more < 1 << 24) {
      addTime(more * 2 ** 27 + delta);
      return;
    }
    const value = (BigInt(more) << 27n) + BigInt(delta);
    const now = BigInt(self.high) * 1_000_000_000n + BigInt(self.low);
    setTime(type === TIME_EXTEND ? now + value : (now & ~STAMP_BITS) | (value & STAMP_BITS));
  }

  /** Takes one entry of the page; true if it is an event. */
  function entry(page: Buffer): boolean {
    const head = need(page, at);
    const type = little ? head & 31 : head >>> 27;
    const delta = little ? head >>> 5 : head & 0x7ffffff;
    at += 4;
    if (type === PADDING) {
      if (delta === 0) {
        at = end;
        return false;
      }
      addTime(delta);
      const length = need(page, at);
      if (length < 4) throw new BadTraceDat(`a page of CPU ${data.cpu} does not go on`);
      at += length;
      return false;
    }
    if (type === TIME_EXTEND || type === TIME_STAMP) {
      longTime(type, delta, need(page, at));
      at += 4;
      return false;
    }
    addTime(delta);
    let length = type * 4;
    if (type === 0) {
      length = need(page, at) - 4;
      at += 4;
    }
    if (length < 0 || at + length > end)
      throw new BadTraceDat(`an event of CPU ${data.cpu} is longer than its page`);
    self.from = at;
    self.to = at + length;
    at += (length + 3) & ~3;
    return true;
  }

  function need(page: Buffer, place: number): number {
    if (place + 4 > end) throw new BadTraceDat(`a page of CPU ${data.cpu} ends within an event`);
    return u32(page, place);
  }

  const self: RingReader = {
    data,
    page: Buffer.alloc(0),
    from: 0,
    to: 0,
    high: 0,
    low: 0,
    lost: 0,
    next() {
      self.lost = 0;
      for (;;) {
        if (at >= end && !turn()) return false;
        while (at < end) if (entry(self.page)) return true;
      }
    },
  };
  return self;
}

/** The pages of one CPU, one after the other; null at the end. */
function pagesOf(source: ByteSource, file: TraceFile, data: CpuData): () => Buffer | null {
  const { pageSize, size } = data;
  if (data.at + size > source.size)
    throw new BadTraceDat(
      `the events of CPU ${data.cpu} end at byte ${data.at + size}, the file at ${source.size}`,
    );
  let part: ByteSource = source;
  let at = data.at;
  let end = data.at + size;
  let parts = 0;
  const packed = createCursor(source, data.at, file.little);
  if (file.compression !== "none" && size > 0) {
    parts = packed.u32();
    at = end;
  }
  return () => {
    while (at + pageSize > end) {
      if (parts === 0) return null;
      parts--;
      const length = packed.u32();
      const whole = packed.u32();
      // The promised size leaves the number of parts out.
      if (packed.at + length > data.at + 4 + size)
        throw new BadTraceDat(`the events of CPU ${data.cpu} are longer than promised`);
      if (whole > MOST_PAGES * pageSize)
        throw new BadTraceDat(`a part of ${whole} bytes is larger than trace-cmd writes`);
      part = memoryBytes(file.unpack(packed.bytes(length), whole));
      at = 0;
      end = part.size;
    }
    at += pageSize;
    return part.read(at - pageSize, pageSize);
  };
}
