/** Random expressions: well-formed, of every kind, with integers that may leave the sort they are written to. */
import {
  type ExprData,
  type QuantifierKind,
  type Range,
  type Sort,
  sortOf,
} from "../../models/language/index.ts";
import { pick, rarely, repeat } from "./draw.ts";
import { drawValue } from "./sort.ts";
import { bindName, loosened, type Source, type Surroundings, sourcesOf } from "./surroundings.ts";

const boolean: Sort = { kind: "bool" };
const number: Sort = { kind: "int", min: -1, max: 4 };

/** An expression that may stand where `want` is needed. Sets, lists and arrays must have a source of the same sort. */
export function drawExpr(want: Sort, size: number, s: Surroundings): ExprData {
  const { draw } = s;
  if (size <= 0) return leaf(want, size, s);
  switch (draw(4)) {
    case 0:
      return leaf(want, size, s);
    case 1:
      if (draw(3) !== 0) return leaf(want, size, s);
      return {
        kind: "if",
        test: drawExpr(boolean, size - 1, s),
        // A bare literal has no sort of its own where none is asked for, so it stands last.
        then: leaf(want, size - 1, s),
        else: drawExpr(want, size - 1, s),
      };
    default:
      if (want.kind === "bool") return drawBoolean(size, s);
      if (want.kind === "int") return drawNumber(want, size, s);
      if (want.kind === "record" && draw(2) === 0) return recordLiteral(want, size, s);
      return leaf(want, size, s);
  }
}

function leaf(want: Sort, size: number, s: Surroundings): ExprData {
  const fitting = sourcesOf(s, drawExpr).filter((source) => fits(source.sort, want));
  const mustRead = want.kind === "set" || want.kind === "list" || want.kind === "array";
  // Reading a part needs expressions again, so at some depth only what is simplest is left.
  if (size < -1 && !mustRead) return want.kind === "record" ? recordLiteral(want, size, s) : literal(want, s);
  if (size < -1 && fitting[0] !== undefined) return fitting[0].build(size);
  if (fitting.length > 0 && (mustRead || s.draw(4) !== 0)) {
    const bound = fitting.filter((source) => source.bound);
    return pick(s.draw, bound.length > 0 && s.draw(2) === 1 ? bound : fitting).build(size);
  }
  if (want.kind === "record") return recordLiteral(want, size, s);
  return literal(want, s);
}

function fits(given: Sort, want: Sort): boolean {
  if (given.kind === "int" && want.kind === "int") return true;
  if (given.kind === "id" && want.kind === "id")
    return given.of === want.of && (want.nullable || !given.nullable);
  return JSON.stringify(given) === JSON.stringify(want);
}

function literal(want: Sort, s: Surroundings): ExprData {
  const { draw } = s;
  switch (want.kind) {
    case "bool":
      return { kind: "bool", value: draw(2) === 1 };
    case "int": {
      // Mostly inside the sort, sometimes just outside.
      const value = rarely(draw, 5)
        ? pick(draw, [want.max + 1, want.min - 1])
        : drawValue(draw, want, s.scope.identities);
      return { kind: "int", value: Math.min(Math.max(value as number, -(2 ** 31)), 2 ** 31 - 1) };
    }
    case "enum":
      return { kind: "enum", value: pick(draw, want.values) };
    case "id": {
      const value = drawValue(draw, want, s.scope.identities);
      return value === null ? { kind: "none" } : { kind: "id", of: want.of, value: value as number };
    }
    default:
      throw new Error(`a ${want.kind} has no literal`);
  }
}

function recordLiteral(want: Sort & { readonly kind: "record" }, size: number, s: Surroundings): ExprData {
  const fields = Object.entries(want.fields).map(([name, of]): [string, ExprData] => [
    name,
    drawExpr(hasSource(of, s) ? loosened(of) : of, size - 1, s),
  ]);
  // The order in which fields are written down must not matter.
  return { kind: "record", fields: Object.fromEntries(rarely(s.draw, 3) ? fields.reverse() : fields) };
}

function hasSource(sort: Sort, s: Surroundings): boolean {
  return sourcesOf(s, drawExpr).some((source) => fits(source.sort, sort));
}

