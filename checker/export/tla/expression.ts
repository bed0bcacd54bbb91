/** Expressions of a model in TLA+. */
import {
  defaultValue,
  type ExprData,
  elementSort,
  type Range,
  type Sort,
  sortOf,
} from "../../../models/language/index.ts";
import { bindName, type Environment, found, partText } from "./environment.ts";
import { integer, quoted, valueText } from "./sort.ts";

const infixes: Readonly<Record<string, string>> = {
  eq: "=",
  ne: "#",
  lt: "<",
  le: "<=",
  gt: ">",
  ge: ">=",
  add: "+",
  sub: "-",
  mul: "*",
};
const operators: Readonly<Record<string, string>> = {
  div: "Quotient",
  mod: "Remainder",
  min: "Least",
  max: "Greatest",
};

const boolean: Sort = { kind: "bool" };

/** An expression in brackets, unless it is a name, a number, a call or the like. */
export function operandText(expr: ExprData, env: Environment, expected?: Sort): string {
  const text = expressionText(expr, env, expected);
  return bracketed(text);
}

/** The text in brackets, unless it binds tighter than any operator. */
export function bracketed(text: string): string {
  return /^(?:[\w.]+(?:\([^()]*\))?|"[^"]*"|\w+(?:\[\w+\])*(?:\.\w+)?|\([^()]*\)|<<[^<>]*>>|\{[^{}]*\})$/.test(
    text,
  )
    ? text
    : `(${text})`;
}

