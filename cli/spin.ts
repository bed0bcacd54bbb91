/** Runs SPIN and a C compiler on a Promela text, in a folder of its own, and reads what the verifier prints. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Host } from "./host.ts";
import { InputError } from "./input-error.ts";

/** What one run of the verifier found. */
export interface SpinRun {
  readonly states: number;
  readonly transitions: number;
  /** An assertion failed or an acceptance cycle was found. */
  readonly error: boolean;
  /** The whole state space was seen. */
  readonly complete: boolean;
  /** The verifier's own words, where it neither found an error nor finished. */
  readonly words: string;
}

/** Starts a program in the folder and gives its output, null where it took too long; its exit code says nothing. */
type Run = (
  program: "spin" | "cc" | "./pan",
  args: readonly string[],
  seconds?: number,
) => Promise<string | null>;

/** How long SPIN may take to make an automaton of a formula: the time grows fast with its length. */
export const translationSeconds = 60;

/** Calls `use` with a folder that contains the text as `model.pml`, and removes the folder afterwards. */
export async function withSpin<T>(text: string, host: Host, use: (run: Run) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(host.env["TMPDIR"] ?? tmpdir(), "kmmcheck-spin-"));
  try {
    await writeFile(join(folder, "model.pml"), text);
    return await use((program, args, seconds) => runIn(folder, program, args, seconds, host));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The C compiler and what it is always given: what the environment variable CC says, as make reads it, or gcc. */
function compilerOf(env: Host["env"]): readonly [string, ...(readonly string[])] {
  const [program = "gcc", ...args] = (env["CC"] ?? "").split(/\s+/).filter((word) => word !== "");
  return [program, ...args];
}

/** What is to be said where a program is not there. */
const missing: Readonly<Record<Parameters<Run>[0], (program: string) => string>> = {
  spin: () =>
    "crosscheck needs the model checker SPIN (package spin of Debian, or https://spinroot.com): it is not in the PATH",
  cc: (program) =>
    `crosscheck needs the C compiler ${program}, with which SPIN makes its verifiers: it is not in the PATH`,
  "./pan": () => "the C compiler made no program of SPIN's verifier",
};

function runIn(
  folder: string,
  name: Parameters<Run>[0],
  given: readonly string[],
  seconds: number | undefined,
  host: Host,
): Promise<string | null> {
  const env = { ...process.env, ...host.env };
  const [program, ...always] = name === "cc" ? compilerOf(env) : [name];
  const options = {
    cwd: folder,
    env,
    maxBuffer: 2 ** 26,
    signal: host.interrupt,
    ...(seconds === undefined ? {} : { timeout: 1000 * seconds }),
  };
  return new Promise((resolve, reject) => {
    execFile(program, [...always, ...given], options, (error, stdout, stderr) => {
      const isThere = error === null || !("code" in error) || error.code !== "ENOENT";
      if (!isThere) reject(new InputError(missing[name](program)));
      else resolve(error?.killed === true && seconds !== undefined ? null : `${stdout}${stderr}`);
    });
  });
}

export interface BuildOptions {
  /** Macros to define for Promela's preprocessor. */
  readonly define: readonly string[];
  /** Macros to define for the C compiler. */
  readonly verifier: readonly string[];
  readonly optimise: boolean;
}

/** Makes the verifier `./pan`; false where SPIN took too long to translate a formula. */
export async function buildVerifier(run: Run, options: BuildOptions): Promise<boolean> {
  const macros = options.define.map((name) => `-D${name}`);
  // Without -o1 -o2 -o3 SPIN merges steps and forgets values, and counts less.
  const said = await run("spin", [...macros, "-o1", "-o2", "-o3", "-a", "model.pml"], translationSeconds);
  if (said === null) return false;
  const flags = options.verifier.map((name) => `-D${name}`);
  const compiled =
    (await run("cc", [options.optimise ? "-O2" : "-O0", "-w", ...flags, "-o", "pan", "pan.c"])) ?? "";
  if (compiled !== "") {
    const complaint = /^.*error.*$/m.exec(compiled)?.[0] ?? compiled.trim();
    throw new InputError(`the C compiler does not compile SPIN's verifier: ${`${said} ${complaint}`.trim()}`);
  }
  return true;
}

/** Under -f (6.5.2) the verifier follows some runs for ever, with 100 bytes a step: it is given up after so many tries. */
const tries = 3;

/**
 * Runs the verifier; `depth` is how long the longest run that it follows may be, `bits` the size of its table. Where that is too short it
 * is run anew, twice at most, with ten times the depth.
 */
export async function runVerifier(
  run: Run,
  args: readonly string[],
  depth: number,
  bits: number,
  left = tries,
): Promise<SpinRun> {
  const output = (await run("./pan", [...args, `-m${depth}`, `-w${bits}`])) ?? "";
  const result = readVerifier(output);
  const again = left > 1 && !result.error && /max search depth too small/.test(output);
  return again ? runVerifier(run, args, 10 * depth, bits, left - 1) : result;
}

/** The verifier's output as data. */
export function readVerifier(output: string): SpinRun {
  const number = (pattern: RegExp) => Number(pattern.exec(output)?.[1] ?? Number.NaN);
  const errors = number(/, errors: (\d+)/);
  const found =
    /^pan:\d+: (?:assertion violated|acceptance cycle|end state in claim reached|claim violated)/m.test(
      output,
    );
  const complete = errors === 0 && !/Search not completed|max search depth too small/.test(output);
  const words =
    /^(?:pan:\d+:|pan: (?!ltl formula|wrote)|error).*$/m.exec(output)?.[0] ?? "it printed no result";
  return {
    states: number(/^ *(\d+) states, stored/m),
    transitions: number(/^ *(\d+) transitions/m),
    error: found && errors > 0,
    complete,
    words: found || complete ? "" : words,
  };
}
