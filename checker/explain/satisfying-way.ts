/** Where a run could still have been left for one that satisfies a formula, judged on the reference evaluator. */
import { enabledSteps, type Formula, type State, type System } from "../../models/language/index.ts";
import { Meter } from "../explore/meter.ts";
import { type Automaton, automatonAgainst, openTransitions, type Transition } from "../property/automaton.ts";
import { fairComponent } from "../property/fair-component.ts";
import { type Fair, fairnessOf } from "../property/fairness.ts";
import { stutter } from "../property/part.ts";
import { PartBuilder } from "../property/part-builder.ts";
import type { Run } from "./replay.ts";
import { truthOfAtoms } from "./watch.ts";
import { mostStates, runTo, successors, type Visit, type WayOut } from "./way-out.ts";

/**
 * The latest state of the run from which a state of the goal can be reached such that a fair run satisfies the formula by
 * going on from there, and a shortest way to it.
 *
 * @returns null where no state of the run has such a way, "unknown" where the automaton is too large or the search was given up
 */
export function satisfyingWay(
  system: System,
  run: Run,
  formula: Formula,
  goal: (state: State) => boolean,
): WayOut | null | "unknown" {
  const automaton = automatonAgainst({ kind: "not", of: formula });
  if (automaton === null) return "unknown";
  const product = new Product(system, automaton);
  // The states in which the automaton may be when it comes to read each state of the run.
  const modes: (readonly number[])[] = [[0]];
  for (const state of run.states.slice(0, -1)) {
    const open = (modes.at(-1) as readonly number[]).flatMap((mode) => product.open({ state, mode }));
    modes.push([...new Set(open.map(({ to }) => to))]);
  }
  const search = new Search(product, goal);
  for (let shared = run.steps.length; shared >= 0; shared--) {
    const found = search.from(run.states[shared] as State, modes[shared] as readonly number[]);
    if (found === "unknown") return found;
    if (found !== null) return { shared, run: found };
  }
  return null;
}

interface Position {
  readonly state: State;
  readonly mode: number;
}

const keyOf = ({ state, mode }: Position) => `${mode} ${JSON.stringify(state)}`;

/** The steps of the model with the transitions of an automaton that read the state that the step leaves. */
class Product {
  readonly system: System;
  readonly allMarks: number;
  readonly fair: Fair;
  private readonly automaton: Automaton;

  constructor(system: System, automaton: Automaton) {
    this.system = system;
    this.automaton = automaton;
    this.allMarks = automaton.allMarks;
    this.fair = fairnessOf(system);
  }

  open({ state, mode }: Position): readonly Transition[] {
    return openTransitions(this.automaton, mode, truthOfAtoms(this.system, this.automaton, state));
  }
}

/** The number of positions is the bound. */
const boundless = {
  maxMemoryBytes: Number.POSITIVE_INFINITY,
  maxSeconds: Number.POSITIVE_INFINITY,
  started: 0,
  now: () => 0,
  interrupted: () => false,
};

interface Reached extends Visit {
  readonly mode: number;
  readonly before: Reached | null;
}

class Search {
  private readonly product: Product;
  private readonly goal: (state: State) => boolean;
  /** Positions from which no state of the goal is reached that is of use. */
  private readonly useless = new Set<string>();
  /** Positions from which no fair run satisfies what is left of the formula. */
  private readonly hopeless = new Set<string>();

  constructor(product: Product, goal: (state: State) => boolean) {
    this.product = product;
    this.goal = goal;
  }

  from(state: State, modes: readonly number[]): Run | null | "unknown" {
    const queue: Reached[] = [];
    const seen = new Set<string>();
    const visit = (reached: Reached) => {
      const key = keyOf(reached);
      if (seen.has(key) || this.useless.has(key) || this.hopeless.has(key)) return;
      seen.add(key);
      queue.push(reached);
    };
    for (const mode of modes) visit({ state, mode, before: null, step: null });
    for (const reached of queue) {
      if (this.goal(reached.state)) {
        const verdict = this.canSatisfy(reached);
        if (verdict === "unknown") return verdict;
        if (verdict) return runTo(reached);
        continue;
      }
      const open = this.product.open(reached);
      if (open.length === 0) continue;
      for (const { step, state: after } of successors(this.product.system, reached.state)) {
        for (const { to } of open) visit({ state: after, mode: to, before: reached, step });
      }
      if (seen.size + this.useless.size >= mostStates) return "unknown";
    }
    for (const key of seen) this.useless.add(key);
    return null;
  }

  /** Looks at few positions first: a fair run is often near. */
  private canSatisfy(position: Position): boolean | "unknown" {
    for (let most = 100; most < mostStates; most *= 10) {
      const verdict = this.hasFairRun(position, most);
      if (verdict !== "unknown") return verdict;
    }
    return this.hasFairRun(position, mostStates);
  }

  /** Where not all positions are looked at, a run that is found is one all the same: what it passes has been looked at. */
  private hasFairRun(from: Position, most: number): boolean | "unknown" {
    if (this.hopeless.has(keyOf(from))) return false;
    const { system, allMarks, fair } = this.product;
    const meter = new Meter(boundless);
    const builder = new PartBuilder(system, allMarks, meter);
    const numbers = new Map<string, number>();
    const positions: Position[] = [];
    const numberOf = (position: Position, cause: number) => {
      const key = keyOf(position);
      const known = numbers.get(key);
      if (known !== undefined) return known;
      numbers.set(key, positions.length);
      positions.push(position);
      return builder.add(positions.length - 1, cause);
    };
    numberOf(from, -1);
    for (let at = 0; at < positions.length; at++) {
      builder.open();
      if (at >= most) continue;
      const position = positions[at] as Position;
      const open = this.product.open(position);
      if (open.length === 0) continue;
      const edge = (step: number, state: State) => {
        for (const { to, marks } of open) builder.edge(step, numberOf({ state, mode: to }, at), marks);
      };
      const next = successors(system, position.state);
      if (next.length === 0 && enabledSteps(system, position.state).length === 0)
        edge(stutter, position.state);
      for (const { step, state } of next) {
        builder.enable(step.index);
        edge(step.index, state);
      }
    }
    if (fairComponent(builder.finish(), fair, meter) !== null) return true;
    if (positions.length > most) return "unknown";
    for (const key of numbers.keys()) this.hopeless.add(key);
    return false;
  }
}
