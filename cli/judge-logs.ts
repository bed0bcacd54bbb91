/** Judging logs: names checked here, so that a slip gets the nearest name; the rest is the work of `traces/`. */
import { resolve } from "node:path";
import {
  type FormatId,
  followLog,
  isInputError,
  type InputError as LogError,
  type LogInput,
  type LogProgress,
  mergedLogs,
  monitorCatalogue,
  openLog,
  type Patch,
  READ_FORMATS,
  type Tunables,
  type ValidateReport,
  validateLogs,
} from "../traces/validate.ts";
import type { Host } from "./host.ts";
import { InputError, unknownName } from "./input-error.ts";
import { untilInterrupted } from "./until-interrupted.ts";
import { VERSION } from "./version.ts";

export interface LogRequest {
  /** Paths relative to `base`; `-` is the standard input. */
  readonly logs: readonly string[];
  readonly base: string;
  readonly format: string;
  readonly patch?: string | undefined;
  readonly properties: readonly string[];
  /** False leaves out the comparison with the model. */
  readonly conform?: boolean | undefined;
  readonly tunables: Tunables;
  readonly hz?: number | undefined;
  /** True if the logs are those of all CPUs, though all their records may be of one. */
  readonly allCpus?: boolean | undefined;
  /** True to read a log that is still being written. */
  readonly follow?: boolean;
  readonly failFast?: boolean;
  /** True if the logs are of one run and make one log. */
  readonly merge?: boolean;
}

const patches = ["v0", "p1", "v1", "v2", "v3"] as const satisfies readonly Patch[];

export async function judgeLogs(
  request: LogRequest,
  host: Host,
  onProgress: (progress: LogProgress) => void,
): Promise<ValidateReport> {
  const known = monitorCatalogue.map(({ id }) => id);
  for (const id of request.properties) {
    if (!known.includes(id)) throw new InputError(unknownName("property of logs", id, known));
  }
  if (request.logs.filter((name) => name === "-").length > 1) {
    throw new InputError("the standard input (-) can be read only once");
  }
  const follow = request.follow === true;
  if (follow && request.logs.length > 1) throw new InputError("--follow reads one log only");
  // The end of the judging ends the reading as well, where that waits for more.
  const done = new AbortController();
  const ended = AbortSignal.any([host.interrupt, done.signal]);
  const inputs: LogInput[] = [];
  for (const name of request.logs) {
    const isStdin = name === "-";
    const path = isStdin ? name : resolve(request.base, name);
    const stdin = isStdin ? untilInterrupted(host.stdin, ended) : undefined;
    const input = follow
      ? await followLog(path, name, ended, stdin ?? host.stdin)
      : await openLog(path, name, stdin);
    if (isInputError(input)) throw complaint(input);
    inputs.push(input);
  }
  const report = await validateLogs(
    request.merge === true && inputs.length > 1 ? [mergedLogs(inputs)] : inputs,
    {
      format: chooseFormat(request.format),
      ...(request.patch === undefined ? {} : { patch: choosePatch(request.patch) }),
      ...(request.properties.length === 0 ? {} : { properties: request.properties }),
      ...(request.conform === undefined ? {} : { conform: request.conform }),
      ...(request.hz === undefined ? {} : { hz: request.hz }),
      allCpus: request.allCpus === true,
      tunables: request.tunables,
      signal: host.interrupt,
      version: VERSION,
      failFast: request.failFast === true,
      live: follow,
      onProgress,
    },
  );
  done.abort();
  if (isInputError(report)) throw complaint(report);
  return report;
}

function complaint({ message, hint, file, line, column }: LogError): InputError {
  return new InputError(
    hint === null ? message : `${message}; ${hint}`,
    file === null ? null : placeOf(file, line, column),
  );
}

function placeOf(file: string, line: number | null, column: number | null) {
  return {
    file,
    ...(line === null ? {} : { line }),
    ...(line === null || column === null ? {} : { column }),
  };
}

function chooseFormat(asked: string): FormatId | "auto" {
  if (asked === "auto") return asked;
  const found = READ_FORMATS.find(({ id }) => id === asked);
  if (found === undefined) {
    throw new InputError(unknownName("format", asked, ["auto", ...READ_FORMATS.map(({ id }) => id)]));
  }
  return found.id;
}

function choosePatch(asked: string): Patch {
  const found = patches.find((patch) => patch === asked);
  if (found !== undefined) return found;
  if (asked === "fixed")
    throw new InputError("no log is written by the fixed version: it exists as a model only");
  throw new InputError(unknownName("version", asked, patches));
}
