/** The slow, obvious twin of the explorer: objects, strings as keys, the reference evaluator. */
import {
  enabledSteps,
  initialState,
  ModelError,
  type State,
  type Step,
  type System,
  takeStep,
} from "../../models/language/index.ts";

export interface NaiveResult {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  /** States without an enabled step. */
  readonly stuck: number;
  /** Steps that write outside a sort. */
  readonly errors: number;
}

/** Explores breadth first. `visit` sees every state once, `take` every transition. */
export function exploreNaively(
  system: System,
  visit: (state: State) => void = () => {},
  take: (before: State, step: Step, after: State) => void = () => {},
): NaiveResult {
  const first = initialState(system);
  const seen = new Set([JSON.stringify(first)]);
  let [frontier, transitions, depth, stuck, errors] = [[first], 0, -1, 0, 0];
  while (frontier.length > 0) {
    depth++;
    const following: State[] = [];
    for (const state of frontier) {
      visit(state);
      const steps = enabledSteps(system, state);
      if (steps.length === 0) stuck++;
      for (const step of steps) {
        let after: State;
        try {
          after = takeStep(system, state, step);
        } catch (error) {
          if (!(error instanceof ModelError)) throw error;
          errors++;
          continue;
        }
        transitions++;
        take(state, step, after);
        const key = JSON.stringify(after);
        if (!seen.has(key)) {
          seen.add(key);
          following.push(after);
        }
      }
    }
    frontier = following;
  }
  return { states: seen.size, transitions, depth, stuck, errors };
}
