/**
 * From lines to events: joins records that a task name with a line feed has torn apart, tells records from losses,
 * headers and noise, decodes payloads, and keeps the facts about the log.
 */

import { createEvent, Kind, NoMm, type TraceEvent } from "../event.ts";
import { ascii, hexDigit, matchesAt } from "./bytes.ts";
import { type LineContext, quoteText } from "./context.ts";
import { createDelivery, type EventSink } from "./delivery.ts";
import { isPlainToken } from "./event-name.ts";
import { createFacts, type LogFacts } from "./facts.ts";
import { findDash } from "./fallback.ts";
import { type NameBounds, parseHeader, parseName } from "./header.ts";
import type { Layout } from "./layout.ts";
import type { QuickHandler } from "./lines.ts";
import { noteDaemon, noteLoss, noteSide, noteUnknown, noteUnreadable } from "./note.ts";
import { createPayloadParser, type PayloadParser } from "./payload.ts";
import { isPerfLayout, parsePerfHeader, perfLoss } from "./perf.ts";
import type { PointerTable } from "./pointer.ts";
import { isProbe, parseProbe } from "./probe.ts";
import { createQuickLines } from "./quick-line.ts";
import { classify, classifyPrefixed, type Special } from "./special.ts";

export interface RecordReader {
  readonly line: (bytes: Buffer, from: number, to: number, complete: boolean) => void;
  /** Reads the line at `from` in a quicker way, if it is one of the commonest; see {@link QuickHandler}. */
  readonly quick?: QuickHandler;
  /** Copies what is kept of these bytes, for they are about to change; without it they must not. */
  readonly detach?: (bytes: Buffer) => void;
  readonly end: () => void;
  readonly facts: LogFacts;
}

export interface RecordReaderOptions {
  readonly layout: Layout;
  readonly table: PointerTable;
  readonly context: LineContext;
  readonly sink: EventSink;
  /** Ticks a second of an integer clock, null if unknown. */
  readonly clockHz: number | null;
  /** Byte offset of the line being delivered. */
  readonly offset: () => number;
  /** False to read every line in the same way. */
  readonly quick?: boolean;
}

/** Lines kept until the next one tells what they are. */
interface Held {
  readonly bytes: Buffer;
  readonly line: number;
  readonly offset: number;
}

interface TornRecord extends Held {
  readonly kind: Kind;
  readonly cpu: number;
}

const GRAPH_EVENT = /^\s*(\d+)\).*?\/\* ([\w.-]+: .*) \*\/\s*$/s;

