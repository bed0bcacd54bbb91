/**
 * A lowered program that explores fewer states: the same text with what stands for others in place of the rest.
 *
 * Everything a reduction defines stands in a function of its own. Outside it there are two names, and both are lexical: the
 * language refuses a text in which one of them is defined a second time, so no other text can replace it unnoticed.
 */
import { type Program, remembered } from "../lower/program.ts";
import { ampleText } from "./ample.ts";
import { canonicalText } from "./canonical.ts";
import { resetText } from "./dead.ts";
import type { Plan } from "./plan.ts";

/** The program with the plan's reductions; the program itself where there are none. */
export function reduceProgram(
  program: Program,
  { kinds, ample, dead }: Pick<Plan, "kinds" | "ample" | "dead">,
): Program {
  if (kinds.length === 0 && ample.length === 0 && dead.length === 0) return program;
  const { env, layout, words } = program;
  const each = (letter: string) => Array.from({ length: layout.words }, (_, i) => `${letter}${i}`).join(", ");
  const normal = kinds.length === 0 && dead.length === 0 ? null : normalText();
  const first = ample.length === 0 ? "" : ampleText(env, ample, words);

  /** Definition of `normal(w0, w1, ...)`, which leaves in `c0, c1, ...` the state that stands for this one. */
  function normalText(): string {
    const zero = Array.from({ length: layout.words }, (_, i) => `let c${i} = 0;\n`).join("");
    const reset = dead.length === 0 ? "" : resetText(env, dead, words);
    const canonical = kinds.length === 0 ? "" : canonicalText(env, kinds);
    const calls =
      dead.length === 0
        ? `canonical(${words});\n`
        : `reset(${words});\n${kinds.length === 0 ? "" : `canonical(${each("c")});\n`}`;
    return `${zero}${reset}${canonical}function normal(${words}) {\n${calls}}\n`;
  }

  const emitText = `let reducedMoves = 0;
const emitReduced = (() => {
${normal ?? ""}return (step, ${each("n")}) => {
reducedMoves++;
${normal === null ? `emit(step, ${each("n")})` : `normal(${each("n")});\nemit(step, ${each("c")})`};
};
})();
`;
  const standIn =
    normal === null
      ? null
      : `(() => {\n${normal}return (${words}) => { normal(${words}); return Int32Array.of(${each("c")}); };\n})()`;
  return {
    ...program,
    reduced: { full: program, standIn },
    expandText: remembered(
      (properties) => `${emitText}${program.expandText(properties, { emit: "emitReduced", first })}`,
    ),
  };
}
