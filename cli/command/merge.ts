/** `kmmcheck merge`: the reports of all parts of an exploration, or of a gate, as the report of the whole. */
import { resolve } from "node:path";
import type { ValidateFunction } from "ajv/dist/2020.js";
import { validate as validateExploration } from "../../schemas/explore-report.schema.json?validator";
import { validate as validateGate } from "../../schemas/gate-report.schema.json?validator";
import { ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { InputError } from "../input-error.ts";
import { checkSchema, type JsonFile, placeOf, readJson } from "../json-file.ts";
import { mergeExplorations } from "../merge/explorations.ts";
import { mergeGates } from "../merge/gates.ts";
import { allParts, type Part, type Sharded } from "../merge/parts.ts";
import { type CommonOptions, printReport } from "../print.ts";
import type { ExploreReport } from "../report/explore-report.ts";
import { exploreText } from "../report/explore-text.ts";
import { type GateReport, gateText } from "../report/gate-report.ts";

export interface MergeOptions extends CommonOptions {
  readonly full: boolean;
}

export async function merge(names: readonly string[], options: MergeOptions, host: Host): Promise<ExitCode> {
  const files: JsonFile[] = [];
  for (const name of names) files.push(await readJson(resolve(host.cwd, name), name, host.files));
  const commands = files.map((file) => commandOf(file));
  const odd = commands.findIndex((command) => command !== commands[0]);
  if (odd > 0) {
    const [other, first] = [files[odd]?.name ?? "", files[0]?.name ?? ""];
    throw new InputError(`a part of kmmcheck ${commands[odd]}, and ${first} is one of ${commands[0]}`, {
      file: other,
    });
  }
  if (commands[0] === "gate") {
    const report = mergeGates(partsOf<GateReport>(files, validateGate, "report of kmmcheck gate"));
    printReport(report, (layout) => gateText(report, layout), options, host);
    return ExitCode[report.verdict];
  }
  const report = mergeExplorations(
    partsOf<ExploreReport>(files, validateExploration, "report of kmmcheck explore"),
  );
  printReport(report, (layout) => exploreText(report, { ...layout, full: options.full }), options, host);
  return ExitCode[report.verdict];
}

/** The command that has written the report. */
function commandOf(file: JsonFile): "explore" | "gate" {
  const { command } = (file.value ?? {}) as { readonly command?: unknown };
  if (command === "explore" || command === "gate") return command;
  throw new InputError(
    "this is no report of kmmcheck explore --json or gate --json",
    placeOf(file, "/command"),
  );
}

/** The reports, all of them parts of one whole, in their order. */
function partsOf<R extends Sharded>(
  files: readonly JsonFile[],
  validate: ValidateFunction,
  what: string,
): readonly Part<R>[] {
  for (const file of files) checkSchema(file, validate, what);
  return allParts(files.map(({ name, value }) => ({ name, report: value as R })));
}