export function createRecordReader(options: RecordReaderOptions): RecordReader {
  const { layout, table, context, sink } = options;
  const facts = createFacts();
  facts.lossesHidden = isPerfLayout(layout);
  const pointers = { sawHashed: false, sawRaw: false, unknown: 0 };
  const payloads: PayloadParser = createPayloadParser(table, pointers);
  const event = createEvent();
  const name: NameBounds = { from: -1, to: -1 };
  const latency = layout === "latency";
  const perf = isPerfLayout(layout) ? layout : null;
  const delivery = createDelivery(event, name, facts, sink, options.clockHz, perf !== null);
  const padded = layout === "columns" || layout === "perf";
  const columns = padded || latency || perf !== null;
  const quickLines = createQuickLines(event, name, payloads, table);
  const nameWidth = latency ? 8 : 16;
  let shift = 0;
  let line = 0;
  /** A daemon record whose payload fits no template yet: a task name with a line feed may go on in the next line. */
  let torn: TornRecord | null = null;
  /** Short lines without a header that may be the first part of a record's task name. */
  let fragment: Held | null = null;
  let fragments = 0;
  /** The last record may go on in lines without a header. */
  let freeText = false;

  function header(bytes: Buffer, from: number, to: number): boolean {
    if (perf !== null) return parsePerfHeader(bytes, from, to, perf, event, name);
    if (parseHeader(bytes, from + nameWidth + shift, to, nameWidth, latency, event, name)) return true;
    return shift !== 0 && parseHeader(bytes, from + nameWidth, to, nameWidth, latency, event, name);
  }

  function onLine(bytes: Buffer, from: number, to: number, complete: boolean): void {
    line++;
    context.push(line, bytes, from, to);
    if (!complete) facts.truncated = true;
    if (columns) {
      if (fragment !== null && joinFragment(bytes, from, to)) return;
      if (header(bytes, from, to)) {
        if (torn !== null) giveUpTorn();
        if (fragment !== null) giveUpFragment();
        if (layout === "columns" && shift === 0) quickLines.learn(bytes, from);
        if (perf === null || !perfSide(bytes, to)) record(bytes, from, to, line, options.offset(), complete);
        return;
      }
    }
    if (perf !== null && bytes[from] === TAB) facts.side++;
    else other(bytes, from, to, complete);
  }

  function onQuick(bytes: Buffer, from: number): number {
    if (torn !== null || fragment !== null || shift !== 0) return -1;
    const to = quickLines.parse(bytes, from);
    if (to < 0) return -1;
    line++;
    context.push(line, bytes, from, to);
    freeText = false;
    if (event.kind !== Kind.migratePages) noteDaemon(facts, event, bytes);
    delivery.deliver(bytes, from, to, line, options.offset());
    return to;
  }

  /** A line of perf about itself, its columns just parsed: a loss, or a task, a map that counts for nothing. */
  function perfSide(bytes: Buffer, to: number): boolean {
    const body = name.from < 0 ? event.payload : name.from;
    if (!matchesAt(bytes, body, PERF_RECORD)) return false;
    const lost = perfLoss(bytes.toString("latin1", body, to));
    if (lost === null) facts.side++;
    else sink.gap(noteLoss(facts, event.cpu, lost, line));
    return true;
  }

  /** Tries whether the held fragment and this line make one record. */
  function joinFragment(bytes: Buffer, from: number, to: number): boolean {
    if (fragment === null) return false;
    const joined = Buffer.concat([fragment.bytes, NEWLINE, bytes.subarray(from, to)]);
    if (!header(joined, 0, joined.length)) return false;
    const held = fragment;
    fragment = null;
    if (torn !== null) giveUpTorn();
    header(joined, 0, joined.length);
    record(joined, 0, joined.length, held.line, held.offset, true);
    return true;
  }

  function other(bytes: Buffer, from: number, to: number, complete: boolean): void {
    const text = bytes.toString("latin1", from, Math.min(to, from + 4096));
    const special = classify(text);
    if (special === null) {
      if (layout === "graph" && graphLine(text)) return;
      if (layout === "bare" && bareLine(bytes, from, to)) return;
      plain(bytes, from, to, text, complete);
      return;
    }
    if (special.kind === "noise" && text.trim() === "" && torn !== null && continueTorn(bytes, from, to))
      return;
    beside(special);
  }

  function beside(special: Special): void {
    if (torn !== null) giveUpTorn();
    const gap = noteSide(facts, special, line);
    if (gap === null) return;
    if (gap.reason === "segment") delivery.restart();
    sink.gap(gap);
  }

  /** A line without a header at its place and without a special meaning. */
  function plain(bytes: Buffer, from: number, to: number, text: string, complete: boolean): void {
    if (torn !== null && continueTorn(bytes, from, to)) return;
    if (columns && CONTROL.test(text) && cleaned(bytes, from, to, complete)) return;
    if (layout === "columns" && !freeText) {
      const dash = findDash(text);
      const wanted = dash - nameWidth;
      if (dash >= 0 && parseHeader(bytes, from + dash, to, Math.min(nameWidth, dash), false, event, name)) {
        if (torn !== null) giveUpTorn();
        if (fragment !== null) giveUpFragment();
        if (wanted > 0) shift = wanted;
        if (!isBufferName(text, wanted)) facts.unanchored++;
        record(bytes, from, to, line, options.offset(), complete);
        return;
      }
    }
    const prefixed = padded ? classifyPrefixed(text) : null;
    if (prefixed !== null) beside(prefixed);
    else if (to - from <= 15 && padded) holdFragment(bytes, from, to);
    else if (freeText) facts.side++;
    else unknown(line, text);
  }

  /** A line that is not understood may have been a record. */
  function unknown(at: number, text: string): void {
    noteUnknown(facts, at, text);
    sink.gap({ reason: "unreadable", line: at, cpu: -1, lost: -1 });
  }

  /** Tries the line without colours and without what a carriage return would have overwritten. */
  function cleaned(bytes: Buffer, from: number, to: number, complete: boolean): boolean {
    const text = bytes.toString("latin1", from, to);
    const clean = Buffer.from(text.slice(text.lastIndexOf("\r") + 1).replaceAll(COLOUR, ""), "latin1");
    if (!header(clean, 0, clean.length)) return false;
    if (torn !== null) giveUpTorn();
    if (fragment !== null) giveUpFragment();
    facts.unanchored++;
    record(clean, 0, clean.length, line, options.offset(), complete);
    return true;
  }

  function holdFragment(bytes: Buffer, from: number, to: number): void {
    const part = Buffer.from(bytes.subarray(from, to));
    fragments++;
    if (fragment === null) fragment = { bytes: part, line, offset: options.offset() };
    else fragment = { ...fragment, bytes: Buffer.concat([fragment.bytes, NEWLINE, part]) };
    if (fragment.bytes.length > 15) giveUpFragment();
  }

  function giveUpFragment(): void {
    if (fragment !== null && !freeText) {
      unknown(fragment.line, quoteText(fragment.bytes, 0, fragment.bytes.length));
      facts.unknown += fragments - 1;
    } else facts.side += fragments;
    fragment = null;
    fragments = 0;
  }

  /** Appends this line to a record whose payload was incomplete; true if that was right or may become so. */
  function continueTorn(bytes: Buffer, from: number, to: number): boolean {
    if (torn === null) return false;
    const joined = Buffer.concat([torn.bytes, NEWLINE, bytes.subarray(from, to)]);
    if (joined.length > 1024 || !header(joined, 0, joined.length)) return false;
    const held = torn;
    torn = { ...held, bytes: joined };
    if (payloads.parse(event, joined, event.payload, joined.length)) {
      torn = null;
      deliverDaemon(joined, 0, joined.length, held.line, held.offset);
    }
    return true;
  }

  function giveUpTorn(): void {
    if (torn === null) return;
    const held = torn;
    torn = null;
    unreadable(held.kind, held.cpu, held.line, held.bytes);
  }

  function unreadable(kind: Kind, cpu: number, at: number, bytes: Buffer): void {
    noteUnreadable(facts, at, kind, bytes);
    sink.gap({ reason: "unreadable", line: at, cpu, lost: 1 });
  }

  /** A record whose columns have just been parsed into `event`. */
  function record(
    bytes: Buffer,
    from: number,
    to: number,
    at: number,
    offset: number,
    complete: boolean,
  ): void {
    if (event.kind >= Kind.mmEnter && event.kind <= Kind.migrate) {
      if (!payloads.parse(event, bytes, event.payload, to)) {
        const { kind, cpu } = event;
        if (complete) torn = { bytes: Buffer.from(bytes.subarray(from, to)), line: at, offset, kind, cpu };
        else noteUnknown(facts, at, bytes.toString("latin1", from, to));
        return;
      }
      if (!complete && mayBeCut(event, bytes, to)) facts.openLine = at;
      deliverDaemon(bytes, from, to, at, offset);
      return;
    }
    if (name.from < 0 && !isPlainToken(bytes, event.payload, to)) {
      if (complete) unknown(at, quoteText(bytes, from, to));
      else noteUnknown(facts, at, quoteText(bytes, from, to));
      return;
    }
    freeText = event.kind === Kind.marker || event.kind === Kind.other || endsOpen(bytes, event, to);
    if (isProbe(event.kind)) {
      const parsed = parseProbe(event, bytes, event.payload, to, table);
      if (parsed === "damaged") {
        if (complete) unreadable(event.kind, event.cpu, at, bytes.subarray(from, to));
        else noteUnknown(facts, at, bytes.toString("latin1", from, to));
        return;
      }
      if (parsed === "other") event.kind = Kind.other;
    } else event.mm = NoMm.absent;
    delivery.deliver(bytes, from, to, at, offset);
  }

  function deliverDaemon(bytes: Buffer, from: number, to: number, at: number, offset: number): void {
    freeText = false;
    noteDaemon(facts, event, bytes);
    delivery.deliver(bytes, from, to, at, offset);
  }

  function graphLine(text: string): boolean {
    const found = GRAPH_EVENT.exec(text);
    facts.side += found === null ? 1 : 0;
    if (found === null) return true;
    const body = Buffer.from(found[2] ?? "", "latin1");
    return bareEvent(body, Number(found[1]));
  }

  function bareLine(bytes: Buffer, from: number, to: number): boolean {
    return bareEvent(Buffer.from(bytes.subarray(from, to)), -1);
  }

  /** `event: payload` without columns. */
  function bareEvent(body: Buffer, cpu: number): boolean {
    event.cpu = cpu;
    event.pid = -1;
    event.tgid = -1;
    event.sec = -1;
    event.nsec = -1;
    event.ns = Number.NaN;
    event.commFrom = 0;
    event.commTo = 0;
    parseName(body, 0, body.length, event, name);
    if (name.from < 0) return false;
    if (torn !== null) giveUpTorn();
    if (event.kind === Kind.other && layout === "bare" && freeText) return false;
    record(body, 0, body.length, line, options.offset(), true);
    if (torn !== null) giveUpTorn();
    return true;
  }

  return {
    line: onLine,
    detach(bytes) {
      context.detach(bytes);
      delivery.detach(bytes);
    },
    ...(options.quick === false ? {} : { quick: onQuick }),
    end() {
      if (torn !== null) giveUpTorn();
      if (fragment !== null) giveUpFragment();
      facts.lines = line;
      facts.sawHashed = pointers.sawHashed;
      facts.sawRaw = pointers.sawRaw;
      facts.unknownPointers = pointers.unknown;
    },
    facts,
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
const CONTROL = /\x1b\[|\r/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
const COLOUR = /\x1b\[[0-9;]*[A-Za-z]/g;
/** True if more of the last line's last number or pointer may have been to come. */
function mayBeCut({ kind, mm }: TraceEvent, bytes: Buffer, to: number): boolean {
  if (kind === Kind.scanEnd || kind === Kind.migrate) return true;
  let from = to;
  while (hexDigit(bytes[from - 1] ?? 0) >= 0) from--;
  return mm !== NoMm.unknown && to > from && to - from < POINTER_DIGITS;
}

/** Of a 64-bit pointer. */
const POINTER_DIGITS = 16;
const NEWLINE = Buffer.from("\n");
const TAB = 9;
const PERF_RECORD = ascii("PERF_RECORD_");
const SCHED_END: Readonly<Record<number, RegExp>> = {
  [Kind.fork]: /child_pid=(?:0x\w+ \()?\d+\)?\s*$/,
  [Kind.exec]: /old_pid=(?:0x\w+ \()?\d+\)?\s*$/,
  [Kind.exit]: /prio=\S+/,
};

/** True if a scheduler event's text is not complete: a task name with a line feed stands in it. */
function endsOpen(bytes: Buffer, event: TraceEvent, to: number): boolean {
  const end = SCHED_END[event.kind];
  return end !== undefined && !end.test(bytes.toString("latin1", event.payload, to));
}

/** True if the `width` bytes in front of the columns are blank or the name of a trace-cmd buffer or file. */
function isBufferName(text: string, width: number): boolean {
  return width > 0 && /^(?: +|[\w./ -]+: *)$/.test(text.slice(0, width));
}
