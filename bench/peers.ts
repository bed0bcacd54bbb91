/** Other checkers on the yardstick model, prepared in a folder that the caller removes. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { counted, type Scope, sourceOf } from "./contenders.ts";
import type { Contender } from "./run.ts";

/** A contender, or why there is none. */
export type Prepared = Contender | string;

const firstNumber = (pattern: RegExp, text: string): number => Number(pattern.exec(text)?.[1] ?? Number.NaN);

function run(cwd: string, command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { cwd, stdio: "ignore" }).status === 0;
}

/** SPIN, depth first and without reductions, on the Promela twin in `bench/peers`. */
export function spin(scope: Scope, folder: string): Prepared {
  const { mms, folios, queue } = scope;
  const sizes = [`-DM=${mms}`, `-DF=${folios}`, `-DQ=${queue}`];
  const ready =
    run(folder, "spin", [...sizes, "-o1", "-o2", "-o3", "-a", sourceOf("bench/peers/kmm.pml")]) &&
    run(folder, "gcc", ["-w", "-O2", "-DSAFETY", "-DNOREDUCE", "pan.c", "-o", "pan"]);
  if (!ready) return "SPIN: left out, spin or gcc is not installed";
  return {
    name: "SPIN, depth first",
    command: join(folder, "pan"),
    args: ["-w23", "-m2000000"],
    cwd: folder,
    read: (output) => ({ amount: counted(firstNumber(/(\d+) states, stored/, output), scope) }),
  };
}

/** The invariants only: the goal that the exported configuration lists is violated, and TLC would stop there. */
const tlcConfiguration = `INIT Init
NEXT Next
CHECK_DEADLOCK FALSE
INVARIANT
  cursor_listed
  queued_has_owner
`;

/** Where TLC is, or why it is left out. */
export function javaFor(jar: string | undefined): { readonly jar: string } | string {
  if (jar === undefined) return "TLC: left out, TLC_JAR does not name a tla2tools.jar";
  if (!existsSync(jar)) return `TLC: left out, there is no ${jar}`;
  return run(tmpdir(), "java", ["-version"]) ? { jar } : "TLC: left out, java is not installed";
}

/** TLC with one worker, on what `kmmcheck export` writes. */
export function tlc(scope: Scope, folder: string, jar: string | undefined): Prepared {
  const java = javaFor(jar);
  if (typeof java === "string") return java;
  const { mms, folios, queue } = scope;
  const sizes = [`mms=${mms}`, `folios=${folios}`, `queue=${queue}`].flatMap((size) => ["--set", size]);
  const main = new URL("../cli/main.js", import.meta.url).pathname;
  const models = join(folder, "tla");
  mkdirSync(models);
  const exported = run(models, process.execPath, [
    main,
    "export",
    "kmm",
    "--to",
    "tla",
    ...sizes,
    "--output",
    "kmm.tla",
  ]);
  if (!exported) return "TLC: left out, the model cannot be exported";
  writeFileSync(join(models, "bench.cfg"), tlcConfiguration);
  return {
    name: "TLC, one worker",
    command: "java",
    args: [
      "-XX:+UseParallelGC",
      "-cp",
      java.jar,
      "tlc2.TLC",
      "-workers",
      "1",
      "-config",
      "bench.cfg",
      "kmm.tla",
    ],
    cwd: models,
    read: (output) => ({ amount: counted(statesOfTlc(output), scope) }),
  };
}

/** Distinct states in the last line of counts that TLC prints; those before it are of a search that goes on. */
export function statesOfTlc(output: string): number {
  return firstNumber(/(\d+) distinct states found 0 states left/, output.replaceAll(",", ""));
}

/** A breadth-first search written by hand in JavaScript for this model only: `gen.mjs` and `bfs.mjs` in PEER_JS. */
export function handWritten(scope: Scope, folder: string, peer: string | undefined): Prepared {
  const { mms, folios, queue } = scope;
  if (peer === undefined) return "hand-written JavaScript: left out, PEER_JS does not name its folder";
  if (!run(folder, process.execPath, [join(peer, "gen.mjs"), ...[mms, folios, queue].map(String), folder])) {
    return `hand-written JavaScript: left out, ${peer} has no gen.mjs that runs`;
  }
  const slots = Math.ceil(Math.log2((scope.states ?? 1e8) / 0.85));
  return {
    name: "hand-written JavaScript",
    command: process.execPath,
    args: [join(peer, "bfs.mjs"), join(folder, `kmm_${mms}_${folios}_${queue}.cjs`), String(slots)],
    read: (output) => ({ amount: counted((JSON.parse(output) as { states: number }).states, scope) }),
  };
}

/** `getAdjacencyMap` of `@xstate/graph` on the machine composed of our model, by its own clock. */
export function xstateGraph(scope: Scope): Contender {
  const { mms, folios, queue } = scope;
  return {
    name: "@xstate/graph",
    command: process.execPath,
    args: [new URL("./xstate-graph.js", import.meta.url).pathname, ...[mms, folios, queue].map(String)],
    read: (output) => {
      const { states, seconds } = JSON.parse(output) as { states: number; seconds: number };
      return { amount: counted(states, scope), seconds };
    },
  };
}
