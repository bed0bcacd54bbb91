/**
 * From lines of JSON to events: one object a line, of which those with a key event are events, those with the tag gap
 * are holes, and one with a key format is the header. Other objects count for nothing, so that the lines may stand
 * among those of another logger.
 */

import { createEvent, Kind, NoMm } from "../../event.ts";
import { ascii, smallDecimal } from "../bytes.ts";
import { createDelivery } from "../delivery.ts";
import { kindOfName } from "../event-name.ts";
import { createFacts, type ToldPatch } from "../facts.ts";
import { noteDaemon, noteLoss, noteUnknown, noteUnreadable } from "../note.ts";
import { isProbe } from "../probe.ts";
import type { RecordReader, RecordReaderOptions } from "../record-reader.ts";
import { createArgumentReader } from "./arguments.ts";
import { type HeaderCheck, NO_HEADER } from "./header.ts";
import { createMembers, findMember, type Members, scanObject, skipSpace } from "./scan.ts";
import { setTime } from "./time.ts";
import { textBounds, unescapeBytes } from "./values.ts";

const KEY = {
  format: ascii("format"),
  tag: ascii("tag"),
  seq: ascii("seq"),
  event: ascii("event"),
  name: ascii("name"),
  ts: ascii("ts"),
  cpu: ascii("cpu"),
  pid: ascii("pid"),
  tgid: ascii("tgid"),
  comm: ascii("comm"),
  args: ascii("args"),
  lost: ascii("lost"),
  afterSeq: ascii("afterSeq"),
} as const;

/** Members of an event that are whole numbers where they are there. */
const WHOLE = ["cpu", "pid", "tgid"] as const;

const OPEN_BRACE = 123;
const QUOTE = 34;
const GAP = ascii('"gap"');

