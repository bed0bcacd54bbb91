/** The document that `explore --json` prints, and from which the text is made. */
import type {
  Change,
  CheckResult,
  Counterexample,
  PathStep,
  PropertyResult,
  Reductions,
  StateView,
} from "../../checker/result.ts";

/** A change with its values in words: `mm_lock: free -> mm0`. */
export interface ReportedChange extends Change {
  readonly text: string;
}

export interface ReportedStep extends Omit<PathStep, "changes" | "emits"> {
  readonly changes: readonly ReportedChange[];
  /** The trace event with its arguments in words: `kmem_scan_mm_start mm=mm0`. */
  readonly emits: (NonNullable<PathStep["emits"]> & { readonly text: string }) | null;
}

/** A state with its variables in words beside their values. */
export interface ReportedState extends StateView {
  readonly text: Readonly<Record<string, string>>;
}

export interface ReportedCounterexample extends Omit<Counterexample, "initial" | "steps" | "final"> {
  readonly initial: ReportedState;
  readonly steps: readonly ReportedStep[];
  readonly final: ReportedState;
}

export interface ReportedProperty extends Omit<PropertyResult, "counterexample"> {
  readonly counterexample: ReportedCounterexample | null;
}

/** Which model, and how it was built. */
export interface Subject {
  readonly model: string;
  readonly title: string;
  /** Null for a model without versions. */
  readonly patch: string | null;
  readonly parameters: Readonly<Record<string, number>>;
  readonly features: Readonly<Record<string, boolean>>;
}

/** Which part of a whole a report is. */
export interface Shard {
  /** From 1 to `count`. */
  readonly index: number;
  readonly count: number;
  /** What the parts share out. */
  readonly divides: "properties" | "seeds";
  /** Ids of the properties, and seeds, of the whole. */
  readonly properties: readonly string[];
  readonly seeds: readonly number[];
  /** Equal for parts of one whole. */
  readonly fingerprint: string;
}

/** The search that --check-reductions makes without any. */
export interface SearchWithout
  extends Pick<CheckResult["statistics"], "states" | "transitions" | "depth" | "seconds"> {
  /** States without reductions for each state with them. */
  readonly factor: number;
  /** What is the same in both searches. */
  readonly same: readonly string[];
  /** The states that the representatives stand for, which are as many as there are without reductions; else null. */
  readonly orbits: number | null;
}

export interface ExploreReport extends Subject {
  readonly tool: "kmmcheck";
  readonly version: string;
  readonly command: "explore";
  /** Features that differ from the version's own. */
  readonly changedFeatures: readonly string[];
  readonly verdict: CheckResult["verdict"];
  readonly cut: string | null;
  readonly search: CheckResult["search"];
  /** Null for a whole. */
  readonly shard: Shard | null;
  readonly properties: readonly ReportedProperty[];
  readonly statistics: CheckResult["statistics"];
  readonly coverage: CheckResult["coverage"];
  /** States and transitions are those that the reductions leave. */
  readonly reductions: Reductions & { readonly without: SearchWithout | null };
  /** What the verdicts take for granted, one sentence each. */
  readonly assumptions: readonly string[];
}
