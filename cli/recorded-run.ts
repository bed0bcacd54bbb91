/** Runs of a saved file, taken again and judged anew: `kmmcheck replay` shows them, `kmmcheck explain` explains them. */
import { resolve } from "node:path";
import { wellSorted } from "../checker/check.ts";
import { fairnessOn, flatten, type Property, type System } from "../models/index.ts";
import { validate } from "../schemas/counterexample.schema.json?validator";
import type { Host } from "./host.ts";
import { InputError, unknownName } from "./input-error.ts";
import { mostLevels } from "./json-depth.ts";
import { checkSchema, type JsonFile, placeOf, readJson } from "./json-file.ts";
import { type LoadedModel, loadModel } from "./load-model.ts";
import { replayRun, type TakenRun } from "./replay-run.ts";
import type { ReportedProperty } from "./report/explore-report.ts";
import { reportRun } from "./report-check.ts";
import type { SavedRun, SavedRuns } from "./saved-runs.ts";
import { VERSION } from "./version.ts";
import { whyNotViolated } from "./violates.ts";

/** A saved file whose chosen runs still violate their properties. */
export interface Recorded {
  /** Version of kmmcheck that wrote the file. */
  readonly recordedBy: string;
  readonly loaded: LoadedModel;
  readonly system: System;
  readonly runs: readonly RecordedRun[];
}

export interface RecordedRun {
  /** The property and its run as a report shows them. */
  readonly reported: ReportedProperty;
  /** Null for the built-in property that no step writes outside a sort. */
  readonly property: Property | null;
  readonly taken: TakenRun;
  readonly loopStart: number | null;
}

/**
 * Reads a file that `explore --save` wrote.
 *
 * @param ids - the properties whose runs are wanted; all where empty
 * @throws InputError where the file, the model or a run does not fit
 */
export async function recordedRuns(name: string, ids: readonly string[], host: Host): Promise<Recorded> {
  // A saved file has a model inside, and steps that stand deeper than the sorts of their values.
  const file = await readJson(resolve(host.cwd, name), name, host.files, mostLevels + 10);
  checkSchema(file, validate, "saved runs");
  const saved = file.value as SavedRuns;
  const loaded = await loadRecorded(saved, file, host);
  const known = saved.runs.map(({ property }) => property.id);
  for (const id of ids) {
    if (!known.includes(id)) throw new InputError(unknownName("run of property", id, known), { file: name });
  }
  const system = flatten(loaded.model);
  const runs = saved.runs.flatMap((run, k) =>
    ids.length === 0 || ids.includes(run.property.id) ? [takeRecorded(system, saved, run, k, file)] : [],
  );
  return { recordedBy: saved.version, loaded, system, runs };
}

/** The model that the file records: its own definition, or a built-in one built again. */
async function loadRecorded(saved: SavedRuns, file: JsonFile, host: Host): Promise<LoadedModel> {
  const { model: name, patch, parameters, features } = saved;
  if (saved.definition === null) {
    return loadModel({ model: name, patch: patch ?? undefined, parameters, features }, host);
  }
  const { modelOf } = await import("./model-file.ts");
  const inside = { ...file, value: saved.definition };
  const model = modelOf(inside, (pointer) => placeOf(file, `/definition${pointer}`));
  const subject = { model: model.name, title: model.title, patch: null, parameters: {}, features: {} };
  return { model, subject, changedFeatures: [], fromFile: true };
}

function takeRecorded(
  system: System,
  saved: SavedRuns,
  run: SavedRun,
  k: number,
  file: JsonFile,
): RecordedRun {
  const { id } = run.property;
  const property = id === wellSorted ? id : system.model.properties.find((p) => p.id === id);
  const by = saved.version === VERSION ? "" : ` (recorded by kmmcheck ${saved.version}, this is ${VERSION})`;
  const refuse = (message: string, path: string) =>
    new InputError(`${message}${by}`, placeOf(file, `/runs/${k}${path}`));
  if (property === undefined) {
    const known = system.model.properties.map((p) => p.id);
    throw refuse(unknownName(`property of ${system.model.name}`, id, known), "/property/id");
  }
  const taken = replayRun(system, run);
  if (taken.kind === "mismatch") {
    throw refuse(`the run of ${id} does not replay: at step ${taken.step}, ${taken.message}`, taken.path);
  }
  const { length } = taken.steps;
  if (run.loopStart !== null && run.loopStart > length) {
    throw refuse(
      `the loop of ${id} starts after step ${run.loopStart}, but there are ${length}`,
      "/loopStart",
    );
  }
  const why = whyNotViolated(system, taken, run.loopStart, property);
  if (why !== null) throw refuse(`the run of ${id} replays, but ${why}`, "");
  const { initial, loopStart, final, failure } = run;
  // What is told of a step is the model's own text, whatever the file says.
  const steps = run.steps.map((step, i) => {
    const real = taken.steps[i];
    return { ...step, description: real?.description ?? "", why: real?.why ?? null };
  });
  const fairness = loopStart === null ? {} : { fairness: fairnessOn(system, { ...taken, loopStart }) };
  const reported: ReportedProperty = {
    ...describeProperty(property, run),
    verdict: "violated",
    vacuous: false,
    counterexample: reportRun({ initial, steps, loopStart, ...fairness, final, failure }, system),
  };
  return { reported, property: property === wellSorted ? null : property, taken, loopStart };
}

/** The property in the model's own words; only the built-in one is in the file alone. */
function describeProperty(property: Property | typeof wellSorted, run: SavedRun): SavedRun["property"] {
  if (property === wellSorted) return run.property;
  const { id, kind, title, says, defects = [] } = property;
  return { id, kind, title, says, defects, reason: run.property.reason };
}
