/** Logs for tests: inputs from text or files, and what the reader makes of them. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { EVENT_NAMES, Kind, type TraceEvent } from "../../../traces/event.ts";
import { type InputError, isInputError } from "../../../traces/input-error.ts";
import { readLog } from "../../../traces/read/log-reader.ts";
import { type LogInput, logFile } from "../../../traces/read/source.ts";
import {
  type PropertyReport,
  type ValidateOptions,
  type ValidateReport,
  validateLogs,
} from "../../../traces/validate.ts";

const root = new URL("../../../", import.meta.url);

export function fixture(name: string): string {
  return fileURLToPath(new URL(`test/fixtures/traces/${name}`, root));
}

export function example(name: string): string {
  return fileURLToPath(new URL(`examples/${name}`, root));
}

/** Real captures that stand beside some checkouts. */
export const shared = fileURLToPath(new URL("../shared", root));

/** Text of a log file, decompressed, one character a byte. */
export function textOf(path: string): string {
  const bytes = readFileSync(path);
  return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("latin1");
}

/** A log from memory, delivered in chunks of `chunk` bytes. */
export function memoryLog(content: string | Uint8Array, chunk = 65536, name = "log.txt"): LogInput {
  const bytes = typeof content === "string" ? Buffer.from(content, "latin1") : Buffer.from(content);
  return {
    name,
    async *open() {
      for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
    },
  };
}

/** What a reader delivered, copied out of the reused event. */
export interface Copied {
  readonly event: string;
  readonly line: number;
  readonly offset: number;
  readonly cpu: number;
  readonly pid: number;
  readonly tgid: number;
  readonly comm: string;
  readonly time: string;
  readonly mm: string;
  readonly style: number;
  readonly rc: number;
  readonly node: number;
  readonly start: bigint;
  readonly total: bigint;
  readonly period: bigint;
  readonly size: bigint;
}

export interface ReadBack {
  readonly events: readonly Copied[];
  readonly gaps: readonly {
    readonly reason: string;
    readonly line: number;
    readonly cpu: number;
    readonly lost: number;
  }[];
  readonly format: string;
  readonly layout: string;
  readonly facts: import("../../../traces/read/facts.ts").LogFacts;
}

const NO_MM: Readonly<Record<number, string>> = { [-1]: "", [-2]: "null", [-3]: "err", [-4]: "ptrval" };

/** All events of a log; throws where the log is refused. */
export async function readBack(input: LogInput): Promise<ReadBack> {
  const events: Copied[] = [];
  const gaps: { reason: string; line: number; cpu: number; lost: number }[] = [];
  const result = await readLog(input, readOptions, (log) => ({
    event(event) {
      events.push(copy(event, (mm) => (mm < 0 ? (NO_MM[mm] ?? "?") : log.table.text(mm))));
    },
    gap(gap) {
      gaps.push({ ...gap });
    },
  }));
  if (isInputError(result)) throw new Error(`${result.code}: ${result.message}`);
  return {
    events,
    gaps,
    format: result.detection.format,
    layout: result.detection.layout,
    facts: result.facts,
  };
}

export const readOptions = {
  format: "auto",
  clockHz: null,
  maxLineBytes: 65536,
  signal: null,
  onProgress: null,
} as const;

export function copy(event: TraceEvent, mmText: (mm: number) => string): Copied {
  const isEnd = event.kind === Kind.scanEnd;
  return {
    event: EVENT_NAMES[event.kind]!,
    line: event.line,
    offset: event.offset,
    cpu: event.cpu,
    pid: event.pid,
    tgid: event.tgid,
    comm: event.bytes.toString("latin1", event.commFrom, event.commTo),
    time: event.nsec < 0 ? String(event.sec) : `${event.sec}.${String(event.nsec).padStart(9, "0")}`,
    mm: mmText(event.mm),
    style: event.style,
    rc: event.kind === Kind.migrate ? event.rc : 0,
    node: isEnd || event.kind === Kind.migrate ? event.node : -1,
    start: isEnd ? event.start : 0n,
    total: isEnd ? event.total : 0n,
    period: isEnd ? event.period : 0n,
    size: isEnd ? event.size : 0n,
  };
}

export async function validateText(
  content: string | Uint8Array,
  options: ValidateOptions = {},
  chunk?: number,
): Promise<ValidateReport> {
  return expectReport(await validateLogs([memoryLog(content, chunk)], options));
}

export async function validateFile(path: string, options: ValidateOptions = {}): Promise<ValidateReport> {
  return expectReport(await validateLogs([logFile(path)], options));
}

export function expectReport(result: ValidateReport | InputError): ValidateReport {
  if (isInputError(result)) throw new Error(`${result.code}: ${result.message}`);
  return result;
}

export function property(report: ValidateReport, id: string): PropertyReport {
  return report.properties.find((entry) => entry.id === id)!;
}

/** Verdicts by id, with a `*` where vacuous. */
export function verdicts(report: ValidateReport): Record<string, string> {
  return Object.fromEntries(report.properties.map((p) => [p.id, p.vacuous ? `${p.verdict}*` : p.verdict]));
}
