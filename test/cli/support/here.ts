/**
 * The program in this process, on the real file system: what a process of its own would say, without its start and without
 * its threads. {@link runHere} runs one command, {@link openShell} lines of bash in which `kmmcheck` is such a run.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  closeSync,
  createReadStream,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { Readable } from "node:stream";
import { judgeMutants } from "../../../checker/mutation.ts";
import { checkWithCheckpoints } from "../../../cli/checkpoint/attach.ts";
import type { Host, Output } from "../../../cli/host.ts";
import { nodeFiles } from "../../../cli/node-host.ts";
import { run } from "../../../cli/run.ts";
import { catalogue } from "../../../models/index.ts";
import { environment, type RunOptions, scratch } from "./built.ts";

interface Streams {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: () => Readable;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

function hostOf({ cwd, env, stdin, out, err }: Streams): Host {
  const output = (write: (text: string) => void): Output => ({ write, isTerminal: false, columns: null });
  const interrupt = new AbortController().signal;
  const now = () => performance.now();
  let input: Readable | null = null;
  return {
    stdout: output(out),
    stderr: output(err),
    get stdin() {
      // Opened by whoever reads it: the others leave it to the next command of the line.
      input ??= stdin();
      return input;
    },
    env,
    cwd,
    now,
    today: () => new Date().toISOString().slice(0, 10),
    files: nodeFiles,
    interrupt,
    processors: 1,
    memory: async () => 2 ** 32,
    check: async (model, limits, onProgress, onWarning) =>
      checkWithCheckpoints(model, limits, { now, onProgress }, onWarning),
    mutate: async (model, limits, onMutant) => judgeMutants(model, { ...limits, now, onMutant }),
    catalogue: async () => catalogue,
  };
}

export async function runHere(args: readonly string[], { cwd, input = "", env }: RunOptions) {
  let [out, err] = ["", ""];
  const code = await run(
    args,
    hostOf({
      cwd,
      env: environment(env),
      stdin: () => Readable.from([Buffer.from(input)]),
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
    }),
  );
  return { code, out, err };
}

export interface Shell {
  /** Runs a line of bash. What stands in the folder `bin` beneath it comes before all other programs. */
  readonly run: (
    line: string,
    options: RunOptions,
  ) => Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>;
  readonly close: () => void;
}

/**
 * Stands for the program: has it run where the port leads, on its own streams and in its own folder. Its output is kept
 * under a second number, for the first one is the connection while the request is written.
 */
const stub = `#!/bin/bash
exec {out}>&1 {run}<>"/dev/tcp/127.0.0.1/$KMMCHECK_PORT"
printf '%s\\0' "/proc/$$/fd" "$out" "$PWD" "$#" "$@" >&"$run"
read -r -u "$run" code
exit "$code"
`;

export async function openShell(): Promise<Shell> {
  const folder = scratch();
  writeFileSync(join(folder, "kmmcheck"), stub);
  chmodSync(join(folder, "kmmcheck"), 0o755);
  const server = createServer(serve).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    async run(line, { cwd, env }) {
      const files = ["out", "err"].map((name) => join(folder, name));
      for (const file of files) writeFileSync(file, "");
      const [out = 1, err = 2] = files.map((file) => openSync(file, "a"));
      const child = spawn("bash", ["-c", line], {
        cwd,
        env: environment({
          PATH: [join(cwd, "bin"), folder, process.env["PATH"]].join(":"),
          KMMCHECK_PORT: String(port),
          ...env,
        }),
        stdio: ["ignore", out, err],
      });
      const [code] = await once(child, "close");
      for (const file of [out, err]) closeSync(file);
      const [printed = "", said = ""] = files.map((file) => readFileSync(file, "utf8"));
      return { code, out: printed, err: said };
    },
    close() {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One command of a shell: its streams, its folder, the number of its words and its words, each with a zero behind it. */
function serve(socket: Socket): void {
  let asked = "";
  socket.setEncoding("utf8");
  socket.on("error", () => {});
  socket.on("data", async (data: string) => {
    asked += data;
    const [streams = "", stdout = "", cwd = "", count, ...words] = asked.split("\0").slice(0, -1);
    if (count === undefined || words.length < Number(count)) return;
    const out = await openWriter(`${streams}/${stdout}`);
    const err = await openWriter(`${streams}/2`);
    const code = await run(
      words,
      hostOf({
        cwd,
        env: environment({}),
        stdin: () => createReadStream(`${streams}/0`),
        out: out.write,
        err: err.write,
      }),
    );
    await Promise.all([out.close(), err.close()]);
    socket.end(`${code}\n`);
  });
}

/** Writes what it is given, in order; whoever has read enough may go. */
async function openWriter(path: string) {
  const file = await open(path, "a");
  let last: Promise<unknown> = Promise.resolve();
  return {
    write(text: string) {
      last = last.then(() => file.writeFile(text)).catch(ignoreClosedPipe);
    },
    async close() {
      await last;
      await file.close();
    },
  };
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}
