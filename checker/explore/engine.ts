/** The compiled engine. */
import type { Property } from "../../models/language/index.ts";
import type { Program } from "../lower/program.ts";
import type { CrewShared } from "./crew.ts";
import { engineText } from "./engine-text.ts";
import type { Marks } from "./findings.ts";

/** What the search works on. `arena`, `births` and `index` may be longer than what is in use. */
export interface Memory {
  readonly arena: Int32Array;
  /** From which state each one was found first, see `births.ts`; 0 behind the known states. */
  readonly births: Int32Array;
  readonly index: Int32Array;
  /** Slots of the index in use, a power of two. */
  readonly slots: number;
}

/** The methods of the engine. */
export interface Engine {
  readonly attach: (memory: Memory) => void;
  /** Stores the initial state. */
  readonly begin: (...words: readonly number[]) => void;
  /** Expands states `from` up to `to`, of `known` states; returns how many are known then. */
  readonly run: (from: number, to: number, known: number) => number;
  /**
   * Enters of the states up to `to` those whose hash chooses a slot from `low` up to `high` into the index, which has none of
   * them.
   */
  readonly reindex: (to: number, low: number, high: number) => void;
  /** The number of a packed state; -1 where it was not found. */
  readonly find: (state: Int32Array) => number;
  /** Taken by this thread. */
  readonly transitions: () => number;
  /** Writes outside a sort that this thread met. */
  readonly errors: () => number;
  /** Becomes a member of a crew. */
  readonly join: (shared: CrewShared, member: number) => void;
  /** Like `run`, together with the crew. */
  readonly lead: (from: number, to: number, known: number) => number;
  /** Enters all `known` states anew, together with the crew, after the index grew. */
  readonly leadReindex: (slots: number, known: number) => void;
  /** Lets the other members end. */
  readonly dismiss: () => void;
}

/** Compiles the engine. The text comes from the model's trees alone: names of a model never reach it. */
export function compileEngine(
  program: Program,
  properties: readonly Property[],
  { taken, reached, marks }: Marks,
): Engine {
  const make = new Function("taken", "reached", "marks", engineText(program, properties));
  return make(taken, reached, marks) as Engine;
}
