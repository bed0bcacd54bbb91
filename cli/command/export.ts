/** `kmmcheck export`: a model as text for another model checker. */
import { resolve } from "node:path";
import { wellSorted } from "../../checker/check.ts";
import { promelaText } from "../../checker/export/index.ts";
import { ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { loadModel } from "../load-model.ts";

export interface ExportOptions {
  readonly patch?: string;
  readonly feature: Readonly<Record<string, boolean>>;
  readonly set: Readonly<Record<string, number>>;
  readonly to: "promela";
  readonly output?: string;
}

export async function exportModel(name: string, options: ExportOptions, host: Host): Promise<ExitCode> {
  const { patch, feature: features, set: parameters, output } = options;
  const { model } = await loadModel({ model: name, patch, features, parameters }, host);
  const { text } = promelaText(model, wellSorted);
  if (output === undefined) host.stdout.write(text);
  else await host.files.replace(resolve(host.cwd, output), text);
  return ExitCode.holds;
}
