/** Exit codes by class: the only place that knows the numbers. */
export const ExitCode = {
  /** Every property asked for holds. */
  holds: 0,
  /** At least one is violated. */
  violated: 1,
  /** Usage or bad input. */
  badInput: 2,
  /** None violated, at least one inconclusive. */
  inconclusive: 3,
  /** A bug of ours. */
  internal: 70,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export type Verdict = "holds" | "violated" | "inconclusive";

/** The verdict of several together: the worst, where a violation outweighs what is undecided. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("violated")) return "violated";
  return verdicts.includes("inconclusive") ? "inconclusive" : "holds";
}
