/** What a check returns: plain data, the same bytes for the same model and options apart from durations and memory. */
import type { Value } from "../models/language/index.ts";

export type Verdict = "holds" | "violated" | "inconclusive";

/** One variable that a step changed, history apart; `name` may reach into it: `mmap_lock[mm0]`. */
export interface Change {
  readonly name: string;
  readonly before: Value;
  readonly after: Value;
}

/** One step of a counterexample, in the kernel's words. */
export interface PathStep {
  /** Event of the composed XState machine: `owner(mm0).exit:lock`. */
  readonly event: string;
  /** Instance that takes it: `owner(mm0)`. */
  readonly actor: string;
  readonly from: string;
  readonly to: string;
  readonly description: string;
  readonly why: string | null;
  readonly changes: readonly Change[];
  /** Trace event that the step shows, with its arguments' values. */
  readonly emits: { readonly event: string; readonly args: Readonly<Record<string, Value>> } | null;
}

/** A state in full: the program point of each instance and the values of all variables. */
export interface StateView {
  readonly points: Readonly<Record<string, string>>;
  readonly context: Readonly<Record<string, Value>>;
}

/**
 * A run that violates a property. It has been replayed on the reference evaluator.
 *
 * `loopStart` is null for a finite run. For a lasso the steps from `loopStart` on repeat for ever; where `loopStart`
 * equals the number of steps, the run ends in a state that nothing leaves.
 */
export interface Counterexample {
  readonly initial: StateView;
  readonly steps: readonly PathStep[];
  readonly loopStart: number | null;
  readonly final: StateView;
  /** What is wrong in the last state or in the last step, in one sentence. */
  readonly failure: string;
}

export interface PropertyResult {
  readonly id: string;
  readonly title: string;
  readonly kind: "invariant" | "assertion" | "leadsTo" | "ltl" | "alwaysPossible" | "reachable" | "deadlock";
  readonly verdict: Verdict;
  /** True beside `holds` where the premise was never reached. */
  readonly vacuous: boolean;
  readonly reason: string;
  readonly says: string;
  readonly defects: readonly string[];
  readonly counterexample: Counterexample | null;
}

export interface Statistics {
  /** Distinct states, the initial one included. */
  readonly states: number;
  /** Enabled steps taken from them, duplicates included. */
  readonly transitions: number;
  /** Levels of the breadth-first search after the initial state. */
  readonly depth: number;
  readonly seconds: number;
  readonly statesPerSecond: number;
  /** Table, arena and parent links, divided by states. */
  readonly bytesPerState: number;
  readonly peakMemoryBytes: number;
}

/** Steps and program points that no reachable state uses. */
export interface Coverage {
  readonly stepsNeverTaken: readonly string[];
  readonly pointsNeverEntered: readonly string[];
}

/** How states were visited. */
export interface SearchSummary {
  /** Breadth first, depth first, or walks at random. */
  readonly order: "bfs" | "dfs" | "random";
  /** How visited states were remembered; random walks remember none. */
  readonly store: "exact" | "hash-compact" | "bitstate" | "none";
  /** One search for each; empty where nothing was left to chance. */
  readonly seeds: readonly number[];
  /** Random walks of each seed; null for other searches. */
  readonly walks: number | null;
  /** Steps at most; null where there was no limit. */
  readonly maxDepth: number | null;
  /** Bits kept of a state: of its signature, or set in the array; null where states are exact or not remembered. */
  readonly bits: number | null;
  /** Bytes of the array of bits; null for other stores. */
  readonly storeBytes: number | null;
  /** Probability that a reachable state was left out; 0 for exact states, null where it is not known. */
  readonly omission: number | null;
}

export interface CheckResult {
  readonly verdict: Verdict;
  /** Null where every reachable state was seen; else the limit that ended the search, in one sentence. */
  readonly cut: string | null;
  readonly search: SearchSummary;
  readonly properties: readonly PropertyResult[];
  readonly statistics: Statistics;
  readonly coverage: Coverage;
}
