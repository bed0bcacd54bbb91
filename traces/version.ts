/** Which versions of the series a log may be of, as far as its events tell. */

import { Kind } from "./event.ts";
import { MAX_RC } from "./monitor/a10-well-formed.ts";
import type { Patch } from "./monitor/law.ts";
import type { LogFacts } from "./read/facts.ts";

const PATCHES: readonly Patch[] = ["v0", "v1", "v2", "v3"];
const V0 = 1;
const V1 = 2;
const V2 = 4;
const V3 = 8;

/** Versions as a set of bits. */
export type VersionSet = number;
export const EVERY_VERSION: VersionSet = V0 | V1 | V2 | V3;

/** Whether a log may be of a version; P1 wherever it may be of V1, whose events it has. */
export const hasVersion = (set: VersionSet, patch: Patch): boolean =>
  ((set >> PATCHES.indexOf(patch === "p1" ? "v1" : patch)) & 1) === 1;

export const versionsIn = (set: VersionSet): readonly Patch[] =>
  PATCHES.filter((patch) => hasVersion(set, patch));

/**
 * The versions that lay out events as this log does and whose threads have the names that it shows. None if it
 * contradicts itself; it only becomes smaller while a log is read.
 */
export function possibleVersions(facts: LogFacts): VersionSet {
  let set = EVERY_VERSION;
  if (facts.sawTaskName) set &= V0;
  if (facts.sawNode) set &= V1 | V2 | V3;
  if (facts.sawCounts) return set & V3;
  if (facts.sawTaskName) return set;
  if (facts.sawPlainMigrate) set &= V1 | V2;
  if (facts.sawKmmscand) set &= V0 | V1;
  if (facts.sawKscand) set &= V2 | V3;
  return set;
}

/**
 * Those of the possible versions that nothing else speaks against: what the log says of itself, a return code that a
 * version does not have, an exit shown by a version that shows none.
 */
export function likelyVersions(facts: LogFacts): VersionSet {
  let set = possibleVersions(facts);
  const keep = (fits: (patch: Patch) => boolean): void => {
    const kept = versionsIn(set).filter(fits);
    if (kept.length > 0) set = kept.reduce((sum, patch) => sum | (1 << PATCHES.indexOf(patch)), 0);
  };
  keep((patch) => patch === (facts.toldPatch === "p1" ? "v1" : facts.toldPatch));
  keep((patch) => facts.largestRc <= MAX_RC[patch]);
  if ((facts.countByKind[Kind.mmExit] ?? 0) > 0) keep((patch) => patch !== "v0");
  return set;
}

/**
 * The version that decides, whatever the events look like: the one that was given, or P1 where the log says that it is
 * of P1, which no event tells from V1.
 */
export const decreedPatch = (facts: LogFacts, given: Patch | null): Patch | null =>
  given ?? (facts.toldPatch === "p1" ? "p1" : null);

/** The version of the log, null if it may be of several. */
export function patchOf(facts: LogFacts, given: Patch | null): Patch | null {
  if (given !== null) return given;
  const [only, ...others] = versionsIn(likelyVersions(facts));
  return only !== undefined && others.length === 0 ? only : null;
}

/** Why no version's rules apply, or null. */
export function patchConflict(facts: LogFacts, given: Patch | null): string | null {
  if (facts.toldOther !== null && (given === null || given === facts.toldPatch)) {
    const { line, patch } = facts.toldOther;
    return `a header says ${facts.toldPatch ?? "nothing of the version"}, that in line ${line} ${patch ?? "nothing of it"}: what follows is of another version`;
  }
  if (facts.sawTaskName && facts.sawNode) return "events of V0 and of later versions stand in one log";
  if (given === null) {
    const possible = possibleVersions(facts);
    if (possible === 0)
      return "the daemon is called kmmscand in one part of the log and kscand in another: it is of two versions";
    const told = facts.toldPatch;
    return told === null || hasVersion(possible, told)
      ? null
      : `the header says ${told}, but the events and the name of the daemon are those of ${versionsIn(possible).join(" or ")}`;
  }
  const first = facts.sawTaskName ? "v0" : facts.sawNode ? "later" : null;
  if (first === null || (given === "v0") === (first === "v0")) return null;
  return `the ${facts.toldPatch === given ? "header" : "option"} says ${given}, but the events have the layout of ${first === "v0" ? "v0" : "v1 or later"}`;
}

/** What a report says of a log whose version is not known; null if it is known. */
export function versionNote(facts: LogFacts, given: Patch | null): string | null {
  const set = likelyVersions(facts);
  const patches = versionsIn(set);
  if (given !== null || patches.length < 2) return null;
  if (set === (V2 | V3)) return `V2 and V3 cannot be told apart without a migrate event: ${JUDGED}`;
  return `no event tells whether the log is of ${patches.slice(0, -1).join(", ")} or ${patches.at(-1)}: ${JUDGED}, unless --patch is given`;
}

const JUDGED = "it is judged by the rules of each, and only what is true of all of them is said";
