/** `kmmcheck replay`: takes saved runs again, and checks that each still violates its property. */
import { resolve } from "node:path";
import { wellSorted } from "../../checker/check.ts";
import { flatten, type Model, type Property } from "../../models/index.ts";
import schema from "../../schemas/counterexample.schema.json" with { type: "json" };
import { ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { InputError, unknownName } from "../input-error.ts";
import { mostLevels } from "../json-depth.ts";
import { checkSchema, type JsonFile, placeOf, readJson } from "../json-file.ts";
import { type LoadedModel, loadModel } from "../load-model.ts";
import { type CommonOptions, printReport } from "../print.ts";
import { replayRun } from "../replay-run.ts";
import type { ReportedProperty } from "../report/explore-report.ts";
import { type ReplayReport, replayText } from "../report/replay-report.ts";
import { reportRun } from "../report-check.ts";
import type { SavedRun, SavedRuns } from "../saved-runs.ts";
import { VERSION } from "../version.ts";
import { whyNotViolated } from "../violates.ts";

export interface ReplayOptions extends CommonOptions {
  readonly property: readonly string[];
  readonly full: boolean;
}

export async function replay(name: string, options: ReplayOptions, host: Host): Promise<ExitCode> {
  // A saved file has a model inside, and steps that stand deeper than the sorts of their values.
  const file = await readJson(resolve(host.cwd, name), name, host.files, mostLevels + 10);
  checkSchema(file, schema, "saved runs");
  const saved = file.value as SavedRuns;
  const loaded = await loadRecorded(saved, file, host);
  const known = saved.runs.map(({ property }) => property.id);
  for (const id of options.property) {
    if (!known.includes(id)) throw new InputError(unknownName("run of property", id, known), { file: name });
  }
  const wanted = (id: string) => options.property.length === 0 || options.property.includes(id);
  const properties = saved.runs.flatMap((run, k) =>
    wanted(run.property.id) ? [replayOne(loaded.model, saved, run, k, file)] : [],
  );
  const report: ReplayReport = {
    tool: "kmmcheck",
    version: VERSION,
    command: "replay",
    file: name,
    recordedBy: saved.version,
    ...loaded.subject,
    changedFeatures: loaded.changedFeatures,
    verdict: properties.length === 0 ? "inconclusive" : "violated",
    properties,
  };
  printReport(report, (layout) => replayText(report, { ...layout, full: options.full }), options, host);
  return ExitCode[report.verdict];
}

/** The model that the file records: its own definition, or a built-in one built again. */
async function loadRecorded(saved: SavedRuns, file: JsonFile, host: Host): Promise<LoadedModel> {
  const { model: name, patch, parameters, features } = saved;
  if (saved.definition === null) {
    return loadModel({ model: name, patch: patch ?? undefined, parameters, features }, host);
  }
  const { modelOf } = await import("../model-file.ts");
  const inside = { ...file, value: saved.definition };
  const model = modelOf(inside, (pointer) => placeOf(file, `/definition${pointer}`));
  const subject = { model: model.name, title: model.title, patch: null, parameters: {}, features: {} };
  return { model, subject, changedFeatures: [], fromFile: true };
}

function replayOne(
  model: Model,
  saved: SavedRuns,
  run: SavedRun,
  k: number,
  file: JsonFile,
): ReportedProperty {
  const system = flatten(model);
  const { id } = run.property;
  const property = id === wellSorted ? id : model.properties.find((p) => p.id === id);
  const by = saved.version === VERSION ? "" : ` (recorded by kmmcheck ${saved.version}, this is ${VERSION})`;
  const refuse = (message: string, path: string) =>
    new InputError(`${message}${by}`, placeOf(file, `/runs/${k}${path}`));
  if (property === undefined) {
    const known = model.properties.map((p) => p.id);
    throw refuse(unknownName(`property of ${model.name}`, id, known), "/property/id");
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
  return {
    ...describeProperty(property, run),
    verdict: "violated",
    vacuous: false,
    counterexample: reportRun({ initial, steps, loopStart, final, failure }, system),
  };
}

/** The property in the model's own words; only the built-in one is in the file alone. */
function describeProperty(property: Property | typeof wellSorted, run: SavedRun): SavedRun["property"] {
  if (property === wellSorted) return run.property;
  const { id, kind, title, says, defects = [] } = property;
  return { id, kind, title, says, defects, reason: run.property.reason };
}
