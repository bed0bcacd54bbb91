/** Random effects of every kind, in sequences that see each other's results. */
import type { Effect, ExprData, Sort } from "../../models/language/index.ts";
import { pick, repeat } from "./draw.ts";
import { drawExpr } from "./expr.ts";
import {
  bindName,
  loosened,
  type PlaceSource,
  placesOf,
  type Surroundings,
  sourcesOf,
} from "./surroundings.ts";

export function drawEffects(most: number, size: number, s: Surroundings): readonly Effect[] {
  return repeat(s.draw(most + 1), () => drawEffect(size, s));
}

function drawEffect(size: number, s: Surroundings): Effect {
  const { draw } = s;
  const places = placesOf(s, drawExpr);
  const lists = places.filter(({ sort, bound }) => sort.kind === "list" && !bound);
  const sets = places.filter(({ sort }) => sort.kind === "set");
  if (places.length === 0) return drawWhen(0, s);
  switch (draw(14)) {
    case 4:
    case 5:
    case 6:
    case 7:
    case 8:
    case 9:
      return lists.length === 0 ? drawAssign(places, size, s) : drawListEffect(lists, size, s);
    case 10: {
      if (sets.length === 0) return drawAssign(places, size, s);
      const set = pick(draw, sets);
      const of = set.sort.kind === "set" ? set.sort.of : "";
      return {
        kind: pick(draw, ["include", "exclude"] as const),
        set: set.build(size),
        value: drawExpr({ kind: "id", of, nullable: true }, size - 1, s),
      };
    }
    case 11:
      return drawWhen(size, s);
    case 12:
    case 13:
      return size <= 0 ? drawAssign(places, size, s) : drawEach(size, s);
    default:
      return drawAssign(places, size, s);
  }
}

function drawAssign(places: readonly PlaceSource[], size: number, s: Surroundings): Effect {
  // Elements of loops are few among all places, and the hardest to get right.
  const elements = places.filter(({ bound }) => bound);
  const place = pick(s.draw, elements.length > 0 && s.draw(3) !== 0 ? elements : places);
  const target = place.build(size);
  const changed = s.draw(3) === 1 ? change(target, place.sort) : null;
  return { kind: "assign", target, value: changed ?? drawWritten(place.sort, size, s) };
}

/** A value that differs from the one now, so that runs get somewhere: the next integer, the other boolean. */
function change(place: ExprData, sort: Sort): ExprData | null {
  if (sort.kind === "bool") return { kind: "not", of: place };
  const one: ExprData = { kind: "int", value: 1 };
  return sort.kind === "int" && sort.max < 2 ** 31 - 1 ? { kind: "add", left: place, right: one } : null;
}

/** A value for a place: one in two may be outside its sort, so that not every run ends in an error of the model. */
function drawWritten(sort: Sort, size: number, s: Surroundings): ExprData {
  return s.draw(2) === 0 ? drawExpr(sort, 0, s) : drawExpr(loosened(sort), size, s);
}

function drawListEffect(lists: readonly PlaceSource[], size: number, s: Surroundings): Effect {
  const { draw } = s;
  const place = pick(draw, lists);
  const of = place.sort.kind === "list" ? place.sort.of : place.sort;
  const list = place.build(size);
  const readable = of.kind !== "set" || sourcesOf(s, drawExpr).some(({ sort }) => sameSort(sort, of));
  switch (draw(7)) {
    case 0:
    case 1:
      return readable ? { kind: "append", list, value: drawWritten(of, size - 1, s) } : { kind: "pop", list };
    case 2:
      return { kind: "pop", list };
    case 3:
      return readable
        ? { kind: "remove", list, value: drawExpr(loosened(of), size - 1, s) }
        : { kind: "clear", list };
    case 4: {
      const [as, inner] = bindName(s, of, null);
      return { kind: "drop", list, as, where: drawExpr({ kind: "bool" }, size - 1, inner) };
    }
    case 5:
      return { kind: "clear", list };
    default: {
      const partners = lists.filter(({ sort }) => sort.kind === "list" && sameSort(sort.of, of));
      const from = pick(draw, partners).build(size);
      // Which list is moved must not depend on what moving it writes.
      return indexVariables(from, s).includes(place.root)
        ? { kind: "clear", list }
        : { kind: "splice", from, to: list };
    }
  }
}

function sameSort(a: Sort, b: Sort): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function drawWhen(size: number, s: Surroundings): Effect {
  return {
    kind: "when",
    test: drawExpr({ kind: "bool" }, size, s),
    then: size <= 0 ? [] : drawEffects(2, size - 1, s),
    else: size <= 0 ? [] : drawEffects(1, size - 1, s),
  };
}

function drawEach(size: number, s: Surroundings): Effect {
  const { draw } = s;
  const collections = sourcesOf(s, drawExpr).filter(
    ({ sort, root }) => root !== null && (sort.kind === "list" || sort.kind === "set"),
  );
  if (collections.length === 0 || draw(3) === 0) {
    const of = pick(draw, Object.keys(s.scope.identities));
    const [as, inner] = bindName(s, { kind: "id", of, nullable: false }, null);
    return { kind: "each", as, in: { of }, do: drawEffects(2, size - 1, inner) };
  }
  const source = pick(draw, collections);
  const elements = source.build(size);
  if (source.sort.kind !== "list") {
    const of = source.sort.kind === "set" ? source.sort.of : "";
    const [as, inner] = bindName(s, { kind: "id", of, nullable: false }, null);
    return { kind: "each", as, in: { elements }, do: drawEffects(2, size - 1, inner) };
  }
  const root = source.root;
  const [as, inner] = bindName(s, source.sort.of, root);
  const guarded: Surroundings = {
    ...inner,
    looped: root === null ? inner.looped : [...inner.looped, root],
    fixed: [...inner.fixed, ...indexVariables(elements, s)],
  };
  return { kind: "each", as, in: { elements }, do: drawEffects(2, size - 1, guarded) };
}

/** Variables that say which part of the root is meant. */
function indexVariables(place: ExprData, s: Surroundings): readonly string[] {
  switch (place.kind) {
    case "get":
      return [...indexVariables(place.array, s), ...variablesIn(place.index, s)];
    case "field":
      return indexVariables(place.record, s);
    default:
      return [];
  }
}

function variablesIn(expr: ExprData, s: Surroundings): readonly string[] {
  return [...JSON.stringify(expr).matchAll(/"kind":"(?:var|bound)","name":"(\w+)"/g)].map(
    ([, name = ""]) => s.roots[name] ?? name,
  );
}
