/** What a check returns: plain data, the same bytes for the same model and options apart from durations and memory. */
import type { ExprData, Respect, Sort, Value } from "../models/language/index.ts";

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
  /** How a lasso is fair to each actor that asks for it; of a finite run nothing of the sort is asked. */
  readonly fairness?: readonly Respect[];
  readonly final: StateView;
  /** What is wrong in the last state or in the last step, in one sentence. */
  readonly failure: string;
}

/** The number of steps of a shortest way to a goal: from the nearest state that is asked about, and from the farthest. */
export interface Distance {
  readonly least: number;
  readonly most: number;
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
  /** How far the goal is, where a property that asks about some states holds of them. */
  readonly distance?: Distance;
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
  /** Null where it was not asked for, where the states are not kept, or where {@link cut} says why. */
  readonly detail: CoverageDetail | null;
  /** The limit that ended the look at the states before there was any detail; else null. */
  readonly cut: string | null;
}

/** How many of the things that could be used are used, and the names of the others. */
export interface Share {
  readonly used: number;
  readonly total: number;
  readonly unused: readonly string[];
}

export interface CoverageDetail {
  readonly steps: Share;
  /** Program points of each instance. */
  readonly points: Share;
  /** Both outcomes of each guard, over all instances and choices. */
  readonly guards: Share;
  /** Values of variables, array elements and fields; lengths of lists, sizes of sets. */
  readonly values: Share;
  /** Properties whose premise, request or antecedent is true at least once; those that have none count as used. */
  readonly premises: Share;
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

/** A way to explore fewer states or steps. */
export type Reduction = "symmetry" | "por" | "dead";

/** What a reduction does to this model, or why it is switched off, in one sentence. */
export interface ReductionNote {
  readonly reduction: Reduction;
  readonly says: string;
}

/** The reductions that were asked for. */
export interface Reductions {
  readonly applied: readonly ReductionNote[];
  readonly off: readonly ReductionNote[];
  /** How many states those explored stand for under other names; where it was asked for. */
  readonly orbits?: number;
}

export interface CheckResult {
  readonly verdict: Verdict;
  /** Null where every reachable state was seen; else the limit that ended the search, in one sentence. */
  readonly cut: string | null;
  readonly search: SearchSummary;
  readonly properties: readonly PropertyResult[];
  readonly statistics: Statistics;
  readonly coverage: Coverage;
  readonly reductions: Reductions;
}

/**
 * When something is so in a run; states are told by the number of steps before them. `once`: in all states from `from` to
 * `to`; where `to` is beyond the last step, the loop is gone through again, or the run stays at its end. `forever`: in all from
 * `from` on. `again`: in some states of the loop, the first of them `from`.
 */
export type Span =
  | { readonly kind: "once"; readonly from: number; readonly to: number }
  | { readonly kind: "forever" | "again"; readonly from: number; readonly to: null };

/** A smallest part of a condition that makes the whole what it is, with the values that decide it. */
export interface Cause {
  /** Without bound names, apart from those in `where`. */
  readonly condition: ExprData;
  readonly value: boolean;
  /** Elements of lists and sets that a quantifier had reached. */
  readonly where: readonly { readonly name: string; readonly value: Value; readonly sort: Sort }[];
  /** The sides of a comparison, and the indices in them. */
  readonly operands: readonly { readonly expr: ExprData; readonly value: Value; readonly sort: Sort }[];
  /** Where the instances stand that the condition asks about. */
  readonly stands: readonly { readonly actor: string; readonly point: string }[];
  /** When it is so, for a property of whole runs; values are told that are the same all the time. */
  readonly span?: Span;
}

/** An actor instance in one state: what it can do, and what keeps it from the rest. */
export interface Standing {
  readonly actor: string;
  readonly point: string;
  /** True where no step leaves the program point. */
  readonly ended: boolean;
  readonly able: readonly { readonly event: string; readonly description: string }[];
  readonly blocked: readonly {
    readonly event: string;
    readonly description: string;
    readonly causes: readonly Cause[];
  }[];
}

/** How a run differs from the violating one. Steps are counted from 0 in the violating run. */
export type Deviation =
  /** The actor of `step` waits with it until `until` has been taken. */
  | { readonly kind: "waits"; readonly actor: string; readonly step: number; readonly until: number }
  /** Before `step`, the actor takes another step than in the violating run. */
  | { readonly kind: "instead"; readonly actor: string; readonly step: number; readonly description: string };

/** What would have avoided a violation. */
export interface Avoidance {
  /**
   * `passing`: a run with the fewest deviations that takes the same last step and violates nothing. `diverted`: one in
   * which the actor of the last step goes another way. `wayOut`: from where on the run still could get to what it
   * missed. `none`: nothing was found; `reason` says how far was looked.
   */
  readonly kind: "passing" | "diverted" | "wayOut" | "none";
  readonly reason: string;
  readonly deviations: readonly Deviation[];
  /** The steps of the violating run that come before the first difference. */
  readonly shared: number;
  /** The steps of the other run from there on. */
  readonly steps: readonly PathStep[];
}

/** Why a run violates its property. */
export interface Explanation {
  /** The state that `causes` (those without a span) and `actors` speak of: the number of steps before it. */
  readonly at: number;
  /**
   * The number of steps after which the property is false whatever follows; where there are more than the run has, its loop is
   * gone through again, or it stays at its end. Null where only the whole run shows it.
   */
  readonly shownBy: number | null;
  /** What of the property is false there; of a property of whole runs, what refutes it, in the order of time. */
  readonly causes: readonly Cause[];
  readonly actors: readonly Standing[];
  readonly avoidance: Avoidance;
}
