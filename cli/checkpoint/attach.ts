/** From the plan of a command to what the checker calls: where the exploring thread reads and writes checkpoints. */
import type { CheckOptions, CheckResult } from "../../checker/check.ts";
import type { CheckLimits } from "../host.ts";
import { describeInputError, InputError } from "../input-error.ts";
import { readArrays, removeCheckpoint, writeCheckpoint } from "./file.ts";

type Attached = Omit<CheckOptions, "now">;

/**
 * The options of a check with its checkpoints, and what to call with its result: a file from which nothing is left to be
 * done is removed.
 *
 * @param warn - told of a file that could not be written; the search goes on without it
 */
export function attachCheckpoints(
  { checkpoint, resume, ...limits }: CheckLimits,
  warn: (sentence: string) => void,
): { readonly options: Attached; readonly finish: (result: CheckResult) => void } {
  const save: NonNullable<CheckOptions["checkpoints"]>["save"] = (saved, arrays) => {
    if (checkpoint === undefined) return;
    try {
      writeCheckpoint(checkpoint, checkpoint.identity, saved, arrays);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      warn(describeInputError(error));
    }
  };
  return {
    options: {
      ...limits,
      ...(checkpoint === undefined ? {} : { checkpoints: { everySeconds: checkpoint.everySeconds, save } }),
      ...(resume === undefined
        ? {}
        : { resume: { saved: resume.saved, fill: (arrays) => readArrays(resume, resume.offset, arrays) } }),
    },
    finish: (result) => {
      if (checkpoint !== undefined && isDecided(result, limits.stopAtFirst)) removeCheckpoint(checkpoint);
    },
  };
}

/** Nothing is left that a longer search could find. */
function isDecided({ cut, verdict, properties }: CheckResult, stopAtFirst = false): boolean {
  if (stopAtFirst && verdict === "violated") return true;
  return cut === null && properties.every((property) => property.verdict !== "inconclusive");
}
