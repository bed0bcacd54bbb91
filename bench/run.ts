/** Runs programs one after the other, in turn, and measures time, CPU time and memory of each. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** One program of a comparison. */
export interface Contender {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Folder to run in. */
  readonly cwd?: string;
  /**
   * Reads what the program printed.
   *
   * @returns how much it did, in the unit of the section, and, where the section goes by that, the seconds it tells itself
   * @throws Error where the output is not what it should be: a wrong count is no measurement
   */
  readonly read: (output: string) => { readonly amount: number; readonly seconds?: number };
}

/** What one contender took: one number for each repetition. */
export interface Measured {
  readonly name: string;
  readonly amount: number;
  /** Wall clock, seconds. */
  readonly seconds: readonly number[];
  /** User and system time of the process with its threads, seconds. */
  readonly cpu: readonly number[];
  /** Peak resident memory, bytes; 0 where the kernel does not tell. */
  readonly memory: readonly number[];
}

interface Once {
  readonly amount: number;
  readonly seconds: number;
  readonly cpu: number;
  readonly memory: number;
}

/** Runs every contender once, then every one again, `repetitions` times. */
export async function runInTurn(
  contenders: readonly Contender[],
  repetitions: number,
): Promise<readonly Measured[]> {
  const runs = contenders.map((): Once[] => []);
  for (let i = 0; i < repetitions; i++) {
    for (const [k, contender] of contenders.entries()) runs[k]!.push(await runOnce(contender));
  }
  return contenders.map(({ name }, k) => ({
    name,
    amount: runs[k]![0]!.amount,
    seconds: runs[k]!.map(({ seconds }) => seconds),
    cpu: runs[k]!.map(({ cpu }) => cpu),
    memory: runs[k]!.map(({ memory }) => memory),
  }));
}

/** Milliseconds from one look at the memory to the next. */
const interval = 20;

async function runOnce({ name, command, args, cwd, read }: Contender): Promise<Once> {
  const begun = performance.now();
  // The shell's `times` is the only way to another program's CPU time. Standard output is a pipe that is read to its end:
  // grep stops at the first match where it is /dev/null.
  const child = spawn("sh", ["-c", '"$@"; times >&2', "sh", command, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, LC_ALL: "C" },
    ...(cwd === undefined ? {} : { cwd }),
  });
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  let memory = 0;
  const look = setInterval(() => {
    memory = Math.max(memory, peakOfChild(child.pid ?? 0));
  }, interval);
  await new Promise((resolve, reject) => child.on("close", resolve).on("error", reject));
  clearInterval(look);
  const wall = (performance.now() - begun) / 1000;
  try {
    const { amount, seconds = wall } = read(output);
    return { amount, seconds, cpu: cpuSeconds(errors), memory };
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : error}\n${errors}`);
  }
}

/** User and system seconds of the children, from the last line that the shell's `times` prints. */
export function cpuSeconds(text: string): number {
  const fields =
    text
      .trimEnd()
      .split("\n")
      .at(-1)
      ?.match(/(\d+)m([\d.]+)s/g) ?? [];
  return fields.reduce((sum, field) => {
    const [minutes, seconds] = field.split(/[ms]/);
    return sum + Number(minutes) * 60 + Number(seconds);
  }, 0);
}

function peakOfChild(shell: number): number {
  try {
    const child = Number.parseInt(readFileSync(`/proc/${shell}/task/${shell}/children`, "utf8"), 10);
    const status = readFileSync(`/proc/${child}/status`, "utf8");
    return 1024 * Number(/VmHWM:\s*(\d+)/.exec(status)?.[1] ?? 0);
  } catch {
    // It has just ended, or this kernel has no such file.
    return 0;
  }
}
