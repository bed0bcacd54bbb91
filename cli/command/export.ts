/** `kmmcheck export`: a model as text for another model checker. */
import { basename, extname, resolve } from "node:path";
import { wellSorted } from "../../checker/check.ts";
import { promelaText, tlaText } from "../../checker/export/index.ts";
import type { Model } from "../../models/index.ts";
import { ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { loadModel } from "../load-model.ts";

export interface ExportOptions {
  readonly patch?: string;
  readonly feature: Readonly<Record<string, boolean>>;
  readonly set: Readonly<Record<string, number>>;
  readonly to: "promela" | "tla";
  readonly output?: string;
}

export async function exportModel(name: string, options: ExportOptions, host: Host): Promise<ExitCode> {
  const { patch, feature: features, set: parameters, output } = options;
  const { model } = await loadModel({ model: name, patch, features, parameters }, host);
  const texts = options.to === "tla" ? tlaTexts(model, output) : [promelaText(model, wellSorted).text];
  if (output === undefined) {
    host.stdout.write(texts.join("\n"));
    return ExitCode.holds;
  }
  const path = resolve(host.cwd, output);
  const paths = [path, `${path.slice(0, path.length - extname(path).length)}.cfg`];
  for (const [i, text] of texts.entries()) await host.files.replace(paths[i] ?? path, text);
  return ExitCode.holds;
}

/** The module, which has the name of its file, and the configuration. */
function tlaTexts(model: Model, output: string | undefined): readonly string[] {
  const file = output === undefined ? undefined : basename(output, extname(output));
  const { module, config } = tlaText(model, wellSorted, file);
  return [module, config];
}
