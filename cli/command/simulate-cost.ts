/** `kmmcheck simulate --size`: what scanning and migration would cost, on stated assumptions. */
import {
  ASSUMPTIONS,
  type Assumption,
  type CostAssumptions,
  costOf,
  PUBLISHED,
  type Published,
  type SimulatedPatch,
} from "../../traces/synthesize/index.ts";
import { ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { InputError, unknownName } from "../input-error.ts";
import { type CommonOptions, printReport } from "../print.ts";
import { type CostReport, costText, PUBLISHED_SOURCE } from "../report/cost-report.ts";
import { VERSION } from "../version.ts";

export interface CostRequest {
  readonly patch: SimulatedPatch;
  /** 8G, 16G, 32G, 64G or all. */
  readonly size: string;
  /** Texts `NAME=VALUE`. */
  readonly assume: readonly string[];
}

export function printCost(request: CostRequest, options: CommonOptions, host: Host): ExitCode {
  const sizes = sizesOf(request.size);
  const assumptions = assumptionsOf(request.assume);
  const values = Object.fromEntries(
    assumptions.map(({ name, value }) => [name, value]),
  ) as unknown as CostAssumptions;
  const report: CostReport = {
    tool: "kmmcheck",
    version: VERSION,
    command: "simulate",
    patch: request.patch,
    workload: "abench",
    simulated: true,
    assumptions,
    publishedSource: PUBLISHED_SOURCE,
    rows: sizes.map((size) => costOf(size, request.patch, values)),
  };
  printReport(report, (layout) => costText(report, layout), options, host);
  return ExitCode.holds;
}

function sizesOf(given: string): readonly Published[] {
  if (given === "all") return PUBLISHED;
  const found = PUBLISHED.find(({ size }) => size === given);
  if (found !== undefined) return [found];
  throw new InputError(unknownName("size", given, [...PUBLISHED.map(({ size }) => size), "all"]));
}

/** The largest value; with it, times of the longest run are exact still. */
const LARGEST = 1_000_000;

function assumptionsOf(given: readonly string[]): readonly Assumption[] {
  const values = new Map<string, number>();
  for (const text of given) {
    const [name = "", digits] = text.split("=", 2);
    const known = ASSUMPTIONS.find((assumption) => assumption.name === name);
    if (known === undefined)
      throw new InputError(
        unknownName(
          "assumption",
          name,
          ASSUMPTIONS.map((assumption) => assumption.name),
        ),
      );
    const least = known.unit === "ns" ? 0 : 1;
    const value = /^\d+$/.test(digits ?? "") ? Number(digits) : Number.NaN;
    if (!(value >= least && value <= LARGEST))
      throw new InputError(
        `--assume ${name} takes a whole number of ${known.unit} from ${least} to ${LARGEST}, not ${JSON.stringify(digits ?? "")}`,
      );
    values.set(name, value);
  }
  return ASSUMPTIONS.map((assumption) => {
    const value = values.get(assumption.name);
    return value === undefined ? assumption : { ...assumption, value, source: "given" };
  });
}
