/** The states of a model and the steps between them, from its packed program: a nondeterministic automaton over symbols. */
import { pack, unpack } from "../../checker/lower/layout.ts";
import { lowerModel, type Program } from "../../checker/lower/program.ts";
import { initialState, type Model, type State } from "../../models/one-mm.ts";
import { symbolsOf } from "./alphabet.ts";

/** Edges by their source: those of state s are at `first[s]` up to `first[s + 1]`. */
export interface Edges {
  readonly first: Uint32Array;
  readonly targets: Uint32Array;
  /** Position of the step in the model's flattened form. */
  readonly steps: Uint32Array;
}

export interface Graph {
  readonly program: Program;
  readonly states: number;
  readonly edges: Edges;
  /** For each step the symbols that it shows, empty for a silent one. */
  readonly shows: readonly (readonly number[])[];
  readonly stateAt: (state: number) => State;
}

type Emit = (step: number, ...words: number[]) => void;

/** Explores a small model: its states are numbered breadth first, the initial one is 0. */
export function graphOf(model: Model): Graph {
  const program = lowerModel(model);
  const { words } = program.layout;
  const numbers = new Map<string, number>();
  const arena: number[] = [];
  const first: number[] = [0];
  const targets: number[] = [];
  const steps: number[] = [];
  const number = (state: readonly number[]): number => {
    const key = state.join();
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, numbers.size);
    arena.push(...state);
    return numbers.size - 1;
  };
  const expand = compile(program, (step, ...state) => {
    steps.push(step);
    targets.push(number(state));
  });
  number([...pack(program.layout, initialState(program.system))]);
  for (let s = 0; s < numbers.size; s++) {
    expand(...arena.slice(s * words, (s + 1) * words));
    first.push(targets.length);
  }
  const packed = Int32Array.from(arena);
  return {
    program,
    states: numbers.size,
    edges: {
      first: Uint32Array.from(first),
      targets: Uint32Array.from(targets),
      steps: Uint32Array.from(steps),
    },
    shows: program.system.steps.map(({ emits }) => (emits === null ? [] : symbolsOf(emits))),
    stateAt: (state) => unpack(program.layout, packed, state * words),
  };
}

function compile(program: Program, emit: Emit): (...words: number[]) => void {
  const text = `"use strict";
const taken = {};
function broken(step) {}
${program.expandText([])}
return expand;
`;
  return new Function("emit", text)(emit) as (...words: number[]) => void;
}
