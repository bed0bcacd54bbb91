/** From what monitors found to verdicts, and to the report. */

import type { MonitorEntry } from "./monitor/monitor.ts";
import type { Verdict } from "./monitor/violation.ts";
import type { LogFacts } from "./read/facts.ts";
import { countsByName } from "./read/note.ts";
import type { LogReport, PropertyReport, ValidateReport } from "./report.ts";
import type { LogRun, PropertyRun } from "./run-log.ts";

/** Violations shown for one property. */
const SHOWN = 20;

/** The report over all logs. */
export function buildReport(
  entries: readonly MonitorEntry[],
  runs: readonly LogRun[],
  version: string,
): ValidateReport {
  const applied = entries.filter((entry) =>
    runs.some((run) => run.properties.some((part) => part.entry === entry)),
  );
  const properties = applied.map((entry) => propertyReport(entry, runs));
  return {
    tool: "kmmcheck",
    version,
    command: "validate",
    verdict: worst(properties.map(({ verdict }) => verdict)),
    interrupted: runs.some((run) => run.read.interrupted),
    logs: runs.map(logReport),
    properties,
  };
}

function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("violated")) return "violated";
  return verdicts.includes("inconclusive") || verdicts.length === 0 ? "inconclusive" : "holds";
}

interface Ruling {
  readonly verdict: Verdict;
  readonly vacuous: boolean;
  readonly reason: string;
}

function propertyReport(entry: MonitorEntry, runs: readonly LogRun[]): PropertyReport {
  const parts = runs.flatMap((run) =>
    run.properties.filter((part) => part.entry === entry).map((part) => ({ run, part })),
  );
  const rulings = parts.map(({ run, part }) => rule(run, part));
  const verdict = worst(rulings.map((ruling) => ruling.verdict));
  const deciding = rulings.filter((ruling) => ruling.verdict === verdict);
  const named = runs.length > 1;
  const reasons = rulings.flatMap((ruling, i) =>
    ruling.verdict === verdict ? [named ? `${parts[i]?.run.name}: ${ruling.reason}` : ruling.reason] : [],
  );
  return {
    id: entry.id,
    title: entry.title,
    verdict,
    vacuous: verdict === "holds" && deciding.every((ruling) => ruling.vacuous),
    reason: [...new Set(reasons)].join("; "),
    count: parts.reduce((sum, { part }) => sum + part.found.count, 0),
    violations: parts.flatMap(({ part }) => part.found.violations).slice(0, SHOWN),
  };
}

/** One property on one log: certain violations first, then everything that could hide or explain one. */
function rule(run: LogRun, part: PropertyRun): Ruling {
  const { judgement, found } = part;
  const note = judgement.note === null ? "" : ` (${judgement.note})`;
  if (found.count > 0) {
    const first = found.violations[0];
    return {
      verdict: "violated",
      vacuous: false,
      reason: `${first?.message ?? "a violation was found"}${note}`,
    };
  }
  const doubts: string[] = [];
  if (run.read.interrupted) doubts.push("the run was interrupted");
  const apart = part.entry.apart === true;
  if (run.daemonEvents === 0 && !apart) doubts.push("the log has no event of the daemon");
  if (found.revoked > 0) {
    const example = found.revokedExample === null ? "" : `: ${found.revokedExample}`;
    const doubtful = run.read.damaged
      ? "stand in damaged data"
      : "could be explained by events that are missing";
    doubts.push(`${found.revoked} deviations ${doubtful}${example}`);
  }
  for (const doubt of found.doubts)
    doubts.push(doubt.count > 1 ? `${doubt.reason} (${doubt.count} times in all)` : doubt.reason);
  if (!apart) doubts.push(...run.health.blockers);
  if (judgement.undecided !== null) doubts.push(judgement.undecided);
  if (doubts.length > 0)
    return { verdict: "inconclusive", vacuous: false, reason: `${doubts.slice(0, 4).join("; ")}${note}` };
  if (judgement.judged === 0)
    return { verdict: "holds", vacuous: true, reason: "its premise never occurred in the log" };
  return { verdict: "holds", vacuous: false, reason: judgement.note ?? `${judgement.judged} cases judged` };
}

function logReport(run: LogRun): LogReport {
  const { facts, detection } = run.read;
  return {
    name: run.name,
    beside: run.beside,
    format: detection.format,
    formatReason: detection.reason,
    patch: run.patch,
    lines: facts.lines,
    bytes: facts.bytes,
    events: facts.records,
    eventsByKind: countsByName(facts),
    lost: facts.lostUnknown ? null : facts.lost,
    lostByCpu: Object.fromEntries(
      [...facts.lostByCpu].sort((a, b) => a[0] - b[0]).map(([cpu, n]) => [String(cpu), n]),
    ),
    skipped: facts.unknown,
    skippedExamples: facts.unknownExamples,
    header:
      facts.entries === null || facts.written === null
        ? null
        : { entries: facts.entries, written: facts.written },
    clock: facts.sawFraction ? "seconds" : facts.sawTicks ? "ticks" : "none",
    pointerClass: pointerClass(facts),
    daemonPid: facts.daemonPid < 0 ? null : facts.daemonPid,
    startsMidStream: run.health.startsMidStream,
    beginsWithEnter: facts.beginsWithEnter,
    cpus: [...facts.cpus].sort((a, b) => a - b).slice(0, 4096),
    skew: facts.sawFraction ? facts.skew : null,
    unreadable: facts.unreadable,
    doubled: facts.doubled,
    outOfPlace: facts.outOfPlace,
    notes: [...run.health.blockers, ...run.health.notes],
  };
}

function pointerClass(facts: LogFacts): LogReport["pointerClass"] {
  if (facts.sawHashed && facts.sawRaw) return "mixed";
  if (facts.sawHashed) return "hashed";
  if (facts.sawRaw) return "raw";
  return facts.unknownPointers > 0 ? "unknown" : "none";
}
