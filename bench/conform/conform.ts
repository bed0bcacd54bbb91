/** Judging a log by the model: `kmmcheck validate --property M01` beside trace validation with TLC, of the same log and model. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { featuresOf, findModel, flatten, type Patch } from "../../models/index.ts";
import { ours } from "../contenders.ts";
import { javaFor } from "../peers.ts";
import { type Contender, type Measured, runInTurn } from "../run.ts";
import type { Section } from "../table.ts";
import { actionsOf } from "./bound-module.ts";
import { type DaemonLog, daemonLog, textOf } from "./daemon-log.ts";
import { mmsOf, neededStart, type Projection, projectionOn, thinned } from "./projection.ts";
import { type Bench, type Order, tlcOn } from "./tlc.ts";

export interface ConformOptions {
  /** An ftrace log of which no event is lost, gzip'd or not. */
  readonly log: string;
  /** Events of the daemon at most. */
  readonly events: number;
  /** The first mm that TLC follows, counted from 1 in the order of the log, and how many it follows one after the other. */
  readonly from: number;
  readonly mms: number;
  readonly jar: string | undefined;
  readonly ways: readonly Way[];
}

/** How TLC is asked: depth first is its fastest order; breadth first, its usual one, takes long and is tried on one mm. */
const ways = ["depth", "thinned", "breadth"] as const;
export type Way = (typeof ways)[number];

/** @throws Error where one is no way that there is */
export function waysOf(text: string): readonly Way[] {
  return text.split(",").map((word) => {
    const way = ways.find((one) => one === word);
    if (way === undefined) throw new Error(`--tlc ${word} is none of ${ways.join(", ")}`);
    return way;
  });
}

const unit = { name: "kevents", size: 1000 };

