/**
 * The monitors of one log. A property that goes by the version has one for each version that the log may still be of, so
 * that an event that tells the version late changes nothing of what was judged before it.
 */

import { KIND_COUNT, type Kind } from "./event.ts";
import type { Ending, FindingResult, Findings } from "./monitor/findings.ts";
import type { Patch } from "./monitor/law.ts";
import type { Judgement, Monitor, MonitorEntry, MonitorEnv } from "./monitor/monitor.ts";
import { EVERY_VERSION, hasVersion, type VersionSet, versionsIn } from "./version.ts";

/** A monitor of a property, for one version or for all. */
export interface Instance {
  readonly entry: MonitorEntry;
  readonly patch: Patch | null;
  readonly monitor: Monitor;
  readonly findings: Findings;
}

export interface Stations {
  /** The monitors that are still at work. */
  readonly all: () => readonly Instance[];
  /** Those that are given events of a kind; `foreign` if the events contradict the version that was given. */
  readonly judges: (kind: Kind, foreign: boolean) => readonly Monitor["event"][];
  /** Lets go of what goes by other versions. */
  readonly narrow: (possible: VersionSet) => void;
  /** Violations of each property that are certain, whatever the version. */
  readonly certain: () => readonly { readonly id: string; readonly count: number }[];
  /** What was found, by property, the log being of one of these versions. */
  readonly finish: (likely: VersionSet, ending: Ending, settledLine: number) => readonly Outcome[];
}

/** What the monitors of a property say together. */
export interface Outcome {
  readonly entry: MonitorEntry;
  readonly judgement: Judgement;
  readonly found: FindingResult;
}

export function createStations(
  entries: readonly MonitorEntry[],
  given: Patch | null,
  envOf: (patch: Patch | null) => MonitorEnv,
): Stations {
  const patches = given === null ? versionsIn(EVERY_VERSION) : [given];
  const patchesOf = (entry: MonitorEntry): readonly (Patch | null)[] => {
    if (entry.byVersion !== true) return [null];
    return given === null && entry.differsInP1 === true ? ["p1", ...patches] : patches;
  };
  let instances = entries.flatMap((entry) =>
    patchesOf(entry).map((patch): Instance => {
      const env = envOf(patch);
      return { entry, patch, monitor: entry.create(env), findings: env.findings };
    }),
  );
  let known = EVERY_VERSION;
  let byKind = sorted(instances);
  const foreign = sorted(instances.filter(({ entry }) => entry.anyVersion === true));
  const of = (entry: MonitorEntry): readonly Instance[] => instances.filter((one) => one.entry === entry);

  return {
    all: () => instances,
    judges: (kind, isForeign) => (isForeign ? foreign : byKind)[kind] ?? [],
    narrow(possible) {
      if (given !== null || possible === known || possible === 0) return;
      known = possible;
      instances = instances.filter(({ patch }) => patch === null || hasVersion(possible, patch));
      byKind = sorted(instances);
    },
    certain: () =>
      entries
        .map((entry) => ({
          id: entry.id,
          count: Math.min(...of(entry).map(({ findings }) => findings.certain())),
        }))
        .filter(({ count }) => count > 0),
    finish(likely, ending, settledLine) {
      const outcomes = entries.map((entry) => {
        const mine = of(entry);
        const fitting = mine.filter(({ patch }) => patch === null || hasVersion(likely, patch));
        const parts = (fitting.length > 0 ? fitting : mine).map(({ patch, monitor, findings }): Part => {
          const judgement = monitor.finish();
          return { patch, judgement, found: findings.finish(ending, settledLine) };
        });
        return { entry, parts };
      });
      const isP1 = mayBeP1(outcomes.flatMap(({ parts }) => parts));
      return outcomes.map(({ entry, parts }) => ({ entry, ...together(withP1(parts, isP1)) }));
    },
  };
}

/** Whether P1 explains the log: it breaks no rule of P1, but where a loss may explain that. */
function mayBeP1(parts: readonly Part[]): boolean {
  return parts.every(({ patch, found }) => patch !== "p1" || found.count === 0);
}

/** The parts that decide: that of P1 is one where V1 is violated and P1 is not. What V1 explains as well is taken for V1. */
function withP1(parts: readonly Part[], isP1: boolean): readonly Part[] {
  const isV1Broken = parts.some(({ patch, found }) => patch === "v1" && found.count > 0);
  return isP1 && isV1Broken ? parts : parts.filter(({ patch }) => patch !== "p1" || parts.length === 1);
}

/** What each kind of event is given to. */
function sorted(instances: readonly Instance[]): readonly Monitor["event"][][] {
  const byKind: Monitor["event"][][] = Array.from({ length: KIND_COUNT }, () => []);
  for (const { monitor } of instances) for (const kind of monitor.kinds) byKind[kind]?.push(monitor.event);
  return byKind;
}

interface Part {
  readonly patch: Patch | null;
  readonly judgement: Judgement;
  readonly found: FindingResult;
}

/** What is true whichever of the versions it is: violated in each, held in each, or else undecided. */
function together(parts: readonly Part[]): Pick<Outcome, "judgement" | "found"> {
  const last = parts.at(-1);
  if (last === undefined) throw new Error("a property is judged by no version");
  if (parts.length === 1 || parts.every(({ found }) => found.count > 0)) return last;
  const undecided = parts.find(({ judgement }) => judgement.undecided !== null)?.judgement.undecided ?? null;
  const doubts = new Map<string, number>();
  for (const { patch, found } of parts) {
    if (found.count > 0)
      doubts.set(
        `in ${patch} this is violated, but the log may be of another version: ${found.violations[0]?.message}`,
        1,
      );
    for (const { reason, count } of found.doubts)
      doubts.set(reason, Math.max(count, doubts.get(reason) ?? 0));
  }
  const revoked = parts.map(({ found }) => found).sort((a, b) => b.revoked - a.revoked)[0];
  return {
    judgement: {
      ...last.judgement,
      undecided,
      moot: parts.every(({ judgement }) => judgement.moot === true),
    },
    found: {
      count: 0,
      violations: [],
      doubts: [...doubts].map(([reason, count]) => ({ reason, count })),
      revoked: revoked?.revoked ?? 0,
      revokedExample: revoked?.revokedExample ?? null,
    },
  };
}
