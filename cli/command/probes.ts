/** `kmmcheck probes`: the script that records a log, with everything that `validate` can use. */
import { resolve } from "node:path";
import { ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { InputError, unknownName } from "../input-error.ts";
import { type CommonOptions, printReport } from "../print.ts";
import { type EventFormat, patchesOf, readFormats } from "../probes/formats.ts";
import { enabledEvents, missingFrom, recordingScript } from "../probes/script.ts";
import { type ProbePatch, probePatches, wantedProbes } from "../probes/wanted.ts";
import { escapeText } from "../report/escape.ts";
import type { ProbesReport } from "../report/probes-report.ts";
import { VERSION } from "../version.ts";

export interface ProbesOptions extends CommonOptions {
  readonly patch?: string;
  readonly kernelFormat?: string;
  readonly output?: string;
}

export async function probes(options: ProbesOptions, host: Host): Promise<ExitCode> {
  const { kernelFormat, output } = options;
  const formats =
    kernelFormat === undefined
      ? null
      : await readFormats(resolve(host.cwd, kernelFormat), kernelFormat, host.files);
  const patch = choosePatch(options.patch, formats, kernelFormat ?? "");
  const report: ProbesReport = {
    tool: "kmmcheck",
    version: VERSION,
    command: "probes",
    patch,
    events: enabledEvents(patch, formats).map(({ system, name }) => `${system}:${name}`),
    probes: wantedProbes(patch).map(({ name, function: target }) => ({ name, function: target })),
    missing: missingFrom(patch, formats),
    script: recordingScript(patch, formats),
  };
  if (!options.json)
    for (const text of report.missing) host.stderr.write(`kmmcheck: note: ${escapeText(text)}\n`);
  if (output !== undefined) await host.files.replace(resolve(host.cwd, output), report.script);
  if (options.json || output === undefined) printReport(report, () => report.script, options, host);
  return ExitCode.holds;
}

function choosePatch(
  asked: string | undefined,
  formats: readonly EventFormat[] | null,
  shown: string,
): ProbePatch {
  const told = formats === null ? [] : patchesOf(formats);
  if (asked === undefined) {
    const [only, ...more] = told;
    if (only !== undefined && more.length === 0) return only;
    if (only === undefined && formats === null) return "v0";
    throw new InputError(
      only === undefined
        ? "the formats have no event of the daemon; say with --patch which version it is"
        : `the formats may be those of ${told.join(" or ")}; say with --patch which it is`,
      { file: shown },
    );
  }
  const patch = probePatches.find((known) => known === asked);
  if (patch === undefined) throw new InputError(unknownName("version", asked, probePatches));
  if (told.length > 0 && !told.includes(patch)) {
    throw new InputError(`the formats are those of ${told.join(" or ")}, not of ${patch}`, { file: shown });
  }
  return patch;
}