function drawBoolean(size: number, s: Surroundings): ExprData {
  const { draw } = s;
  const bool = () => drawExpr(boolean, size - 1, s);
  const sources = sourcesOf(s, drawExpr);
  const lists = sources.filter(({ sort }) => sort.kind === "list");
  const sets = sources.filter(({ sort }) => sort.kind === "set");
  switch (draw(14)) {
    case 0:
      return { kind: "not", of: bool() };
    case 1:
      return { kind: "and", of: repeat(draw(4), bool) };
    case 2:
      return { kind: "or", of: repeat(draw(4), bool) };
    case 3:
    case 4:
    case 5:
      return drawEquality(pick(draw, sources), size, s);
    case 6:
    case 7:
      return {
        kind: pick(draw, ["lt", "le", "gt", "ge"] as const),
        left: drawExpr(number, size - 1, s),
        right: drawExpr(number, size - 1, s),
      };
    case 8:
    case 9:
      return drawQuantifier(pick(draw, ["exists", "forall"] as const), size, s);
    case 10: {
      if (lists.length === 0) return bool();
      const list = pick(draw, lists);
      const of = list.sort.kind === "list" ? list.sort.of : boolean;
      if (of.kind === "set" && !hasSource(of, s)) return bool();
      return { kind: "contains", list: list.build(size), value: drawExpr(loosened(of), size - 1, s) };
    }
    case 11: {
      if (sets.length === 0) return bool();
      const set = pick(draw, sets);
      const of = set.sort.kind === "set" ? set.sort.of : "";
      return {
        kind: "includes",
        set: set.build(size),
        value: drawExpr({ kind: "id", of, nullable: true }, size - 1, s),
      };
    }
    default:
      return s.actors.length === 0 ? bool() : drawAt(size, s);
  }
}

function drawEquality(source: Source, size: number, s: Surroundings): ExprData {
  const kind = pick(s.draw, ["eq", "ne"] as const);
  const left = source.build(size);
  const right = drawExpr(loosened(source.sort), size - 1, s);
  const isLiteral = right.kind === "enum" || right.kind === "none" || right.kind === "record";
  return isLiteral && s.draw(2) === 1 ? { kind, left: right, right: left } : { kind, left, right };
}

function drawAt(size: number, s: Surroundings): ExprData {
  const { draw } = s;
  const actor = pick(draw, s.actors);
  const all = Object.keys(actor.config.states);
  const points = all.filter(() => draw(2) === 0);
  if (actor.forEach === undefined) return { kind: "at", actor: actor.name, points };
  const self = drawExpr({ kind: "id", of: actor.forEach, nullable: false }, size - 1, s);
  return { kind: "at", actor: actor.name, self, points };
}

function drawQuantifier(kind: QuantifierKind, size: number, s: Surroundings): ExprData {
  const [range, sort] = drawRange(size, s);
  const [as, inner] = bindName(s, sort, null);
  return { kind, as, in: range, where: drawExpr(boolean, size - 1, inner) };
}

function drawRange(size: number, s: Surroundings): readonly [Range, Sort] {
  const collections = sourcesOf(s, drawExpr).filter(
    ({ sort }) => sort.kind === "list" || sort.kind === "set",
  );
  if (collections.length > 0 && s.draw(2) === 1) {
    const source = pick(s.draw, collections);
    const of: Sort =
      source.sort.kind === "list"
        ? source.sort.of
        : { kind: "id", of: source.sort.kind === "set" ? source.sort.of : "", nullable: false };
    return [{ elements: source.build(size) }, of];
  }
  const of = pick(s.draw, Object.keys(s.scope.identities));
  return [{ of }, { kind: "id", of, nullable: false }];
}

function drawNumber(want: Sort, size: number, s: Surroundings): ExprData {
  const { draw } = s;
  const number = () => drawExpr(want, size - 1, s);
  const sources = sourcesOf(s, drawExpr);
  const lists = sources.filter(({ sort }) => sort.kind === "list");
  const sets = sources.filter(({ sort }) => sort.kind === "set");
  switch (draw(11)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
    case 5:
    case 6: {
      const kind = pick(draw, ["add", "sub", "mul", "div", "mod", "min", "max"] as const);
      const made: ExprData = { kind, left: number(), right: number() };
      return staysWithin32Bits(made, s) ? made : made.left;
    }
    case 7:
      return drawQuantifier("count", size, s);
    case 8:
      return lists.length === 0 ? number() : { kind: "length", list: pick(draw, lists).build(size) };
    case 9:
      return sets.length === 0 ? number() : { kind: "size", set: pick(draw, sets).build(size) };
    default:
      return number();
  }
}

function staysWithin32Bits(expr: ExprData, s: Surroundings): boolean {
  const sort = sortOf(expr, s.scope);
  return sort.kind === "int" && sort.min >= -(2 ** 31) && sort.max <= 2 ** 31 - 1;
}
