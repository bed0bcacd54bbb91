/**
 * Formulas as SPIN's `ltl` takes them. Its operands are names: of variables that note at the end of every step what is true
 * in the state, since SPIN's reader takes `->` within a condition for an implication.
 */
import type { ExprData, Formula } from "../../../models/language/index.ts";
import { identifier, type TakeName } from "../names.ts";
import type { Code } from "./code.ts";

/** A condition that a formula reads, and the variable that notes it. */
export interface Note {
  readonly name: string;
  readonly code: Code;
  /** Whether it is true in the initial state. */
  readonly first: boolean;
}

export interface FormulaText {
  readonly text: string;
  readonly notes: readonly Note[];
}

/** True where the formula says something of the next state, so that steps which do nothing matter. */
export function hasNext(formula: Formula): boolean {
  switch (formula.kind) {
    case "state":
      return false;
    case "next":
      return true;
    case "not":
    case "eventually":
    case "always":
      return hasNext(formula.of);
    case "and":
    case "or":
      return formula.of.some(hasNext);
    default:
      return hasNext(formula.left) || hasNext(formula.right);
  }
}

const signs = { implies: "->", until: "U", release: "V", weakUntil: "W" } as const;

/**
 * @param id - of the property, after which the notes are named
 * @param first - whether a condition is true in the initial state
 */
export function formulaText(
  formula: Formula,
  id: string,
  take: TakeName,
  condition: (expr: ExprData) => Code,
  first: (expr: ExprData) => boolean,
): FormulaText {
  const notes: Note[] = [];
  const stateText = (holds: ExprData): string => {
    const code = condition(holds);
    if (code.value !== null) return code.value === 0 ? "false" : "true";
    const known = notes.find((note) => note.code.text === code.text);
    if (known !== undefined) return known.name;
    // SPIN's reader of formulas takes names that begin with a small letter only.
    const name = take(`is_${identifier(id)}_${notes.length + 1}`);
    notes.push({ name, code, first: first(holds) });
    return name;
  };
  const go = (f: Formula): string => {
    switch (f.kind) {
      case "state":
        return stateText(f.holds);
      case "not":
        return `!${go(f.of)}`;
      case "always":
        return `([] ${go(f.of)})`;
      case "eventually":
        return `(<> ${go(f.of)})`;
      case "and":
        return joined("&&", f.of, "true");
      case "or":
        return joined("||", f.of, "false");
      case "next":
        throw new Error("SPIN is given no formula with next");
      default:
        return `(${go(f.left)} ${signs[f.kind]} ${go(f.right)})`;
    }
  };
  const joined = (sign: string, parts: readonly Formula[], none: string): string => {
    if (parts.length === 0) return none;
    return parts.length === 1 ? parts.map(go).join("") : `(${parts.map(go).join(` ${sign} `)})`;
  };
  return { text: go(formula), notes };
}
