/** A check as it is stored: its search, and what an earlier one of the same check has found. */
import type { CheckOptions } from "./check.ts";
import type { Snapshot } from "./explore/checkpoint.ts";
import type { Limits } from "./explore/explore.ts";
import type { CheckResult } from "./result.ts";

/** Everything but the two arrays, as plain data. */
export interface SavedCheck {
  /** What the search with partial order found, where the one without it was stored; else null. */
  readonly quick: CheckResult | null;
  readonly search: Snapshot;
}

/**
 * The limits of one search of a check, with where it is stored, and what it goes on from if that was a search of the same
 * kind.
 *
 * @param quick - what the search before it found; null for the first
 */
export function limitsFor(
  { checkpoints, resume }: Pick<CheckOptions, "checkpoints" | "resume">,
  limits: Limits,
  quick: CheckResult | null,
): Limits {
  const isNext = resume !== undefined && (resume.saved.quick === null) === (quick === null);
  return {
    ...limits,
    ...(checkpoints === undefined
      ? {}
      : {
          checkpoints: {
            everySeconds: checkpoints.everySeconds,
            save: (search, arrays) => checkpoints.save({ quick, search }, arrays),
          },
        }),
    ...(isNext ? { resume: { snapshot: resume.saved.search, fill: resume.fill } } : {}),
  };
}
