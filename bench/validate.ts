/** Judging a log, in a process of its own as a user runs it, beside programs that only look for one kind of lines. */
import { readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { ours } from "./contenders.ts";
import { writeLongLog } from "./long-log.ts";
import { type Contender, runInTurn } from "./run.ts";
import type { Section } from "./table.ts";

/**
 * The log, repeated to at least `bytes` bytes with times that go on and pointers that are new each time: memory must not
 * grow with it.
 *
 * @param log - an ftrace log, gzip'd or not; it is judged uncompressed
 */
export async function benchValidate(log: string, bytes: number, repetitions: number): Promise<Section> {
  const raw = readFileSync(log);
  const text = (log.endsWith(".gz") ? gunzipSync(raw) : raw).toString("latin1");
  const file = join(tmpdir(), `kmmcheck-bench-${process.pid}.txt`);
  try {
    const times = writeLongLog(text, bytes, file);
    const { size } = statSync(file);
    let lines = 0;
    const judge = (...more: readonly string[]): Contender =>
      ours(["kmmcheck validate", ...more].join(" "), ["validate", file, ...more, "--json"], (output) => {
        const { logs } = JSON.parse(output) as { readonly logs: readonly { readonly lines: number }[] };
        lines = logs[0]?.lines ?? 0;
        return { amount: size };
      });
    const count = (name: string, command: string, args: readonly string[]): Contender => ({
      name,
      command,
      args: [...args, file],
      read: (output) => {
        if (!(Number(output) > 0)) throw new Error(`counted ${JSON.stringify(output)}`);
        return { amount: size };
      },
    });
    const rows = await runInTurn(
      [
        judge(),
        judge("--no-conform"),
        count("grep -c", "grep", ["-c", "kmem_scan_mm_end"]),
        count("awk", "awk", ["/kmem_scan_mm_end/ { n++ } END { print n }"]),
      ],
      repetitions,
    );
    return {
      title: `validate ${join(basename(dirname(log)), basename(log))}, ${times} times over: ${(size / 1e6).toFixed(0)} MB, ${lines.toLocaleString("en")} lines`,
      unit: { name: "MB", size: 1e6 },
      rows,
      byRate: false,
      notes: [
        `${Math.round(size / lines)} bytes a line. grep and awk count one kind of lines and judge nothing.`,
      ],
    };
  } finally {
    rmSync(file, { force: true });
  }
}
