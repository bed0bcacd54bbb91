/** Expressions and effects in a notation close to C, for drawings. */
import type { Effect, ExprData } from "../models/index.ts";

const infix: Readonly<Record<string, { readonly sign: string; readonly binds: number }>> = {
  or: { sign: "||", binds: 1 },
  and: { sign: "&&", binds: 2 },
  eq: { sign: "==", binds: 3 },
  ne: { sign: "!=", binds: 3 },
  lt: { sign: "<", binds: 4 },
  le: { sign: "<=", binds: 4 },
  gt: { sign: ">", binds: 4 },
  ge: { sign: ">=", binds: 4 },
  add: { sign: "+", binds: 5 },
  sub: { sign: "-", binds: 5 },
  mul: { sign: "*", binds: 6 },
  div: { sign: "/", binds: 6 },
  mod: { sign: "%", binds: 6 },
};

/** An expression; `least` is how tightly its surroundings bind. */
export function expressionText(expr: ExprData, least = 0): string {
  const go = (e: ExprData) => expressionText(e);
  const tight = (e: ExprData) => expressionText(e, 9);
  switch (expr.kind) {
    case "bool":
    case "int":
    case "enum":
      return String(expr.value);
    case "id":
      return `${expr.of}${expr.value}`;
    case "none":
      return "none";
    case "var":
    case "bound":
      return expr.name;
    case "get":
      return `${tight(expr.array)}[${go(expr.index)}]`;
    case "field":
      return `${tight(expr.record)}.${expr.field}`;
    case "record":
      return `{${Object.entries(expr.fields)
        .map(([name, e]) => `${name}: ${go(e)}`)
        .join(", ")}}`;
    case "not":
      return `!${tight(expr.of)}`;
    case "if":
      return bracket(`${expressionText(expr.test, 1)} ? ${go(expr.then)} : ${go(expr.else)}`, least > 0);
    case "exists":
    case "forall":
    case "count": {
      const range = "of" in expr.in ? expr.in.of : go(expr.in.elements);
      return `${expr.kind}(${expr.as} in ${range}: ${go(expr.where)})`;
    }
    case "length":
    case "head":
      return `${expr.kind}(${go(expr.list)})`;
    case "next":
      return `next(${go(expr.list)}, ${go(expr.after)})`;
    case "contains":
      return `contains(${go(expr.list)}, ${go(expr.value)})`;
    case "includes":
      return `includes(${go(expr.set)}, ${go(expr.value)})`;
    case "size":
      return `size(${go(expr.set)})`;
    case "min":
    case "max":
      return `${expr.kind}(${go(expr.left)}, ${go(expr.right)})`;
    case "at": {
      const who = expr.self === undefined ? expr.actor : `${expr.actor}(${go(expr.self)})`;
      return `at(${who}, ${expr.points.join(" | ")})`;
    }
    case "and":
    case "or": {
      if (expr.of.length === 0) return String(expr.kind === "and");
      if (expr.of.length === 1 && expr.of[0] !== undefined) return expressionText(expr.of[0], least);
      return joined(expr.kind, expr.of, least);
    }
    default:
      return joined(expr.kind, [expr.left, expr.right], least);
  }
}

function joined(kind: string, of: readonly ExprData[], least: number): string {
  const { sign, binds } = infix[kind] ?? { sign: kind, binds: 9 };
  return bracket(of.map((e) => expressionText(e, binds + 1)).join(` ${sign} `), binds < least);
}

function bracket(text: string, needed: boolean): string {
  return needed ? `(${text})` : text;
}

/** One effect as a statement. */
export function effectText(effect: Effect): string {
  const go = (e: ExprData) => expressionText(e);
  switch (effect.kind) {
    case "assign":
      return `${go(effect.target)} = ${go(effect.value)}`;
    case "append":
    case "remove":
      return `${effect.kind}(${go(effect.list)}, ${go(effect.value)})`;
    case "pop":
    case "clear":
      return `${effect.kind}(${go(effect.list)})`;
    case "drop":
      return `drop(${effect.as} in ${go(effect.list)}: ${go(effect.where)})`;
    case "splice":
      return `splice(${go(effect.from)}, ${go(effect.to)})`;
    case "include":
    case "exclude":
      return `${effect.kind}(${go(effect.set)}, ${go(effect.value)})`;
    case "when": {
      const otherwise = effect.else.length === 0 ? "" : ` else {${effect.else.map(effectText).join("; ")}}`;
      return `if (${go(effect.test)}) {${effect.then.map(effectText).join("; ")}}${otherwise}`;
    }
    case "each": {
      const range = "of" in effect.in ? effect.in.of : go(effect.in.elements);
      return `for (${effect.as} in ${range}) {${effect.do.map(effectText).join("; ")}}`;
    }
  }
}
