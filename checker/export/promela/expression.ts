/** Expressions of a model as Promela: quantifiers and searches are spelled out, reading stays total. */
import {
  bind,
  defaultValue,
  type ExprData,
  elementSort,
  type Range,
  type Sort,
  sizeOf,
  sortOf,
} from "../../../models/language/index.ts";
import { and, type Code, constant, infix, not, or, yes } from "./code.ts";
import { literal } from "./literal.ts";
import {
  arithmetic,
  bit,
  boolean,
  codeOf,
  type Environment,
  found,
  isIn,
  isNone,
  listOf,
  memberOf,
  scalar,
} from "./operation.ts";
import { either, equal, indices, type Symbolic, valueAt } from "./value.ts";

export function bindValue(env: Environment, name: string, value: Symbolic): Environment {
  return {
    ...env,
    scope: bind(env.scope, name, value.sort),
    bound: { ...env.bound, [name]: value },
  };
}

/** The code of a boolean expression. */
export function condition(expr: ExprData, env: Environment): Code {
  return codeOf(translate(expr, env, boolean));
}

/** An expression; `expected` is the sort that its surroundings ask for. */
export function translate(expr: ExprData, env: Environment, expected?: Sort): Symbolic {
  const go = (e: ExprData, want?: Sort) => translate(e, env, want);
  const code = (e: ExprData, want?: Sort) => codeOf(go(e, want));
  const sort = () => sortOf(expr, env.scope, expected);
  const { identities } = env.scope;
  const byDefault = (of: Sort) => literal(defaultValue(of, identities), of, env.constants);
  switch (expr.kind) {
    case "bool":
    case "int":
    case "enum":
    case "id":
      return literal(expr.value, sort(), env.constants);
    case "none":
      return literal(null, sort(), env.constants);
    case "var":
      return valueAt(found(env.shapes, expr.name), constant(0));
    case "bound":
      return found(env.bound, expr.name);
    case "get": {
      const array = go(expr.array);
      if (array.kind !== "array") throw new Error("an array was expected: the model was not checked");
      const index = go(expr.index, { kind: "id", of: array.sort.index, nullable: true });
      const outside = isNone(index, env.constants);
      if (outside.value === 1) return byDefault(array.sort.of);
      return either(outside, byDefault(array.sort.of), array.at(codeOf(index)));
    }
    case "field": {
      const record = go(expr.record);
      if (record.kind !== "record") throw new Error("a record was expected: the model was not checked");
      return found(record.fields, expr.field);
    }
    case "record": {
      const of = sort();
      if (of.kind !== "record") throw new Error("a record was expected: the model was not checked");
      const fields = Object.entries(of.fields).map(([name, part]) => [
        name,
        go(found(expr.fields, name), part),
      ]);
      return { kind: "record", sort: of, fields: Object.fromEntries(fields) };
    }
    case "not":
      return scalar(not(code(expr.of)));
    case "and":
      return scalar(and(expr.of.map((e) => code(e))));
    case "or":
      return scalar(or(expr.of.map((e) => code(e))));
    case "eq":
    case "ne": {
      const [left, right] = pair(expr.left, expr.right, env);
      if (expr.kind === "eq") return scalar(equal(left, right));
      const scalars = left.kind === "scalar" && right.kind === "scalar";
      return scalar(scalars ? infix("!=", codeOf(left), codeOf(right)) : not(equal(left, right)));
    }
    case "lt":
      return scalar(infix("<", code(expr.left), code(expr.right)));
    case "le":
      return scalar(infix("<=", code(expr.left), code(expr.right)));
    case "gt":
      return scalar(infix(">", code(expr.left), code(expr.right)));
    case "ge":
      return scalar(infix(">=", code(expr.left), code(expr.right)));
    case "if": {
      const of = sort();
      return { ...either(code(expr.test), go(expr.then, of), go(expr.else, of)), sort: of } as Symbolic;
    }
    case "exists":
      return scalar(or(turnsOf(expr, env).map(and)));
    case "forall":
      return scalar(and(turnsOf(expr, env).map(([there, where]) => or([not(there), where]))));
    case "count": {
      const hits = turnsOf(expr, env).map(and);
      return scalar(
        hits.reduce((sum, hit) => infix("+", sum, hit), constant(0)),
        sort(),
      );
    }
    case "length":
      return scalar(listOf(go(expr.list)).length, sort());
    case "head": {
      const list = listOf(go(expr.list));
      const of = sort();
      const empty = infix("==", list.length, constant(0));
      return { ...either(empty, byDefault(of), list.at(constant(0))), sort: of } as Symbolic;
    }
    case "next": {
      const of = sort();
      return { ...following(listOf(go(expr.list)), expr.after, env, byDefault(of)), sort: of } as Symbolic;
    }
    case "contains": {
      const list = listOf(go(expr.list));
      return scalar(isIn(list, go(expr.value, list.sort.of)));
    }
    case "includes": {
      const set = go(expr.set);
      const member = code(expr.value, { kind: "id", of: memberOf(set), nullable: true });
      return scalar(bit(codeOf(set), member));
    }
    case "size": {
      const set = go(expr.set);
      const bits = indices(sizeOf(identities, memberOf(set))).map((i) => bit(codeOf(set), i));
      return scalar(
        bits.reduce((sum, one) => infix("+", sum, one), constant(0)),
        sort(),
      );
    }
    case "at":
      return scalar(env.standsAt(expr.actor, expr.self === undefined ? null : code(expr.self), expr.points));
    default:
      return scalar(arithmetic(expr, code(expr.left), code(expr.right), env.scope), sort());
  }
}