/** The text in brackets where it would not be one side of an equation: `x' = a \/ b` means `(x' = a) \/ b`. */
export function besideEquals(text: string): string {
  if (/^(?:IF|LET|CHOOSE) /.test(text)) return text;
  const outside = outermost(text);
  return /[=#<>~\\]|\/\\/.test(outside) ? `(${text})` : text;
}

/** What of the text stands in no bracket and no quotation. */
function outermost(text: string): string {
  let rest = text.replace(/"[^"]*"/g, "");
  for (let before = ""; before !== rest; ) {
    before = rest;
    rest = rest.replace(/<<[^<>]*>>|\([^()[\]{}]*\)|\[[^()[\]{}]*\]|\{[^()[\]{}]*\}/g, "");
  }
  return rest;
}

/** The conjuncts of a condition, for a list of them. */
export function conjuncts(expr: ExprData, env: Environment): readonly string[] {
  if (expr.kind === "and") return expr.of.flatMap((part) => conjuncts(part, env));
  return expr.kind === "bool" && expr.value ? [] : [expressionText(expr, env, boolean)];
}

/** An expression; `expected` is the sort that its surroundings ask for. */
export function expressionText(expr: ExprData, env: Environment, expected?: Sort): string {
  const go = (e: ExprData, want?: Sort) => expressionText(e, env, want);
  const tight = (e: ExprData, want?: Sort) => operandText(e, env, want);
  const { names, scope } = env;
  const sort = () => sortOf(expr, scope, expected);
  const byDefault = (of: Sort) =>
    bracketed(valueText(defaultValue(of, scope.identities), of, names, scope.identities));
  switch (expr.kind) {
    case "bool":
      return expr.value ? "TRUE" : "FALSE";
    case "int":
      return integer(expr.value);
    case "enum":
      return quoted(expr.value);
    case "id":
      return `${expr.value}`;
    case "none": {
      const of = sort();
      return found(names.nones, of.kind === "id" ? of.of : "");
    }
    case "var":
      return found(env.current, expr.name);
    case "bound": {
      const bound = found(env.bound, expr.name);
      return typeof bound === "string" ? bound : partText(bound, env);
    }
    case "get": {
      const array = sortOf(expr.array, scope);
      if (array.kind !== "array") throw new Error("an array was expected: the model was not checked");
      const wanted: Sort = { kind: "id", of: array.index, nullable: true };
      const index = go(expr.index, wanted);
      const element = `${tight(expr.array)}[${index}]`;
      const given = sortOf(expr.index, scope, wanted);
      if (given.kind === "id" && !given.nullable) return element;
      return `IF ${bracketed(index)} = ${found(names.nones, array.index)} THEN ${byDefault(array.of)} ELSE ${element}`;
    }
    case "field":
      return `${tight(expr.record)}.${names.field(expr.field)}`;
    case "record": {
      const of = sort();
      if (of.kind !== "record") throw new Error("a record was expected: the model was not checked");
      const fields = Object.entries(of.fields).map(
        ([name, part]) => `${names.field(name)} |-> ${go(found(expr.fields, name), part)}`,
      );
      return `[${fields.join(", ")}]`;
    }
    case "not":
      return `~${tight(expr.of)}`;
    case "and":
      return joined("/\\", expr.of, "TRUE", env);
    case "or":
      return joined("\\/", expr.of, "FALSE", env);
    case "if": {
      const of = sort();
      return `IF ${go(expr.test)} THEN ${tight(expr.then, of)} ELSE ${tight(expr.else, of)}`;
    }
    case "exists":
    case "forall":
    case "count":
      return quantifierText(expr, env);
    case "length":
      return `Len(${go(expr.list)})`;
    case "head":
      return `IF ${tight(expr.list)} = <<>> THEN ${byDefault(sort())} ELSE Head(${go(expr.list)})`;
    case "next":
      return `NextIn(${go(expr.list)}, ${go(expr.after, itemSort(expr.list, env))}, ${byDefault(sort())})`;
    case "contains":
      return `${tight(expr.value, itemSort(expr.list, env))} \\in Elements(${go(expr.list)})`;
    case "includes": {
      const set = sortOf(expr.set, scope);
      const member: Sort = { kind: "id", of: set.kind === "set" ? set.of : "", nullable: true };
      return `${tight(expr.value, member)} \\in ${tight(expr.set)}`;
    }
    case "size":
      return `Cardinality(${go(expr.set)})`;
    case "at": {
      const point = found(names.points, expr.actor);
      const here = expr.self === undefined ? point : `${point}[${go(expr.self)}]`;
      const [only] = expr.points;
      if (expr.points.length === 1 && only !== undefined) return `${here} = ${quoted(only)}`;
      return `${here} \\in {${expr.points.map(quoted).join(", ")}}`;
    }
    case "eq":
    case "ne": {
      const [left, right] = sidesOf(expr.left, expr.right, env);
      return `${left} ${infixes[expr.kind]} ${right}`;
    }
    default: {
      const operator = operators[expr.kind];
      if (operator !== undefined) return `${operator}(${go(expr.left)}, ${go(expr.right)})`;
      return `${tight(expr.left)} ${infixes[expr.kind]} ${tight(expr.right)}`;
    }
  }
}

function joined(sign: string, all: readonly ExprData[], none: string, env: Environment): string {
  const [only] = all;
  if (only === undefined) return none;
  if (all.length === 1) return expressionText(only, env, boolean);
  return all.map((part) => operandText(part, env, boolean)).join(` ${sign} `);
}

function itemSort(list: ExprData, env: Environment): Sort {
  const sort = sortOf(list, env.scope);
  return sort.kind === "list" ? sort.of : sort;
}

/** Both sides of a comparison; a bare literal takes the other side's sort. */
function sidesOf(left: ExprData, right: ExprData, env: Environment): readonly [string, string] {
  const isLiteral = left.kind === "enum" || left.kind === "none" || left.kind === "record";
  const of = sortOf(isLiteral ? right : left, env.scope);
  return [operandText(left, env, of), operandText(right, env, of)];
}

type Quantifier = ExprData & { readonly as: string; readonly in: Range; readonly where: ExprData };

function quantifierText(expr: Quantifier, env: Environment): string {
  const name = env.names.take(expr.as);
  const where = expressionText(expr.where, bindName(env, expr.as, elementSort(expr.in, env.scope), name));
  if ("of" in expr.in) return quantified(expr.kind, name, found(env.names.identities, expr.in.of), where);
  const whole = expressionText(expr.in.elements, env);
  if (sortOf(expr.in.elements, env.scope).kind !== "list") return quantified(expr.kind, name, whole, where);
  if (expr.kind !== "count") return quantified(expr.kind, name, `Elements(${whole})`, where);
  const position = env.names.take("i");
  const at = `${bracketed(whole)}[${position}]`;
  return `Cardinality({${position} \\in DOMAIN ${bracketed(whole)} : LET ${name} == ${at} IN ${where}})`;
}

function quantified(kind: string, name: string, set: string, where: string): string {
  if (kind === "count") return `Cardinality({${name} \\in ${set} : ${where}})`;
  return `${kind === "exists" ? "\\E" : "\\A"} ${name} \\in ${bracketed(set)} : ${where}`;
}
