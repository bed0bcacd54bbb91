/** Where a state stands for several: the steps of the model itself, and which state stands for a real one. */
import type { Exploration } from "../explore/explore.ts";
import type { Reduced } from "../lower/program.ts";

/** A real step and the packed state that it leads to. */
export interface RealStep {
  readonly step: number;
  readonly state: Int32Array;
}

/** Steps between real states of a reduced exploration. */
export interface RealSteps {
  readonly from: (state: Int32Array) => readonly RealStep[];
  /** Number of the state that stands for the real one; -1 where it was not found. */
  readonly numberOf: (state: Int32Array) => number;
}

/** Real steps of an exploration whose states stand for others; null where each stands for itself. */
export function realSteps(exploration: Exploration): RealSteps | null {
  const { reduced, layout } = exploration.program;
  if (reduced === undefined || reduced.standIn === null) return null;
  const { expand, normal } = compile(reduced, reduced.standIn, layout.words);
  return {
    from: (state) => expand(...state),
    numberOf: (state) => exploration.find(normal(...state)),
  };
}

interface Compiled {
  readonly expand: (...words: readonly number[]) => readonly RealStep[];
  readonly normal: (...words: readonly number[]) => Int32Array;
}

function compile({ full }: Reduced, standIn: string, words: number): Compiled {
  const each = (letter: string) => Array.from({ length: words }, (_, i) => `${letter}${i}`).join(", ");
  const text = `"use strict";
let found = [];
const taken = { };
function broken(step) {}
function emit(step, ${each("n")}) { found.push({ step, state: Int32Array.of(${each("n")}) }); }
${full.expandText([])}
return {
expand(${full.words}) { found = []; expand(${full.words}); return found; },
normal: ${standIn},
};
`;
  return new Function(text)() as Compiled;
}
