/**
 * mm pointers: canonical keys and classes.
 *
 * A 64-bit pointer is kept as two 32-bit halves and numbered on first sight, so that nothing loses precision and
 * the hot path makes no strings. The table forgets the pointers unseen for longest when it is full.
 */

import { NoMm } from "../event.ts";
import { ascii, hexDigit, matchesAt } from "./bytes.ts";

export interface PointerTable {
  /** Number of the pointer with these halves; the same for the same pointer as long as it is remembered. */
  readonly intern: (high: number, low: number) => number;
  /** The pointer's 16 hexadecimal digits. */
  readonly text: (id: number) => string;
  /** Told the numbers that are forgotten and will be given to other pointers. */
  onForget: (ids: ReadonlySet<number>) => void;
  /** Pointers forgotten so far. */
  readonly forgotten: () => number;
  /** How often it has set out to forget: the number of a pointer that was seen since may be used without asking again. */
  turns: number;
}

/** A pointer that is not seen while this many others are is forgotten: the daemon visits every live mm in turn. */
export const FORGET_AFTER = 50_000;

type Generation = Map<number, Map<number, number>>;

export function createPointerTable(limit = FORGET_AFTER): PointerTable {
  const highs: number[] = [];
  const lows: number[] = [];
  const free: number[] = [];
  let young: Generation = new Map();
  let old: Generation = new Map();
  let count = 0;
  let forgotten = 0;
  let lastHigh = -1;
  let lastMap: Map<number, number> = new Map();

  /** The young pointers become the old ones, and the old ones that were not seen since are forgotten. */
  function turn(): void {
    const ids = new Set<number>();
    for (const map of old.values()) for (const id of map.values()) ids.add(id);
    old = young;
    young = new Map();
    self.turns++;
    count = 0;
    lastHigh = -1;
    if (ids.size === 0) return;
    forgotten += ids.size;
    self.onForget(ids);
    free.push(...ids);
  }

  function addYoung(high: number, low: number): number {
    const before = old.get(high)?.get(low);
    if (before !== undefined) {
      old.get(high)?.delete(low);
      return before;
    }
    const id = free.pop() ?? highs.length;
    highs[id] = high;
    lows[id] = low;
    return id;
  }

  const self: PointerTable = {
    intern(high, low) {
      if (high !== lastHigh) {
        lastMap = young.get(high) ?? new Map();
        young.set(high, lastMap);
        lastHigh = high;
      }
      const known = lastMap.get(low);
      if (known !== undefined) return known;
      const id = addYoung(high, low);
      lastMap.set(low, id);
      if (++count >= limit) turn();
      return id;
    },
    text: (id) => pointerText(highs[id] ?? 0, lows[id] ?? 0),
    onForget: () => {},
    forgotten: () => forgotten,
    turns: 0,
  };
  return self;
}

function pointerText(high: number, low: number): string {
  return high.toString(16).padStart(8, "0") + low.toString(16).padStart(8, "0");
}

/** Numbers of pointers by their digits as text, as far as the table need not be asked. */
export interface PointerCache {
  /** Number of the pointer whose 16 digits stand at `at`, -1 if it is not here. */
  readonly find: (view: DataView, at: number) => number;
  /** Keeps a number that the table has just given for the digits at `at`. */
  readonly keep: (view: DataView, at: number, id: number) => void;
}

const CACHED = 4096;
/** Four words of text and the number. */
const ENTRY = 5;

export function createPointerCache(table: PointerTable): PointerCache {
  const entries = new Int32Array(CACHED * ENTRY).fill(-1);
  let turns = table.turns;

  function placeOf(view: DataView, at: number): number {
    const hash = Math.imul(view.getInt32(at + 8, true), 0x9e3779b1) ^ view.getInt32(at + 12, true);
    return (Math.imul(hash, 0x85ebca6b) >>> 20) * ENTRY;
  }

  return {
    find(view, at) {
      if (turns !== table.turns) {
        turns = table.turns;
        entries.fill(-1);
      }
      const place = placeOf(view, at);
      for (let i = 0; i < 4; i++) if (entries[place + i] !== view.getInt32(at + 4 * i, true)) return -1;
      return entries[place + 4] ?? -1;
    },
    keep(view, at, id) {
      // What set the table forgetting is among what it may forget next.
      if (id < 0 || turns !== table.turns) return;
      const place = placeOf(view, at);
      for (let i = 0; i < 4; i++) entries[place + i] = view.getInt32(at + 4 * i, true);
      entries[place + 4] = id;
    },
  };
}

/** Result of {@link scanPointer}: where the pointer begins, and its halves or its class. */
export interface PointerScan {
  /** Position of the first byte of the pointer. */
  from: number;
  high: number;
  low: number;
  /** 0 a value, else one of NoMm. */
  special: number;
  /** True if printed with 0x. */
  prefixed: boolean;
}

export function createPointerScan(): PointerScan {
  return { from: 0, high: 0, low: 0, special: 0, prefixed: false };
}

const NIL = ascii("(nil)");
const NULL = ascii("(null)");
const RIGHT_PAREN = 41;
const LOWER_X = 120;

/**
 * Reads the pointer that ends just before `end`, not looking before `start`. Without 0x exactly 8 or 16 digits are
 * accepted (a shorter one is a cut line), with 0x any number up to 16.
 *
 * @returns false if no pointer ends there
 */
export function scanPointer(bytes: Buffer, start: number, end: number, out: PointerScan): boolean {
  if (bytes[end - 1] === RIGHT_PAREN) return scanSpecial(bytes, start, end, out);
  let at = end - 1;
  let low = 0;
  let high = 0;
  let digits = 0;
  let scale = 1;
  while (at >= start && digits < 16) {
    const digit = hexDigit(bytes[at] ?? 0);
    if (digit < 0) break;
    if (digits === 8) scale = 1;
    if (digits < 8) low += digit * scale;
    else high += digit * scale;
    scale *= 16;
    digits++;
    at--;
  }
  out.prefixed = at > start && bytes[at] === LOWER_X && bytes[at - 1] === 48;
  if (digits === 16 && at >= start && hexDigit(bytes[at] ?? 0) >= 0) return false;
  if (out.prefixed ? digits === 0 : digits !== 16 && digits !== 8) return false;
  out.from = out.prefixed ? at - 1 : at + 1;
  out.high = high;
  out.low = low;
  out.special = 0;
  if (high === 0 && low === 0) out.special = NoMm.nil;
  else if (high === 0xffffffff && low >= 0xfffff001) out.special = NoMm.error;
  return true;
}

function scanSpecial(bytes: Buffer, start: number, end: number, out: PointerScan): boolean {
  out.high = 0;
  out.low = 0;
  out.prefixed = false;
  out.special = NoMm.nil;
  if (matchesAt(bytes, end - NIL.length, NIL) && end - NIL.length >= start) out.from = end - NIL.length;
  else if (matchesAt(bytes, end - NULL.length, NULL) && end - NULL.length >= start) {
    out.from = end - NULL.length;
    while (out.from > start && end - out.from < 16 && bytes[out.from - 1] === 32) out.from--;
  } else {
    const text = bytes.toString("latin1", Math.max(start, end - 16), end);
    const found = /\(_*ptrval_*\)$/.exec(text);
    if (found === null) return false;
    out.special = NoMm.unknown;
    out.from = end - found[0].length;
  }
  return true;
}
