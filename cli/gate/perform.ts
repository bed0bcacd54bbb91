/** Performing one run of the gate. */
import { checkLoaded } from "../command/explore.ts";
import { worst } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { judgeLogs } from "../judge-logs.ts";
import { counted } from "../report/numbers.ts";
import { progressText } from "../report/validate-text.ts";
import { type ExploreRun, located, type ValidateRun } from "./config.ts";
import { judgeCoverage } from "./coverage.ts";
import type { RunOutcome } from "./judge.ts";

export async function perform(
  run: ExploreRun | ValidateRun,
  host: Host,
  show: (text: string) => void,
): Promise<RunOutcome> {
  const started = host.now();
  const outcome = run.kind === "explore" ? await exploreOne(run, host) : await validateOne(run, host, show);
  return { ...outcome, seconds: (host.now() - started) / 1000 };
}

type Untimed = Omit<RunOutcome, "seconds">;

async function exploreOne(run: ExploreRun, host: Host): Promise<Untimed> {
  const { name, subject, loaded, limits, leastCoverage } = run;
  const result = await checkLoaded(loaded, limits, host);
  const shortage = leastCoverage === null ? null : judgeCoverage(leastCoverage, result);
  return {
    name,
    kind: "explore",
    subject,
    verdict: worst([result.verdict, ...(shortage === null ? [] : [shortage.verdict])]),
    detail: counted(result.statistics.states, "state"),
    cut: result.cut,
    properties: [
      ...result.properties.map((p) => {
        const { id, verdict, vacuous, reason, title, defects } = p;
        const message = verdict === "violated" ? (p.counterexample?.failure ?? p.says) : reason;
        return { id, verdict, vacuous, reason, title, defects, message };
      }),
      ...(shortage === null ? [] : [shortage]),
    ],
  };
}

async function validateOne(
  { name, subject, entry, tunables, base, place }: ValidateRun,
  host: Host,
  show: (text: string) => void,
): Promise<Untimed> {
  const { logs, format = "auto", patch, properties = [], hz, allCpus } = entry;
  const request = { logs, base, format, patch, properties, tunables, hz, allCpus };
  const report = await located(place, () =>
    judgeLogs(request, host, (progress) => show(progressText(progress, null))),
  );
  const lines = report.logs.reduce((sum, log) => sum + log.lines, 0);
  return {
    name,
    kind: "validate",
    subject,
    verdict: report.verdict,
    detail: counted(lines, "line"),
    cut: report.interrupted ? "stopped before the end of the logs" : null,
    properties: report.properties.map(({ id, verdict, vacuous, reason, title, violations }) => {
      const [first] = violations;
      const message = first === undefined ? reason : `${first.log}:${first.line}: ${first.message}`;
      return { id, verdict, vacuous, reason, title, defects: [], message };
    }),
  };
}
