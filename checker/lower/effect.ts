/** Effects to new symbolic values of the variables they write, and to the conditions under which they are errors. */
import { type Effect, type ExprData, type Sort, sizeOf } from "../../models/language/index.ts";
import { bindLocal, type Environment, lower, unroll } from "./expression.ts";
import { append, concatenate, drop, emptyList, isFull, listSort, pop, remove } from "./list.ts";
import { and, type BoolNode, binary, compare, constant, type IntNode, no, not, or } from "./node.ts";
import { turnsWithin } from "./too-large.ts";
import {
  as,
  choose,
  elementAt,
  lengthOf,
  partOf,
  type Symbolic,
  scalar,
  truth,
  withElement,
  withPart,
} from "./value.ts";

/** Variables after some effects, and when one of the effects wrote outside its sort. */
interface Outcome {
  readonly variables: ReadonlyMap<string, Symbolic>;
  readonly error: BoolNode;
}

/** What is written, and when that is an error. */
interface Doubtful {
  readonly value: Symbolic;
  readonly error: BoolNode;
}

/** A place: a variable and the way into it. */
interface Place {
  readonly variable: string;
  readonly way: readonly Turn[];
}
type Turn =
  | { readonly kind: "part"; readonly index: number }
  | { readonly kind: "element"; readonly index: Symbolic };

/** Places of bound list elements. */
type Places = ReadonlyMap<string, Place>;

/** The outcome of effects done in order, starting from the environment's variables. */
export function lowerEffects(effects: readonly Effect[], env: Environment): Outcome {
  return sequence(effects, env, new Map());
}

function sequence(effects: readonly Effect[], env: Environment, places: Places): Outcome {
  let { variables } = env;
  let error: BoolNode = no;
  for (const effect of effects) {
    const outcome = lowerOne(effect, withElements({ ...env, variables }, places), places);
    variables = outcome.variables;
    // After an error nothing is done any more, so later conditions do not matter.
    error = or(error, outcome.error);
  }
  return { variables, error };
}

/** The elements that loops bind, as they are now: an earlier effect of the turn may have written them. */
function withElements(env: Environment, places: Places): Environment {
  return [...places].reduce((inner, [name, place]) => bindLocal(inner, name, readPlace(place, env)), env);
}

function lowerOne(effect: Effect, env: Environment, places: Places): Outcome {
  const { identities } = env.scope;
  const write = (target: ExprData, to: (old: Symbolic) => Symbolic | Doubtful) => {
    const place = placeOf(target, env, places);
    const written = to(readPlace(place, env));
    const [value, error] = "error" in written ? [written.value, written.error] : [written, no];
    const variable = env.variables.get(place.variable)!;
    return {
      variables: new Map(env.variables).set(place.variable, writePlace(variable, place.way, value, env)),
      error: or(writtenAtNone(place, env), error),
    };
  };
  switch (effect.kind) {
    case "assign":
      return write(effect.target, ({ sort }) => {
        const value = lower(effect.value, env, sort);
        return { value: as(value, sort), error: misfit(value, sort, env) };
      });
    case "append":
      return write(effect.list, (list) => {
        const { of } = listSort(list);
        const value = lower(effect.value, env, of);
        return { value: append(list, value, identities), error: or(isFull(list), misfit(value, of, env)) };
      });
    case "pop":
      return write(effect.list, (list) => pop(list, identities));
    case "remove":
      return write(effect.list, (list) =>
        remove(list, lower(effect.value, env, listSort(list).of), identities),
      );
    case "drop":
      return write(effect.list, (list) =>
        drop(list, (element) => truth(lower(effect.where, bindLocal(env, effect.as, element))), identities),
      );
    case "clear":
      return write(effect.list, (list) => emptyList(list.sort, identities));
    case "splice": {
      const from = lower(effect.from, env);
      const moved = write(effect.to, (to) => ({
        value: concatenate(to, from, identities),
        error: overflows(to, from),
      }));
      const after = { ...env, variables: moved.variables };
      const cleared = lowerOne({ kind: "clear", list: effect.from }, after, places);
      return { variables: cleared.variables, error: or(moved.error, cleared.error) };
    }
    case "include":
    case "exclude":
      return write(effect.set, (set) => {
        const member = lower(effect.value, env, memberSort(set));
        const node = toggled(effect.kind, set, member, env);
        const value: Symbolic = { form: "int", sort: set.sort, node };
        return effect.kind === "include" ? { value, error: isNone(member, env) } : value;
      });
    case "when": {
      const test = truth(lower(effect.test, env));
      const yesOutcome = sequence(effect.then, env, places);
      const noOutcome = sequence(effect.else, env, places);
      return merge(test, yesOutcome, noOutcome, env);
    }
    case "each":
      return loop(effect, env, places);
  }
}

function loop(effect: Effect & { readonly kind: "each" }, env: Environment, places: Places): Outcome {
  let variables = env.variables;
  let error: BoolNode = no;
  const turns = unroll(effect.in, env);
  const around = { ...env, turns: turnsWithin(env.turns, turns.length) };
  const list = "elements" in effect.in ? effect.in.elements : null;
  const isList = list !== null && turns.length > 0 && lower(list, env).sort.kind === "list";
  turns.forEach(({ value, present }, i) => {
    const here = { ...around, variables };
    const inner = new Map(places);
    inner.delete(effect.as);
    let current = value;
    if (list !== null && isList) {
      const place = placeOf(list, env, places);
      const element: Place = { ...place, way: [...place.way, { kind: "part", index: i }] };
      inner.set(effect.as, element);
      current = readPlace(element, here);
    }
    const turn = sequence(effect.do, bindLocal(here, effect.as, current), inner);
    const merged = merge(present, turn, { variables, error: no }, env);
    variables = merged.variables;
    error = or(error, merged.error);
  });
  return { variables, error };
}

