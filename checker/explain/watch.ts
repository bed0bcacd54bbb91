/** Watches a run for what it must not do, step by step. */
import { type Formula, holdsIn, type State, type System } from "../../models/language/index.ts";
import { automatonAgainst } from "../property/automaton.ts";

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
  const { atoms, transitions } = automaton;
  const reach = (memory: Memory, state: State) => {
    const here = atoms.reduce((mask, atom, i) => (holdsIn(system, state, atom) ? mask | (1 << i) : mask), 0);
    const next = new Set<number>();
    for (const mode of memory.split(" ")) {
      for (const { pos, neg, to } of transitions[Number(mode)] ?? []) {
        if ((pos & ~here) === 0 && (neg & here) === 0) next.add(to);
      }
    }
    return next.size === 0 ? null : [...next].sort((a, b) => a - b).join(" ");
  };
  return { initial: "0", reach };
}
