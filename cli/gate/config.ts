/** The configuration of the gate: read, checked, and every run made ready before the first one starts. */
import { dirname, resolve } from "node:path";
import type { CoverageDetail, Reduction } from "../../checker/check.ts";
import type { JudgedScope } from "../../models/index.ts";
import { validate as validateConfig } from "../../schemas/config.schema.json?validator";
import type { Tunables } from "../../traces/validate.ts";
import type { CheckLimits, Host } from "../host.ts";
import { InputError, type Place, unknownName } from "../input-error.ts";
import { checkSchema, type JsonFile, placeOf, readJson } from "../json-file.ts";
import { checkPropertyNames, type LoadedModel, loadModel } from "../load-model.ts";
import { byteSize } from "../options.ts";
import { type PlannedRun, planAll } from "../plan-all.ts";
import { usualReductions } from "../search-options.ts";

/** One exploration, as the file says it. */
interface ExploreEntry {
  readonly name: string;
  readonly model: string;
  readonly patch?: string;
  readonly features?: Readonly<Record<string, boolean>>;
  readonly scope?: string;
  readonly parameters?: Readonly<Record<string, number>>;
  readonly properties?: readonly string[];
  readonly maxStates?: number;
  readonly maxMemory?: number | string;
  readonly maxSeconds?: number;
  readonly coverage?: LeastCoverage;
  readonly reduce?: readonly Reduction[];
}

/** The least that must be used of each kind of thing, in percent. */
export type LeastCoverage = Partial<Readonly<Record<keyof CoverageDetail, number>>>;

interface ValidateEntry {
  readonly name: string;
  readonly logs: readonly string[];
  readonly format?: string;
  readonly patch?: string;
  readonly properties?: readonly string[];
  readonly tunables?: string;
  readonly hz?: number;
  readonly allCpus?: boolean;
}

interface ConfigFile {
  readonly baseline?: string;
  readonly series?: readonly string[];
  readonly explore?: readonly ExploreEntry[];
  readonly validate?: readonly ValidateEntry[];
}

export interface ExploreRun {
  readonly kind: "explore";
  readonly name: string;
  readonly subject: string;
  readonly loaded: LoadedModel;
  readonly limits: CheckLimits;
  readonly leastCoverage: LeastCoverage | null;
}

export interface ValidateRun {
  readonly kind: "validate";
  readonly name: string;
  readonly subject: string;
  readonly entry: ValidateEntry;
  readonly tunables: Tunables;
  /** The folder of the configuration, to which its paths are relative. */
  readonly base: string;
  readonly place: Place;
}

export interface GateConfig {
  readonly name: string;
  readonly runs: readonly (ExploreRun | ValidateRun)[];
  /** Path and name of the baseline; null where the configuration has none. */
  readonly baseline: { readonly path: string; readonly name: string } | null;
}

export async function readConfig(name: string, host: Host): Promise<GateConfig> {
  const path = resolve(host.cwd, name);
  const file = await readJson(path, name, host.files);
  checkSchema(file, validateConfig, "configuration of the gate");
  const { baseline, series = [], explore = [], validate = [] } = file.value as ConfigFile;
  const base = dirname(path);
  refuseTwins(file, { series, explore, validate });
  const runs: (ExploreRun | ValidateRun)[] = await seriesRuns(series, file, host);
  for (const [i, entry] of explore.entries()) {
    runs.push(await located(placeOf(file, `/explore/${i}`), () => exploreRun(entry, base, host)));
  }
  for (const [i, entry] of validate.entries()) {
    const place = placeOf(file, `/validate/${i}`);
    runs.push(await located(place, () => validateRun(entry, base, place, host)));
  }
  if (runs.length === 0)
    throw new InputError("there is nothing to run: series, explore and validate are empty", { file: name });
  return {
    name,
    runs,
    baseline: baseline === undefined ? null : { path: resolve(base, baseline), name: baseline },
  };
}

function refuseTwins(
  file: JsonFile,
  { series, explore, validate }: Required<Omit<ConfigFile, "baseline">>,
): void {
  const seen = new Set<string>();
  const all = [
    ...series.map((name, i) => ({ name, at: `/series/${i}` })),
    ...explore.map(({ name }, i) => ({ name, at: `/explore/${i}/name` })),
    ...validate.map(({ name }, i) => ({ name, at: `/validate/${i}/name` })),
  ];
  for (const { name, at } of all) {
    if (seen.has(name)) throw new InputError(`there are two runs of the name ${name}`, placeOf(file, at));
    seen.add(name);
  }
}

