/** A host without a process: files in a map, streams in strings, a fixed clock. */
import { Readable } from "node:stream";
import { judgeMutants } from "../../../checker/mutation.ts";
import { checkWithCheckpoints } from "../../../cli/checkpoint/attach.ts";
import type { Host, Output } from "../../../cli/host.ts";
import { InputError } from "../../../cli/input-error.ts";
import { run } from "../../../cli/run.ts";
import { exitRace } from "./exit-race.ts";
import { turns } from "./turns.ts";

export interface MemoryHost extends Host {
  readonly written: { out: string; err: string };
  readonly contents: Map<string, string>;
}

export interface MemoryOptions {
  readonly files?: Readonly<Record<string, string>>;
  readonly terminal?: boolean;
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly today?: string;
  readonly interrupt?: AbortSignal;
}

export function memoryHost(options: MemoryOptions = {}): MemoryHost {
  const written = { out: "", err: "" };
  const contents = new Map(Object.entries(options.files ?? {}).map(([name, text]) => [`/w/${name}`, text]));
  const output = (key: "out" | "err"): Output => ({
    write: (text) => {
      written[key] += text;
    },
    isTerminal: options.terminal ?? false,
    columns: options.columns ?? null,
  });
  const interrupt = options.interrupt ?? new AbortController().signal;
  return {
    written,
    contents,
    stdout: output("out"),
    stderr: output("err"),
    stdin: Readable.from([Buffer.from(options.stdin ?? "")]),
    env: options.env ?? {},
    cwd: "/w",
    now: () => 0,
    today: () => options.today ?? "2026-11-24",
    interrupt,
    processors: 1,
    memory: async () => 2 ** 30,
    files: {
      async readText(path) {
        const text = contents.get(path);
        if (text === undefined) throw new InputError("cannot read: there is no such file", { file: path });
        return text;
      },
      async replace(path, text) {
        contents.set(path, text);
      },
      async exists(path) {
        return contents.has(path);
      },
      async makeFolder(path) {
        if ([...contents.keys()].some((known) => known.startsWith(`${path}/`)))
          throw new InputError("is there already", { file: path });
      },
    },
    check: async (model, limits, onProgress, onWarning) => {
      const surroundings = { now: () => 0, interrupted: () => interrupt.aborted, onProgress };
      return checkWithCheckpoints(model, limits, surroundings, onWarning);
    },
    mutate: async (model, limits, onMutant) =>
      judgeMutants(model, { ...limits, now: () => 0, interrupted: () => interrupt.aborted, onMutant }),
    catalogue: async () => [exitRace, turns],
  };
}

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly host: MemoryHost;
}

/** Runs a command line in memory: `kmmcheck("explore exit-race --json")`. */
export async function kmmcheck(line: string, options: MemoryOptions | MemoryHost = {}): Promise<Outcome> {
  const host = "written" in options ? options : memoryHost(options);
  host.written.out = "";
  host.written.err = "";
  const code = await run(
    line.split(" ").filter((word) => word !== ""),
    host,
  );
  return { code, ...host.written, host };
}
