/** Places that are written: their columns, and when an index on the way is none. */
import type { ExprData, Sort } from "../../../models/language/index.ts";
import { type Code, constant, infix, no, or } from "./code.ts";
import { baseOf, type Shape } from "./columns.ts";
import { translate } from "./expression.ts";
import { codeOf, type Environment, found, isNone } from "./operation.ts";
import type { Statement } from "./statement.ts";
import { columnAt, type Index, indices, inside, type Symbolic } from "./value.ts";

export interface Place {
  /** The variable that it is part of. */
  readonly root: string;
  readonly shape: Shape;
  readonly offset: Index;
  /** True where an index on the way is none. */
  readonly none: Code;
}

/** An environment in which loops bind places. */
export interface WriteEnvironment extends Environment {
  readonly places: Readonly<Record<string, Place>>;
  readonly notes: Notes;
}

/** What is found out about a step while it is translated. */
export interface Notes {
  /** A variable that is free until the end of the step. */
  readonly scratch: () => Code;
  /** Remembers that the step can be an error of the model. */
  readonly mayFail: () => void;
}

export function placeOf(expr: ExprData, env: WriteEnvironment): Place {
  switch (expr.kind) {
    case "var":
      return { root: expr.name, shape: found(env.shapes, expr.name), offset: constant(0), none: no };
    case "bound":
      return found(env.places, expr.name);
    case "get": {
      const outer = placeOf(expr.array, env);
      if (outer.shape.kind !== "array") throw new Error("an array was expected: the model was not checked");
      const { size, sort, of } = outer.shape;
      const index = translate(expr.index, env, { kind: "id", of: sort.index, nullable: true });
      const offset = inside(outer.offset, size, codeOf(index));
      return { root: outer.root, shape: of, offset, none: or([outer.none, isNone(index, env.constants)]) };
    }
    case "field": {
      const outer = placeOf(expr.record, env);
      if (outer.shape.kind !== "record") throw new Error("a record was expected: the model was not checked");
      return { ...outer, shape: found(outer.shape.fields, expr.field) };
    }
    default:
      throw new Error("an expression that is not a place is written: the model was not checked");
  }
}

/** True where the text mentions a column of the place's variable. */
function mentions({ text }: Code, { root }: Place, env: Environment): boolean {
  return columnsOf(found(env.shapes, root)).some((name) => new RegExp(`\\b${name}\\b`).test(text));
}

function columnsOf(shape: Shape): readonly string[] {
  switch (shape.kind) {
    case "scalar":
      return [shape.column];
    case "record":
      return Object.values(shape.fields).flatMap(columnsOf);
    case "list":
      return [...columnsOf(shape.length), ...columnsOf(shape.of)];
    case "array":
      return columnsOf(shape.of);
  }
}

/** The place with an offset that stays what it is while the variable is written, and what settles it. */
export function settled(place: Place, env: WriteEnvironment): readonly [Place, readonly Statement[]] {
  const { offset } = place;
  if (/^\w+$/.test(offset.text) && !mentions(offset, place, env)) return [place, []];
  const scratch = env.notes.scratch();
  return [{ ...place, offset: scratch }, [`${scratch.text} = ${offset.text}`]];
}

interface Write {
  readonly target: string;
  readonly code: Code;
}

/** The assignments that store a value there; its parts are read first where they would be overwritten. */
export function store(place: Place, value: Symbolic, env: WriteEnvironment): readonly Statement[] {
  const writes = writesOf(place.shape, place.offset, value);
  const text = ({ target, code }: Write) => `${target} = ${code.text}`;
  if (writes.length === 1 || !writes.some(({ code }) => mentions(code, place, env))) return writes.map(text);
  const read = writes.map(({ target, code }) => ({ target, code, scratch: env.notes.scratch() }));
  return [
    ...read.map(({ code, scratch }) => text({ target: scratch.text, code })),
    ...read.map(({ target, scratch }) => text({ target, code: scratch })),
  ];
}

function writesOf(shape: Shape, offset: Index, value: Symbolic): readonly Write[] {
  if (shape.kind === "scalar" && value.kind === "scalar") {
    return [{ target: columnAt(shape, offset), code: stored(value.code, shape.sort) }];
  }
  if (shape.kind === "record" && value.kind === "record") {
    return Object.entries(shape.fields).flatMap(([name, field]) =>
      writesOf(field, offset, found(value.fields, name)),
    );
  }
  if (shape.kind === "list" && value.kind === "list") {
    const { capacity } = shape.sort;
    const length = { target: columnAt(shape.length, offset), code: value.length };
    const elements = indices(capacity).flatMap((i) =>
      writesOf(shape.of, inside(offset, capacity, i), value.at(i)),
    );
    return [length, ...elements];
  }
  if (shape.kind === "array" && value.kind === "array") {
    return indices(shape.size).flatMap((i) => writesOf(shape.of, inside(offset, shape.size, i), value.at(i)));
  }
  throw new Error("a value of another sort is written: the model was not checked");
}

/** The stored form of an integer, which starts at its minimum where that is negative. */
function stored(code: Code, sort: Sort): Code {
  const base = baseOf(sort);
  return base === -(2 ** 31) ? infix("-", code, constant(base)) : infix("+", code, constant(-base));
}
