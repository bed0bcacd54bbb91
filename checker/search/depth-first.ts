/**
 * Depth-first search over any set of visited states.
 *
 * A state is judged and added to the set when it is first reached; the states that one expansion adds wait on the stack,
 * the first step's on top. So the ancestors of a state on the stack are a run to it, whatever the set remembers.
 */
import { initialState } from "../../models/language/index.ts";
import type { Limits } from "../explore/explore.ts";
import { pack } from "../lower/layout.ts";
import type { Program } from "../lower/program.ts";
import type { Find } from "./find.ts";
import { type Extent, watchOf } from "./limits.ts";
import type { Random } from "./prng.ts";
import { Stack } from "./stack.ts";
import type { Stepper } from "./stepper.ts";
import type { Visited } from "./visited.ts";

export interface DepthFirst {
  /** By position of the property; last a write outside a sort. */
  readonly finds: readonly (Find | undefined)[];
  readonly extent: Extent;
  readonly cut: string | null;
  readonly seconds: number;
}

export interface DepthFirstOptions {
  /** States deeper than this are not expanded. */
  readonly maxDepth: number;
  /** Shuffles the steps of each state; null for the model's order. */
  readonly order: Random | null;
  /** True of the properties whose finds are violations. */
  readonly isViolation: (property: number) => boolean;
}

export function searchDepthFirst(
  program: Program,
  stepper: Stepper,
  visited: Visited,
  limits: Limits,
  options: DepthFirstOptions,
): DepthFirst {
  const { words, successors, steps } = stepper;
  const watch = watchOf(limits);
  const stack = new Stack(words);
  const finds: (Find | undefined)[] = [];
  const order = Array.from(steps, (_, i) => i);
  let [transitions, depth, found] = [0, 0, 0];
  let tooDeep = false;
  const drain = (entry: number) => {
    for (const { property, step } of stepper.alerts) {
      if (stepper.open[property] === 0) continue;
      stepper.open[property] = 0;
      finds[property] = { state: stack.number(entry), step, run: stack.run(entry) };
      if (options.isViolation(property)) found++;
    }
    stepper.alerts.length = 0;
  };
  const reach = (states: Int32Array, at: number, step: number, parent: number) => {
    const number = visited.add(states, at, parent < 0 ? 0 : stack.number(parent));
    if (number < 0) return;
    const entry = stack.push(states, at, step, parent, number);
    depth = Math.max(depth, stack.depth(entry));
    stepper.judge(states, at);
    if (stepper.alerts.length > 0) drain(entry);
  };
  const extent = (): Extent => ({
    states: visited.count(),
    transitions,
    errors: stepper.errors(),
    depth,
    frontier: stack.waiting,
    found,
    bytes: visited.bytes() + stack.bytes(),
  });
  /** Why the next state may not be expanded; null where it may. */
  const refusal = (): string | null => {
    if (limits.stopAtFirst && found > 0) return "the search ended at the first violation";
    if (visited.count() >= limits.maxStates) return `the limit of ${limits.maxStates} states was reached`;
    const fits =
      (visited.room() >= steps.length || visited.grow(limits.maxMemoryBytes - stack.bytes())) &&
      visited.bytes() + stack.bytesWith(steps.length) <= limits.maxMemoryBytes;
    return fits ? watch.why(extent) : `the limit of ${limits.maxMemoryBytes} bytes of memory was reached`;
  };

  reach(pack(program.layout, initialState(program.system)), 0, -1, -1);
  let cut: string | null = null;
  for (let top = stack.top(); top >= 0; top = stack.top()) {
    if (stack.isExpanded(top)) {
      stack.pop();
      continue;
    }
    if (stack.depth(top) >= options.maxDepth) {
      tooDeep = true;
      stack.pop();
      continue;
    }
    cut = refusal();
    if (cut !== null) break;
    stack.expanded(top);
    const errors = stepper.errors();
    const count = stepper.expand(stack.states, top * words);
    transitions += count;
    if (count === 0 && stepper.errors() === errors) stepper.halt(stack.states, top * words);
    if (stepper.alerts.length > 0) drain(top);
    if (options.order !== null) shuffle(order, count, options.order);
    for (let k = count - 1; k >= 0; k--) {
      const chosen = order[k] ?? 0;
      reach(successors, chosen * words, steps[chosen] ?? 0, top);
    }
  }
  if (cut === null && tooDeep) cut = `states deeper than ${options.maxDepth} steps were not expanded`;
  return { finds, extent: extent(), cut, seconds: watch.seconds() };
}

/** Puts the numbers below `count` into a random order, the first `count` of `order`. */
function shuffle(order: number[], count: number, random: Random): void {
  for (let i = 0; i < count; i++) order[i] = i;
  for (let i = count - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
  }
}
