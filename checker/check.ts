/** The checker's door: explores a model and judges its properties. */
import type { Model } from "../models/language/index.ts";
import type { CheckResult } from "./result.ts";

export type * from "./result.ts";

export interface CheckOptions {
  /** Ids of the properties to judge; all that the model declares where absent. */
  readonly properties?: readonly string[];
  /** Limits; a search that reaches one is cut, and what is undecided then is inconclusive. */
  readonly maxStates?: number;
  readonly maxMemoryBytes?: number;
  readonly maxSeconds?: number;
  /** Monotonic clock in milliseconds. */
  readonly now: () => number;
  /** Asked at intervals; true ends the search with what is known. */
  readonly interrupted?: () => boolean;
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly frontier: number;
  readonly seconds: number;
  readonly memoryBytes: number;
}

/**
 * Explores every reachable state of a checked model, breadth first, and judges its properties.
 *
 * Same model and options give the same result, durations and memory apart.
 *
 * @param model - a model without diagnostics of `checkModel`
 * @throws InternalError where an internal check fails, for instance a counterexample that does not replay
 */
export function check(_model: Model, _options: CheckOptions): CheckResult {
  throw new Error("unreachable");
}
