/** The file of known findings. */
import { validate } from "../../schemas/baseline.schema.json?validator";
import type { Host } from "../host.ts";
import { InputError } from "../input-error.ts";
import { checkSchema, placeOf, readJson } from "../json-file.ts";
import { jsonText } from "../print.ts";

export interface BaselineEntry {
  /** run/property/subject. */
  readonly fingerprint: string;
  readonly verdict: "violated" | "inconclusive";
  readonly reason: string;
  /** Last day on which the finding is accepted. */
  readonly expires: string | null;
}

interface BaselineFile {
  readonly findings: readonly {
    readonly fingerprint: string;
    readonly verdict?: BaselineEntry["verdict"];
    readonly reason: string;
    readonly expires?: string;
  }[];
}

/** The entries of a baseline, one for each fingerprint and verdict. */
export async function readBaseline(
  path: string,
  name: string,
  host: Host,
): Promise<readonly BaselineEntry[]> {
  const file = await readJson(path, name, host.files);
  checkSchema(file, validate, "baseline of the gate");
  const seen = new Set<string>();
  return (file.value as BaselineFile).findings.map((entry, i) => {
    const { fingerprint, verdict = "violated", reason, expires = null } = entry;
    if (expires !== null && !isDay(expires)) {
      throw new InputError(`${expires} is not a day`, placeOf(file, `/findings/${i}/expires`));
    }
    const key = `${fingerprint} ${verdict}`;
    if (seen.has(key)) {
      throw new InputError(`${fingerprint} is ${verdict} twice`, placeOf(file, `/findings/${i}/fingerprint`));
    }
    seen.add(key);
    return { fingerprint, verdict, reason, expires };
  });
}

function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** The file for these entries, in the order of their fingerprints; what is the default is left out. */
export function baselineText(entries: readonly BaselineEntry[]): string {
  const sorted = [...entries].sort(
    (a, b) => compare(a.fingerprint, b.fingerprint) || compare(a.verdict, b.verdict),
  );
  const findings = sorted.map(({ fingerprint, verdict, reason, expires }) => ({
    fingerprint,
    ...(verdict === "violated" ? {} : { verdict }),
    reason,
    ...(expires === null ? {} : { expires }),
  }));
  return jsonText({ findings });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
