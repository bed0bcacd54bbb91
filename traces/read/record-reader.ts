/**
 * From lines to events: joins records that a task name with a line feed has torn apart, tells records from losses,
 * headers and noise, decodes payloads, and keeps the facts about the log.
 */

import { createEvent, EVENT_NAMES, type Gap, Kind, type TraceEvent } from "../event.ts";
import { type LineContext, quoteText } from "./context.ts";
import { createFacts, type LogFacts } from "./facts.ts";
import { findDash } from "./fallback.ts";
import { type NameBounds, parseHeader, parseName } from "./header.ts";
import type { Layout } from "./layout.ts";
import { createPayloadParser, type PayloadParser, Style } from "./payload.ts";
import type { PointerTable } from "./pointer.ts";
import { isProbe, parseProbe } from "./probe.ts";
import { classify } from "./special.ts";

/** Where a reader delivers; the event is reused, see {@link TraceEvent}. */
export interface EventSink {
  readonly event: (event: TraceEvent) => void;
  readonly gap: (gap: Gap) => void;
}

export interface RecordReader {
  readonly line: (bytes: Buffer, from: number, to: number, complete: boolean) => void;
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
}

interface Held {
  bytes: Buffer;
  line: number;
  offset: number;
}

const EXAMPLES = 5;
const NAME_LIMIT = 256;
const SECOND = 1e9;
const GRAPH_EVENT = /^\s*(\d+)\).*?\/\* ([\w.-]+: .*) \*\/\s*$/s;

