/** Watches a run for what it must not do, step by step. */
import { type Formula, holdsIn, type State, type System } from "../../models/language/index.ts";
import { type Automaton, automatonAgainst, openTransitions } from "../property/automaton.ts";

/** What is remembered of a run so far. */
export type Memory = string;

export interface Watch {
  readonly initial: Memory;
  /** What is remembered once the run has come to the state; null where it must not have come there. */
  readonly reach: (memory: Memory, state: State) => Memory | null;
}

/** Watches for single states. */
export function watchStates(isBad: (state: State) => boolean): Watch {
  return { initial: "", reach: (memory, state) => (isBad(state) ? null : memory) };
}

/**
 * Watches for a beginning after which the formula is false whatever follows. It remembers the states in which an automaton
 * of the formula may be: where there is none, no continuation can satisfy it.
 *
 * @returns null where the automaton would be too large
 */
export function watchFormula(system: System, formula: Formula): Watch | null {
  const automaton = automatonAgainst({ kind: "not", of: formula });
  if (automaton === null) return null;
  const reach = (memory: Memory, state: State) => {
    const here = truthOfAtoms(system, automaton, state);
    const next = new Set<number>();
    for (const mode of memory.split(" ")) {
      for (const { to } of openTransitions(automaton, Number(mode), here)) next.add(to);
    }
    return next.size === 0 ? null : [...next].sort((a, b) => a - b).join(" ");
  };
  return { initial: "0", reach };
}

/** The conditions that are true in a state, as a bit mask. */
export function truthOfAtoms(system: System, { atoms }: Automaton, state: State): number {
  return atoms.reduce((mask, atom, i) => (holdsIn(system, state, atom) ? mask | (1 << i) : mask), 0);
}
