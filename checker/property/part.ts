/**
 * A part of the graph in which a run that violates a property must stay in the end, or its product with an automaton:
 * positions, numbered in the order in which a breadth-first search finds them, and edges, all in typed arrays.
 */
import type { State } from "../../models/language/index.ts";

/** The step of an edge that stays in a state which nothing leaves. */
export const stutter = -1;

export interface Part {
  /** State number by position. */
  readonly states: Int32Array;
  /** Position from which each was found; -1 where the search began. */
  readonly causes: Int32Array;
  /** Edges of position `p`: from `first[p]` up to `first[p + 1]`. */
  readonly first: Int32Array;
  readonly targets: Int32Array;
  /** The step of each edge. */
  readonly steps: Int32Array;
  /** A bit mask an edge: the acceptance sets that it is in. Null where there are none. */
  readonly marks: Int32Array | null;
  /** All acceptance sets, as a bit mask. */
  readonly allMarks: number;
  /** Instances that can move, and fair steps that can be taken, as a bit mask of `width` words a position. */
  readonly able: Int32Array;
  readonly width: number;
  /** The instance that moves, by step. */
  readonly movers: Int32Array;
  /** The step's own bit in `able`, by step; -1 where it asks for no fairness. */
  readonly claims: Int32Array;
}

/** A step and the number of the state after it. */
export interface Move {
  readonly step: number;
  readonly state: number;
}

/** A run by numbers: from state `start` the stem, then the loop again and again; an empty loop is a stop. */
export interface Lasso {
  readonly start: number;
  readonly stem: readonly Move[];
  readonly loop: readonly Move[];
}

/** The steps of a lasso after the path to where it starts, with the states they lead to; the last ones are the loop. */
export interface Moves {
  readonly moves: readonly { readonly step: number; readonly state: State }[];
  readonly loopLength: number;
}

/** The words of a bit mask of so many bits. */
export function widthOf(bits: number): number {
  return Math.max(1, Math.ceil(bits / 32));
}

export function isAble(part: Part, position: number, instance: number): boolean {
  const word = part.able[position * part.width + (instance >>> 5)] as number;
  return ((word >>> (instance & 31)) & 1) === 1;
}

/** The shortest way to a position from where the search began. */
export function stemTo(
  part: Part,
  position: number,
): { readonly start: number; readonly stem: readonly Move[] } {
  const stem: Move[] = [];
  let at = position;
  for (;;) {
    const cause = part.causes[at] as number;
    if (cause < 0) break;
    let edge = part.first[cause] as number;
    while (part.targets[edge] !== at) edge++;
    stem.push({ step: part.steps[edge] as number, state: part.states[at] as number });
    at = cause;
  }
  return { start: part.states[at] as number, stem: stem.reverse() };
}
