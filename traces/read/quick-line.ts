/**
 * Lines that begin as one before them did, read four bytes at a time.
 *
 * Nearly all lines of a long log are visits and migrations whose columns up to the dot of the time are those of a line
 * before them. Such a line is compared with that one, and only what differs is parsed: the fraction of the second, the
 * name of the task in the payload, the pointer, rc and node. A line that is anything else is left to the reader that
 * knows all of them; what is accepted here, that reader reads in the same way.
 */

import { Kind, NoMm, type TraceEvent } from "../event.ts";
import { COLON, DASH, isDigit, SPACE } from "./bytes.ts";
import type { NameBounds } from "./header.ts";
import { type PayloadParser, Style } from "./payload.ts";
import { createPointerCache, type PointerTable } from "./pointer.ts";

export interface QuickLines {
  /** Remembers the columns of the line at `from`, which have just been parsed into the event and the name. */
  readonly learn: (bytes: Buffer, from: number) => void;
  /**
   * Parses the line at `from` into the event, if it is one of those.
   *
   * @returns the position of its line feed, or -1 if it is another line; then nothing is changed
   */
  readonly parse: (bytes: Buffer, from: number) => number;
}

/** Columns of a line up to the dot of its time. */
interface Head {
  readonly length: number;
  readonly words: Int32Array;
  /** Digits of the fraction. */
  readonly digits: number;
  readonly cpu: number;
  readonly pid: number;
  readonly tgid: number;
  readonly sec: number;
  readonly commFrom: number;
  readonly commTo: number;
}

/** What stands between the time and what differs. */
interface Body {
  readonly kind: Kind;
  readonly style: number;
  /** Bytes up to the payload. */
  readonly payload: number;
  readonly length: number;
  readonly words: Int32Array;
}

/** Beginnings that are remembered. */
const HEADS = 4;
/** Longest beginning, and longest line, bytes: both are less than the least limit of a line. */
const HEAD = 96;
const REACH = 255;
const NAME = 15;
const DIGITS = 16;
const LINE_FEED = 10;
const RETURN = 13;
const EQUAL = 61;
const DOT = 46;

const BODIES: readonly Body[] = [
  body(Kind.scanStart, Style.taskName, "kmem_scan_mm_start", "kmmscand: scan_mm_start comm ="),
  body(Kind.migrate, Style.taskName, "kmem_scan_mm_migrate", "kmmscand: scan_mm_migrate comm ="),
  body(Kind.scanStart, Style.node, "kmem_scan_mm_start", "mm = "),
  body(Kind.migrate, Style.node, "kmem_scan_mm_migrate", "mm = "),
  body(Kind.migratePages, Style.neutral, "mm_migrate_pages", ""),
];
const MM = wordOf(" mm=");
const RC = wordOf(" rc=");
const RC_SPACED = wordOf(" rc ");
const NODE = wordOf("node");

function body(kind: Kind, style: number, name: string, constant: string): Body {
  const text = `: ${name}: ${constant}`;
  const words = wordsOf(Buffer.from(text, "latin1"), 0, text.length);
  return { kind, style, payload: name.length + 4, length: text.length, words };
}

function wordOf(text: string): number {
  return Buffer.from(text, "latin1").readInt32LE();
}

/** The bytes in fours; the last word overlaps the one before it where they do not come out even. */
function wordsOf(bytes: Buffer, from: number, length: number): Int32Array {
  const words = new Int32Array(Math.ceil(length / 4));
  for (let i = 0; i < words.length; i++) words[i] = bytes.readInt32LE(from + Math.min(4 * i, length - 4));
  return words;
}

/** True if the bytes that {@link wordsOf} made `words` of stand at `at`. */
function standsAt(view: DataView, at: number, words: Int32Array, length: number): boolean {
  const last = words.length - 1;
  for (let i = 0; i < last; i++) if (view.getInt32(at + 4 * i, true) !== words[i]) return false;
  return view.getInt32(at + length - 4, true) === words[last];
}