export function createRecordReader(options: RecordReaderOptions): RecordReader {
  const { layout, table, context, sink, clockHz } = options;
  const facts = createFacts();
  const pointers = { sawHashed: false, sawRaw: false, unknown: 0 };
  const payloads: PayloadParser = createPayloadParser(table, pointers);
  const event = createEvent();
  const name: NameBounds = { from: -1, to: -1 };
  const latency = layout === "latency";
  const nameWidth = latency ? 8 : 16;
  const cpuTime: number[] = [];
  let shift = 0;
  let baseSec = -1;
  let line = 0;
  /** A daemon record whose payload fits no template yet: a task name with a line feed may go on in the next line. */
  let torn: Held | null = null;
  /** Short lines without a header that may be the first part of a record's task name. */
  let fragment: Held | null = null;
  let fragments = 0;
  /** The last record may go on in lines without a header. */
  let freeText = false;
  let sawScan = false;

  function header(bytes: Buffer, from: number, to: number): boolean {
    if (parseHeader(bytes, from + nameWidth + shift, to, nameWidth, latency, event, name)) return true;
    return shift !== 0 && parseHeader(bytes, from + nameWidth, to, nameWidth, latency, event, name);
  }

  function onLine(bytes: Buffer, from: number, to: number, complete: boolean): void {
    line++;
    context.push(line, bytes, from, to);
    if (!complete) facts.truncated = true;
    if (layout === "columns" || layout === "latency") {
      if (fragment !== null && joinFragment(bytes, from, to)) return;
      if (header(bytes, from, to)) {
        if (torn !== null) giveUpTorn();
        if (fragment !== null) giveUpFragment();
        record(bytes, from, to, line, options.offset(), complete);
        return;
      }
    }
    other(bytes, from, to, complete);
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
    if (torn !== null) giveUpTorn();
    facts.side++;
    switch (special.kind) {
      case "lost":
        facts.lossLines++;
        if (special.lost < 0) facts.lostUnknown = true;
        else facts.lost += special.lost;
        facts.lostByCpu.set(special.cpu, (facts.lostByCpu.get(special.cpu) ?? 0) + Math.max(0, special.lost));
        sink.gap({ reason: "lost", line, cpu: special.cpu, lost: special.lost });
        return;
      case "cpu-started":
        facts.startedCpus++;
        sink.gap({ reason: "cpu-started", line, cpu: special.cpu, lost: -1 });
        return;
      case "tracer":
        if (facts.records > 0) {
          facts.segments++;
          cpuTime.length = 0;
          sink.gap({ reason: "segment", line, cpu: -1, lost: -1 });
        }
        return;
      case "entries":
        facts.entries = (facts.entries ?? 0) + special.entries;
        facts.written = (facts.written ?? 0) + special.written;
        facts.headerCpus = Math.max(facts.headerCpus, special.cpus);
        return;
      default:
        return;
    }
  }

  /** A line without a header at its place and without a special meaning. */
  function plain(bytes: Buffer, from: number, to: number, text: string, complete: boolean): void {
    if (torn !== null && continueTorn(bytes, from, to)) return;
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
    if (to - from <= 15 && layout === "columns") {
      holdFragment(bytes, from, to);
      return;
    }
    if (!freeText) unknownLine(line, text);
    else facts.side++;
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
      unknownLine(fragment.line, quoteText(fragment.bytes, 0, fragment.bytes.length));
      facts.unknown += fragments - 1;
    } else facts.side += fragments;
    fragment = null;
    fragments = 0;
  }

  function unknownLine(at: number, text: string): void {
    facts.unknown++;
    if (facts.unknownExamples.length < EXAMPLES) {
      const bytes = Buffer.from(text, "latin1");
      facts.unknownExamples.push({ line: at, text: quoteText(bytes, 0, bytes.length) });
    }
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
    facts.unreadable++;
    if (facts.unreadableExamples.length < EXAMPLES) {
      facts.unreadableExamples.push({ line: held.line, text: quoteText(held.bytes, 0, held.bytes.length) });
    }
    // The columns of the line that follows are in `event` already; they are parsed again by the caller's record().
    const { kind, cpu } = peek(held.bytes);
    facts.records++;
    count(kind);
    sink.gap({ reason: "unreadable", line: held.line, cpu, lost: 1 });
  }

  const peeked = createEvent();
  const peekedName: NameBounds = { from: -1, to: -1 };
  function peek(bytes: Buffer): { readonly kind: Kind; readonly cpu: number } {
    parseHeader(bytes, nameWidth + shift, bytes.length, nameWidth, latency, peeked, peekedName);
    return { kind: peeked.kind, cpu: peeked.cpu };
  }

  function count(kind: Kind): void {
    facts.countByKind[kind] = (facts.countByKind[kind] ?? 0) + 1;
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
        if (complete) torn = { bytes: Buffer.from(bytes.subarray(from, to)), line: at, offset };
        else unknownLine(at, bytes.toString("latin1", from, to));
        return;
      }
      if (!complete) facts.openLine = at;
      deliverDaemon(bytes, from, to, at, offset);
      return;
    }
    freeText = event.kind === Kind.marker || event.kind === Kind.other || endsOpen(bytes, event, to);
    if (isProbe(event.kind)) {
      if (!parseProbe(event, bytes, event.payload, to, table)) event.kind = Kind.other;
    } else event.mm = -1;
    deliver(bytes, from, to, at, offset);
  }

  function deliverDaemon(bytes: Buffer, from: number, to: number, at: number, offset: number): void {
    freeText = false;
    if (event.style === Style.taskName) facts.sawTaskName = true;
    else if (event.style !== Style.neutral) facts.sawNode = true;
    if (event.style === Style.counts) facts.sawCounts = true;
    else if (event.kind === Kind.migrate && event.style === Style.node) facts.sawPlainMigrate = true;
    if (!sawScan && (event.kind === Kind.scanStart || event.kind === Kind.scanEnd)) {
      sawScan = true;
      facts.daemonPid = event.pid;
      facts.firstScanIsEnd = event.kind === Kind.scanEnd;
      const task = bytes.toString("latin1", event.commFrom, event.commTo).trim();
      if (task.startsWith("kmmscand") || task.startsWith("kscand"))
        facts.daemon = task.startsWith("kscand") ? "kscand" : "kmmscand";
    }
    deliver(bytes, from, to, at, offset);
  }

  function deliver(bytes: Buffer, from: number, to: number, at: number, offset: number): void {
    facts.records++;
    if (event.kind === Kind.other) countName(bytes);
    else count(event.kind);
    event.line = at;
    event.offset = offset;
    event.bytes = bytes;
    event.from = from;
    event.to = to;
    if (event.pid >= 0) setTime();
    if (event.kind === Kind.marker) marker(bytes, to);
    sink.event(event);
  }

  function countName(bytes: Buffer): void {
    const text = name.from < 0 ? "(no name)" : bytes.toString("latin1", name.from, name.to);
    const key = facts.countByName.has(text) || facts.countByName.size < NAME_LIMIT ? text : "(more names)";
    facts.countByName.set(key, (facts.countByName.get(key) ?? 0) + 1);
  }

  function setTime(): void {
    if (baseSec < 0) baseSec = event.sec;
    if (event.nsec >= 0) {
      facts.sawFraction = true;
      event.ns = (event.sec - baseSec) * SECOND + event.nsec;
    } else {
      facts.sawTicks = true;
      event.ns = clockHz === null ? Number.NaN : ((event.sec - baseSec) * SECOND) / clockHz;
    }
    const cpu = event.cpu;
    const before = cpuTime[cpu];
    if (before === undefined) facts.cpus.add(cpu);
    else if (event.ns < before) backwards(before);
    if (cpu < 65536) cpuTime[cpu] = event.ns;
  }

  function backwards(before: number): void {
    facts.backwards++;
    if (before - event.ns <= SECOND) return;
    facts.clockJumps++;
    cpuTime.length = 0;
    sink.gap({ reason: "clock", line: event.line, cpu: -1, lost: -1 });
  }

  function marker(bytes: Buffer, to: number): void {
    facts.markers++;
    if (FORGED.test(bytes.toString("latin1", event.payload, to))) facts.forgedHints++;
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
    event.sec = 0;
    event.nsec = -1;
    event.ns = Number.NaN;
    event.commFrom = 0;
    event.commTo = 0;
    parseName(body, 0, body.length, event, name);
    if (name.from < 0) return false;
    if (torn !== null) giveUpTorn();
    if (event.kind === Kind.other && layout === "bare" && freeText) return false;
    record(body, 0, body.length, line, options.offset(), true);
    if (torn !== null) {
      torn = null;
      facts.unreadable++;
    }
    return true;
  }

  return {
    line: onLine,
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

const NEWLINE = Buffer.from("\n");
const FORGED = /-\d+ +\[\d{3,}\] +\S+ +\d+\.\d+: /;
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

/** Count of each event by name, in the order of {@link EVENT_NAMES}, then by name. */
export function countsByName(facts: LogFacts): Record<string, number> {
  const counts: Record<string, number> = {};
  EVENT_NAMES.forEach((eventName, kind) => {
    const n = facts.countByKind[kind] ?? 0;
    if (n > 0 && kind !== Kind.other) counts[eventName] = n;
  });
  for (const key of [...facts.countByName.keys()].sort())
    counts[key] = (counts[key] ?? 0) + (facts.countByName.get(key) ?? 0);
  return counts;
}