/** Puts a place on complaints that have none of their own. */
export async function located<T>(place: Place, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof InputError && error.place === null) throw new InputError(error.message, place);
    throw error;
  }
}

/** Runs of `explore --all`, with the scope and the properties that they have there. */
async function seriesRuns(names: readonly string[], file: JsonFile, host: Host): Promise<ExploreRun[]> {
  const plan: readonly PlannedRun[] = names.length === 0 ? [] : await planAll({}, host);
  return names.map((name, i) => {
    const run = plan.find((planned) => planned.name === name);
    if (run === undefined) {
      const known = plan.map((planned) => planned.name);
      throw new InputError(unknownName("run of explore --all", name, known), placeOf(file, `/series/${i}`));
    }
    const { loaded, properties } = run;
    return {
      kind: "explore",
      name,
      subject: subjectOf(loaded, loaded.subject.model),
      loaded,
      limits: { properties, reduce: usualReductions, shortest: true },
      leastCoverage: null,
    };
  });
}

async function exploreRun(entry: ExploreEntry, base: string, host: Host): Promise<ExploreRun> {
  const { model, patch, features = {}, properties = [] } = entry;
  const parameters = { ...(await sizesOfScope(entry, { ...host, cwd: base })), ...entry.parameters };
  const loaded = await loadModel({ model, patch, features, parameters }, { ...host, cwd: base });
  checkPropertyNames(properties, loaded.model);
  if (loaded.model.properties.length === 0) {
    throw new InputError(`model ${model} has no properties: nothing would be judged`);
  }
  const { maxMemory } = entry;
  const memory = typeof maxMemory === "string" ? byteSize("maxMemory")(maxMemory) : maxMemory;
  return {
    kind: "explore",
    name: entry.name,
    subject: subjectOf(loaded, entry.model),
    loaded,
    limits: {
      ...(properties.length === 0 ? {} : { properties }),
      ...(entry.coverage === undefined ? {} : { coverage: true }),
      reduce: entry.reduce ?? usualReductions,
      shortest: true,
      ...(entry.maxStates === undefined ? {} : { maxStates: entry.maxStates }),
      ...(memory === undefined ? {} : { maxMemoryBytes: memory }),
      ...(entry.maxSeconds === undefined ? {} : { maxSeconds: entry.maxSeconds }),
    },
    leastCoverage: entry.coverage ?? null,
  };
}

/** The sizes of the scope that an entry names. */
async function sizesOfScope(
  { model, patch, scope }: ExploreEntry,
  host: Host,
): Promise<JudgedScope["parameters"]> {
  if (scope === undefined) return {};
  // A model or version that does not exist is what is complained of first.
  const { subject, fromFile } = await loadModel({ model, patch }, host);
  const entry = fromFile ? undefined : (await host.catalogue()).find(({ name }) => name === model);
  const scopes = (entry?.scopes ?? []).filter(
    ({ patches }) => patches?.some((one) => one === subject.patch) ?? true,
  );
  const found = scopes.find(({ name }) => name === scope);
  if (found !== undefined) return found.parameters;
  const version = subject.patch === null ? model : `${model} ${subject.patch}`;
  const known = scopes.map(({ name }) => name);
  throw new InputError(unknownName(`scope of ${version}`, scope, known));
}

/** `system@v0+youngFlagCleared-folioPinnedWhileQueued`: which daemon a finding is about, whatever the sizes. */
function subjectOf({ subject, changedFeatures, fromFile }: LoadedModel, asked: string): string {
  const version = subject.patch === null ? "" : `@${subject.patch}`;
  const changes = changedFeatures.map((name) => `${subject.features[name] ? "+" : "-"}${name}`);
  return `${fromFile ? asked : subject.model}${version}${changes.join("")}`;
}

async function validateRun(
  entry: ValidateEntry,
  base: string,
  place: Place,
  host: Host,
): Promise<ValidateRun> {
  const tunables =
    entry.tunables === undefined
      ? {}
      : await (await import("../tunables.ts")).readTunables(entry.tunables, { ...host, cwd: base });
  return { kind: "validate", name: entry.name, subject: entry.logs.join("+"), entry, tunables, base, place };
}
