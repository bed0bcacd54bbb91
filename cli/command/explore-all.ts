/** `kmmcheck explore --all`: every version of every model of the series, side by side. */
import type { CheckResult } from "../../checker/check.ts";
import { catalogueProperties, defects } from "../../models/index.ts";
import { ExitCode, worst } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { InputError } from "../input-error.ts";
import { type PlannedRun, planAll } from "../plan-all.ts";
import { printReport } from "../print.ts";
import type {
  AskedProperty,
  Finding,
  FindingsReport,
  FindingsRun,
  ShownDefect,
} from "../report/findings-report.ts";
import { findingsText } from "../report/findings-text.ts";
import { VERSION } from "../version.ts";
import { checkLoaded, type ExploreOptions, limitsOf } from "./explore.ts";

/**
 * Limits are those of each search. Without `--reduce` nothing is left out, so that the sizes are those of the full graphs.
 *
 * @param only - this model only; null for all
 */
export async function exploreAll(
  only: string | null,
  options: ExploreOptions,
  host: Host,
): Promise<ExitCode> {
  refuseOptions(options);
  const filter = { model: only ?? undefined, patch: options.patch, properties: options.property };
  const plan = await planAll(filter, host);
  const { workers = host.processors, ...of } = options;
  const atOnce = Math.min(workers, plan.length);
  const maxMemory = Math.floor((options.maxMemory ?? (await host.memory())) / atOnce);
  const limits = limitsOf({ ...of, maxMemory, reduce: options.reduce ?? [] });
  const results = await severalAtOnce(plan, atOnce, async (run): Promise<readonly Done[]> => {
    if (host.interrupt.aborted) return [];
    const result = await checkLoaded(run.loaded, { ...limits, properties: run.properties }, host);
    return [{ run, result }];
  });
  const done = results.flat();
  const report = await reportOf(done, {
    interrupted: done.length < plan.length || host.interrupt.aborted,
    narrowed: only !== null || options.patch !== undefined || options.property.length > 0,
  });
  printReport(report, (layout) => findingsText(report, layout), options, host);
  return ExitCode[report.verdict];
}

/** What `work` gives for each item, in their order; so many are worked on at once, begun in that order. After a failure none is begun. */
async function severalAtOnce<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const i = next++;
      try {
        results[i] = await work(items[i] as Item);
      } catch (error) {
        next = items.length;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return results;
}

/** The table has each version as it is, breadth first, with shortest runs. */
function refuseOptions(options: ExploreOptions): void {
  const given = {
    "--feature": Object.keys(options.feature).length > 0,
    "--set": Object.keys(options.set).length > 0,
    "--check-reductions": options.checkReductions,
    "--no-continue": !options.continue,
    "--search": options.search !== undefined,
    "--store": options.store !== undefined,
    "--bits": options.bits !== undefined,
    "--store-memory": options.storeMemory !== undefined,
    "--seed": options.seed !== undefined,
    "--swarm": options.swarm !== undefined,
    "--walks": options.walks !== undefined,
    "--max-depth": options.maxDepth !== undefined,
    "--shard": options.shard !== undefined,
    "--checkpoint": options.checkpoint !== undefined,
    "--checkpoint-every": options.checkpointEvery !== undefined,
    "--resume": options.resume !== undefined,
    "--full": options.full,
    "--coverage": options.coverage,
    "--save": options.save !== undefined,
  };
  const names = Object.entries(given).flatMap(([name, is]) => (is ? [name] : []));
  if (names.length > 0) throw new InputError(`${names.join(" and ")} cannot be combined with --all`);
}

interface Done {
  readonly run: PlannedRun;
  readonly result: CheckResult;
}

async function reportOf(
  done: readonly Done[],
  { interrupted, narrowed }: Pick<FindingsReport, "interrupted" | "narrowed">,
): Promise<FindingsReport> {
  const findings = inOrder(done);
  return {
    tool: "kmmcheck",
    version: VERSION,
    command: "explore --all",
    verdict: worst([
      ...findings.map(({ verdict }) => verdict),
      ...(interrupted || findings.length === 0 ? (["inconclusive"] as const) : []),
    ]),
    interrupted,
    narrowed,
    runs: done.map(runOf),
    findings,
    properties: await askedProperties(findings),
    defects: shownDefects(findings),
  };
}

function runOf({ run, result }: Done): FindingsRun {
  const { states, transitions, depth } = result.statistics;
  const { subject } = run.loaded;
  const { model, parameters } = subject;
  return {
    name: run.name,
    model,
    patch: run.patch,
    design: run.design,
    parameters,
    states,
    transitions,
    depth,
    cut: result.cut,
  };
}

/** As the models declare them, whatever the order of the searches of a version. */
function inOrder(done: readonly Done[]): readonly Finding[] {
  const versions = new Map<string, Done[]>();
  for (const one of done) {
    const key = `${one.run.loaded.subject.model} ${one.run.patch} ${one.run.design}`;
    versions.set(key, [...(versions.get(key) ?? []), one]);
  }
  return [...versions.values()].flatMap((of) => {
    const order = of[0]?.run.loaded.model.properties.map(({ id }) => id) ?? [];
    return of.flatMap(findingsOf).sort((a, b) => order.indexOf(a.property) - order.indexOf(b.property));
  });
}

function findingsOf({ run, result }: Done): readonly Finding[] {
  const { model, parameters } = run.loaded.subject;
  return result.properties.map(({ id, kind, verdict, vacuous, reason, counterexample, defects: named }) => {
    const steps = counterexample?.steps.length ?? null;
    const start = counterexample?.loopStart ?? null;
    return {
      model,
      patch: run.patch,
      design: run.design,
      property: id,
      kind,
      verdict,
      vacuous,
      reason,
      defects: verdict === "violated" ? named : [],
      parameters,
      steps,
      loop: steps === null || start === null ? null : steps - start,
    };
  });
}

async function askedProperties(findings: readonly Finding[]): Promise<readonly AskedProperty[]> {
  const { monitorCatalogue } = await import("../../traces/validate.ts");
  return Object.entries(catalogueProperties).map(([id, { says, undecided }]) => {
    const asks = ({ property }: Finding) => property === id || property.startsWith(`${id}.`);
    const models = [...new Set(findings.filter(asks).map(({ model }) => model))];
    const log = monitorCatalogue.some((monitor) => monitor.id === id);
    return { id, says, models, undecided, log };
  });
}

function shownDefects(findings: readonly Finding[]): readonly ShownDefect[] {
  return Object.entries(defects).map(([id, { says, patches, unshown }]) => {
    const shown = new Map<string, { model: string; property: string; patches: string[] }>();
    for (const { model, property, patch, defects: of } of findings) {
      if (!of.includes(id)) continue;
      const key = `${model} ${property}`;
      const row = shown.get(key) ?? { model, property, patches: [] };
      row.patches.push(patch);
      shown.set(key, row);
    }
    return { id, says, patches, shown: [...shown.values()], unshown };
  });
}
