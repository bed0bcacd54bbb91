/** Paths in an exploration. */
import type { State } from "../../models/language/index.ts";
import type { Exploration } from "../explore/explore.ts";
import { unpack } from "../lower/layout.ts";

/** The states on a shortest path from the initial state to state number `to`, both included. */
export function pathTo(exploration: Exploration, to: number): readonly State[] {
  const numbers = [to];
  for (let at = to; at !== 0; ) {
    at = exploration.parents[at] ?? 0;
    numbers.push(at);
  }
  return numbers.reverse().map((number) => stateNumber(exploration, number));
}

/** State number `number`, unpacked. */
export function stateNumber(exploration: Exploration, number: number): State {
  const { layout } = exploration.program;
  return unpack(layout, exploration.arena, number * layout.words);
}
