/** Shortest paths in a stored graph whose states are in no helpful order. */
import type { Exploration } from "../explore/explore.ts";
import type { Meter } from "../explore/meter.ts";
import { successorReader } from "./successors.ts";

/** For each exploration the breadth-first tree over its states, made when it is asked for first. */
const trees = new WeakMap<Exploration, Uint32Array>();

/**
 * State numbers from the initial state to `to`, both included, through states that were stored.
 *
 * @param meter - null for work that is not to be given up
 */
export function shortestPath(
  exploration: Exploration,
  to: number,
  meter: Meter | null = null,
): readonly number[] {
  const tree = trees.get(exploration) ?? treeOf(exploration, meter);
  trees.set(exploration, tree);
  const numbers = [to];
  for (let at = to; at !== 0; ) {
    at = (tree[at] ?? 1) - 1;
    numbers.push(at);
  }
  return numbers.reverse();
}

/** The number of each state's predecessor plus 1; 0 where it has not been reached. */
function treeOf(exploration: Exploration, meter: Meter | null): Uint32Array {
  const { states } = exploration.counts;
  const reader = successorReader(exploration, meter);
  meter?.take(8 * states);
  const tree = new Uint32Array(states);
  const queue = new Uint32Array(states);
  tree[0] = 1;
  for (let head = 0, tail = 1; head < tail; head++) {
    const from = queue[head] ?? 0;
    const count = reader.read(from);
    for (let e = 0; e < count; e++) {
      // A search that was cut has steps to states that it has not stored.
      const to = reader.targets[e] ?? 0;
      if (to >= states || tree[to] !== 0) continue;
      tree[to] = from + 1;
      queue[tail++] = to;
    }
  }
  return tree;
}
