/** A record of trace.dat as the line that `trace-cmd report -t` prints for it, in bytes. */

import { type EventField, type EventFormat, isIntegerSize } from "./event-format.ts";
import type { PrintPart } from "./print-format.ts";
import type { RingReader } from "./ring-pages.ts";
import type { TraceFile } from "./trace-file.ts";

export interface RecordText {
  readonly bytes: Buffer;
  readonly length: number;
}

const NAME_COLUMNS = 22;
const ROOM = 1 << 14;

/** Lines that stay as they are while further ones are written: those that a finding may quote. */
const KEPT = 4;

/** Writes records one after the other. */
export function createRecordWriter(file: TraceFile): (ring: RingReader) => RecordText {
  const { little } = file;
  const prefixWidth = Math.max(
    0,
    ...file.cpus.map(({ instance }) => (instance === "" ? 0 : instance.length + 2)),
  );
  const buffers = Array.from({ length: KEPT }, () => Buffer.alloc(ROOM));
  let out = Buffer.alloc(0);
  let turn = 0;
  const columns = new Map<number, Buffer>();
  let length = 0;

  function put(text: string): void {
    length += out.write(text, length, "latin1");
  }

  function putBytes(bytes: Buffer, from: number, to: number): void {
    const end = Math.min(to, from + ROOM - 256 - length);
    if (end > from) length += bytes.copy(out, length, from, end);
  }

  /** An integer of the record, modulo its size; 0 where its format, or the record, has no room for one. */
  function number(ring: RingReader, field: EventField, signed: boolean): bigint | number {
    const at = ring.from + field.offset;
    if (at + field.size > ring.to || !isIntegerSize(field.size)) return 0;
    const { page } = ring;
    if (field.size === 8) {
      const value = little ? page.readBigUInt64LE(at) : page.readBigUInt64BE(at);
      return signed ? BigInt.asIntN(64, value) : value;
    }
    if (signed) return little ? page.readIntLE(at, field.size) : page.readIntBE(at, field.size);
    return little ? page.readUIntLE(at, field.size) : page.readUIntBE(at, field.size);
  }

  function putText(ring: RingReader, field: EventField): void {
    let from = ring.from + field.offset;
    let to = field.open ? ring.to : from + field.size;
    if (field.kind !== "text") {
      const word = Number(number(ring, { ...field, size: 4 }, false));
      from = (field.kind === "relative" ? from + 4 : ring.from) + (word & 0xffff);
      to = from + (word >>> 16);
    }
    to = Math.min(to, ring.to);
    const end = from < to ? ring.page.indexOf(0, from) : -1;
    putBytes(ring.page, from, end < 0 ? to : Math.min(end, to));
  }

  function putPart(ring: RingReader, part: PrintPart): void {
    putBytes(part.text, 0, part.text.length);
    const { field } = part;
    if (field === null) return;
    if (part.as === "text") putText(ring, field);
    else put(padded(numberText(number(ring, field, isSigned(part, field)), part), part));
  }

  function putFields(ring: RingReader, format: EventFormat): void {
    let blank = "";
    for (const field of format.fields) {
      put(`${blank}${field.name}=`);
      blank = " ";
      if (field.kind === "pointer") put(pointerText(number(ring, field, false)));
      else if (field.kind === "number") put(String(number(ring, field, field.signed)));
      else if (field.kind === "bytes") put("?");
      else putText(ring, field);
      if (length > ROOM - 512) return;
    }
  }

  /** Task and pid at their columns. */
  function taskColumns(pid: number): Buffer {
    const known = columns.get(pid);
    if (known !== undefined) return known;
    const task = file.tasks.get(pid) ?? "<...>";
    const bytes = Buffer.from(`${task.padStart(16)}-${String(pid).padEnd(5)}`, "latin1");
    if (columns.size < 100_000) columns.set(pid, bytes);
    return bytes;
  }

  function putTime(ring: RingReader): void {
    if (ring.data.inNanoseconds)
      put(`${String(ring.high).padStart(5)}.${String(ring.low).padStart(9, "0")}: `);
    else {
      const ticks = ring.high === 0 ? String(ring.low) : `${ring.high}${String(ring.low).padStart(9, "0")}`;
      put(`${ticks.padStart(12)}: `);
    }
  }

  return (ring) => {
    length = 0;
    out = buffers[turn] ?? Buffer.alloc(ROOM);
    turn = (turn + 1) % KEPT;
    const { instance, cpu } = ring.data;
    if (prefixWidth > 0) put((instance === "" ? "" : `${instance}: `).padEnd(prefixWidth).slice(0, 200));
    const type =
      ring.to - ring.from < 2
        ? -1
        : little
          ? ring.page.readUInt16LE(ring.from)
          : ring.page.readUInt16BE(ring.from);
    const format = file.formats.get(type);
    const pid = format?.pid == null ? 0 : Number(number(ring, format.pid, true));
    const task = taskColumns(Math.max(0, pid));
    putBytes(task, 0, task.length);
    put(` [${String(cpu).padStart(3, "0")}] `);
    putTime(ring);
    if (format === undefined) put(`UNKNOWN TYPE ${type}`);
    else {
      put(`${format.name}: `.padEnd(NAME_COLUMNS));
      if (format.print === null) putFields(ring, format);
      else for (const part of format.print) putPart(ring, part);
    }
    return { bytes: out, length };
  };
}

function isSigned(part: PrintPart, field: EventField): boolean {
  return part.as === "signed" || (part.names !== null && field.signed);
}

function pointerText(value: bigint | number): string {
  return value === 0 || value === 0n ? "(nil)" : `0x${value.toString(16)}`;
}

function numberText(value: bigint | number, part: PrintPart): string {
  if (part.names !== null)
    return part.names.get(BigInt(value)) ?? `0x${BigInt.asUintN(64, BigInt(value)).toString(16)}`;
  switch (part.as) {
    case "pointer":
      return pointerText(value);
    case "hex":
      return value.toString(16);
    case "HEX":
      return value.toString(16).toUpperCase();
    case "char":
      return String.fromCharCode(Number(value) & 0xff);
    default:
      return String(value);
  }
}

function padded(text: string, { width, zeros }: PrintPart): string {
  if (width < 0) return text.padEnd(-width);
  return text.padStart(width, zeros ? "0" : " ");
}