export function createQuickLines(
  event: TraceEvent,
  name: NameBounds,
  payloads: PayloadParser,
  table: PointerTable,
): QuickLines {
  const pointers = createPointerCache(table);
  /** The one found last stands first: those of seconds that are over differ only at their end. */
  const heads: Head[] = [];
  let bytes: Buffer = Buffer.alloc(0);
  let view = new DataView(bytes.buffer, 0, 0);
  /** Bounds of the pointer, rc and node of the line being parsed. */
  let pointer = 0;
  let rc = 0;
  let node = 0;

  function look(chunk: Buffer): void {
    bytes = chunk;
    view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }

  function headAt(from: number): Head | null {
    for (let i = 0; i < heads.length; i++) {
      const head = heads[i];
      if (head === undefined || !standsAt(view, from, head.words, head.length)) continue;
      if (i > 0) heads.unshift(...heads.splice(i, 1));
      return head;
    }
    return null;
  }

  function bodyAt(at: number): Body | null {
    for (let i = 0; i < BODIES.length; i++) {
      const found = BODIES[i];
      if (found !== undefined && standsAt(view, at, found.words, found.length)) return found;
    }
    return null;
  }

  /** The position behind ` mm=` and 16 bytes, which a task's name stands in front of; -1 if there is no such. */
  function afterNamed(at: number): number {
    for (let i = at; i <= at + NAME; i++) {
      if (view.getInt32(i, true) === MM) {
        pointer = i + 4;
        return pointer + DIGITS;
      }
      if (bytes[i] === LINE_FEED) return -1;
    }
    return -1;
  }

  /** A decimal of at most nine digits at `at`; its end, with the value in `rc`. -1 if there is none. */
  function decimal(at: number): number {
    const negative = bytes[at] === DASH;
    const from = negative ? at + 1 : at;
    let to = from;
    rc = 0;
    while (isDigit(bytes[to] ?? 0) && to - from < 10) rc = rc * 10 + (bytes[to++] ?? 0) - 48;
    if (to === from || to - from > 9) return -1;
    if (negative) rc = -rc;
    return to;
  }

  /** ` rc=N`, or ` rc = N node = M`; the end of it, -1 if something else stands at `at`. */
  function afterCode(at: number, isNamed: boolean): number {
    const word = view.getInt32(at, true);
    if (isNamed) {
      node = -1;
      return word === RC ? decimal(at + 4) : -1;
    }
    if (word !== RC_SPACED || bytes[at + 4] !== EQUAL || bytes[at + 5] !== SPACE) return -1;
    const end = decimal(at + 6);
    const code = rc;
    if (end < 0 || bytes[end] !== SPACE || view.getInt32(end + 1, true) !== NODE) return -1;
    if (bytes[end + 5] !== SPACE || bytes[end + 6] !== EQUAL || bytes[end + 7] !== SPACE) return -1;
    const last = decimal(end + 8);
    node = rc;
    rc = code;
    return last;
  }

  /** Position of the line feed behind the body, -1 if the line goes on in another way. */
  function endOf(found: Body, at: number): number {
    if (found.kind === Kind.migratePages) {
      const end = bytes.indexOf(LINE_FEED, at);
      return bytes[end - 1] === RETURN ? -1 : end;
    }
    const isNamed = found.style === Style.taskName;
    if (!isNamed) pointer = at;
    let end = isNamed ? afterNamed(at) : at + DIGITS;
    if (found.kind === Kind.migrate && end >= 0) end = afterCode(end, isNamed);
    return end >= 0 && bytes[end] === LINE_FEED ? end : -1;
  }

  /** The number of the mm whose pointer stands at `at`; negative if it is no ordinary one. */
  function mmAt(at: number): number {
    const known = pointers.find(view, at);
    if (known >= 0) return known;
    const mm = payloads.pointerAt(bytes, at, at + DIGITS);
    pointers.keep(view, at, mm);
    return mm;
  }

  return {
    learn(chunk, from) {
      if (name.from < 0 || event.nsec < 0 || from + HEAD > chunk.length) return;
      if (chunk !== bytes) look(chunk);
      if (headAt(from) !== null) return;
      const colon = name.from - 2;
      let dot = colon - 1;
      while (dot > from && isDigit(chunk[dot] ?? 0)) dot--;
      const digits = colon - dot - 1;
      const length = dot + 1 - from;
      if (length > HEAD || (digits !== 6 && digits !== 9)) return;
      if (chunk[dot] !== DOT || chunk[colon] !== COLON) return;
      const { cpu, pid, tgid, sec } = event;
      const words = wordsOf(chunk, from, length);
      const comm = { commFrom: event.commFrom - from, commTo: event.commTo - from };
      heads.unshift({ length, words, digits, cpu, pid, tgid, sec, ...comm });
      heads.length = Math.min(heads.length, HEADS);
    },
    parse(chunk, from) {
      if (heads.length === 0) return -1;
      if (chunk !== bytes) look(chunk);
      if (from + REACH > chunk.length) return -1;
      const head = headAt(from);
      if (head === null) return -1;
      let at = from + head.length;
      let fraction = 0;
      for (let i = 0; i < head.digits; i++) {
        const digit = (bytes[at++] ?? 0) - 48;
        if (digit < 0 || digit > 9) return -1;
        fraction = fraction * 10 + digit;
      }
      const found = bodyAt(at);
      if (found === null) return -1;
      const end = endOf(found, at + found.length);
      if (end < 0 || end - from > REACH) return -1;
      const mm = found.kind === Kind.migratePages ? NoMm.absent : mmAt(pointer);
      if (mm < 0 && found.kind !== Kind.migratePages) return -1;
      event.kind = found.kind;
      event.cpu = head.cpu;
      event.pid = head.pid;
      event.tgid = head.tgid;
      event.sec = head.sec;
      event.nsec = head.digits === 6 ? fraction * 1000 : fraction;
      event.commFrom = from + head.commFrom;
      event.commTo = from + head.commTo;
      event.payload = at + found.payload;
      event.mm = mm;
      if (found.kind === Kind.migratePages) return end;
      event.style = found.style;
      if (found.kind === Kind.migrate) {
        event.rc = rc;
        event.node = node;
      }
      return end;
    },
  };
}
