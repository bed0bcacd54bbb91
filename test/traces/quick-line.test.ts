/** The quick reader of common lines against the reader that takes every line in the same way. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TraceEvent } from "../../traces/event.ts";
import { isInputError } from "../../traces/input-error.ts";
import { readLog } from "../../traces/read/log-reader.ts";
import type { LogInput } from "../../traces/read/source.ts";
import { runs } from "../runs.ts";
import { copy, example, fixture, memoryLog, readOptions, shared, textOf } from "./support/logs.ts";
import { writeLog } from "./support/writer.ts";

interface Read {
  readonly said: readonly unknown[];
  readonly facts: unknown;
  /** Lines that the quick reader took. */
  readonly quick: number;
}

/** Everything that the reader of a log says, in order. */
async function read(input: LogInput, quick: boolean, most = Number.POSITIVE_INFINITY): Promise<Read> {
  const said: unknown[] = [];
  const result = await readLog(input, { ...readOptions, maxLineBytes: 256, quick }, ({ table }) => ({
    event(event) {
      if (said.length < most) said.push(whole(event, table.text));
    },
    gap: (gap) => said.push({ ...gap }),
  }));
  if (isInputError(result)) return { said: [result.code], facts: null, quick: 0 };
  const { facts, cut, interrupted, table } = result;
  return { said, facts: { facts, cut, interrupted, forgotten: table.forgotten() }, quick: facts.records };
}

function whole(event: TraceEvent, text: (mm: number) => string): unknown {
  const { bytes, from, to, payload, ns } = event;
  return [
    copy(event, (mm) => (mm < 0 ? String(mm) : text(mm))),
    event.mm,
    ns,
    bytes.toString("latin1", from, to),
    payload - from,
  ];
}

async function agree(content: string | Uint8Array, chunk?: number): Promise<Read> {
  const slow = await read(memoryLog(content, chunk), false);
  const quick = await read(memoryLog(content, chunk), true);
  expect(quick).toEqual(slow);
  return quick;
}

describe("a log is read in the same way as line by line:", () => {
  const files = [
    ...readdirSync(fixture("")).map((name) => fixture(name)),
    ...readdirSync(example("")).map((name) => example(name)),
    ...present("samples", ""),
    ...present("samples", "handmade"),
    ...present("samples", "hostile"),
    ...present("traces", ".").flatMap((folder) =>
      existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [],
    ),
  ].filter((path) => /\.(?:txt|report|log)(?:\.gz)?$/.test(path));
  test.each(files)("%s", async (path) => {
    const bytes = readFileSync(path);
    const content = path.endsWith(".gz") ? gunzipSync(bytes) : bytes;
    await agree(content.subarray(0, 3e6), 1 << 18);
  });
});
