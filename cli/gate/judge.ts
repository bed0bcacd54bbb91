/** Findings against the baseline: what is new, known, expired, gone or undecided, and what follows. */
import type { Verdict } from "../exit-code.ts";
import type { FindingStatus, GateFinding, GateProperty, GateRun } from "../report/gate-report.ts";
import type { BaselineEntry } from "./baseline.ts";

/** What a run found, before the baseline is asked. */
export interface RunOutcome extends Omit<GateRun, "ok" | "properties"> {
  readonly properties: readonly (GateProperty & {
    readonly title: string;
    readonly defects: readonly string[];
    readonly message: string;
  })[];
}

export function fingerprintOf(run: string, property: string, subject: string): string {
  return `${run}/${property}/${subject}`;
}

/**
 * All findings, those of the runs first, then the entries of the baseline that were not found.
 *
 * @param today - an entry is accepted up to and including its last day
 */
export function judgeFindings(
  outcomes: readonly RunOutcome[],
  baseline: readonly BaselineEntry[],
  today: string,
): readonly GateFinding[] {
  const found = outcomes.flatMap((run) =>
    run.properties.flatMap((property): readonly GateFinding[] => {
      if (property.verdict === "holds") return [];
      const fingerprint = fingerprintOf(run.name, property.id, run.subject);
      const entry = baseline.find((e) => e.fingerprint === fingerprint && e.verdict === property.verdict);
      return [
        {
          fingerprint,
          run: run.name,
          property: property.id,
          verdict: property.verdict,
          status: statusOf(property.verdict, entry, today),
          title: property.title,
          defects: property.defects,
          message: property.message,
          reason: entry?.reason ?? null,
          expires: entry?.expires ?? null,
        },
      ];
    }),
  );
  const seen = new Set(found.map(({ fingerprint }) => fingerprint));
  return [...found, ...baseline.filter(({ fingerprint }) => !seen.has(fingerprint)).map(gone)];
}

function statusOf(
  verdict: "violated" | "inconclusive",
  entry: BaselineEntry | undefined,
  today: string,
): FindingStatus {
  if (entry === undefined) return verdict === "violated" ? "new" : "undecided";
  return entry.expires !== null && entry.expires < today ? "expired" : "known";
}

function gone({ fingerprint, verdict, reason, expires }: BaselineEntry): GateFinding {
  const [run = "", property = ""] = fingerprint.split("/");
  return {
    fingerprint,
    run,
    property,
    verdict,
    status: "gone",
    title: "",
    defects: [],
    message: "the baseline lists it, and it was not found",
    reason,
    expires,
  };
}

export interface GateRules {
  readonly strictBaseline: boolean;
  readonly interrupted: boolean;
}

/** What the gate says on the whole. */
export function gateVerdict(findings: readonly GateFinding[], rules: GateRules): Verdict {
  const fails = ({ status, verdict }: GateFinding) =>
    status === "new" ||
    (status === "expired" && verdict === "violated") ||
    (status === "gone" && rules.strictBaseline);
  if (findings.some(fails)) return "violated";
  const open = ({ status, verdict }: GateFinding) =>
    status === "undecided" || (status === "expired" && verdict === "inconclusive");
  return rules.interrupted || findings.some(open) ? "inconclusive" : "holds";
}

/** The baseline after this run: what was found, with the reasons that are known; what is undecided stays as it was. */
export function updatedBaseline(
  findings: readonly GateFinding[],
  baseline: readonly BaselineEntry[],
  reason: string | null,
): readonly BaselineEntry[] {
  const open = new Set(findings.filter((f) => f.status === "undecided").map((f) => f.fingerprint));
  const found = new Set(
    findings.filter((f) => f.status !== "gone").map((f) => `${f.fingerprint} ${f.verdict}`),
  );
  const kept = baseline.filter((e) => found.has(`${e.fingerprint} ${e.verdict}`) || open.has(e.fingerprint));
  const added = findings
    .filter(({ status }) => status === "new")
    .map(
      ({ fingerprint, verdict, defects, title }): BaselineEntry => ({
        fingerprint,
        verdict,
        reason:
          reason ??
          (defects.length === 0
            ? `accepted without a reason: ${title}`
            : `known defects ${defects.join(", ")}`),
        expires: null,
      }),
    );
  return [...kept, ...added];
}
