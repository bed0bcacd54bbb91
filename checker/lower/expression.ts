/** Expressions to symbolic values. Short-circuiting disappears: every operation is total. */
import {
  bind,
  defaultValue,
  type ExprData,
  elementSort,
  type Identities,
  type Scope,
  type Sort,
  type System,
  sizeOf,
  sortOf,
} from "../../models/language/index.ts";
import type { Layout, Slot } from "./layout.ts";
import { find, isWithin, listSort } from "./list.ts";
import {
  and,
  type BoolNode,
  binary,
  compare,
  constant,
  extract,
  fromBool,
  type IntNode,
  no,
  nonzero,
  not,
  or,
  popcount,
  read,
  yes,
} from "./node.ts";
import { turnsWithin } from "./too-large.ts";
import {
  as,
  choose,
  elementAt,
  equal,
  fromCode,
  lengthOf,
  literal,
  ofBool,
  ofInt,
  partOf,
  partsOf,
  type Symbolic,
  scalar,
  truth,
} from "./value.ts";

/** What names mean while lowering: variables' current symbolic values and bound names. */
export interface Environment {
  readonly system: System;
  readonly layout: Layout;
  readonly scope: Scope;
  readonly variables: ReadonlyMap<string, Symbolic>;
  readonly locals: ReadonlyMap<string, Symbolic>;
  /** Turns of the quantifiers and loops around. */
  readonly turns: number;
}

/** The environment in which every variable has the value stored in the state. */
export function stateEnvironment(system: System, layout: Layout): Environment {
  const { identities, variables } = system.model;
  return {
    system,
    layout,
    scope: { identities, variables, bound: {} },
    variables: new Map(
      Object.entries(layout.slots).map(([name, slot]) => [name, readSlot(slot, identities)]),
    ),
    locals: new Map(),
    turns: 1,
  };
}

function readSlot(slot: Slot, identities: Identities): Symbolic {
  if (slot.form === "flat") return fromCode(read(slot.range), slot.sort, identities);
  const length = slot.length === null ? constant(0) : read(slot.length);
  return {
    form: "parts",
    sort: slot.sort,
    length,
    parts: slot.parts.map((part) => readSlot(part, identities)),
  };
}

/** The environment with one more bound name. */
export function bindLocal(env: Environment, name: string, value: Symbolic): Environment {
  return {
    ...env,
    scope: bind(env.scope, name, value.sort),
    locals: new Map(env.locals).set(name, value),
  };
}

/** The symbolic value of an expression; `expected` gives the sort of a bare literal. */
export function lower(expr: ExprData, env: Environment, expected?: Sort): Symbolic {
  const { identities } = env.scope;
  const go = (e: ExprData, want?: Sort) => lower(e, env, want);
  const num = (e: ExprData) => scalar(go(e));
  const sort = (want = expected) => sortOf(expr, env.scope, want);
  switch (expr.kind) {
    case "bool":
      return ofBool(expr.value ? yes : no);
    case "int":
      return ofInt(constant(expr.value), { kind: "int", min: expr.value, max: expr.value });
    case "enum":
    case "id":
      return literal(expr.value, sort(), identities);
    case "none":
      return literal(null, sort(), identities);
    case "var":
      return env.variables.get(expr.name)!;
    case "bound":
      return env.locals.get(expr.name)!;
    case "get": {
      const array = go(expr.array);
      const index = go(expr.index, { kind: "id", of: indexOf(array), nullable: true });
      const of = sort();
      return elementAt(array, index, literal(defaultValue(of, identities), of, identities), identities);
    }
    case "field": {
      const record = go(expr.record);
      const names = record.sort.kind === "record" ? Object.keys(record.sort.fields) : [];
      return partOf(record, names.indexOf(expr.field), identities);
    }
    case "record": {
      const of = sort();
      const fields = of.kind === "record" ? of.fields : {};
      return {
        form: "parts",
        sort: of,
        length: constant(0),
        parts: Object.entries(fields).map(([name, field]) => as(go(expr.fields[name]!, field), field)),
      };
    }
    case "not":
      return ofBool(not(truth(go(expr.of))));
    case "and":
      return ofBool(expr.of.map((e) => truth(go(e))).reduce(and, yes));
    case "or":
      return ofBool(expr.of.map((e) => truth(go(e))).reduce(or, no));
    case "eq":
    case "ne": {
      const [left, right] = lowerPair(expr.left, expr.right, env);
      const same = equal(left, right, identities);
      return ofBool(expr.kind === "eq" ? same : not(same));
    }
    case "lt":
    case "le":
      return ofBool(compare(expr.kind, num(expr.left), num(expr.right)));
    case "gt":
      return ofBool(compare("lt", num(expr.right), num(expr.left)));
    case "ge":
      return ofBool(compare("le", num(expr.right), num(expr.left)));
    case "if": {
      const of = sort();
      return choose(truth(go(expr.test)), as(go(expr.then, of), of), as(go(expr.else, of), of), identities);
    }
    case "exists":
    case "forall":
    case "count":
      return quantify(expr, env);
    case "length":
      return ofInt(lengthOf(go(expr.list)), sort());
    case "head": {
      const list = go(expr.list);
      const of = sort();
      const otherwise = literal(defaultValue(of, identities), of, identities);
      return choose(isWithin(list, 0), as(partOf(list, 0, identities), of), otherwise, identities);
    }
    case "next": {
      const list = go(expr.list);
      const of = sort();
      const { position } = find(list, go(expr.after, listSort(list).of), identities);
      const otherwise = literal(defaultValue(of, identities), of, identities);
      return partsOf(list, identities).reduceRight(
        (rest, element, i) =>
          i === 0
            ? rest
            : choose(
                and(compare("eq", position, constant(i - 1)), isWithin(list, i)),
                as(element, of),
                rest,
                identities,
              ),
        otherwise,
      );
    }
    case "contains": {
      const list = go(expr.list);
      return ofBool(find(list, go(expr.value, listSort(list).of), identities).present);
    }
    case "includes": {
      const set = scalar(go(expr.set));
      // A set has fewer than 31 members, so the bit of none is clear.
      return ofBool(nonzero(extract(set, scalar(go(expr.value, memberSort(expr.set, env))), 1)));
    }
    case "size": {
      const set = go(expr.set);
      const most = set.sort.kind === "set" ? sizeOf(identities, set.sort.of) : 0;
      return ofInt(popcount(scalar(set), most), sort());
    }
    case "at":
      return ofBool(standsAt(expr, env));
    default:
      return ofInt(binary(expr.kind, num(expr.left), num(expr.right)), sort());
  }
}