/** Both sides of a comparison; a bare literal takes the other side's sort. */
function pair(left: ExprData, right: ExprData, env: Environment): readonly [Symbolic, Symbolic] {
  if (left.kind === "enum" || left.kind === "none" || left.kind === "record") {
    const other = translate(right, env);
    return [translate(left, env, other.sort), other];
  }
  const first = translate(left, env);
  return [first, translate(right, env, first.sort)];
}

/** The element behind the first one that is equal to `after`. */
function following(
  list: Symbolic & { readonly kind: "list" },
  after: ExprData,
  env: Environment,
  otherwise: Symbolic,
): Symbolic {
  const { capacity, of } = list.sort;
  const wanted = translate(after, env, of);
  return indices(capacity).reduceRight<Symbolic>((rest, i, position) => {
    const behind = constant(position + 1);
    const here = and([infix("<", i, list.length), equal(list.at(i), wanted)]);
    const isLast = position + 1 >= capacity ? yes : infix("==", list.length, behind);
    return either(here, isLast.value === 1 ? otherwise : either(isLast, otherwise, list.at(behind)), rest);
  }, otherwise);
}

/** For each turn of a quantifier: that it takes place, and its condition. */
function turnsOf(
  expr: ExprData & { readonly as: string; readonly in: Range; readonly where: ExprData },
  env: Environment,
): readonly (readonly [Code, Code])[] {
  return valuesOf(expr.in, env).map(([there, value]) => [
    there,
    condition(expr.where, bindValue(env, expr.as, value)),
  ]);
}

/** What a range can run through: each value, and the condition that it is there. */
export function valuesOf(range: Range, env: Environment): readonly (readonly [Code, Symbolic])[] {
  const { identities } = env.scope;
  const sort = elementSort(range, env.scope);
  const individuals = (of: string) =>
    indices(sizeOf(identities, of)).map((code) => [code, { kind: "scalar", sort, code }] as const);
  if ("of" in range) return individuals(range.of).map(([, value]) => [yes, value]);
  const whole = translate(range.elements, env);
  if (whole.kind === "list") {
    return indices(whole.sort.capacity).map((i) => [infix("<", i, whole.length), whole.at(i)]);
  }
  return individuals(memberOf(whole)).map(([code, value]) => [bit(codeOf(whole), code), value]);
}
