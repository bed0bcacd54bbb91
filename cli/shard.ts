/** Parts of an exploration or a gate: what part i of n takes, and what tells that parts belong together. */
import { createHash } from "node:crypto";
import type { SearchOptions } from "../checker/check.ts";
import type { BaselineEntry } from "./gate/baseline.ts";
import type { GateConfig } from "./gate/config.ts";
import type { CheckLimits } from "./host.ts";
import { InputError } from "./input-error.ts";
import type { LoadedModel } from "./load-model.ts";
import type { Shard } from "./report/explore-report.ts";
import type { GateReport } from "./report/gate-report.ts";
import { VERSION } from "./version.ts";

/** Part `index` of `count`, from 1. */
export interface ShardNumber {
  readonly index: number;
  readonly count: number;
}

/** Reads `2/4`. */
export function shardNumber(text: string): ShardNumber {
  const [, index = 0, count = 0] = (/^(\d{1,6})\/(\d{1,6})$/u.exec(text) ?? []).map(Number);
  if (index >= 1 && index <= count) return { index, count };
  throw new InputError(`--shard takes I/N with I from 1 to N, such as 2/4, not ${JSON.stringify(text)}`);
}

/** What one part is to do. */
export interface ShardPlan {
  readonly limits: CheckLimits;
  readonly shard: Shard;
}

/**
 * The part's share of the work. A search that draws from seeds is divided by its seeds, each part a run of neighbours;
 * any other by the properties, dealt out one by one.
 *
 * @param limits - of the whole
 */
export function planShard(part: ShardNumber, loaded: LoadedModel, limits: CheckLimits): ShardPlan {
  const { search = { order: "bfs" } } = limits;
  const asked = limits.properties;
  const properties = loaded.model.properties
    .map(({ id }) => id)
    .filter((id) => asked === undefined || asked.includes(id));
  const whole = { properties, seeds: search.order === "bfs" ? [] : search.seeds };
  const divides = search.order === "random" || whole.seeds.length > 1 ? "seeds" : "properties";
  const shard = { ...part, divides, ...whole, fingerprint: fingerprint(loaded, limits, whole) } as const;
  if (divides === "properties") {
    refuseEmpty(part, properties.length, "properties", "");
    const own = properties.filter((_, k) => k % part.count === part.index - 1);
    return { limits: { ...limits, properties: own }, shard };
  }
  refuseEmpty(part, whole.seeds.length, "seeds", ": raise --swarm");
  const seeds = seedsOfPart(part, whole.seeds);
  return { limits: { ...limits, search: { ...search, seeds } as SearchOptions }, shard };
}

/** The run of neighbours among the seeds of the whole that a part takes. */
export function seedsOfPart({ index, count }: ShardNumber, seeds: readonly number[]): readonly number[] {
  const edge = (i: number) => Math.floor((i * seeds.length) / count);
  return seeds.slice(edge(index - 1), edge(index));
}

function refuseEmpty({ index, count }: ShardNumber, most: number, what: string, advice: string): void {
  if (count <= most) return;
  throw new InputError(`--shard ${index}/${count} has more parts than there are ${what} (${most})${advice}`);
}

/** A configuration of the gate and its baseline, as far as one part has to do with them; null for the whole. */
export function gatePart(
  part: ShardNumber | null,
  config: GateConfig,
  baseline: readonly BaselineEntry[],
): {
  readonly config: GateConfig;
  readonly baseline: readonly BaselineEntry[];
  readonly shard: GateReport["shard"];
} {
  if (part === null) return { config, baseline, shard: null };
  const names = config.runs.map(({ name }) => name);
  refuseEmpty(part, names.length, "runs", "");
  const isOwn = (k: number) => k % part.count === part.index - 1;
  // What the baseline knows of a run that is not in the configuration is for the first part to miss.
  const isKnown = ({ fingerprint }: BaselineEntry) =>
    isOwn(Math.max(0, names.indexOf(fingerprint.split("/")[0] ?? "")));
  const work = config.runs.map((run) =>
    run.kind === "explore"
      ? [run.name, run.loaded.model, run.loaded.subject, run.limits]
      : [run.name, run.entry, run.tunables],
  );
  return {
    config: { ...config, runs: config.runs.filter((_, k) => isOwn(k)) },
    baseline: baseline.filter(isKnown),
    shard: { ...part, runs: names, fingerprint: digest([VERSION, work, baseline]) },
  };
}

/** Equal for parts of one whole: the same program, model, properties, seeds, search and limits, with any number of threads. */
function fingerprint(loaded: LoadedModel, { workers: _, ...limits }: CheckLimits, whole: object): string {
  return digest([VERSION, loaded.model, loaded.subject, limits, whole]);
}

function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 32);
}
