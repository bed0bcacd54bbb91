/** Up to where a run could still have got to what it missed, and how. */
import { enabledSteps, type State, type Step, type System } from "../../models/language/index.ts";
import { attempt, type Run } from "./replay.ts";

/** States looked at before the search is given up. */
export const mostStates = 20_000;

export interface WayOut {
  /** Steps of the run that are kept. */
  readonly shared: number;
  readonly run: Run;
}

/**
 * The latest state of the run from which a goal can be reached, and a shortest way there.
 *
 * @returns null where no state of the run has a way, "unknown" where the search was given up
 */
export function lastWayOut(
  system: System,
  run: Run,
  goal: (state: State) => boolean,
): WayOut | null | "unknown" {
  /** States from which the goal cannot be reached. */
  const hopeless = new Set<string>();
  for (let shared = run.steps.length; shared >= 0; shared--) {
    const way = shortestWay(system, run.states[shared] as State, goal, hopeless);
    if (way === "unknown") return way;
    if (way !== null) return { shared, run: way };
  }
  return null;
}

export interface Visit {
  readonly state: State;
  readonly before: Visit | null;
  readonly step: Step | null;
}

function shortestWay(
  system: System,
  from: State,
  goal: (state: State) => boolean,
  hopeless: Set<string>,
): Run | null | "unknown" {
  const queue: Visit[] = [{ state: from, before: null, step: null }];
  const seen = new Set([JSON.stringify(from)]);
  for (const visit of queue) {
    if (goal(visit.state)) return runTo(visit);
    for (const { step, state } of successors(system, visit.state)) {
      const key = JSON.stringify(state);
      if (seen.has(key) || hopeless.has(key)) continue;
      if (seen.size + hopeless.size >= mostStates) return "unknown";
      seen.add(key);
      queue.push({ state, before: visit, step });
    }
  }
  for (const key of seen) hopeless.add(key);
  return null;
}

/** The way to a visit, from where the search began. */
export function runTo(end: Visit): Run {
  const states: State[] = [];
  const steps: Step[] = [];
  for (let at: Visit | null = end; at !== null; at = at.before) {
    states.unshift(at.state);
    if (at.step !== null) steps.unshift(at.step);
  }
  return { states, steps };
}

/** The steps that can be taken without an error of the model, and where they lead. */
export function successors(
  system: System,
  state: State,
): readonly { readonly step: Step; readonly state: State }[] {
  return enabledSteps(system, state).flatMap((step) => {
    const after = attempt(system, state, step);
    return after === null ? [] : [{ step, state: after }];
  });
}

/**
 * True where every run from the state soon ends, and never in a final state: what is reachable has no loop and no end
 * that is allowed. Where the search is given up there is more to come, so the answer is false.
 */
export function isDoomed(system: System, from: State, final: (state: State) => boolean): boolean {
  const number = new Map([[JSON.stringify(from), 0]]);
  const queue = [from];
  const edges: number[][] = [];
  for (const state of queue) {
    const next = successors(system, state);
    if (next.length === 0 && final(state)) return false;
    edges.push(
      next.map(({ state: to }) => {
        const key = JSON.stringify(to);
        const known = number.get(key);
        if (known !== undefined) return known;
        number.set(key, queue.length);
        return queue.push(to) - 1;
      }),
    );
    if (queue.length >= mostStates) return false;
  }
  return !hasLoop(edges);
}

/** True where states are left over after those without a predecessor have been taken away again and again. */
function hasLoop(edges: readonly (readonly number[])[]): boolean {
  const incoming = edges.map(() => 0);
  for (const to of edges.flat()) incoming[to] = (incoming[to] ?? 0) + 1;
  const free = edges.flatMap((_, i) => (incoming[i] === 0 ? [i] : []));
  let left = edges.length;
  for (const state of free) {
    left--;
    for (const to of edges[state] ?? []) {
      incoming[to] = (incoming[to] ?? 0) - 1;
      if (incoming[to] === 0) free.push(to);
    }
  }
  return left > 0;
}
