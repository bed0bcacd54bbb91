/** `kmmcheck graph`: a model as a drawing. */
import { flatten } from "../../models/index.ts";
import { actorsOf, machineGraph, stateGraph } from "../draw.ts";
import { ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { InputError, unknownName } from "../input-error.ts";
import { loadModel } from "../load-model.ts";
import { type CommonOptions, printReport } from "../print.ts";
import { dotText, type GraphReport, mermaidText } from "../report/graph-report.ts";
import { VERSION } from "../version.ts";

export interface GraphOptions extends CommonOptions {
  readonly patch?: string;
  readonly feature: Readonly<Record<string, boolean>>;
  readonly set: Readonly<Record<string, number>>;
  readonly of: "machine" | "states";
  readonly actor?: string;
  readonly maxStates: number;
  readonly format: "dot" | "mermaid" | "json";
}

export async function graph(name: string, options: GraphOptions, host: Host): Promise<ExitCode> {
  const { patch, feature: features, set: parameters, actor } = options;
  const { model, subject } = await loadModel({ model: name, patch, features, parameters }, host);
  if (actor !== undefined) {
    const known = model.actors.map((a) => a.name);
    if (!known.includes(actor)) throw new InputError(unknownName(`actor of ${model.name}`, actor, known));
    if (options.of === "states") {
      throw new InputError("--actor chooses among the machines: states are those of all actors together");
    }
  }
  const report: GraphReport = {
    tool: "kmmcheck",
    version: VERSION,
    command: "graph",
    ...subject,
    of: options.of,
    graphs:
      options.of === "states"
        ? [stateGraph(flatten(model), options.maxStates)]
        : actorsOf(model, actor ?? null).map(machineGraph),
  };
  const json = options.json || options.format === "json";
  const draw = options.format === "mermaid" ? mermaidText : dotText;
  printReport(report, () => draw(report), { ...options, json }, host);
  return ExitCode.holds;
}
