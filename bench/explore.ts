/** States a second and bytes a state on the yardstick model, beside SPIN where it is installed. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check } from "../checker/check.ts";
import { findModel } from "../models/index.ts";

const repetitions = 3;
/** States of the yardstick at two mms, three folios, a queue of two. */
const expected = 4_032_890;

interface Measured {
  readonly seconds: number;
  readonly states: number;
}

/** Runs both alternately; the fastest run of each. */
export function benchExplore(): readonly string[] {
  const spin = prepareSpin();
  const ours: (Measured & { readonly bytes: number })[] = [];
  const theirs: Measured[] = [];
  for (let i = 0; i < repetitions; i++) {
    ours.push(runOurs());
    if (spin !== null) theirs.push(spin.run());
  }
  spin?.remove();
  const best = ours.reduce((a, b) => (b.seconds < a.seconds ? b : a));
  const lines = [
    `explore kmm 2,3,2: ${rate(best)} states/s, ${best.bytes} bytes a state, ${best.states} states in ${best.seconds.toFixed(2)} s`,
  ];
  if (theirs.length === 0) return [...lines, "explore against SPIN: skipped, spin or gcc is not installed"];
  const peer = theirs.reduce((a, b) => (b.seconds < a.seconds ? b : a));
  return [
    ...lines,
    `explore against SPIN: ${(peer.seconds / best.seconds).toFixed(2)} times as fast (SPIN depth-first -DSAFETY -DNOREDUCE: ${rate(peer)} states/s, ${peer.seconds.toFixed(2)} s)`,
  ];
}

function rate({ states, seconds }: Measured): string {
  return Math.round(states / seconds).toLocaleString("en");
}

function runOurs(): Measured & { readonly bytes: number } {
  const entry = findModel("kmm");
  if (entry === undefined) throw new Error("the yardstick model is gone");
  const model = entry.build({ patch: null, features: {}, parameters: { mms: 2, folios: 3, queue: 2 } });
  const { statistics } = check(model, { now: () => performance.now() });
  if (statistics.states !== expected) throw new Error(`${statistics.states} states instead of ${expected}`);
  return { seconds: statistics.seconds, states: statistics.states, bytes: statistics.bytesPerState };
}

/** Compiles the Promela twin of the model; null where SPIN or a compiler is missing. */
function prepareSpin(): { readonly run: () => Measured; readonly remove: () => void } | null {
  const folder = mkdtempSync(join(tmpdir(), "kmmcheck-bench-"));
  const source = new URL("../../bench/peers/kmm.pml", import.meta.url).pathname;
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const run = (command: string, args: readonly string[]) =>
    spawnSync(command, args, { cwd: folder, encoding: "utf8" });
  const generated = run("spin", ["-DM=2", "-DF=3", "-DQ=2", "-o1", "-o2", "-o3", "-a", source]);
  const compiled =
    generated.status === 0
      ? run("gcc", ["-w", "-O2", "-DSAFETY", "-DNOREDUCE", "pan.c", "-o", "pan"])
      : generated;
  if (compiled.status !== 0) {
    remove();
    return null;
  }
  return {
    remove,
    run: () => {
      const begun = performance.now();
      const { stdout } = run("./pan", ["-w23", "-m2000000"]);
      const seconds = (performance.now() - begun) / 1000;
      const states = Number(/(\d+) states, stored/.exec(stdout)?.[1]);
      if (states !== expected) throw new Error(`SPIN found ${states} states instead of ${expected}`);
      return { seconds, states };
    },
  };
}
