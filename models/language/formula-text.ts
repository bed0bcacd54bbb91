/**
 * Formulas as text, in the notation of SPIN: `[] (asked -> <> lit)`. Letters do as well: `G (asked -> F lit)`.
 *
 * From the tightest: `!`, `X`, `[]` or `G`, `<>` or `F`; then `U`, `W` and `V` or `R`, then `->`, which group to the
 * right, and between them `&&` and `||`.
 */
import type { ExprData } from "./expr.ts";
import { type BinaryKind, type Formula, ltl, type UnaryKind } from "./formula.ts";
import { own } from "./own.ts";

const unary: Readonly<Record<string, UnaryKind>> = {
  "!": "not",
  X: "next",
  "[]": "always",
  G: "always",
  "<>": "eventually",
  F: "eventually",
};
const binary: Readonly<Record<string, BinaryKind>> = {
  U: "until",
  W: "weakUntil",
  V: "release",
  R: "release",
};

/**
 * The formula that a text means.
 *
 * @param conditions - what the names in it stand for; `true` and `false` stand for themselves
 * @throws SyntaxError with the place and what was expected there
 */
export function formulaOf(text: string, conditions: Readonly<Record<string, ExprData>>): Formula {
  const tokens = [...text.matchAll(/\s*(\[\]|<>|&&|\|\||->|[!()]|[A-Za-z_]\w*|\S)/g)].map((match) => ({
    word: match[1] ?? "",
    at: match.index + match[0].length - (match[1] ?? "").length,
  }));
  let position = 0;
  const word = () => tokens[position]?.word ?? "";
  const wrong = (expected: string): SyntaxError => {
    const { word: seen, at } = tokens[position] ?? { word: "the end", at: text.length };
    return new SyntaxError(`at ${at + 1} of "${text}": ${expected} expected, not ${seen}`);
  };
  const accept = (wanted: string) => {
    if (word() !== wanted) return false;
    position++;
    return true;
  };
  const implication = (): Formula => {
    const left = joined();
    return accept("->") ? ltl.implies(left, implication()) : left;
  };
  const joined = (): Formula => {
    const parts = [conjunction()];
    while (accept("||")) parts.push(conjunction());
    return single(parts) ?? ltl.or(...parts);
  };
  const conjunction = (): Formula => {
    const parts = [until()];
    while (accept("&&")) parts.push(until());
    return single(parts) ?? ltl.and(...parts);
  };
  const until = (): Formula => {
    const left = prefixed();
    const kind = own(binary, word());
    if (kind === undefined) return left;
    position++;
    return { kind, left, right: until() };
  };
  const prefixed = (): Formula => {
    const kind = own(unary, word());
    if (kind === undefined) return primary();
    position++;
    return { kind, of: prefixed() };
  };
  const primary = (): Formula => {
    if (accept("(")) {
      const inner = implication();
      if (!accept(")")) throw wrong("a closing parenthesis or an operator");
      return inner;
    }
    if (accept("true")) return ltl.state({ kind: "bool", value: true });
    if (accept("false")) return ltl.state({ kind: "bool", value: false });
    const condition = own(conditions, word());
    if (condition === undefined) throw wrong(`a formula of ${Object.keys(conditions).join(", ")}`);
    position++;
    return ltl.state(condition);
  };
  const formula = implication();
  if (position < tokens.length) throw wrong("an operator or the end");
  return formula;
}

function single<T>(parts: readonly T[]): T | undefined {
  return parts.length === 1 ? parts[0] : undefined;
}
