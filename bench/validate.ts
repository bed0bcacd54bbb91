/** Lines and megabytes a second of `validate`, all monitors on, in a process of its own as a user runs it. */
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { writeLongLog } from "./long-log.ts";

const repetitions = 3;
const main = new URL("../cli/main.js", import.meta.url).pathname;

interface Measured {
  readonly lines: number;
  readonly seconds: number;
  /** Peak resident memory as Linux counts it since exec, MB. */
  readonly resident: number;
}

/** Judges the file `times` times; the fastest run counts. */
function judge(file: string, times: number): Measured {
  const program = `process.argv.splice(1, 0, ""); const fs = await import("node:fs"); process.on("exit", () => fs.writeSync(2, /VmHWM:\\s*(\\d+)/.exec(fs.readFileSync("/proc/self/status", "utf8"))[1])); await import(${JSON.stringify(main)});`;
  const args = ["--input-type=module", "-e", program, "--", "validate", file, "--json"];
  let seconds = Number.POSITIVE_INFINITY;
  let lines = 0;
  let resident = 0;
  for (let i = 0; i < times; i++) {
    const begun = performance.now();
    const run = spawnSync(process.execPath, args, { encoding: "utf8", maxBuffer: 2 ** 28 });
    seconds = Math.min(seconds, (performance.now() - begun) / 1000);
    const report = JSON.parse(run.stdout) as { readonly logs: readonly { readonly lines: number }[] };
    lines = report.logs[0]?.lines ?? 0;
    resident = Math.max(resident, Number(/(\d+)$/.exec(run.stderr)?.[1] ?? 0) / 1024);
  }
  return { lines, seconds, resident };
}

function rate({ lines, seconds }: Measured, bytes: number): string {
  return `${Math.round(lines / seconds).toLocaleString("en")} lines/s, ${Math.round(bytes / seconds / 1e6)} MB/s`;
}

function timeOf(command: string, args: readonly string[]): number {
  const begun = performance.now();
  // Read, because grep stops at the first match where its output goes to /dev/null.
  const { status } = spawnSync(command, args, { env: { ...process.env, LC_ALL: "C" }, stdio: "pipe" });
  return status === null ? Number.NaN : (performance.now() - begun) / 1000;
}

/** The log as text, where it is gzip'd or not; uncompressed, so that only reading and judging is measured. */
function textOf(log: string): Buffer {
  const raw = readFileSync(log);
  return log.endsWith(".gz") ? gunzipSync(raw) : raw;
}

const scratch = (): string => join(tmpdir(), `kmmcheck-bench-${process.pid}.txt`);

export function benchValidate(log: string): readonly string[] {
  const text = textOf(log);
  const file = scratch();
  writeFileSync(file, text);
  try {
    const run = judge(file, repetitions);
    return [
      `validate ${nameOf(log)}: ${rate(run, text.length)}, ${Math.round(run.resident)} MB resident, ${run.lines} lines in ${run.seconds.toFixed(2)} s, start-up included`,
    ];
  } finally {
    rmSync(file, { force: true });
  }
}

/**
 * The same log repeated to `bytes` bytes, with times that go on and pointers that are new each time: memory must not
 * grow with it. Beside it, on the same file, what grep and awk need to count one kind of lines.
 */
export function benchLongLog(log: string, bytes: number): readonly string[] {
  const file = scratch();
  try {
    const text = textOf(log).toString("latin1");
    const times = writeLongLog(text, bytes, file);
    const size = text.length * times;
    const run = judge(file, 1);
    const grep = timeOf("grep", ["-c", "kmem_scan_mm_end", file]);
    const awk = timeOf("awk", ["/kmem_scan_mm_end/ { n++ } END { print n }", file]);
    return [
      `validate ${nameOf(log)} ${times} times over, ${(size / 1e9).toFixed(2)} GB: ${rate(run, size)}, ${Math.round(run.resident)} MB resident`,
      `  the same file by grep -c: ${(run.seconds / grep).toFixed(1)} times faster; by awk: ${(run.seconds / awk).toFixed(1)} times faster`,
    ];
  } finally {
    rmSync(file, { force: true });
  }
}

function nameOf(log: string): string {
  return join(basename(dirname(log)), basename(log));
}
