/** `kmmcheck simulate`: a log of a run that never was, in any format that `validate` reads. */
import { join, resolve } from "node:path";
import {
  FAULTS,
  type FaultEntry,
  KNOBS,
  RECORDS,
  type RecordKind,
  SIMULATED_PATCHES,
  type SimulatedPatch,
  simulate as simulateRun,
  WORKLOADS,
  type Workload,
} from "../../traces/synthesize/index.ts";
import { type LogFormat, logText } from "../../traces/synthesize/write/index.ts";
import { ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { InputError, unknownName } from "../input-error.ts";
import { nearest } from "../nearest.ts";
import { type CommonOptions, jsonText, layoutFor, printReport } from "../print.ts";
import type { SimulateReport } from "../report/simulate-report.ts";
import { table } from "../report/table.ts";
import { VERSION } from "../version.ts";
import { printCost } from "./simulate-cost.ts";

export interface SimulateOptions extends CommonOptions {
  readonly patch: string;
  readonly workload: string;
  readonly seed: number;
  readonly events: number;
  readonly fault: readonly string[];
  readonly format: LogFormat;
  readonly loss: number;
  readonly fromMiddle: boolean;
  readonly skew: number;
  readonly reorder: boolean;
  /** Words of {@link RECORDS}, or all. */
  readonly record: readonly string[];
  readonly scale: number;
  readonly capture?: string;
  readonly output?: string;
  readonly tunables?: string;
  readonly size?: string;
  readonly assume: readonly string[];
}

/** A run is held in memory until it is written. */
const MOST_EVENTS = 2_000_000;

export async function simulate(options: SimulateOptions, host: Host): Promise<ExitCode> {
  if (options.fault.includes("list")) {
    host.stdout.write(`${faultLines(layoutFor(host, options.color).width).join("\n")}\n`);
    return ExitCode.holds;
  }
  if (options.size !== undefined) {
    const { size, assume, workload } = options;
    if (workload !== "abench") throw new InputError(`--size is of the workload abench, not ${workload}`);
    return printCost({ patch: patchOf(options.patch), size, assume }, options, host);
  }
  if (options.assume.length > 0) throw new InputError("--assume goes with --size");
  const { seed, events, loss, fromMiddle, skew, reorder, format, output } = options;
  if (events > MOST_EVENTS) {
    throw new InputError(`--events takes a number up to ${MOST_EVENTS}, not ${events}`);
  }
  if (loss >= events) throw new InputError(`--loss ${loss} would leave nothing of ${events} events`);
  const patch = patchOf(options.patch);
  const workload = workloadOf(options.workload);
  const faults = options.fault.map((given) => faultOf(given, patch));
  const ids = faults.map(({ id }) => id);
  checkScale(options.scale, patch);
  checkCapture(options, faults);
  const asked = recordsOf(options.record);
  const { scale } = options;
  const run = {
    patch,
    workload,
    seed,
    events,
    faults: ids,
    loss,
    fromMiddle,
    skew,
    reorder,
    records: asked,
    scale,
  };
  const { items, missed, records, files } = simulateRun(run);
  if (records.includes("marks") && format === "perf")
    throw new InputError("perf does not record marks: take another --format");
  if (missed.length > 0) {
    const wanted = faults.find(({ id, workload: only }) => missed.includes(id) && only !== null)?.workload;
    throw new InputError(
      `nothing would show ${missed.join(", ")} within ${events} events of ${workload.name}: take ${wanted == null || wanted === workload.name ? "more --events, or another --workload" : `--workload ${wanted}`}`,
    );
  }
  const lines = logText(items, format, { patch });
  const isWritten = output !== undefined || options.capture !== undefined;
  const log = !isWritten && !options.json ? null : wholeText(lines);
  const knobs = patch === "v3" ? { ...KNOBS, pte_scan_scale: scale } : KNOBS;
  const tunables = jsonText(knobs);
  if (options.capture !== undefined) {
    const folder = resolve(host.cwd, options.capture);
    await host.files.makeFolder(folder);
    const own = { name: logName(format, loss), text: log ?? "" };
    for (const { name, text } of [...files(), own]) await host.files.replace(join(folder, name), text);
  }
  if (options.tunables !== undefined) {
    await host.files.replace(resolve(host.cwd, options.tunables), tunables);
  }
  if (output !== undefined) await host.files.replace(resolve(host.cwd, output), log ?? "");
  if (options.json) {
    const lost = items.reduce((sum, item) => sum + (item.name === "lost" ? item.lost : 0), 0);
    const report: SimulateReport = {
      tool: "kmmcheck",
      version: VERSION,
      command: "simulate",
      patch,
      workload: workload.name,
      seed,
      format,
      events: events - lost,
      lost,
      faults: ids,
      records,
      tunables: knobs,
      ...(!isWritten ? { log: log ?? "" } : {}),
    };
    printReport(report, () => "", options, host);
  } else if (!isWritten) for (const part of chunksOf(lines)) host.stdout.write(part);
  return ExitCode.holds;
}

/** The words for the kprobes that look at folios and exits. */
const FOLIO: readonly RecordKind[] = ["exit", "walk", "pte", "promote"];

function recordsOf(given: readonly string[]): readonly RecordKind[] {
  if (given.includes("all")) return RECORDS;
  const named = given.includes("folio") ? [...given, ...FOLIO] : given;
  return RECORDS.filter((kind) => named.includes(kind));
}

function checkScale(scale: number, patch: SimulatedPatch): void {
  if (scale > 10) throw new InputError(`--scale takes a whole number from 1 to 10, not ${scale}`);
  if (scale !== 1 && patch !== "v3") throw new InputError(`--scale matters in v3 only, not in ${patch}`);
}

/** Files beside the log are there in a capture only; validate knows the names of its logs. */
function checkCapture({ capture, output, format }: SimulateOptions, faults: readonly FaultEntry[]): void {
  const beside = faults.find((fault) => fault.beside);
  if (capture === undefined) {
    if (beside === undefined) return;
    throw new InputError(`fault ${beside.id} shows beside the log only: write a capture with --capture DIR`);
  }
  if (output !== undefined) throw new InputError("--capture writes the log as well: leave out --output");
  if (format === "itf") throw new InputError("a capture holds no log in itf: take another --format");
}

/** The log of a capture under the name that the recording script or its tool gives it. */
function logName(format: LogFormat, loss: number): string {
  if (format === "ftrace") return loss > 0 ? "trace_pipe.txt" : "trace.txt";
  return {
    "trace-cmd": "trace-cmd.report.txt",
    perf: "perf.script.txt",
    ndjson: "log.ndjson",
    itf: "log.itf.json",
  }[format];
}

const wholeText = (lines: Iterable<string>): string => [...chunksOf(lines)].join("");

/** The lines with their ends, some thousands at once. */
function* chunksOf(lines: Iterable<string>): Generator<string> {
  let part: string[] = [];
  for (const line of lines) {
    part.push(line);
    if (part.length < 4096) continue;
    yield `${part.join("\n")}\n`;
    part = [];
  }
  if (part.length > 0) yield `${part.join("\n")}\n`;
}

function patchOf(given: string): SimulatedPatch {
  const patch = SIMULATED_PATCHES.find((known) => known === given);
  if (patch === undefined) throw new InputError(unknownName("version", given, SIMULATED_PATCHES));
  return patch;
}

function workloadOf(given: string): Workload {
  const workload = WORKLOADS.find(({ name }) => name === given);
  if (workload !== undefined) return workload;
  throw new InputError(
    unknownName(
      "workload",
      given,
      WORKLOADS.map(({ name }) => name),
    ),
  );
}

function faultOf(given: string, patch: SimulatedPatch): FaultEntry {
  const fault = FAULTS.find(({ id, defect }) => id === given || defect === given);
  if (fault === undefined) {
    const near = nearest(
      given,
      FAULTS.flatMap(({ id, defect }) => (defect === null ? [id] : [id, defect])),
    );
    const meant = near === null ? "" : `did you mean ${near}? `;
    throw new InputError(`unknown fault ${given}; ${meant}--fault list shows all`);
  }
  if (fault.patches.includes(patch)) return fault;
  throw new InputError(
    `fault ${fault.id} needs ${fault.patches.join(", ")}: ${patch} has no event that would show it`,
  );
}

function faultLines(width: number): readonly string[] {
  const columns = [
    { title: "fault" },
    { title: "defect" },
    { title: "versions" },
    { title: "needs" },
    { title: "what goes wrong", fill: true },
  ] as const;
  const rows = FAULTS.map(({ id, defect, patches, title, hint, records, beside, tunables, workload }) => [
    id,
    defect ?? "",
    patches.length === 1 ? (patches[0] ?? "") : `${patches[0]} to ${patches.at(-1)}`,
    [
      ...records,
      ...(beside ? ["capture"] : []),
      ...(tunables ? ["tunables"] : []),
      ...(workload === null ? [] : [workload]),
    ].join(", "),
    hint ? `${title} (a hint: inconclusive)` : title,
  ]);
  return table(columns, rows, { width, heading: (line) => line });
}
