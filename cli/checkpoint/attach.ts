/** A check whose search is stored in one file and goes on from another, as a command has planned it. */
import { type CheckOptions, type CheckResult, check } from "../../checker/check.ts";
import type { Model } from "../../models/index.ts";
import type { CheckLimits } from "../host.ts";
import { describeInputError, InputError } from "../input-error.ts";
import { readArrays, removeCheckpoint, writeCheckpoint } from "./file.ts";

/** What the limits leave to the host. */
type Surroundings = Pick<CheckOptions, "now" | "interrupted" | "startThread" | "onProgress">;

/**
 * A check with its checkpoints. A file from which nothing is left to be done is removed.
 *
 * @param warn - told of a file that could not be written; the search goes on without it
 */
export function checkWithCheckpoints(
  model: Model,
  { checkpoint, resume, ...limits }: CheckLimits,
  surroundings: Surroundings,
  warn: (sentence: string) => void,
): CheckResult {
  const save: NonNullable<CheckOptions["checkpoints"]>["save"] = (saved, arrays) => {
    if (checkpoint === undefined) return;
    try {
      writeCheckpoint(checkpoint, checkpoint.identity, saved, arrays);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      warn(describeInputError(error));
    }
  };
  const fill: NonNullable<CheckOptions["resume"]>["fill"] = (arrays) => {
    if (resume !== undefined) readArrays(resume, resume.offset, arrays);
  };
  const result = check(model, {
    ...limits,
    ...surroundings,
    ...(checkpoint === undefined ? {} : { checkpoints: { everySeconds: checkpoint.everySeconds, save } }),
    ...(resume === undefined ? {} : { resume: { saved: resume.saved, fill } }),
  });
  if (checkpoint !== undefined && isDecided(result, limits.stopAtFirst)) removeCheckpoint(checkpoint);
  return result;
}

/** Nothing is left that a longer search could find. */
function isDecided({ cut, verdict, properties, coverage }: CheckResult, stopAtFirst = false): boolean {
  if (stopAtFirst && verdict === "violated") return true;
  return (
    cut === null &&
    coverage.cut === null &&
    properties.every((property) => property.verdict !== "inconclusive")
  );
}
