/** Questions to all states of an exploration: whether something is ever so. */
import type { ExprData } from "../../models/language/index.ts";
import type { Exploration } from "../explore/explore.ts";
import type { Meter } from "../explore/meter.ts";

export interface Question {
  readonly name: string;
  /** Closed conditions; the answer is yes where one of them is true in some state. */
  readonly conditions: readonly ExprData[];
}

/** States that are looked at between two looks at the limits. */
const piece = 1 << 13;

/**
 * The names of the questions whose answer is no. Looks at every state until all others are answered.
 *
 * @throws LimitReached where the meter says so
 */
export function unansweredOf(
  exploration: Exploration,
  questions: readonly Question[],
  meter: Meter,
): readonly string[] {
  const { program, arena, counts } = exploration;
  const { words } = program.layout;
  const read = Array.from({ length: words }, (_, i) => `arena[s * ${words} + ${i}]`).join(", ");
  const conditions = questions.flatMap(({ conditions: all }, q) => all.map((condition) => ({ condition, q })));
  const text = `"use strict";
${program.helperText}
${conditions.map(({ condition }, i) => program.conditionText(`c${i}`, condition)).join("")}
let open = ${questions.length};
return (from, to) => {
for (let s = from; s < to && open > 0; s++) {
${conditions.map(({ q }, i) => `if (used[${q}] === 0 && c${i}(${read})) { used[${q}] = 1; open--; }`).join("\n")}
}
return open;
};
`;
  const used = new Uint8Array(questions.length);
  const look = new Function("arena", "used", text)(arena, used) as (from: number, to: number) => number;
  let open = questions.length;
  for (let from = 0; from < counts.states && open > 0; from += piece) {
    meter.look();
    open = look(from, Math.min(counts.states, from + piece));
  }
  return questions.filter((_, q) => used[q] === 0).map(({ name }) => name);
}