/** `test ? a : b` on outcomes. */
function merge(test: BoolNode, a: Outcome, b: Outcome, env: Environment): Outcome {
  const variables = new Map(b.variables);
  for (const [name, value] of a.variables) {
    const other = b.variables.get(name)!;
    if (value !== other) variables.set(name, choose(test, value, other, env.scope.identities));
  }
  return { variables, error: or(and(test, a.error), and(not(test), b.error)) };
}

function placeOf(expr: ExprData, env: Environment, places: Places): Place {
  switch (expr.kind) {
    case "var":
      return { variable: expr.name, way: [] };
    case "bound":
      return places.get(expr.name)!;
    case "get": {
      const outer = placeOf(expr.array, env, places);
      const array = readPlace(outer, env);
      const of = array.sort.kind === "array" ? array.sort.index : "";
      const index = lower(expr.index, env, { kind: "id", of, nullable: true });
      return { ...outer, way: [...outer.way, { kind: "element", index }] };
    }
    case "field": {
      const outer = placeOf(expr.record, env, places);
      const record = readPlace(outer, env).sort;
      const index = record.kind === "record" ? Object.keys(record.fields).indexOf(expr.field) : 0;
      return { ...outer, way: [...outer.way, { kind: "part", index }] };
    }
    default:
      throw new Error("an expression that is not a place is written: the model was not checked");
  }
}

function follow(value: Symbolic, turn: Turn, env: Environment): Symbolic {
  const { identities } = env.scope;
  return turn.kind === "part"
    ? partOf(value, turn.index, identities)
    : elementAt(value, inside(turn.index, value, env), null, identities);
}

function readPlace(place: Place, env: Environment): Symbolic {
  return place.way.reduce((value, turn) => follow(value, turn, env), env.variables.get(place.variable)!);
}

function writePlace(whole: Symbolic, way: readonly Turn[], value: Symbolic, env: Environment): Symbolic {
  const [turn, ...rest] = way;
  if (turn === undefined) return value;
  const part = writePlace(follow(whole, turn, env), rest, value, env);
  return turn.kind === "part"
    ? withPart(whole, turn.index, part, env.scope.identities)
    : withElement(whole, scalar(inside(turn.index, whole, env)), part, env.scope.identities);
}

/**
 * An index that may be none, kept inside the array. Writing at none is an error and the step is not taken, so which
 * element is touched then does not matter, but the bits of its neighbours must not be.
 */
function inside(index: Symbolic, array: Symbolic, env: Environment): Symbolic {
  const node = scalar(index);
  const size = array.sort.kind === "array" ? sizeOf(env.scope.identities, array.sort.index) : 0;
  const sort: Sort = index.sort.kind === "id" ? { ...index.sort, nullable: false } : index.sort;
  const kept: IntNode = node.hi < size ? node : binary("min", node, constant(size - 1));
  return { form: "int", sort, node: kept };
}

/** True where some index on the way to the place is none. */
function writtenAtNone(place: Place, env: Environment): BoolNode {
  return place.way
    .map((turn) => (turn.kind === "element" ? isNone(turn.index, env) : no))
    .reduce<BoolNode>(or, no);
}

function isNone(value: Symbolic, env: Environment): BoolNode {
  if (value.sort.kind !== "id") return no;
  return compare("eq", scalar(value), constant(sizeOf(env.scope.identities, value.sort.of)));
}

/** True where the value does not fit into the sort it is written to. */
function misfit(value: Symbolic, sort: Sort, env: Environment): BoolNode {
  switch (sort.kind) {
    case "int": {
      const node = scalar(value);
      return or(compare("lt", node, constant(sort.min)), compare("lt", constant(sort.max), node));
    }
    case "id":
      return sort.nullable ? no : isNone(value, env);
    case "record":
      return Object.values(sort.fields)
        .map((field, i) => misfit(partOf(value, i, env.scope.identities), field, env))
        .reduce<BoolNode>(or, no);
    default:
      return no;
  }
}

function overflows(to: Symbolic, from: Symbolic): BoolNode {
  const sum = binary("add", lengthOf(to), lengthOf(from));
  return compare("lt", constant(listSort(to).capacity), sum);
}

function memberSort(set: Symbolic): Sort {
  return { kind: "id", of: set.sort.kind === "set" ? set.sort.of : "", nullable: true };
}

function toggled(kind: "include" | "exclude", set: Symbolic, member: Symbolic, env: Environment): IntNode {
  const size = set.sort.kind === "set" ? sizeOf(env.scope.identities, set.sort.of) : 0;
  const all = constant(2 ** size - 1);
  const bit = binary("bitand", binary("shl", constant(1), scalar(member)), all);
  const mask = scalar(set);
  if (kind === "include") return binary("bitor", mask, bit);
  return binary("bitand", mask, binary("sub", all, bit));
}
