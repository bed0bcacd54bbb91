/** The text that judges states as they are found. */
import type { ExprData, Property } from "../../models/language/index.ts";
import type { Program } from "../lower/program.ts";

/** `judge(state, n0, ...)` for invariants and goals, `halted(state, n0, ...)` for states without a step. */
export function judgeText(program: Program, properties: readonly Property[]): string {
  const { words } = program;
  const size = properties.length;
  let functions = "";
  let judge = "";
  let halted = "";
  const condition = (name: string, expr: ExprData) => {
    functions += program.conditionText(name, expr);
    return `${name}(${words})`;
  };
  properties.forEach((property, k) => {
    switch (property.kind) {
      case "invariant": {
        const holds = condition(`holds${k}`, property.holds);
        judge += `if (marks[${k}] === 0 && !${holds}) marks[${k}] = state + 1;\n`;
        const premise = property.premise === undefined ? "true" : condition(`premise${k}`, property.premise);
        judge += `if (reached[${k}] === 0 && ${premise}) reached[${k}] = 1;\n`;
        return;
      }
      case "reachable": {
        const goal = condition(`goal${k}`, property.goal);
        judge += `if (marks[${k}] === 0 && ${goal}) marks[${k}] = state + 1;\n`;
        return;
      }
      case "deadlock": {
        const final = condition(`final${k}`, property.final);
        halted += `reached[${k}] = 1;\nif (marks[${2 * size + k}] === 0 && !${final}) marks[${2 * size + k}] = state + 1;\n`;
        return;
      }
      case "assertion":
      case "leadsTo":
      case "ltl":
      case "alwaysPossible":
        return;
    }
  });
  return `${functions}function judge(state, ${words}) {\n${judge}}\nfunction halted(state, ${words}) {\n${halted}}\n`;
}
