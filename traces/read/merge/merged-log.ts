/**
 * Several logs of one run as one log: records in the order of their times, those of one time in the order of the logs, and
 * never in another order than within their log. Lines are counted in the merged order; a finding tells its file, too.
 */

import { type InputError, inputError } from "../../input-error.ts";
import { createLineContext } from "../context.ts";
import type { EventSink } from "../delivery.ts";
import type { LogFacts } from "../facts.ts";
import { type Detection, detectFormat } from "../formats.ts";
import type { OpenLog, ReadOptions, ReadResult } from "../log-reader.ts";
import { createPointerTable } from "../pointer.ts";
import { createRecordReader } from "../record-reader.ts";
import { decompressed, type LogInput } from "../source.ts";
import { isTraceDat } from "../trace-dat/magic.ts";
import { createPart, orderOf, type Part, type PartLine } from "./part.ts";

const HEAD = 1 << 16;

interface Opened {
  readonly part: Part;
  readonly detection: Detection;
}

/** Reads the logs `parts` as one; throws what their sources throw. */
export async function readMergedLog(
  name: string,
  parts: readonly LogInput[],
  options: ReadOptions,
  start: (log: OpenLog) => EventSink,
): Promise<ReadResult | InputError> {
  const opened: Opened[] = [];
  try {
    for (const [index, input] of parts.entries()) {
      const one = await openPart(input, index, options);
      if (one === null) continue;
      if ("kind" in one) return one;
      const [first] = opened;
      if (first !== undefined && first.detection.format !== one.detection.format)
        return inputError(
          "bad-value",
          `${first.part.name} is a log of ${first.detection.format} and this one of ${one.detection.format}, which print pointers and times differently`,
          { file: input.name, hint: "judge them apart, without --merge" },
        );
      opened.push(one);
    }
    const [first] = opened;
    if (first === undefined) return inputError("empty", "the logs are empty", { file: name });
    return await merge(
      name,
      opened.map(({ part }) => part),
      first.detection,
      options,
      start,
      parts.length > 1,
    );
  } finally {
    for (const { part } of opened) await part.close();
  }
}

/** The part that `input` becomes, null if it is empty, as the file of a CPU may be. */
async function openPart(
  input: LogInput,
  index: number,
  options: ReadOptions,
): Promise<Opened | InputError | null> {
  const chunks = decompressed(input.open());
  const head: Buffer[] = [];
  let size = 0;
  while (size < HEAD) {
    const next = await chunks.next();
    if (next.done === true) break;
    head.push(next.value);
    size += next.value.length;
  }
  if (size === 0) return null;
  const whole = Buffer.concat(head);
  if (isTraceDat(whole)) return notMerged(input.name, "trace.dat");
  const detection = detectFormat(whole.subarray(0, HEAD), options.format);
  if (detection.kind === "refusal")
    return inputError(detection.code, detection.message, {
      file: input.name,
      line: 1,
      column: 1,
      hint: detection.hint.replaceAll("FILE", input.name),
    });
  const { layout } = detection;
  if (layout !== "columns" && layout !== "perf") return notMerged(input.name, detection.format);
  return { part: createPart(input.name, index, chunks, whole, layout, options.maxLineBytes), detection };
}

function notMerged(file: string, format: string): InputError {
  return inputError("bad-value", `logs of ${format} in this layout are not merged`, {
    file,
    hint: "text of ftrace, trace-cmd report or perf script with times can be merged",
  });
}

async function merge(
  name: string,
  parts: readonly Part[],
  { format, layout }: Detection,
  options: ReadOptions,
  start: (log: OpenLog) => EventSink,
  isWhole: boolean,
): Promise<ReadResult> {
  const table = createPointerTable();
  const context = createLineContext();
  let sink: EventSink | null = null;
  let offset = 0;
  const reader = createRecordReader({
    layout,
    table,
    context,
    clockHz: options.clockHz,
    offset: () => offset,
    sink: {
      event: (event) => {
        owners.note(event.cpu, index);
        sink?.event(event);
      },
      gap: (gap) => sink?.gap(gap),
    },
  });
  const owners = createOwners(reader.facts);
  let index = 0;
  reader.facts.merged = isWhole;
  const reason = `${parts.length} logs of one run, merged by time`;
  const log: OpenLog = {
    detection: { kind: "format", format, layout, reason },
    facts: reader.facts,
    table,
    context,
  };
  sink = start(log);
  /** Comments seen: the header of a CPU's file is that of all CPUs, and counts once. */
  const comments = new Set<string>();

  function hand(part: Part, { bytes, from, to, complete, line }: PartLine): void {
    if (
      bytes[from] === 35 &&
      to - from < 400 &&
      part.index > 0 &&
      comments.has(bytes.toString("latin1", from, to))
    )
      return;
    if (bytes[from] === 35 && comments.size < 1000) comments.add(bytes.toString("latin1", from, to));
    context.setSource(part.name, line);
    index = part.index;
    reader.line(bytes, from, to, complete);
    offset += to - from + 1;
  }

  const waiting: Part[] = [];
  for (const part of parts) {
    await part.advance((line) => hand(part, line));
    waiting.push(part);
  }
  waiting.sort(orderOf);
  let interrupted = false;
  for (let count = 1; waiting.length > 0; count++) {
    const [part] = waiting;
    if (part === undefined) break;
    for (const mark of part.marks) hand(part, mark);
    if (part.head !== null) hand(part, part.head);
    if (part.head === null) {
      waiting.shift();
      continue;
    }
    await part.advance((line) => hand(part, line));
    if (part.head !== null) settle(waiting);
    if (count % 4096 !== 0) continue;
    reader.facts.bytes = parts.reduce((sum, one) => sum + one.bytes(), 0);
    options.onProgress?.({ log: name, bytes: reader.facts.bytes });
    interrupted = options.signal?.aborted === true;
    if (interrupted) break;
  }
  reader.facts.bytes = parts.reduce((sum, one) => sum + one.bytes(), 0);
  reader.end();
  return { ...log, interrupted, cut: null, damaged: false };
}

/** Notices CPUs of which more than one of the logs has records: then the logs are not those of the CPUs. */
function createOwners(facts: LogFacts): { readonly note: (cpu: number, part: number) => void } {
  const owners: number[] = [];
  const earlier = new Map<number, Set<number>>();
  return {
    note(cpu, part) {
      const owner = owners[cpu];
      if (owner === part || cpu < 0) return;
      owners[cpu] = part;
      if (owner === undefined) return;
      facts.merged = false;
      const before = earlier.get(cpu) ?? new Set();
      earlier.set(cpu, before.add(owner));
      // One log that goes on where another one ended is never left again.
      if (before.has(part)) facts.interleaved = cpu;
    },
  };
}

/** Moves the first part to its place; the others are in order. */
function settle(parts: Part[]): void {
  for (let i = 0; i + 1 < parts.length; i++) {
    const part = parts[i];
    const next = parts[i + 1];
    if (part === undefined || next === undefined || orderOf(part, next) <= 0) return;
    parts[i] = next;
    parts[i + 1] = part;
  }
}
