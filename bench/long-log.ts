/** A log of any length from a short one: repeated with times that go on and with pointers that are new each time. */
import { closeSync, openSync, writeSync } from "node:fs";

/** Where in the text the digits are that change from one repetition to the next. */
interface Places {
  /** First digit of the whole seconds (five columns), and their value. */
  readonly times: Int32Array;
  readonly seconds: Float64Array;
  /** First of the eight lowest digits of each pointer of an mm, and their value. */
  readonly pointers: Int32Array;
  readonly values: Float64Array;
}

const RECORD = /^.{16}-\d+ +(?:\[\d+\]) \S+ ( *\d+)\.\d{6}: /gm;
const POINTER = /\bmm ?= ?(?:0x)?([0-9a-f]{16})\b/g;

function placesOf(text: string): Places {
  const times: number[] = [];
  const seconds: number[] = [];
  for (const found of text.matchAll(RECORD)) {
    const field = found[1] ?? "";
    times.push(found.index + found[0].length - ".000000: ".length - 5);
    seconds.push(Number(field));
  }
  const pointers: number[] = [];
  const values: number[] = [];
  for (const found of text.matchAll(POINTER)) {
    pointers.push(found.index + found[0].length - 8);
    values.push(Number.parseInt((found[1] ?? "").slice(8), 16));
  }
  return {
    times: Int32Array.from(times),
    seconds: Float64Array.from(seconds),
    pointers: Int32Array.from(pointers),
    values: Float64Array.from(values),
  };
}

/**
 * Writes `text`, a whole ftrace log with times in seconds, so often that the file has at least `bytes` bytes. The header
 * promises what is there. In V0 the mms of one repetition are never heard of again: nothing tells that they are gone.
 *
 * @returns how many repetitions there are
 */
export function writeLongLog(text: string, bytes: number, path: string): number {
  const header = /^(?:#.*\n)*/.exec(text)?.[0] ?? "";
  const body = text.slice(header.length);
  const { times, seconds, pointers, values } = placesOf(body);
  const buffer = Buffer.from(body, "latin1");
  const first = seconds[0] ?? 0;
  const length = (seconds.at(-1) ?? 0) - first + 1;
  const repetitions = Math.max(1, Math.ceil(bytes / body.length));
  const whole = header.replace(/(\d+)\/(\d+)(?= +#P)/, (_, inside: string, written: string) =>
    [inside, written].map((n) => Number(n) * repetitions).join("/"),
  );
  const file = openSync(path, "w");
  try {
    writeSync(file, whole, null, "latin1");
    for (let k = 0; k < repetitions; k++) {
      for (let i = 0; i < times.length; i++)
        putDecimal(buffer, times[i] ?? 0, (seconds[i] ?? 0) + k * length);
      const mask = Math.imul(k, 0x9e3779b1) >>> 0;
      for (let i = 0; i < pointers.length; i++)
        putHex(buffer, pointers[i] ?? 0, ((values[i] ?? 0) ^ mask) >>> 0);
      for (let at = 0; at < buffer.length; ) at += writeSync(file, buffer, at);
    }
  } finally {
    closeSync(file);
  }
  return repetitions;
}

function putDecimal(buffer: Buffer, at: number, value: number): void {
  let rest = value;
  for (let i = 4; i >= 0; i--) {
    buffer[at + i] = rest > 0 || i === 4 ? 48 + (rest % 10) : 32;
    rest = Math.floor(rest / 10);
  }
}

function putHex(buffer: Buffer, at: number, value: number): void {
  let rest = value;
  for (let i = 7; i >= 0; i--) {
    const digit = rest & 15;
    buffer[at + i] = digit < 10 ? 48 + digit : 87 + digit;
    rest >>>= 4;
  }
}
