/**
 * The formats of logs: which ones are read, and for every other one that can be recognised, what to do instead.
 * A new format is one entry here and one reader.
 */

import type { InputErrorCode } from "../input-error.ts";
import { type Layout, voteLayout } from "./layout.ts";
import { isPerfLayout } from "./perf.ts";

export type FormatId =
  | "ftrace"
  | "trace-cmd"
  | "trace.dat"
  | "perf"
  | "bpftrace"
  | "systrace"
  | "ndjson"
  | "itf";

/** A format that is read. */
export interface Detection {
  readonly kind: "format";
  readonly format: FormatId;
  readonly layout: Layout;
  readonly reason: string;
}

/** A format that is recognised and refused. */
export interface Refusal {
  readonly kind: "refusal";
  readonly code: InputErrorCode;
  readonly message: string;
  readonly hint: string;
}

/** The formats that are read, for lists and messages. */
export const READ_FORMATS: readonly { readonly id: FormatId; readonly name: string }[] = [
  { id: "ftrace", name: "ftrace text (trace, trace_pipe, per_cpu files), also compressed" },
  { id: "trace-cmd", name: "trace-cmd report text, also compressed" },
  { id: "trace.dat", name: "trace.dat files of trace-cmd, versions 6 and 7" },
  { id: "perf", name: "perf script text, also compressed" },
  { id: "bpftrace", name: "output of the bpftrace scripts in examples/, text or -f json" },
  { id: "systrace", name: "web pages of systrace that hold ftrace text" },
  { id: "ndjson", name: "events in JSON, one a line (schemas/event.schema.json), also compressed" },
  { id: "itf", name: "traces of states in ITF (Apalache) with a variable event" },
];

const READ =
  "kmmcheck reads ftrace text (trace, trace_pipe), trace-cmd report, trace.dat, perf script, its own bpftrace scripts, and events in JSON";
const BPFTRACE_SCRIPTS = "record with examples/kmmscand-v0.bt or examples/kmmscand-v1.bt of kmmcheck";
const PERF_SCRIPT = "perf script --show-lost-events";
const FROM_PERF = `read the recording itself: ${PERF_SCRIPT} -i perf.data | kmmcheck validate -`;

interface Magic {
  readonly bytes: readonly number[];
  readonly code: InputErrorCode;
  readonly what: string;
  readonly hint: string;
}

const MAGICS: readonly Magic[] = [
  {
    bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a],
    code: "compressed",
    what: "xz data",
    hint: "xz -dc FILE | kmmcheck validate -",
  },
  {
    bytes: [0x42, 0x5a, 0x68],
    code: "compressed",
    what: "bzip2 data",
    hint: "bzip2 -dc FILE | kmmcheck validate -",
  },
  {
    bytes: [0x50, 0x4b, 0x03, 0x04],
    code: "compressed",
    what: "a zip archive",
    hint: "unzip -p FILE | kmmcheck validate -",
  },
  {
    bytes: [...Buffer.from("PERFILE2")],
    code: "binary-trace",
    what: "a perf.data file",
    hint: `${PERF_SCRIPT} -i FILE | kmmcheck validate -`,
  },
  // A packet of a stream, whatever the order of its bytes, and the description of all streams as packets and as text.
  ...[
    [0xc1, 0x1f, 0xfc, 0xc1],
    [0xc1, 0xfc, 0x1f, 0xc1],
    [0x57, 0x1d, 0xd1, 0x75],
    [0x75, 0xd1, 0x1d, 0x57],
    [...Buffer.from("/* CTF ")],
  ].map((bytes) => ({
    bytes,
    code: "binary-trace" as const,
    what: "a part of a CTF trace",
    hint: FROM_PERF,
  })),
  { bytes: [0x7f, 0x45, 0x4c, 0x46], code: "binary-trace", what: "an ELF file", hint: READ },
  {
    bytes: [0xff, 0xfe],
    code: "utf-16",
    what: "UTF-16 text",
    hint: "iconv -f UTF-16 -t UTF-8 FILE | kmmcheck validate -",
  },
  {
    bytes: [0xfe, 0xff],
    code: "utf-16",
    what: "UTF-16 text",
    hint: "iconv -f UTF-16 -t UTF-8 FILE | kmmcheck validate -",
  },
];

