/** Lines and megabytes a second of `validate`, all monitors on, in a process of its own as a user runs it. */
import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";

const repetitions = 3;

/** Judges the log (peak resident memory as Linux counts it since exec), uncompressed so that only reading and judging is measured. */
export async function benchValidate(log: string): Promise<readonly string[]> {
  const raw = await readFile(log);
  const text = log.endsWith(".gz") ? gunzipSync(raw) : raw;
  const file = join(tmpdir(), `kmmcheck-bench-${process.pid}.txt`);
  writeFileSync(file, text);
  const main = new URL("../cli/main.js", import.meta.url).pathname;
  let best = Number.POSITIVE_INFINITY;
  let lines = 0;
  let resident = 0;
  try {
    for (let i = 0; i < repetitions; i++) {
      const begun = performance.now();
      const program = `process.argv.splice(1, 0, ""); const fs = await import("node:fs"); process.on("exit", () => fs.writeSync(2, /VmHWM:\\s*(\\d+)/.exec(fs.readFileSync("/proc/self/status", "utf8"))[1])); await import(${JSON.stringify(main)});`;
      const run = spawnSync(
        process.execPath,
        ["--input-type=module", "-e", program, "--", "validate", file, "--json"],
        {
          encoding: "utf8",
          maxBuffer: 2 ** 28,
        },
      );
      const seconds = (performance.now() - begun) / 1000;
      const report = JSON.parse(run.stdout) as { readonly logs: readonly { readonly lines: number }[] };
      lines = report.logs[0]?.lines ?? 0;
      best = Math.min(best, seconds);
      resident = Math.max(resident, Number(/(\d+)$/.exec(run.stderr)?.[1] ?? 0) / 1024);
    }
  } finally {
    rmSync(file, { force: true });
  }
  const perSecond = Math.round(lines / best).toLocaleString("en");
  const megabytes = Math.round(text.length / best / 1e6);
  return [
    `validate ${basename(log)}: ${perSecond} lines/s, ${megabytes} MB/s, ${Math.round(resident)} MB resident, ${lines} lines in ${best.toFixed(2)} s, start-up included`,
  ];
}
