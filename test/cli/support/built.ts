/** The program as users run it: bundled, in a process of its own. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../../..");
export const program = join(root, "dist/cli/main.js");

/** Bundles where that has not been done; the test script builds beforehand. */
export function ensureBuilt(): void {
  if (!existsSync(program)) execFileSync("npx", ["rolldown", "-c"], { cwd: root, stdio: "ignore" });
}

export function scratch(): string {
  return mkdtempSync(join(tmpdir(), "kmmcheck-test-"));
}

export interface RunOptions {
  readonly cwd: string;
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
}

export function environment(extra: RunOptions["env"]): NodeJS.ProcessEnv {
  const { NO_COLOR, FORCE_COLOR, KMMCHECK_DEBUG, ...rest } = process.env;
  return { ...rest, ...extra };
}

export function runBuilt(args: readonly string[], { cwd, input = "", env }: RunOptions) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd,
    input,
    env: environment(env),
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  return { code: status, out: stdout, err: stderr };
}

/** Runs a line of bash in which `$K` is the program. */
export function runShell(line: string, cwd: string) {
  const { status, stdout, stderr } = spawnSync("bash", ["-c", line], {
    cwd,
    env: environment({ K: `${process.execPath} ${program}` }),
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  return { code: status, out: stdout, err: stderr };
}

/** Whether all of them are in the PATH. */
export function hasPrograms(...names: readonly string[]): boolean {
  return names.every((name) => runShell(`command -v ${name}`, ".").code === 0);
}

/** Starts the program and sends it Ctrl-C after so many milliseconds, or once something is so. Its standard input stays open. */
export async function interruptBuilt(args: readonly string[], cwd: string, after: number | (() => boolean)) {
  const child = spawn(process.execPath, [program, ...args], { cwd, env: environment({}) });
  let [out, err] = ["", ""];
  child.stdout.on("data", (data) => {
    out += data;
  });
  child.stderr.on("data", (data) => {
    err += data;
  });
  const look = setInterval(
    () => {
      if (typeof after !== "number" && !after()) return;
      clearInterval(look);
      child.kill("SIGINT");
    },
    typeof after === "number" ? after : 20,
  );
  const code = await new Promise<number | null>((done) => child.on("close", done));
  clearInterval(look);
  return { code, out, err };
}
