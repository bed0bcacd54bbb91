/**
 * mm pointers: canonical keys and classes.
 *
 * A 64-bit pointer is kept as two 32-bit halves and numbered on first sight, so that nothing loses precision and
 * the hot path makes no strings. The table forgets the pointers unseen for longest when it is full.
 */

import { NoMm } from "../event.ts";
import { ascii, hexDigit, matchesAt } from "./bytes.ts";
import { createFilter } from "./filter.ts";

export interface PointerTable {
  /** Number of the pointer with these halves; the same for the same pointer as long as it is remembered. */
  readonly intern: (high: number, low: number) => number;
  /** The pointer's 16 hexadecimal digits. */
  readonly text: (id: number) => string;
  /** Told the numbers that are forgotten and will be given to other pointers. */
  onForget: (ids: ReadonlySet<number>) => void;
  /** Told the new number of a pointer that may have been forgotten under another. */
  onReturn: (id: number) => void;
  /** Pointers forgotten so far. */
  readonly forgotten: () => number;
  /** How often it has set out to forget: the number of a pointer that was seen since may be used without asking again. */
  turns: number;
}

/** A pointer that is not seen while this many others are is forgotten: the daemon visits every live mm in turn. */
export const FORGET_AFTER = 50_000;

/** Into so many turns the seeing of {@link FORGET_AFTER} pointers is divided. */
const TURNS = 8;

export function createPointerTable(limit = FORGET_AFTER): PointerTable {
  const inTurn = Math.ceil(limit / TURNS);
  let highs = new Int32Array(512);
  let lows = new Int32Array(512);
  /** The turn in which each was seen last, 0 if its number is free. */
  let seen = new Int32Array(512);
  /** Numbers plus 1 by what the halves hash to, 0 where there is none; at most half full. */
  let slots = new Int32Array(1024);
  const free: number[] = [];
  const gone = createFilter();
  /** How many were seen last in each turn, oldest first. */
  const sizes = new Map<number, number>();
  let numbered = 0;
  let forgotten = 0;

  /** The slot of the pointer, or the empty one where it belongs. */
  function slotOf(high: number, low: number): number {
    const mask = slots.length - 1;
    let at = Math.imul(Math.imul(high, 0x9e3779b1) ^ low, 0x85ebca6b) >>> 7;
    for (; ; at++) {
      const id = (slots[at & mask] ?? 0) - 1;
      if (id < 0 || (lows[id] === low && highs[id] === high)) return at & mask;
    }
  }

  /** Puts all that are known into as many slots. */
  function rebuild(length: number): void {
    if (length === slots.length) slots.fill(0);
    else slots = new Int32Array(length);
    for (let id = 0; id < numbered; id++)
      if (seen[id] !== 0) slots[slotOf(highs[id] ?? 0, lows[id] ?? 0)] = id + 1;
  }

  function add(high: number, low: number, slot: number): number {
    const id = free.pop() ?? numbered++;
    if (id >= highs.length) {
      highs = larger(highs);
      lows = larger(lows);
      seen = larger(seen);
    }
    highs[id] = high;
    lows[id] = low;
    slots[slot] = id + 1;
    if (forgotten > 0 && gone.mayHave(high, low)) self.onReturn(id);
    return id;
  }

  function see(id: number): void {
    const before = seen[id] ?? 0;
    if (before === self.turns) return;
    if (before > 0) left(before);
    seen[id] = self.turns;
    const count = (sizes.get(self.turns) ?? 0) + 1;
    sizes.set(self.turns, count);
    if (2 * numbered > slots.length) rebuild(2 * slots.length);
    if (count >= inTurn) turn();
  }

  function left(before: number): void {
    const rest = (sizes.get(before) ?? 0) - 1;
    if (rest > 0) sizes.set(before, rest);
    else sizes.delete(before);
  }

  /** Forgets those since whose last turn as many others were seen as the limit says. */
  function turn(): void {
    self.turns++;
    let younger = numbered - free.length;
    let oldest = 0;
    for (const [of, count] of sizes) {
      younger -= count;
      if (younger < limit) break;
      sizes.delete(of);
      oldest = of;
    }
    if (oldest === 0) return;
    const ids = new Set<number>();
    for (let id = 0; id < numbered; id++) {
      if (seen[id] === 0 || (seen[id] ?? 0) > oldest) continue;
      seen[id] = 0;
      gone.add(highs[id] ?? 0, lows[id] ?? 0);
      ids.add(id);
      free.push(id);
    }
    rebuild(slots.length);
    forgotten += ids.size;
    self.onForget(ids);
  }

  const self: PointerTable = {
    intern(high, low) {
      const slot = slotOf(high | 0, low | 0);
      const known = (slots[slot] ?? 0) - 1;
      const id = known >= 0 ? known : add(high | 0, low | 0, slot);
      see(id);
      return id;
    },
    text: (id) => pointerText((highs[id] ?? 0) >>> 0, (lows[id] ?? 0) >>> 0),
    onForget: () => {},
    onReturn: () => {},
    forgotten: () => forgotten,
    turns: 1,
  };
  return self;
}

function larger(numbers: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const twice = new Int32Array(2 * numbers.length);
  twice.set(numbers);
  return twice;
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
