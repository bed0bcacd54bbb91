/** Why work is to end that nothing else ends: its time is up, or the user asks for it. */

/** The part of the limits that is the same for a search and all that follows it. */
export interface Patience {
  /** Seconds for all of it. */
  readonly maxSeconds: number;
  /** When all of it began, by `now`. */
  readonly started: number;
  /** Monotonic clock in milliseconds. */
  readonly now: () => number;
  readonly interrupted: () => boolean;
}

/** One sentence; null where the work may go on. */
export function refusalOf({ maxSeconds, started, now, interrupted }: Patience): string | null {
  if (now() - started > maxSeconds * 1000) return `the limit of ${maxSeconds} seconds was reached`;
  return interrupted() ? "the search was interrupted" : null;
}
