/** `kmmcheck gate`: everything the configuration lists, judged against the baseline of known findings. */
import { ExitCode } from "../exit-code.ts";
import { type BaselineEntry, baselineText, readBaseline } from "../gate/baseline.ts";
import { type GateConfig, readConfig } from "../gate/config.ts";
import { gateVerdict, judgeFindings, type RunOutcome, updatedBaseline } from "../gate/judge.ts";
import { perform } from "../gate/perform.ts";
import type { Host } from "../host.ts";
import { InputError } from "../input-error.ts";
import { type CommonOptions, printReport, progressLine } from "../print.ts";
import { type GateReport, gateText } from "../report/gate-report.ts";
import { gatePart, type ShardNumber } from "../shard.ts";
import { VERSION } from "../version.ts";

export interface GateOptions extends CommonOptions {
  readonly config: string;
  readonly strictBaseline: boolean;
  readonly updateBaseline: boolean;
  readonly reason?: string;
  readonly shard?: ShardNumber;
}

export async function gate(options: GateOptions, host: Host): Promise<ExitCode> {
  if (options.reason !== undefined && !options.updateBaseline) {
    throw new InputError("--reason is for entries that --update-baseline adds");
  }
  if (options.shard !== undefined && options.updateBaseline) {
    throw new InputError(
      "--update-baseline needs the findings of all runs, and --shard performs some of them",
    );
  }
  const whole = await readConfig(options.config, host);
  const known = await knownFindings(whole, options, host);
  const { config, shard, ...part } = gatePart(options.shard ?? null, whole, known);
  let { baseline } = part;
  const outcomes = await performAll(config, host);
  const interrupted = outcomes.length < config.runs.length || host.interrupt.aborted;
  if (options.updateBaseline && config.baseline !== null && !interrupted) {
    const findings = judgeFindings(outcomes, baseline, host.today());
    baseline = updatedBaseline(findings, baseline, options.reason ?? null);
    await host.files.replace(config.baseline.path, baselineText(baseline));
  }
  const report = reportOf(config, outcomes, baseline, { ...options, interrupted, shard }, host.today());
  printReport(report, (layout) => gateText(report, layout), options, host);
  return ExitCode[report.verdict];
}

async function knownFindings(
  { name, baseline }: GateConfig,
  { updateBaseline }: GateOptions,
  host: Host,
): Promise<readonly BaselineEntry[]> {
  if (baseline === null) {
    if (updateBaseline) throw new InputError("there is no baseline to update: name one", { file: name });
    return [];
  }
  const exists = await host.files.exists(baseline.path);
  if (exists) return readBaseline(baseline.path, baseline.name, host);
  if (updateBaseline) return [];
  throw new InputError("there is no such baseline; kmmcheck gate --update-baseline writes it", {
    file: baseline.name,
  });
}

async function performAll(config: GateConfig, host: Host): Promise<readonly RunOutcome[]> {
  const line = progressLine(host);
  const outcomes: RunOutcome[] = [];
  try {
    for (const run of config.runs) {
      if (host.interrupt.aborted) break;
      line.show(`${run.name}: ${run.kind} ${run.subject}`);
      outcomes.push(await perform(run, host, line.show));
    }
  } finally {
    line.clear();
  }
  return outcomes;
}

function reportOf(
  config: GateConfig,
  outcomes: readonly RunOutcome[],
  baseline: readonly BaselineEntry[],
  rules: {
    readonly strictBaseline: boolean;
    readonly interrupted: boolean;
    readonly shard: GateReport["shard"];
  },
  today: string,
): GateReport {
  const all = judgeFindings(outcomes, baseline, today);
  // What was not run cannot have vanished.
  const findings = rules.interrupted ? all.filter(({ status }) => status !== "gone") : all;
  return {
    tool: "kmmcheck",
    version: VERSION,
    command: "gate",
    config: config.name,
    baseline: config.baseline?.name ?? null,
    verdict: gateVerdict(findings, rules),
    strictBaseline: rules.strictBaseline,
    interrupted: rules.interrupted,
    shard: rules.shard,
    runs: outcomes.map((run) => ({
      ...run,
      ok: !findings.some((f) => f.run === run.name && f.status !== "known" && f.status !== "gone"),
      properties: run.properties.map(({ id, verdict, vacuous, reason }) => ({
        id,
        verdict,
        vacuous,
        reason,
      })),
    })),
    findings,
  };
}