/** Both sides of a comparison; a bare literal takes the other side's sort. */
function lowerPair(left: ExprData, right: ExprData, env: Environment): readonly [Symbolic, Symbolic] {
  const isLiteral = (e: ExprData) => e.kind === "enum" || e.kind === "none" || e.kind === "record";
  if (isLiteral(left)) {
    const other = lower(right, env);
    return [lower(left, env, other.sort), other];
  }
  const first = lower(left, env);
  return [first, lower(right, env, first.sort)];
}

function indexOf(array: Symbolic): string {
  return array.sort.kind === "array" ? array.sort.index : "";
}

function memberSort(set: ExprData, env: Environment): Sort {
  const of = sortOf(set, env.scope);
  return { kind: "id", of: of.kind === "set" ? of.of : "", nullable: true };
}

/** A quantifier, unrolled over what it ranges over. */
function quantify(expr: ExprData & { readonly as: string }, env: Environment): Symbolic {
  if (expr.kind !== "exists" && expr.kind !== "forall" && expr.kind !== "count") {
    throw new Error("a quantifier was expected");
  }
  const turns = unroll(expr.in, env);
  const inner = { ...env, turns: turnsWithin(env.turns, turns.length) };
  const hits = turns.map(({ value, present }) => ({
    present,
    where: truth(lower(expr.where, bindLocal(inner, expr.as, value))),
  }));
  switch (expr.kind) {
    case "exists":
      return ofBool(hits.map(({ present, where }) => and(present, where)).reduce(or, no));
    case "forall":
      return ofBool(hits.map(({ present, where }) => or(not(present), where)).reduce(and, yes));
    case "count": {
      const sum = hits.reduce<IntNode>(
        (total, { present, where }) => binary("add", total, fromBool(and(present, where))),
        constant(0),
      );
      return ofInt(sum, sortOf(expr, env.scope));
    }
  }
}

/** The values of a range, each with the condition that it is there. */
export function unroll(
  range: { readonly of: string } | { readonly elements: ExprData },
  env: Environment,
): readonly { readonly value: Symbolic; readonly present: BoolNode }[] {
  const { identities } = env.scope;
  if ("of" in range) {
    const sort: Sort = { kind: "id", of: range.of, nullable: false };
    return Array.from({ length: sizeOf(identities, range.of) }, (_, i) => ({
      value: literal(i, sort, identities),
      present: yes,
    }));
  }
  const whole = lower(range.elements, env);
  if (whole.sort.kind === "set") {
    const sort = elementSort(range, env.scope);
    return Array.from({ length: sizeOf(identities, whole.sort.of) }, (_, i) => ({
      value: literal(i, sort, identities),
      present: nonzero(extract(scalar(whole), constant(i), 1)),
    }));
  }
  return partsOf(whole, identities).map((value, i) => ({ value, present: isWithin(whole, i) }));
}

/** A test of program points: which instance may depend on the state. */
function standsAt(expr: ExprData & { readonly kind: "at" }, env: Environment): BoolNode {
  const { instances } = env.system;
  const self = expr.self === undefined ? null : scalar(lower(expr.self, env));
  return instances
    .map((instance, i): BoolNode => {
      if (instance.actor.name !== expr.actor) return no;
      const point = read(env.layout.points[i]!);
      const here = expr.points
        .map((name) => compare("eq", point, constant(instance.points.indexOf(name))))
        .reduce(or, no);
      return self === null || instance.self === null
        ? here
        : and(compare("eq", self, constant(instance.self)), here);
    })
    .reduce(or, no);
}
