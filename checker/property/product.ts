/** The product of a complete exploration with an automaton, over numbers, found breadth first from the initial state. */
import type { Exploration } from "../explore/explore.ts";
import type { Meter } from "../explore/meter.ts";
import { type Automaton, openTransitions } from "./automaton.ts";
import { Growing } from "./growing.ts";
import { type Part, stutter } from "./part.ts";
import { PartBuilder } from "./part-builder.ts";
import { classify, successorReader } from "./successors.ts";

/** A transition of the automaton reads the state that the step leaves. A state that nothing leaves follows itself. */
export function productOf(exploration: Exploration, automaton: Automaton, meter: Meter): Part {
  const reader = successorReader(exploration, meter);
  const builder = new PartBuilder(exploration.program.system, automaton.allMarks, meter);
  const truth = truthOfAtoms(exploration, automaton, meter);
  const positions = new Positions(exploration.counts.states, meter);
  /** State of the automaton by position. */
  const modes = new Growing(meter);
  const visit = (state: number, mode: number, cause: number): number => {
    const known = positions.get(state, mode);
    if (known >= 0) return known;
    const position = builder.add(state, cause);
    modes.push(mode);
    positions.set(state, mode, position);
    return position;
  };
  visit(0, 0, -1);
  for (let at = 0; at < builder.states.length; at++) {
    builder.open();
    const state = builder.states.items[at] as number;
    const here = truth[state] as number;
    const open = openTransitions(automaton, modes.items[at] as number, here);
    if (open.length === 0) continue;
    const count = reader.read(state);
    if (count === 0) {
      for (const { to, marks } of open) builder.edge(stutter, visit(state, to, at), marks);
    }
    for (let e = 0; e < count; e++) {
      const step = reader.steps[e] as number;
      const target = reader.targets[e] as number;
      builder.enable(step);
      for (const { to, marks } of open) builder.edge(step, visit(target, to, at), marks);
    }
  }
  return builder.finish();
}

/** The conditions that are true in each state, as a bit mask. */
function truthOfAtoms(exploration: Exploration, { atoms }: Automaton, meter: Meter): Int32Array {
  meter.take(4 * exploration.counts.states);
  const truth = new Int32Array(exploration.counts.states);
  atoms.forEach((atom, i) => {
    const values = classify(exploration, atom, meter);
    for (let s = 0; s < truth.length; s++) if (values[s] === 1) truth[s] = (truth[s] as number) | (1 << i);
    meter.give(values.length);
  });
  return truth;
}

const pageBits = 12;

/** The position of each pair of a state and a state of the automaton: pages that are made when first written. */
class Positions {
  private readonly pagesPerMode: number;
  private readonly pages: (Int32Array | undefined)[] = [];
  private readonly meter: Meter;

  constructor(states: number, meter: Meter) {
    this.meter = meter;
    this.pagesPerMode = (states >>> pageBits) + 1;
  }

  /** -1 where there is none. */
  get(state: number, mode: number): number {
    const page = this.pages[mode * this.pagesPerMode + (state >>> pageBits)];
    return page === undefined ? -1 : (page[state & ((1 << pageBits) - 1)] as number) - 1;
  }

  set(state: number, mode: number, position: number): void {
    const number = mode * this.pagesPerMode + (state >>> pageBits);
    let page = this.pages[number];
    if (page === undefined) {
      this.meter.take(4 << pageBits);
      page = new Int32Array(1 << pageBits);
      this.pages[number] = page;
    }
    page[state & ((1 << pageBits) - 1)] = position + 1;
  }
}
