/** `kmmcheck crosscheck`: the same model explored by SPIN, and both results side by side. */
import { type CheckResult, wellSorted } from "../../checker/check.ts";
import { type Claim, type PromelaText, promelaText } from "../../checker/export/index.ts";
import { ExitCode, type Verdict } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { InputError } from "../input-error.ts";
import { loadModel } from "../load-model.ts";
import { type CommonOptions, printReport } from "../print.ts";
import {
  type ComparedCount,
  type ComparedProperty,
  type CrosscheckReport,
  crosscheckText,
} from "../report/crosscheck-report.ts";
import { buildVerifier, runVerifier, type SpinRun, withSpin } from "../spin.ts";
import { VERSION } from "../version.ts";
import { checkLoaded } from "./explore.ts";

export interface CrosscheckOptions extends CommonOptions {
  readonly patch?: string;
  readonly feature: Readonly<Record<string, boolean>>;
  readonly set: Readonly<Record<string, number>>;
  readonly maxStates: number;
}

export async function crosscheck(name: string, options: CrosscheckOptions, host: Host): Promise<ExitCode> {
  const { patch, feature: features, set: parameters, maxStates } = options;
  const loaded = await loadModel({ model: name, patch, features, parameters }, host);
  const result = await checkLoaded(loaded, { maxStates }, host);
  if (result.cut !== null) {
    throw new InputError(
      `${loaded.model.name} was not explored to its end (${result.cut}): make it smaller with --set, or raise --max-states`,
    );
  }
  const promela = promelaText(loaded.model, wellSorted);
  const { spin, counts, properties } = await compare(promela, result, host);
  const report: CrosscheckReport = {
    tool: "kmmcheck",
    version: VERSION,
    command: "crosscheck",
    ...loaded.subject,
    verdict: verdictOf([...counts, ...properties]),
    spin,
    counts,
    properties,
  };
  printReport(report, (layout) => crosscheckText(report, layout), options, host);
  return ExitCode[report.verdict];
}

function verdictOf(answers: readonly { readonly agree: boolean | null; readonly spin: unknown }[]): Verdict {
  if (answers.some(({ agree }) => agree === false)) return "violated";
  return answers.some(({ spin }) => spin === "inconclusive") ? "inconclusive" : "holds";
}

interface Comparison {
  readonly spin: string;
  readonly counts: readonly ComparedCount[];
  readonly properties: readonly ComparedProperty[];
}

/** Has SPIN count the states in one verifier, and judge every property in another. */
async function compare(promela: PromelaText, result: CheckResult, host: Host): Promise<Comparison> {
  const { states } = result.statistics;
  const bits = Math.min(28, Math.max(16, Math.ceil(Math.log2(states)) + 1));
  const vector = `VECTORSZ=${2 ** Math.max(10, Math.ceil(Math.log2(2 * promela.stateBytes)))}`;
  const fair = `NFAIR=${Math.max(2, Math.ceil((promela.processes + 11) / 8))}`;
  const optimise = states > 100_000;
  return withSpin(promela.text, host, async (run) => {
    const spin = (await run("spin", ["-V"])).trim();
    await buildVerifier(run, { define: [], verifier: ["SAFETY", "NOREDUCE", vector], optimise });
    const counts = compareCounts(result, await runVerifier(run, [], states + 1000, bits));
    const claims = [...(promela.sorts === null ? [] : [promela.sorts]), ...promela.claims];
    if (claims.length > 0) {
      const define = claims.map(({ macro }) => macro);
      await buildVerifier(run, { define, verifier: ["NOREDUCE", vector, fair], optimise });
    }
    const broken = isBroken(result);
    const properties: ComparedProperty[] = [];
    for (const property of answersOf(result, promela)) {
      const claim = claims.find(({ id }) => id === property.id);
      const unasked = whyNotAsked(claim, broken);
      if (claim === undefined || unasked !== "") {
        properties.push({ ...property, spin: null, agree: null, reason: unasked });
        continue;
      }
      const args = ["-N", claim.name, ...(claim.response ? ["-a", "-f"] : [])];
      const judged = await runVerifier(run, args, 4 * states + 1000, bits);
      const verdict = spinVerdict(judged, claim);
      const agree = verdict === "inconclusive" ? null : verdict === property.kmmcheck;
      properties.push({ ...property, spin: verdict, agree, reason: judged.words });
    }
    return { spin, counts, properties };
  });
}

function isBroken({ properties }: CheckResult): boolean {
  return properties.some(({ id }) => id === wellSorted);
}

/** Our verdicts; that of the built-in property as well where SPIN has a claim for it. */
function answersOf(result: CheckResult, promela: PromelaText) {
  const sorts =
    promela.sorts === null || isBroken(result)
      ? []
      : [{ id: wellSorted, kind: "assertion", kmmcheck: "holds" } as const];
  return [...sorts, ...result.properties.map(({ id, kind, verdict }) => ({ id, kind, kmmcheck: verdict }))];
}

/** SPIN counts the way to the initial state as a transition, and the state after an error of the model as a state. */
function compareCounts(result: CheckResult, spin: SpinRun): readonly ComparedCount[] {
  const broken = isBroken(result);
  const { states, transitions } = result.statistics;
  const theirs = spin.states - (broken ? 1 : 0);
  const counted = broken ? null : spin.transitions - 1;
  return [
    { name: "states", kmmcheck: states, spin: theirs, agree: theirs === states },
    {
      name: "transitions",
      kmmcheck: transitions,
      spin: counted,
      agree: counted === null ? null : counted === transitions,
    },
  ];
}

function whyNotAsked(claim: Claim | undefined, broken: boolean): string {
  if (claim === undefined) return "SPIN has no claim for it";
  return claim.response && broken ? "runs end where a step is an error of the model" : "";
}

function spinVerdict({ error, complete }: SpinRun, { errorMeansHolds }: Claim): Verdict {
  if (!error && !complete) return "inconclusive";
  return error === errorMeansHolds ? "holds" : "violated";
}