export function createJsonReader(options: RecordReaderOptions, checkHeader: HeaderCheck): RecordReader {
  const { table, context, sink } = options;
  const facts = createFacts();
  const pointers = { sawHashed: false, sawRaw: false, unknown: 0 };
  const args = createArgumentReader(table, pointers);
  const event = createEvent();
  const name = { from: -1, to: -1 };
  const delivery = createDelivery(event, name, facts, sink, options.clockHz, false);
  const outer = createMembers();
  const inner = createMembers();
  const parameters = createMembers();
  const failure = { reason: "", at: 0 };
  const text = { from: -1, to: -1, escaped: false };
  let header = NO_HEADER;
  let headers = 0;
  let line = 0;
  let seq = -1;

  function onLine(bytes: Buffer, from: number, to: number, complete: boolean): void {
    line++;
    context.push(line, bytes, from, to);
    const at = skipSpace(bytes, from, to);
    if (at === to) {
      facts.side++;
      return;
    }
    if (bytes[at] === OPEN_BRACE) {
      onObject(bytes, from, at, to, complete);
      return;
    }
    noteUnknown(facts, line, bytes.toString("latin1", from, to));
    sink.gap({ reason: "unreadable", line, cpu: -1, lost: -1 });
  }

  function onObject(bytes: Buffer, from: number, at: number, to: number, complete: boolean): void {
    const end = scanObject(bytes, at, to, outer, failure);
    if (end < 0 || skipSpace(bytes, end, to) < to) broken(bytes, from, to, end, complete);
    else if (findMember(bytes, outer, KEY.event) >= 0) onEvent(bytes, from, to);
    else if (valueIs(bytes, outer, KEY.tag, GAP)) onGap(bytes);
    else {
      facts.side++;
      if (findMember(bytes, outer, KEY.format) >= 0) onHeader(bytes.toString("utf8", at, to));
    }
  }

  function broken(bytes: Buffer, from: number, to: number, end: number, complete: boolean): void {
    if (!complete) {
      facts.truncated = true;
      noteUnknown(facts, line, bytes.toString("latin1", from, to));
      return;
    }
    const reason = end < 0 ? failure.reason : "text follows the object";
    unreadable(bytes, from, to, Kind.other, `${reason} (column ${(end < 0 ? failure.at : end) - from + 1})`);
  }

  function unreadable(bytes: Buffer, from: number, to: number, kind: Kind, reason: string): void {
    noteUnreadable(facts, line, kind, Buffer.concat([Buffer.from(`${reason}: `), bytes.subarray(from, to)]));
    sink.gap({ reason: "unreadable", line, cpu: -1, lost: 1 });
  }

  function onHeader(json: string): void {
    const isFirst = headers++ === 0 && facts.records === 0;
    if (!isFirst) {
      facts.segments++;
      seq = -1;
      delivery.restart();
      sink.gap({ reason: "segment", line, cpu: -1, lost: -1 });
    }
    header = checkHeader(json, line);
    told(header.patch, isFirst);
  }

  /** Where one trace tells its version and another does not, nothing tells that of the log. */
  function told(patch: ToldPatch, isFirst: boolean): void {
    const before = facts.toldPatch;
    if (isFirst) facts.toldPatch = patch;
    else if (patch === before) return;
    else if ((patch !== null && before !== null) || patch === "p1" || before === "p1")
      facts.toldOther ??= { line, patch };
    else facts.toldPatch = null;
  }

  function onGap(bytes: Buffer): void {
    const lost = small(bytes, outer, KEY.lost);
    const after = small(bytes, outer, KEY.afterSeq);
    const cpu = after >= 0 && after !== seq ? -1 : small(bytes, outer, KEY.cpu);
    sink.gap(noteLoss(facts, cpu, lost, line));
  }

  function onEvent(bytes: Buffer, from: number, to: number): void {
    const isNumbered = follow(bytes);
    const place = findMember(bytes, outer, KEY.event);
    event.kind = Kind.other;
    const scanned = scanObject(bytes, outer.from[place] ?? 0, to, inner, failure);
    const wrong =
      scanned < 0
        ? `event: ${failure.reason}`
        : (decode(bytes) ?? (isNumbered ? null : "seq must be a whole number"));
    if (wrong !== null) {
      unreadable(bytes, from, to, event.kind, wrong);
      return;
    }
    const whole = taskName(bytes, from, to);
    if (event.kind >= Kind.mmEnter && event.kind <= Kind.migrate) noteDaemon(facts, event, whole);
    delivery.deliver(
      whole,
      whole === bytes ? from : 0,
      whole === bytes ? to : to - from,
      line,
      options.offset(),
    );
  }

  /**
   * A number that is skipped stands for lines that were left out; one that does not go on, for lines of another trace
   * or in another order. False if there is one that cannot be read.
   */
  function follow(bytes: Buffer): boolean {
    if (findMember(bytes, outer, KEY.seq) < 0) return true;
    const next = small(bytes, outer, KEY.seq);
    if (next < 0) {
      if (seq >= 0) seq++;
      return false;
    }
    if (seq >= 0 && next > seq + 1) sink.gap(noteLoss(facts, -1, next - seq - 1, line));
    else if (seq >= 0 && next <= seq) {
      if (facts.seqBack++ === 0) facts.seqBackLine = line;
      sink.gap(noteLoss(facts, -1, -1, line));
    }
    seq = next;
    return true;
  }

  /** Decodes the members of the event; returns what is wrong, or null. */
  function decode(bytes: Buffer): string | null {
    event.mm = NoMm.absent;
    const i = findMember(bytes, inner, KEY.name);
    if (i >= 0) textBounds(bytes, inner.from[i] ?? 0, inner.to[i] ?? 0, text);
    if (i < 0 || text.from < 0 || text.to <= text.from) return "the event has no name";
    name.from = text.from;
    name.to = text.to;
    event.kind = kindOfName(bytes, name.from, name.to);
    event.cpu = small(bytes, inner, KEY.cpu);
    event.pid = small(bytes, inner, KEY.pid);
    event.tgid = small(bytes, inner, KEY.tgid);
    for (const key of WHOLE)
      if (findMember(bytes, inner, KEY[key]) >= 0 && small(bytes, inner, KEY[key]) < 0)
        return `${key} must be a whole number`;
    if (!isText(bytes, inner, KEY.comm)) return "comm must be a string";
    if (!readTime(bytes)) return "ts must be a whole number of at most 20 digits";
    const given = findMember(bytes, inner, KEY.args);
    event.payload = given < 0 ? (inner.to[i] ?? 0) : (inner.from[given] ?? 0);
    parameters.count = 0;
    if (given >= 0 && scanObject(bytes, event.payload, inner.to[given] ?? 0, parameters, failure) < 0)
      return `args: ${failure.reason}`;
    if (event.kind >= Kind.mmEnter && event.kind <= Kind.migrate && !isText(bytes, parameters, KEY.comm))
      return "args: comm must be a string";
    if (event.kind >= Kind.mmEnter && event.kind <= Kind.migrate)
      return args.daemon(event, bytes, parameters, header.style);
    return isProbe(event.kind) ? args.probe(event, bytes, parameters) : null;
  }

  function readTime(bytes: Buffer): boolean {
    const i = findMember(bytes, inner, KEY.ts);
    text.from = -1;
    if (i >= 0) textBounds(bytes, inner.from[i] ?? 0, inner.to[i] ?? 0, text);
    return setTime(event, bytes, i < 0 ? 0 : text.from, i < 0 ? 0 : text.to, header.ticks);
  }

  /** Finds the task name; a name with escapes is put, as bytes, behind a copy of the line, which is returned. */
  function taskName(bytes: Buffer, from: number, to: number): Buffer {
    const i = findMember(bytes, inner, KEY.comm);
    text.from = -1;
    if (i >= 0) textBounds(bytes, inner.from[i] ?? 0, inner.to[i] ?? 0, text);
    event.commFrom = text.from < 0 ? from : text.from;
    event.commTo = text.from < 0 ? from : text.to;
    if (text.from < 0 || !text.escaped) return bytes;
    const comm = unescapeBytes(bytes, text.from, text.to);
    move(-from);
    event.commFrom = to - from;
    event.commTo = to - from + comm.length;
    return Buffer.concat([bytes.subarray(from, to), comm]);
  }

  /** Moves all positions in the line. */
  function move(by: number): void {
    name.from += by;
    name.to += by;
    event.payload += by;
    for (let i = 0; i < event.fields.length; i++)
      if ((event.fields[i] ?? -1) >= 0) event.fields[i] = (event.fields[i] ?? 0) + by;
  }

  /** True if the member is a string, or is not there. */
  function isText(bytes: Buffer, members: Members, key: Uint8Array): boolean {
    const i = findMember(bytes, members, key);
    return i < 0 || bytes[members.from[i] ?? 0] === QUOTE;
  }

  function small(bytes: Buffer, members: Members, key: Uint8Array): number {
    const i = findMember(bytes, members, key);
    const value = i < 0 ? -1 : smallDecimal(bytes, members.from[i] ?? 0, members.to[i] ?? 0);
    return value >= 0 ? value : -1;
  }

  function valueIs(bytes: Buffer, members: Members, key: Uint8Array, value: Uint8Array): boolean {
    const i = findMember(bytes, members, key);
    return i >= 0 && bytes.subarray(members.from[i], members.to[i]).equals(value);
  }

  return {
    line: onLine,
    end() {
      facts.lines = line;
      facts.sawHashed = pointers.sawHashed;
      facts.sawRaw = pointers.sawRaw;
      facts.unknownPointers = pointers.unknown;
    },
    facts,
  };
}
