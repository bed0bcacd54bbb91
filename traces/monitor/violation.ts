/** What a monitor's result consists of, as plain data. */

export type Verdict = "holds" | "violated" | "inconclusive";

/** A line quoted from a log, escaped. */
export interface QuotedText {
  readonly line: number;
  readonly text: string;
}

export interface Violation {
  readonly log: string;
  readonly line: number;
  /** Where the line stands, if the log was sorted or merged; `line` then counts in the order of time. */
  readonly source?: { readonly log: string | null; readonly line: number };
  /** Name of the event. */
  readonly event: string;
  /** Time as the log prints it (seconds, or ticks of an integer clock); null if it prints none. */
  readonly time: string | null;
  /** Task and pid that the line names. */
  readonly actor: string;
  /** One sentence: what was expected and what was seen. */
  readonly message: string;
  /** How many violations of the same kind this one stands for. */
  readonly count: number;
  readonly context: readonly QuotedText[];
}
