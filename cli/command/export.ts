/** `kmmcheck export`: a model as text for another model checker. */
import { basename, dirname, extname, join, resolve } from "node:path";
import { wellSorted } from "../../checker/check.ts";
import { promelaText, tlaText } from "../../checker/export/index.ts";
import type { Model } from "../../models/index.ts";
import { ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { InputError } from "../input-error.ts";
import { loadModel } from "../load-model.ts";
import { type CommonOptions, printReport } from "../print.ts";
import type { ExportedText, ExportReport } from "../report/export-report.ts";
import { VERSION } from "../version.ts";

export interface ExportOptions extends CommonOptions {
  readonly patch?: string;
  readonly feature: Readonly<Record<string, boolean>>;
  readonly set: Readonly<Record<string, number>>;
  readonly to: "promela" | "tla";
  readonly output?: string;
}

export async function exportModel(name: string, options: ExportOptions, host: Host): Promise<ExitCode> {
  const { patch, feature: features, set: parameters, to, output } = options;
  const { model, subject } = await loadModel({ model: name, patch, features, parameters }, host);
  const texts = to === "tla" ? tlaTexts(model, output) : promelaTexts(model, output);
  const report: ExportReport = {
    tool: "kmmcheck",
    version: VERSION,
    command: "export",
    ...subject,
    to,
    texts,
  };
  if (output === undefined || options.json) {
    printReport(report, () => texts.map(({ text }) => text).join("\n"), options, host);
  }
  if (output !== undefined) {
    const folder = dirname(resolve(host.cwd, output));
    for (const { file, text } of texts) await host.files.replace(join(folder, file), text);
  }
  return ExitCode.holds;
}

function promelaTexts(model: Model, output: string | undefined): readonly ExportedText[] {
  return [{ file: basename(output ?? `${model.name}.pml`), text: promelaText(model, wellSorted).text }];
}

/** The module, which has the name of its file, and the configuration. */
function tlaTexts(model: Model, output: string | undefined): readonly ExportedText[] {
  if (output !== undefined && extname(output) === ".cfg") {
    throw new InputError(
      `--output ${output} is where the configuration goes: the module needs another ending`,
    );
  }
  const given = output === undefined ? undefined : basename(output, extname(output));
  const { name, module, config } = tlaText(model, wellSorted, given);
  if (given !== undefined && given !== name) {
    throw new InputError(
      `--output ${output}: a TLA+ module has the name of its file, and ${given} is no name for one; ${name}.tla is`,
    );
  }
  return [
    { file: basename(output ?? `${name}.tla`), text: module },
    { file: `${given ?? name}.cfg`, text: config },
  ];
}
