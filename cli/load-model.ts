/** From the words on the command line (or in a config) to a model: catalogue name or file, version, features, sizes. */
import { extname, resolve } from "node:path";
import {
  type BuildOptions,
  featuresOf,
  type Model,
  type ModelEntry,
  mayShow,
  type Patch,
  patches,
} from "../models/index.ts";
import type { Host } from "./host.ts";
import { InputError, unknownName } from "./input-error.ts";
import type { Subject } from "./report/explore-report.ts";

/** What to build, as the user gave it. */
export interface ModelRequest {
  readonly model: string;
  readonly patch?: string | undefined;
  readonly features?: Readonly<Record<string, boolean>>;
  readonly parameters?: Readonly<Record<string, number>>;
}

export interface LoadedModel {
  readonly model: Model;
  readonly subject: Subject;
  readonly changedFeatures: readonly string[];
  /** True for a model of the user's, which is not in the catalogue. */
  readonly fromFile: boolean;
}

/** The model asked for. Throws {@link InputError} for every name or value that does not exist. */
export async function loadModel(request: ModelRequest, host: Host): Promise<LoadedModel> {
  const catalogue = await host.catalogue();
  const entry = catalogue.find(({ name }) => name === request.model);
  if (entry !== undefined) return fromCatalogue(entry, request);
  if (![".json", ".js", ".mjs"].includes(extname(request.model))) {
    if (await host.files.exists(resolve(host.cwd, request.model)))
      throw new InputError(
        `there is no model ${request.model}, and the path of this name is no model file: the name of one ends in .json, .js or .mjs`,
      );
    const known = catalogue.map(({ name }) => name);
    throw new InputError(
      `${unknownName("model", request.model, known)} (a file of your own ends in .json, .js or .mjs)`,
    );
  }
  const { readModelFile } = await import("./model-file.ts");
  const model = await readModelFile(resolve(host.cwd, request.model), request.model, host);
  refuseOptions(request);
  const subject = { model: model.name, title: model.title, patch: null, parameters: {}, features: {} };
  return { model, subject, changedFeatures: [], fromFile: true };
}

/** A model file is complete: it has no versions, features or parameters to choose. */
function refuseOptions(request: ModelRequest): void {
  const given = [
    request.patch === undefined ? [] : ["--patch"],
    Object.keys(request.features ?? {}).length === 0 ? [] : ["--feature"],
    Object.keys(request.parameters ?? {}).length === 0 ? [] : ["--set"],
  ].flat();
  if (given.length > 0) {
    throw new InputError(
      `${request.model} is a file: ${given.join(" and ")} choose among built-in models only`,
    );
  }
}

function fromCatalogue(entry: ModelEntry, request: ModelRequest): LoadedModel {
  const patch = choosePatch(entry, request.patch);
  const own = featuresOf(entry, patch);
  const features = { ...own };
  for (const [name, on] of Object.entries(request.features ?? {})) {
    if (own[name] === undefined) {
      throw new InputError(unknownName(`feature of ${entry.name}`, name, Object.keys(own)));
    }
    features[name] = on;
  }
  const parameters = chooseParameters(entry, request.parameters ?? {});
  const built = entry.build({ patch, features, parameters });
  refuseIdle(entry, { patch, features, parameters }, built);
  const model = patch === null ? built : withOwnDefects(built, entry, patch, features);
  return {
    model,
    subject: { model: entry.name, title: entry.title, patch, parameters, features },
    changedFeatures: Object.keys(features).filter((name) => features[name] !== own[name]),
    fromFile: false,
  };
}

/** A property names the defects of all versions that break it: those that this build may show are left. */
function withOwnDefects(
  model: Model,
  entry: ModelEntry,
  patch: Patch,
  features: Readonly<Record<string, boolean>>,
): Model {
  const properties = model.properties.map((property) => {
    const { id, defects } = property;
    const own = defects?.filter((defect) => mayShow(defect, id, { entry, patch, features }));
    return own === undefined ? property : { ...property, defects: own };
  });
  return { ...model, properties };
}

function choosePatch(entry: ModelEntry, asked: string | undefined): Patch | null {
  if (entry.patches.length === 0) {
    if (asked === undefined) return null;
    throw new InputError(`model ${entry.name} has no versions: leave out --patch ${asked}`);
  }
  if (asked === undefined) return entry.patches[0] ?? null;
  const found = entry.patches.find((patch) => patch === asked);
  if (found !== undefined) return found;
  if (patches.some((patch) => patch === asked)) {
    const instead =
      asked === "p1" && isV1(entry)
        ? ", which does there what v1 does: --patch v1"
        : `; it has ${entry.patches.join(", ")}`;
    throw new InputError(`model ${entry.name} has no version ${asked}${instead}`);
  }
  throw new InputError(unknownName(`version of ${entry.name}`, asked, entry.patches));
}

/** Whether what tells p1 from v1 is no matter of a model that has no version p1. */
function isV1(entry: ModelEntry): boolean {
  const [p1, v1] = (["p1", "v1"] as const).map((patch) => JSON.stringify(featuresOf(entry, patch)));
  return entry.patches.includes("v1") && p1 === v1;
}

function chooseParameters(
  entry: ModelEntry,
  asked: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  for (const [name, value] of Object.entries(asked)) {
    const range = Object.hasOwn(entry.parameters, name) ? entry.parameters[name] : undefined;
    if (range === undefined) {
      throw new InputError(unknownName(`parameter of ${entry.name}`, name, Object.keys(entry.parameters)));
    }
    if (!Number.isInteger(value) || value < range.min || value > range.max) {
      throw new InputError(
        `parameter ${name} is ${value}, but ${entry.name} takes ${range.min} to ${range.max}`,
      );
    }
  }
  return Object.fromEntries(
    Object.entries(entry.parameters).map(([name, range]) => [name, asked[name] ?? range.default]),
  );
}

/** A size that changes nothing in this version was asked for by mistake: the answer would be about another question. */
function refuseIdle(entry: ModelEntry, options: BuildOptions, model: Model): void {
  const text = JSON.stringify(model);
  for (const [name, range] of Object.entries(entry.parameters)) {
    if (options.parameters[name] === range.default) continue;
    const others = [range.min, range.default, range.max].map((n) =>
      entry.build({ ...options, parameters: { ...options.parameters, [name]: n } }),
    );
    if (others.some((other) => JSON.stringify(other) !== text)) continue;
    const version = options.patch === null ? "" : ` ${options.patch}`;
    throw new InputError(`parameter ${name} changes nothing in ${entry.name}${version}: leave it out`);
  }
}

/** Refuses a property that the model does not declare. */
export function checkPropertyNames(asked: readonly string[], model: Model): void {
  const known = model.properties.map(({ id }) => id);
  for (const id of asked) {
    if (!known.includes(id)) throw new InputError(unknownName(`property of ${model.name}`, id, known));
  }
}
