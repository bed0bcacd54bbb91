/** A lowered program that explores fewer states: the same text with what stands for others in place of the rest. */
import type { Program } from "../lower/program.ts";
import { ampleText } from "./ample.ts";
import { canonicalText } from "./canonical.ts";
import { resetText } from "./dead.ts";
import type { Plan } from "./plan.ts";

/** The program with the plan's reductions; the program itself where there are none. */
export function reduceProgram(program: Program, { kinds, ample, dead }: Plan): Program {
  if (kinds.length === 0 && ample.length === 0 && dead.length === 0) return program;
  const { env, layout, words } = program;
  const each = (letter: string) => Array.from({ length: layout.words }, (_, i) => `${letter}${i}`).join(", ");
  const normalText = kinds.length === 0 && dead.length === 0 ? null : normalFormText();
  const settle = normalText === null ? each("n") : each("c");
  const emitText = `let moves = 0;
function emitReduced(step, ${each("n")}) {
moves++;
${normalText === null ? "" : `normal(${each("n")});\n`}emit(step, ${settle});
}
`;
  const first = ample.length === 0 ? "" : ampleText(env, ample, words);

  function normalFormText(): string {
    const zero = Array.from({ length: layout.words }, (_, i) => `let c${i} = 0;\n`).join("");
    const reset = dead.length === 0 ? "" : resetText(env, dead, words);
    const canonical = kinds.length === 0 ? "" : canonicalText(env, kinds);
    const calls =
      dead.length === 0
        ? `canonical(${words});\n`
        : `reset(${words});\n${kinds.length === 0 ? "" : `canonical(${each("c")});\n`}`;
    return `${zero}${reset}${canonical}function normal(${words}) {\n${calls}}\n`;
  }

  return {
    ...program,
    reduced: { full: program, normalText },
    expandText: (properties) =>
      `${normalText ?? ""}${emitText}${program.expandText(properties, { emit: "emitReduced", first })}`,
  };
}