/** Ours follows all mms of the log in one run; TLC the first mms, each in a run of its own. */
export async function benchConform(options: ConformOptions, repetitions: number): Promise<Section> {
  const folder = mkdtempSync(join(tmpdir(), "kmmcheck-bench-"));
  try {
    const raw = readFileSync(options.log);
    const text = (options.log.endsWith(".gz") ? gunzipSync(raw) : raw).toString("latin1");
    const log = daemonLog(text, options.events);
    const all = mmsOf(log.events);
    const judge = judged(folder, "log.txt", log, "holds");
    const title = `conformance of ${join(basename(dirname(options.log)), basename(options.log))}, ${log.events.length.toLocaleString("en")} events of ${all.length} mms`;
    const bench = benchOf(folder, options.jar, judge);
    if (typeof bench === "string") {
      return {
        title,
        unit,
        rows: await runInTurn([judge.contender], repetitions),
        byRate: false,
        notes: [bench],
      };
    }
    const followed = all
      .slice(options.from - 1)
      .slice(0, options.mms)
      .map((mm) => projectionOn(mm, log.events));
    if (followed.length === 0) throw new Error(`--from ${options.from}: the log has ${all.length} mms`);
    const notes = await edited(bench, log, followed);
    const sets = options.ways.map((way) => {
      const { name, order, projections } = questionOf(way, followed);
      const contenders = projections.map((projection, k) => ({
        ...tlcOn(bench, `${way}_mm${k}`, projection, order, true),
        name: `${name}, mm ${options.from + k} of ${all.length}`,
      }));
      return { name, contenders };
    });
    const measured = await runInTurn(
      [judge.contender, ...sets.flatMap(({ contenders }) => contenders)],
      repetitions,
    );
    let at = 1;
    const rows = sets.flatMap(({ name, contenders: { length } }) => {
      const each = measured.slice(at, at + length);
      at += length;
      return length < 2 ? each : [...each, together(`${name}, these ${length} mms`, each)];
    });
    return {
      title,
      unit,
      rows: [...measured.slice(0, 1), ...rows],
      byRate: false,
      notes: [
        `Ours follows all ${all.length} mms in one run, TLC one in each run; ratios are of these times as they are.`,
        ...(options.ways.includes("thinned") ? [THINNED] : []),
        ...notes,
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const THINNED =
  "Thinned: of what others show between two events of the mm only the last scan and the last migration.";

interface Question {
  readonly name: string;
  readonly order: Order;
  readonly projections: readonly Projection[];
}

function questionOf(way: Way, followed: readonly Projection[]): Question {
  if (way === "depth") return { name: "TLC, depth first", order: "depth first", projections: followed };
  if (way === "breadth") {
    return { name: "TLC, breadth first", order: "breadth first", projections: followed.slice(0, 1) };
  }
  return { name: "TLC, depth first, thinned", order: "depth first", projections: followed.map(thinned) };
}

/** One row of several runs, one after the other. */
export function together(name: string, runs: readonly Measured[]): Measured {
  const sums = (of: (run: Measured) => readonly number[]): readonly number[] =>
    (runs[0] === undefined ? [] : of(runs[0])).map((_, i) =>
      runs.reduce((sum, run) => sum + (of(run)[i] ?? 0), 0),
    );
  return {
    name,
    amount: runs.reduce((sum, { amount }) => sum + amount, 0),
    seconds: sums(({ seconds }) => seconds),
    cpu: sums(({ cpu }) => cpu),
    memory: (runs[0]?.memory ?? []).map((_, i) => Math.max(...runs.map(({ memory }) => memory[i] ?? 0))),
  };
}

interface Judged {
  readonly contender: Contender;
  readonly patch: Patch;
}

/** Our command on the log, and the version of which it is. */
function judged(folder: string, name: string, log: DaemonLog, wanted: string, without = -1): Judged {
  writeFileSync(join(folder, name), textOf(log, without), "latin1");
  const contender = ours(
    "kmmcheck validate --property M01",
    ["validate", join(folder, name), "--property", "M01", "--json"],
    (output) => {
      const { verdict } = JSON.parse(output) as { readonly verdict: string };
      if (verdict !== wanted) throw new Error(`the verdict on ${name} is ${verdict} instead of ${wanted}`);
      return { amount: log.events.length };
    },
  );
  const { stdout, stderr } = spawnSync(contender.command, contender.args, { encoding: "utf8" });
  if (stdout === "") throw new Error(stderr.trim());
  contender.read(stdout);
  const { logs } = JSON.parse(stdout) as { readonly logs: readonly { readonly patch: Patch | null }[] };
  const patch = logs[0]?.patch;
  if (patch === undefined || patch === null) throw new Error("no event tells the version of the log");
  return { contender, patch };
}

/** The exported model beside TLC, or why it is left out. */
function benchOf(folder: string, jar: string | undefined, { patch }: Judged): Bench | string {
  const java = javaFor(jar);
  if (typeof java === "string") return java;
  const file = join(folder, "one_mm.tla");
  const { command, args } = ours(
    "export",
    ["export", "one-mm", "--patch", patch, "--to", "tla", "--output", file],
    () => ({ amount: 1 }),
  );
  const exported = spawnSync(command, args, { encoding: "utf8" });
  if (exported.status !== 0) throw new Error(exported.stderr.trim());
  const entry = findModel("one-mm");
  if (entry === undefined) throw new Error("the model of one mm is gone");
  const system = flatten(entry.build({ patch, features: featuresOf(entry, patch), parameters: {} }));
  return { ...java, folder, model: "one_mm", actions: actionsOf(readFileSync(file, "utf8"), system) };
}

/** That both reject the log after one forbidden edit: otherwise accepting it would say nothing. */
async function edited(
  bench: Bench,
  log: DaemonLog,
  followed: readonly Projection[],
): Promise<readonly string[]> {
  const [earliest] = followed
    .map((projection) => ({ mm: projection.mm, at: neededStart(projection), projection }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at);
  const start = earliest?.projection.events[earliest.at];
  if (earliest === undefined || start === undefined) {
    return ["No start of these mms is one that an end needs: that TLC rejects an edited log was not tried."];
  }
  judged(bench.folder, "edited.txt", log, "violated", start.at);
  const left = projectionOn(
    earliest.mm,
    log.events.filter((event) => event !== start),
  );
  await runInTurn([tlcOn(bench, "edited", thinned(left), "breadth first", false)], 1);
  return ["Without one start that an end needs, both reject the log."];
}
