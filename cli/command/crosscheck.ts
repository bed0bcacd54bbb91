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
  if (host.interrupt.aborted) {
    host.stderr.write("kmmcheck: the search was interrupted before there was anything to compare\n");
    return ExitCode.inconclusive;
  }
  if (result.cut !== null) {
    throw new InputError(
      `${loaded.model.name} was not explored to its end (${result.cut}): make it smaller with --set, or raise --max-states`,
    );
  }
  const promela = promelaText(loaded.model, wellSorted);
  const comparison = await compare(promela, result, host);
  const report: CrosscheckReport = {
    tool: "kmmcheck",
    version: VERSION,
    command: "crosscheck",
    ...loaded.subject,
    verdict: verdictOf(comparison),
    ...comparison,
  };
  printReport(report, (layout) => crosscheckText(report, layout), options, host);
  return ExitCode[report.verdict];
}

/** The transitions of a model with an error are no answer that is missing; a count without a reason is none. */
function verdictOf({ counts, properties }: Comparison): Verdict {
  if ([...counts, ...properties].some(({ agree }) => agree === false)) return "violated";
  const missing =
    properties.some(({ agree }) => agree === null) || counts.some(({ reason }) => reason !== "");
  return missing ? "inconclusive" : "holds";
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
  // In MiB; SPIN takes its whole stack at once, and runs that grow too long are given more of it.
  const memory = `MEMLIM=${Math.max(64, Math.floor((await host.memory()) / 2 ** 20))}`;
  return withSpin(promela.text, host, async (run) => {
    const spin = (await run("spin", ["-V"])).output.trim();
    const unbuilt = await buildVerifier(run, {
      define: [],
      verifier: ["SAFETY", "NOREDUCE", vector, memory],
      optimise,
    });
    const counted = unbuilt === "" ? await runVerifier(run, [], states + 1000, bits) : undecided(unbuilt);
    const counts = compareCounts(result, counted);
    const claims = [...(promela.sorts === null ? [] : [promela.sorts]), ...promela.claims];
    const plain = claims.filter(({ form }) => form !== "formula");
    const build = (asked: readonly Claim[]) =>
      buildVerifier(run, {
        define: asked.map(({ macro }) => macro),
        verifier: ["NOREDUCE", vector, fair, memory],
        optimise,
      });
    const judgeIf = async (why: string, claim: Claim): Promise<SpinRun> =>
      why === ""
        ? runVerifier(run, ["-N", claim.name, ...claim.args], 4 * states + 1000, bits)
        : undecided(why);
    const whyNot = plain.length > 0 ? await build(plain) : "";
    const broken = isBroken(result);
    const judged = new Map<string, SpinRun>();
    const asked = claims.filter(({ form }) => form === "states" || !broken);
    for (const claim of asked)
      if (claim.form !== "formula") judged.set(claim.id, await judgeIf(whyNot, claim));
    // A formula has a verifier of its own, since SPIN may take long to translate it.
    for (const claim of asked.filter(({ form }) => form === "formula")) {
      judged.set(claim.id, await judgeIf(await build([claim]), claim));
    }
    const properties = answersOf(result, promela).map((property): ComparedProperty => {
      const claim = claims.find(({ id }) => id === property.id);
      const found = judged.get(property.id);
      if (claim === undefined || found === undefined) {
        const reason = promela.left.find(({ id }) => id === property.id)?.reason ?? endsInError;
        return { ...property, spin: null, agree: null, reason };
      }
      const verdict = spinVerdict(found, claim);
      const decided = verdict !== "inconclusive" && property.kmmcheck !== "inconclusive";
      const reason = found.words === "" && !decided ? "kmmcheck did not decide it" : found.words;
      return { ...property, spin: verdict, agree: decided ? verdict === property.kmmcheck : null, reason };
    });
    return { spin, counts, properties };
  });
}

const endsInError = "runs end where a step is an error of the model";

/** What a verifier says that was not made, and why. */
function undecided(words: string): SpinRun {
  return { states: Number.NaN, transitions: Number.NaN, error: false, complete: false, words };
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
  const compared = (name: ComparedCount["name"], ours: number, theirs: number | null): ComparedCount => {
    const known = spin.words === "" ? theirs : null;
    return {
      name,
      kmmcheck: ours,
      spin: known,
      agree: known === null ? null : known === ours,
      reason: spin.words,
    };
  };
  return [
    compared("states", states, spin.states - (broken ? 1 : 0)),
    compared("transitions", transitions, broken ? null : spin.transitions - 1),
  ];
}

function spinVerdict({ error, complete }: SpinRun, { errorMeansHolds }: Claim): Verdict {
  if (!error && !complete) return "inconclusive";
  return error === errorMeansHolds ? "holds" : "violated";
}
