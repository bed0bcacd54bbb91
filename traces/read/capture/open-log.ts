/** From a path to a log: a file, standard input, or the directory of a capture with a log in it. */

import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { type InputError, inputError } from "../../input-error.ts";
import { followFile, withHead } from "../follow.ts";
import { decompressed, type LogInput, logFile, mergedLogs, STDIN_NAME } from "../source.ts";
import { holdsTraceDat } from "../trace-dat/magic.ts";
import { readCapture } from "./read-capture.ts";

/** Names of logs in a capture, the most telling first. */
const LOGS: readonly RegExp[] = [
  /^trace\.dat$/,
  /^trace(?:\.txt|\.log)?(?:\.gz|\.zst)?$/,
  /^trace_pipe(?:\.txt|\.log)?(?:\.gz|\.zst)?$/,
  /^(?:trace-cmd\.)?report(?:\.txt)?(?:\.gz|\.zst)?$/,
  /^perf\.script(?:\.txt)?(?:\.gz|\.zst)?$/,
  /^[\w.-]+\.ndjson(?:\.gz|\.zst)?$/,
];

/** The log at `path`, called `shown` in reports; "-" is `stdin`. */
export async function openLog(
  path: string,
  shown: string,
  stdin?: AsyncIterable<Uint8Array>,
): Promise<LogInput | InputError> {
  if (path === "-") return logFile("-", stdin);
  const isFolder = await stat(path).then(
    (about) => about.isDirectory(),
    () => false,
  );
  return isFolder ? openCapture(path, shown) : { ...logFile(path), name: shown };
}

/**
 * The log at `path` while it is being written, until `signal` is aborted; "-" is `stdin`, which ends by itself.
 */
export async function followLog(
  path: string,
  shown: string,
  signal: AbortSignal,
  stdin: AsyncIterable<Uint8Array>,
): Promise<LogInput | InputError> {
  if (path === "-") return { name: STDIN_NAME, open: () => withHead(stdin) };
  const about = await stat(path).catch(() => null);
  if (about?.isDirectory() === true)
    return inputError("unreadable-file", "a directory cannot be followed, only a file or a pipe", {
      file: shown,
    });
  if (about?.isFile() === true && holdsTraceDat(path))
    return inputError(
      "unsupported-format",
      "a trace.dat cannot be followed: it is whole once trace-cmd has ended",
      {
        file: shown,
        hint: "trace-cmd stream -e kmem | kmmcheck validate --follow -",
      },
    );
  return { name: shown, open: () => withHead(followFile(path, signal)) };
}

async function openCapture(folder: string, shown: string): Promise<LogInput | InputError> {
  let names: readonly string[];
  try {
    names = (await readdir(folder)).sort();
  } catch {
    return inputError("unreadable-file", "the directory may not be read", { file: shown });
  }
  const perCpu = names.filter((name) => /^cpu\d+$/.test(name));
  if (perCpu.length > 0) return openPerCpu(folder, shown, perCpu);
  const candidates = LOGS.flatMap((pattern) => names.filter((name) => pattern.test(name)));
  let chosen = candidates[0];
  for (const name of candidates) {
    if (!(await hasRecords(join(folder, name)))) continue;
    chosen = name;
    break;
  }
  if (chosen === undefined) return noLog(names, shown);
  const capture = await readCapture(folder, shown);
  const others = candidates.filter((name) => name !== chosen);
  const notes = others.length === 0 ? [] : [`${others.join(", ")} stands beside this log and was not read`];
  return {
    ...logFile(join(folder, chosen)),
    name: join(shown, chosen),
    capture: { ...capture, notes: [...notes, ...capture.notes] },
  };
}

/** The logs in the directories of CPUs, as tracefs has them in per_cpu, in the order of the CPUs. */
async function openPerCpu(
  folder: string,
  shown: string,
  cpus: readonly string[],
): Promise<LogInput | InputError> {
  const parts: LogInput[] = [];
  for (const cpu of [...cpus].sort((a, b) => Number(a.slice(3)) - Number(b.slice(3)))) {
    const names = await readdir(join(folder, cpu)).catch(() => []);
    const found = names.sort().find((name) => LOGS.slice(1, 3).some((pattern) => pattern.test(name)));
    if (found !== undefined)
      parts.push({ ...logFile(join(folder, cpu, found)), name: join(shown, cpu, found) });
  }
  return parts.length === 0 ? noLog([], shown) : { ...mergedLogs(parts), name: shown };
}

function noLog(names: readonly string[], file: string): InputError {
  const message = "this is a directory without a log";
  if (names.includes("metadata") && names.some((name) => /stream/.test(name)))
    return inputError("unsupported-format", "this is a trace in CTF, which is not read", {
      file,
      hint: "judge the recording that it was made of: perf script --show-lost-events -i perf.data | kmmcheck validate -",
    });
  return inputError("unreadable-file", message, {
    file,
    hint: "trace.dat, trace.txt, trace_pipe.txt, trace-cmd.report.txt, perf.script.txt or a .ndjson is expected, plain, gzip or zstd",
  });
}

const HEAD = 1 << 16;

/** True if something stands in the beginning of a log besides comments. */
async function hasRecords(path: string): Promise<boolean> {
  let head = "";
  try {
    for await (const chunk of decompressed(logFile(path).open())) {
      head += chunk.toString("latin1");
      if (head.length >= HEAD) break;
    }
  } catch {
    return head.length > 0;
  }
  return head.split("\n").some((line) => line.trim() !== "" && !line.startsWith("#"));
}
