/** The parts of a gate as one. */
import { worst } from "../exit-code.ts";
import { InputError } from "../input-error.ts";
import type { GateReport } from "../report/gate-report.ts";
import type { Part } from "./parts.ts";

/** The report of the whole. @param parts - all of them, in their order */
export function mergeGates(parts: readonly Part<GateReport>[]): GateReport {
  const reports = parts.map(({ report }) => report);
  const [first] = reports;
  if (first === undefined) throw new InputError("there is nothing to merge");
  const order = first.shard.runs;
  const interrupted = reports.some((report) => report.interrupted);
  const runs = reports.flatMap((report) => report.runs);
  const inOrder = order.flatMap((name) => {
    const [run, twin] = runs.filter((candidate) => candidate.name === name);
    if (twin !== undefined) throw new InputError(`the run ${name} is in two parts`);
    if (run === undefined && !interrupted) throw new InputError(`the run ${name} is in no part`);
    return run ?? [];
  });
  const findings = reports.flatMap((report) => report.findings);
  const place = (run: string) => (order.includes(run) ? order.indexOf(run) : order.length);
  const found = findings
    .filter(({ status }) => status !== "gone")
    .toSorted((a, b) => place(a.run) - place(b.run));
  return {
    ...first,
    verdict: worst(reports.map((report) => report.verdict)),
    interrupted,
    runs: inOrder,
    // What an interrupted part has not run may not be called gone.
    findings: interrupted ? found : [...found, ...findings.filter(({ status }) => status === "gone")],
    shard: null,
  };
}
