/** Runs SPIN and a C compiler on a Promela text, in a folder of its own, and reads what the verifier prints. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Host } from "./host.ts";
import { InputError } from "./input-error.ts";
import { fileError } from "./node-host.ts";

/** What one run of the verifier found. */
export interface SpinRun {
  readonly states: number;
  readonly transitions: number;
  /** An assertion failed or an acceptance cycle was found. */
  readonly error: boolean;
  /** The whole state space was seen. */
  readonly complete: boolean;
  /** The verifier's own words, or how it was ended, where it neither found an error nor finished. */
  readonly words: string;
}

/** How a program ended. */
interface Ended {
  readonly output: string;
  /** Null where it did not end by itself. */
  readonly code: number | null;
  /** Why it did not end by itself; empty where it did. */
  readonly cut: string;
}

/** Starts a program in the folder; `cc` is the C compiler. */
type Run = (program: "spin" | "cc" | "./pan", args: readonly string[], seconds?: number) => Promise<Ended>;

/** How long SPIN may take to make an automaton of a formula: the time grows fast with its length. */
const translationSeconds = 60;

/** Calls `use` with a folder that contains the text as `model.pml`, and removes the folder afterwards. */
export async function withSpin<T>(text: string, host: Host, use: (run: Run) => Promise<T>): Promise<T> {
  const outer = host.env["TMPDIR"] ?? tmpdir();
  const folder = await mkdtemp(join(outer, "kmmcheck-spin-")).catch((error) => {
    throw fileError(error, outer, "make a temporary folder");
  });
  try {
    await writeFile(join(folder, "model.pml"), text).catch((error) => {
      throw fileError(error, join(folder, "model.pml"), "write");
    });
    return await use(async (name, args, seconds) => {
      // What an earlier call made is not to be taken for what this one does not make.
      if (name !== "./pan") await rm(join(folder, name === "cc" ? "pan" : "pan.c"), { force: true });
      return runIn(folder, name, args, seconds, host);
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The C compiler and what it is always given: the words of the environment variable CC, or gcc. */
export function compilerOf({
  env,
  cwd,
}: Pick<Host, "env" | "cwd">): readonly [string, ...(readonly string[])] {
  const given = env["CC"] ?? process.env["CC"] ?? "";
  const [program = "gcc", ...args] = given.split(/\s+/).filter((word) => word !== "");
  return [program.includes("/") ? resolve(cwd, program) : program, ...args];
}

/** What is to be said where a program is not there. */
const missing: Readonly<Record<Parameters<Run>[0], (program: string) => string>> = {
  spin: () =>
    "crosscheck needs the model checker SPIN (package spin of Debian, or https://spinroot.com): it is not in the PATH",
  cc: (program) =>
    `crosscheck needs the C compiler ${program}, with which SPIN makes its verifiers: it ${program.includes("/") ? "is not there" : "is not in the PATH"}`,
  "./pan": () => "the C compiler made no program of SPIN's verifier",
};

function runIn(
  folder: string,
  name: Parameters<Run>[0],
  given: readonly string[],
  seconds: number | undefined,
  host: Host,
): Promise<Ended> {
  const [program, ...always] = name === "cc" ? compilerOf(host) : [name];
  const options = {
    cwd: folder,
    env: { ...process.env, ...host.env },
    maxBuffer: 2 ** 26,
    signal: host.interrupt,
    ...(seconds === undefined ? {} : { timeout: 1000 * seconds }),
  };
  return new Promise((done, reject) => {
    const child = execFile(program, [...always, ...given], options, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`;
      if (error === null) return done({ output, code: 0, cut: "" });
      if (host.interrupt.aborted) return done({ output, code: null, cut: "it was interrupted" });
      if (typeof error.code === "number") return done({ output, code: error.code, cut: "" });
      if (error.code === "ENOENT") return reject(new InputError(missing[name](program)));
      if (error.killed === true && seconds !== undefined)
        return done({ output, code: null, cut: `it took longer than ${seconds} s` });
      if (error.signal != null) return done({ output, code: null, cut: `it was ended by ${error.signal}` });
      reject(
        new InputError(
          `${program === "./pan" ? "SPIN's verifier" : program} cannot be run: ${error.message}`,
        ),
      );
    });
    // None of them reads, and one that does must not wait.
    child.stdin?.end();
  });
}

export interface BuildOptions {
  /** Macros to define for Promela's preprocessor. */
  readonly define: readonly string[];
  /** Macros to define for the C compiler. */
  readonly verifier: readonly string[];
  readonly optimise: boolean;
}

/** Makes the verifier `./pan`. Returns why there is none where SPIN took too long or all was interrupted, else nothing. */
export async function buildVerifier(run: Run, options: BuildOptions): Promise<string> {
  const macros = options.define.map((name) => `-D${name}`);
  // Without -o1 -o2 -o3 SPIN merges steps and forgets values, and counts less.
  const made = await run("spin", [...macros, "-o1", "-o2", "-o3", "-a", "model.pml"], translationSeconds);
  if (made.cut !== "") return `SPIN did not translate the model: ${made.cut}`;
  const level = options.optimise ? "-O2" : "-O0";
  const flags = options.verifier.map((name) => `-D${name}`);
  const compiled = await run("cc", [level, "-w", ...flags, "-o", "pan", "pan.c"]);
  if (compiled.cut !== "") return `the verifier was not compiled: ${compiled.cut}`;
  if (compiled.code === 0) return "";
  // SPIN calls some things errors, an array that is an index of itself for one, and makes a verifier that is right all the same.
  throw new InputError(
    made.code === 0
      ? `the C compiler does not compile SPIN's verifier: ${complaintOf(compiled)}`
      : `SPIN does not translate the model: ${complaintOf(made)}`,
  );
}

/** The first line in which a program speaks of an error, else its last one. */
function complaintOf({ output, code }: Ended): string {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  return (
    lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? `it ended with ${code} and said nothing`
  );
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
  const { output, cut } = await run("./pan", [...args, `-m${depth}`, `-w${bits}`]);
  const result = readVerifier(output, cut);
  const again = left > 1 && !result.error && /max search depth too small/.test(output);
  return again ? runVerifier(run, args, 10 * depth, bits, left - 1) : result;
}

/** The verifier's output as data; `cut` says why it did not end by itself. */
export function readVerifier(output: string, cut = ""): SpinRun {
  const number = (pattern: RegExp) => Number(pattern.exec(output)?.[1] ?? Number.NaN);
  const errors = number(/, errors: (\d+)/);
  const found =
    /^pan:\d+: (?:assertion violated|acceptance cycle|end state in claim reached|claim violated)/m.test(
      output,
    );
  const states = number(/^ *(\d+) states, stored/m);
  const complete =
    cut === "" &&
    errors === 0 &&
    !Number.isNaN(states) &&
    !/Search not completed|max search depth too small/.test(output);
  const words =
    cut !== ""
      ? cut
      : (/^(?:pan:\d+:|pan: (?!ltl formula|wrote)|error).*$/m.exec(output)?.[0] ?? "it printed no result");
  return {
    states,
    transitions: number(/^ *(\d+) transitions/m),
    error: found && errors > 0,
    complete,
    words: found || complete ? "" : words,
  };
}
