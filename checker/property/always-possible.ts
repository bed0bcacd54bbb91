/** Possibility (AG EF): from every reachable state of those asked about, a state that satisfies the goal is reachable. */
import type { ExprData } from "../../models/language/index.ts";
import type { Exploration } from "../explore/explore.ts";
import type { Meter } from "../explore/meter.ts";
import { classify, successorReader } from "./successors.ts";

export type Possibility =
  /** How far the goal is; null where no state is asked about. */
  | { readonly kind: "holds"; readonly distance: { readonly least: number; readonly most: number } | null }
  /** No way leads from this state, the first found such, to the goal. */
  | { readonly kind: "violated"; readonly state: number };

/**
 * Judges it on a complete exploration, backwards from the states that satisfy the goal.
 *
 * @param from - the states asked about; every state where it is left out
 */
export function judgeAlwaysPossible(
  exploration: Exploration,
  goal: ExprData,
  from: ExprData | undefined,
  meter: Meter,
): Possibility {
  const possible = classify(exploration, goal, meter);
  const asked = from === undefined ? null : classify(exploration, from, meter);
  const isAsked = (state: number) => asked === null || asked[state] === 1;
  const { first, sources } = predecessors(exploration, meter);
  meter.take(4 * possible.length);
  const queue = new Uint32Array(possible.length);
  let filled = 0;
  for (let state = 0; state < possible.length; state++) if (possible[state] === 1) queue[filled++] = state;
  let least = -1;
  let most = 0;
  let steps = 0;
  for (let head = 0, level = filled; head < filled; head++) {
    meter.poll();
    if (head === level) {
      steps++;
      level = filled;
    }
    const at = queue[head] as number;
    if (isAsked(at)) {
      if (least < 0) least = steps;
      most = steps;
    }
    for (let e = first[at] as number; e < (first[at + 1] as number); e++) {
      const source = sources[e] as number;
      if (possible[source] === 1) continue;
      possible[source] = 1;
      queue[filled++] = source;
    }
  }
  const state = possible.findIndex((is, number) => is === 0 && isAsked(number));
  if (state >= 0) return { kind: "violated", state };
  return { kind: "holds", distance: least < 0 ? null : { least, most } };
}

/** The edges backwards: the sources of the edges to state `s` stand from `first[s]` up to `first[s + 1]`. */
function predecessors(
  exploration: Exploration,
  meter: Meter,
): {
  readonly first: Uint32Array;
  readonly sources: Uint32Array;
} {
  const reader = successorReader(exploration, meter);
  const { states, transitions } = exploration.counts;
  meter.take(4 * (states + 1) + 4 * transitions);
  const first = new Uint32Array(states + 1);
  for (let s = 0; s < states; s++) {
    const count = reader.read(s);
    for (let e = 0; e < count; e++) {
      const target = reader.targets[e] as number;
      first[target] = (first[target] as number) + 1;
    }
  }
  let sum = 0;
  for (let s = 0; s <= states; s++) first[s] = sum += first[s] as number;
  // Each entry is now the end of its edges; filling them from behind makes it their beginning.
  const sources = new Uint32Array(transitions);
  for (let s = 0; s < states; s++) {
    const count = reader.read(s);
    for (let e = 0; e < count; e++) {
      const target = reader.targets[e] as number;
      const place = (first[target] as number) - 1;
      first[target] = place;
      sources[place] = s;
    }
  }
  return { first, sources };
}
