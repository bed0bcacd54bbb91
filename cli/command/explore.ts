/** `kmmcheck explore`: every reachable state of a model, one verdict a property. */
import { resolve } from "node:path";
import type { CheckResult, Reduction, SearchOptions } from "../../checker/check.ts";
import { usualCrewFrom } from "../../checker/explore/crew-from.ts";
import { type CheckpointWords, refuseCheckpoints } from "../checkpoint/options.ts";
import { planCheckpoints } from "../checkpoint/plan.ts";
import { compareSearches } from "../compare-reductions.ts";
import { ExitCode } from "../exit-code.ts";
import type { CheckLimits, Host } from "../host.ts";
import { InputError } from "../input-error.ts";
import { checkPropertyNames, type LoadedModel, loadModel } from "../load-model.ts";
import { type CommonOptions, jsonText, printReport, progressLine, progressText, warn } from "../print.ts";
import { exploreText } from "../report/explore-text.ts";
import { bytes, counted } from "../report/numbers.ts";
import { type Compared, reportCheck } from "../report-check.ts";
import { savedRuns } from "../saved-runs.ts";
import { type SearchWords, searchOf, usualReductions } from "../search-options.ts";
import { planShard, type ShardNumber } from "../shard.ts";

export interface ExploreOptions extends CommonOptions, SearchWords, CheckpointWords {
  readonly patch?: string;
  readonly feature: Readonly<Record<string, boolean>>;
  readonly set: Readonly<Record<string, number>>;
  readonly property: readonly string[];
  readonly all: boolean;
  readonly shard?: ShardNumber;
  readonly reduce?: readonly Reduction[];
  readonly checkReductions: boolean;
  readonly workers?: number;
  readonly maxStates?: number;
  readonly maxMemory?: number;
  readonly maxSeconds?: number;
  readonly continue: boolean;
  readonly coverage: boolean;
  readonly full: boolean;
  readonly save?: string;
}

export async function explore(name: string, options: ExploreOptions, host: Host): Promise<ExitCode> {
  const search = searchOf(options);
  if ((options.workers ?? 1) > 1 && search.order !== "bfs") {
    throw new InputError(
      "--workers is for --search bfs with exact states; --shard divides other searches among processes",
    );
  }
  refuseLooks(options, search);
  refuseCheckpoints(options, {
    "not for --search dfs or random": search.order !== "bfs",
    "and --check-reductions makes several": options.checkReductions,
  });
  const { patch, feature: features, set: parameters } = options;
  const loaded = await loadModel({ model: name, patch, features, parameters }, host);
  checkPropertyNames(options.property, loaded.model);
  const whole = {
    ...limitsOf(options),
    ...(search.order === "bfs" ? {} : { search }),
  };
  const { limits, shard } =
    options.shard === undefined ? { limits: whole, shard: null } : planShard(options.shard, loaded, whole);
  const began = host.now();
  const result = await checkLoaded(loaded, planCheckpoints(options, loaded, limits, host), host);
  noteIdleThreads(options, result, host);
  const comparison = options.checkReductions ? await compared(loaded, result, { limits, began }, host) : null;
  const report = reportCheck(loaded, result, shard, comparison);
  if (options.save !== undefined) {
    await host.files.replace(resolve(host.cwd, options.save), jsonText(savedRuns(loaded, report)));
  }
  const { full, reduce } = options;
  const whyNotReduced = full || reduce !== undefined;
  printReport(report, (layout) => exploreText(report, { ...layout, full, whyNotReduced }), options, host);
  return ExitCode[report.verdict];
}

/** The report is the same for any number of threads, so that only one took part stands beside it. */
function noteIdleThreads({ workers = 1 }: ExploreOptions, { statistics }: CheckResult, host: Host): void {
  if (workers === 1 || statistics.seconds >= usualCrewFrom.seconds) return;
  warn(
    `one thread explored ${counted(statistics.states, "state")}: the others join after ${usualCrewFrom.seconds} s`,
    host,
  );
}

/** Refuses to look at states, or at reductions, where a search has none. */
function refuseLooks(options: ExploreOptions, search: SearchOptions): void {
  const keepsStates = search.order === "bfs" || (search.order === "dfs" && search.store.kind === "exact");
  const given = [
    ...(options.coverage ? ["--coverage"] : []),
    ...(options.checkReductions ? ["--check-reductions"] : []),
  ];
  if (!keepsStates && given.length > 0) {
    const verb = given.length > 1 ? "are" : "is";
    throw new InputError(
      `${given.join(" and ")} ${verb} for --search bfs and dfs with exact states, which this search does not keep`,
    );
  }
  if (options.checkReductions && options.reduce?.length === 0) {
    throw new InputError(
      "--check-reductions compares with a search without reductions, which --reduce none is: leave one out",
    );
  }
  const { maxMemory } = options;
  if (search.order !== "dfs" || search.store.kind !== "bitstate" || maxMemory === undefined) return;
  if (search.store.bytes > maxMemory) {
    throw new InputError(
      `the array of --store bitstate takes ${bytes(search.store.bytes)}, more than the ${bytes(maxMemory)} that --max-memory allows: make it smaller with --store-memory`,
    );
  }
}

export function limitsOf(options: ExploreOptions): CheckLimits {
  return {
    reduce: options.reduce ?? usualReductions,
    shortest: true,
    ...(options.property.length === 0 ? {} : { properties: options.property }),
    ...(options.coverage ? { coverage: true } : {}),
    ...(options.continue ? {} : { stopAtFirst: true }),
    ...(options.maxStates === undefined ? {} : { maxStates: options.maxStates }),
    ...(options.maxMemory === undefined ? {} : { maxMemoryBytes: options.maxMemory }),
    ...((options.workers ?? 1) === 1 ? {} : { workers: options.workers }),
    ...(options.maxSeconds === undefined ? {} : { maxSeconds: options.maxSeconds }),
  };
}

/** The search without reductions, and what it has in common with the one that has some; seconds count for all together. */
async function compared(
  loaded: LoadedModel,
  result: CheckResult,
  { limits, began }: { readonly limits: CheckLimits; readonly began: number },
  host: Host,
): Promise<Compared> {
  const rest = (): CheckLimits => {
    const { maxSeconds } = limits;
    if (maxSeconds === undefined) return limits;
    return { ...limits, maxSeconds: Math.max(0, maxSeconds - (host.now() - began) / 1000) };
  };
  const without = await checkLoaded(loaded, { ...rest(), reduce: [] }, host);
  const bySymmetry = result.reductions.applied.some(({ reduction }) => reduction === "symmetry")
    ? await checkLoaded(loaded, { ...rest(), reduce: ["symmetry"], orbits: true }, host)
    : null;
  return { without, comparison: compareSearches(result, without, bySymmetry) };
}

/** Explores with a line of progress on the terminal. */
export async function checkLoaded(loaded: LoadedModel, limits: CheckLimits, host: Host) {
  const line = progressLine(host);
  try {
    return await host.check(
      loaded.model,
      limits,
      (p) => line.show(progressText(loaded.subject.model, p)),
      (sentence) => {
        line.clear();
        warn(sentence, host);
      },
    );
  } finally {
    line.clear();
  }
}
