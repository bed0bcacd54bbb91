/** Formulas as text. */
import { describe, expect, test } from "vitest";
import { type ExprData, formulaOf, ltl } from "../../../models/language/index.ts";

const name = (value: string): ExprData => ({ kind: "var", name: value });
const names = { p: name("p"), q: name("q"), Xp: name("Xp") };
const [p, q] = [ltl.state(names.p), ltl.state(names.q)];
const { not, and, or, implies, next, eventually, always, until, release, weakUntil } = ltl;

test.each([
  ["p", p],
  ["[] (p -> <> q)", always(implies(p, eventually(q)))],
  ["G(p->F q)", always(implies(p, eventually(q)))],
  ["!p U q", until(not(p), q)],
  ["p U q U p", until(p, until(q, p))],
  ["p W q && q R p || p V q", or(and(weakUntil(p, q), release(q, p)), release(p, q))],
  ["p -> q -> p", implies(p, implies(q, p))],
  ["p && q && p", and(p, q, p)],
  ["X X p || Xp", or(next(next(p)), ltl.state(names.Xp))],
  ["  ( ( p ) ) ", p],
  ["[]<>!p", always(eventually(not(p)))],
  [
    "true U false",
    until(ltl.state({ kind: "bool", value: true }), ltl.state({ kind: "bool", value: false })),
  ],
])("%s", (text, formula) => {
  expect(formulaOf(text, names)).toEqual(formula);
});

describe("what is wrong is said with its place", () => {
  test.each([
    ["", 'at 1 of "": a formula of p, q, Xp expected, not the end'],
    ["p q", 'at 3 of "p q": an operator or the end expected, not q'],
    ["p U", 'at 4 of "p U": a formula of p, q, Xp expected, not the end'],
    ["(p", 'at 3 of "(p": a closing parenthesis or an operator expected, not the end'],
    ["p -> r", 'at 6 of "p -> r": a formula of p, q, Xp expected, not r'],
    ["constructor", 'at 1 of "constructor": a formula of p, q, Xp expected, not constructor'],
    ["p | q", 'at 3 of "p | q": an operator or the end expected, not |'],
  ])("%s", (text, message) => {
    expect(() => formulaOf(text, names)).toThrow(message);
  });
});