interface TextRule {
  readonly pattern: RegExp;
  readonly code: InputErrorCode;
  readonly what: string;
  readonly hint: string;
  /** One such line is enough. */
  readonly once?: true;
}

/** Foreign text formats, tried on each of the first lines. */
const LINE_RULES: readonly TextRule[] = [
  {
    pattern: /^\s*[\s\S]{1,16} +\d+ +\d+ \d+ [0-9a-f]{8} [0-9a-f]{8} \[[0-9a-f]+\] \d+\.\d+ms \(\+/,
    code: "unsupported-option",
    what: "the verbose latency format of ftrace",
    hint: "echo 0 > /sys/kernel/tracing/options/verbose; echo 0 > /sys/kernel/tracing/options/latency-format; then read trace again",
  },
  {
    pattern: /^\d+ \d+ \d+ type: \d+/,
    code: "unsupported-option",
    what: "raw ftrace output",
    hint: "echo 0 > /sys/kernel/tracing/options/raw, then read trace again",
  },
  {
    pattern: /^[0-9a-f]{8} [0-9a-f]{8} [0-9a-f]{16} type: \d+/,
    code: "unsupported-option",
    what: "hex ftrace output",
    hint: "echo 0 > /sys/kernel/tracing/options/hex, then read trace again",
  },
  {
    pattern: /^.{12,24}type: \d+$/s,
    code: "unsupported-option",
    what: "binary ftrace output",
    hint: "echo 0 > /sys/kernel/tracing/options/bin, then read trace again",
  },
  {
    pattern: /^\s*\d+\.\d+ (?:\([^)]*\): )?\S.{0,15}\/\d+ \w+:\w+\(/,
    code: "unsupported-format",
    what: "perf trace output, which drops arguments that are zero",
    hint: `perf record, then ${PERF_SCRIPT} | kmmcheck validate -`,
  },
  {
    pattern: /^\[\d+[:.][\d:.]+\] \(\+[\d.?]+\) /,
    code: "unsupported-format",
    what: "babeltrace text",
    hint: FROM_PERF,
  },
  { pattern: /^KTAP version \d/, code: "unsupported-format", what: "KTAP test output", hint: READ },
  {
    pattern: /^Attaching \d+ probes?\.\.\./,
    once: true,
    code: "unsupported-format",
    what: "the output of another bpftrace script",
    hint: BPFTRACE_SCRIPTS,
  },
  {
    pattern: /^\{.*"type": *"\w+".*"data"/,
    code: "unsupported-format",
    what: "the output of another bpftrace script",
    hint: BPFTRACE_SCRIPTS,
  },
  { pattern: /^[{[]/, code: "unsupported-format", what: "JSON of another kind", hint: READ },
];

/** Decides what a log is from its first bytes (64 KiB are enough). */
export function detectFormat(head: Buffer, wanted: FormatId | "auto"): Detection | Refusal {
  const refusal = refuseBinary(head);
  if (refusal !== null) return refusal;
  if (WEB_PAGE.test(head.toString("latin1", 0, 400)) && (wanted === "auto" || wanted === "systrace"))
    return { kind: "format", format: "systrace", layout: "systrace", reason: "a web page" };
  if (ITF.test(head.toString("latin1", 0, 4096)) && (wanted === "auto" || wanted === "itf"))
    return { kind: "format", format: "itf", layout: "itf", reason: "a JSON text with vars and states" };
  const lines = sampleLines(head);
  const vote = voteLayout(lines);
  const isTracer = lines.some((line) => /^# tracer: /.test(line));
  if (
    vote.layout === null ||
    (vote.layout !== "json" && vote.layout !== "bpftrace" && vote.votes * 2 < lines.length)
  ) {
    const foreign = refuseText(lines);
    if (foreign !== null) return foreign;
  }
  if (vote.layout === null && !vote.lossOnly && !isTracer && wanted === "auto") {
    return {
      kind: "refusal",
      code: "not-a-trace",
      message: `no line of the log looks like a trace record; ${READ}`,
      hint: "cat /sys/kernel/tracing/trace > FILE, or trace-cmd report > FILE",
    };
  }
  const layout = vote.layout ?? DEFAULT_LAYOUT[wanted];
  const report = layout === "columns" && lines.some(isTraceCmdLine);
  const format = wanted === "auto" ? formatOf(layout, report) : wanted;
  return { kind: "format", format, layout, reason: reasonFor(wanted, report, layout, vote.votes) };
}

const WEB_PAGE = /^(?:\xef\xbb\xbf)?\s*(?:<!doctype html|<html)/i;

const ITF = /^(?:\xef\xbb\xbf)?\s*\{\s*"(?:#meta|params|vars|states)"\s*:/;

const DEFAULT_LAYOUT: Readonly<Record<FormatId | "auto", Layout>> = {
  auto: "columns",
  ftrace: "columns",
  "trace-cmd": "columns",
  "trace.dat": "columns",
  perf: "perf",
  bpftrace: "bpftrace",
  systrace: "systrace",
  ndjson: "json",
  itf: "itf",
};

function formatOf(layout: Layout, report: boolean): FormatId {
  if (layout === "json") return "ndjson";
  if (layout === "bpftrace" || layout === "systrace" || layout === "itf") return layout;
  if (isPerfLayout(layout)) return "perf";
  return report ? "trace-cmd" : "ftrace";
}

function reasonFor(wanted: FormatId | "auto", report: boolean, layout: Layout, votes: number): string {
  if (wanted !== "auto") return "given by option";
  if (layout === "json") return `${votes} of the first lines are events or holes in JSON`;
  if (layout === "bpftrace") return `${votes} of the first lines are those of kmmcheck's bpftrace scripts`;
  if (isPerfLayout(layout)) return `${votes} of the first lines have the columns of perf script`;
  if (report) return "lines of trace-cmd report (cpus=, dropped events or padded event names)";
  return votes > 0
    ? `${votes} of the first lines have the ${layout} layout of ftrace`
    : "header of an ftrace file";
}

const TRACE_CMD =
  /^(?:.{1,64}: )?cpus=\d+$|^version = \d+$|\[(?:\d+ )?EVENTS DROPPED\]|\] {2,}\d+\.\d{6,9}: (?:\(\+\d+\) +| {8,})?\w+: {2,}/;

function isTraceCmdLine(line: string): boolean {
  return TRACE_CMD.test(line);
}

const COMMENT = /^#(?!#### CPU| tracer| CPU)/;

/** Up to 200 lines of the head that are neither blank nor comments; a last incomplete one is left out if others exist. */
function sampleLines(head: Buffer): readonly string[] {
  const text = head.toString("latin1").replace(/^\u00ef\u00bb\u00bf/, "");
  const all = text.split("\n");
  const whole = all.length > 1 ? all.slice(0, -1) : all;
  const lines: string[] = [];
  for (const raw of whole) {
    const line = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
    if (line.trim() === "" || COMMENT.test(line)) continue;
    lines.push(line);
    if (lines.length === 200) break;
  }
  return lines;
}

function refuseBinary(head: Buffer): Refusal | null {
  for (const magic of MAGICS) {
    if (!magic.bytes.every((byte, i) => head[i] === byte)) continue;
    return {
      kind: "refusal",
      code: magic.code,
      message: `this is ${magic.what}, not text`,
      hint: magic.hint,
    };
  }
  const sample = head.subarray(0, 400);
  const zeros = sample.filter((byte) => byte === 0).length;
  if (zeros * 3 > sample.length) {
    return {
      kind: "refusal",
      code: "utf-16",
      message: "this is UTF-16 text or binary data",
      hint: "iconv -f UTF-16 -t UTF-8 FILE | kmmcheck validate -",
    };
  }
  return null;
}

function refuseText(lines: readonly string[]): Refusal | null {
  for (const rule of LINE_RULES) {
    const hits = lines.filter((line) => rule.pattern.test(line)).length;
    if (hits === 0 || (rule.once !== true && hits * 4 < Math.min(lines.length, 40) - 4)) continue;
    return {
      kind: "refusal",
      code: rule.code,
      message: `this is ${rule.what}, which is not read`,
      hint: rule.hint,
    };
  }
  return null;
}
