/** The check of effects: what is written can be written, and loops are left alone by what they do. */
import type { Effect, Place } from "../effect.ts";
import type { ExprData } from "../expr.ts";
import { own } from "../own.ts";
import { sortOf } from "../scope.ts";
import { describeSort, type Sort } from "../sort.ts";
import { type Ask, report } from "./ask.ts";
import { checkExpr, checkKind, checkRange } from "./expr.ts";
import { boolean, loosened, sameSort } from "./suits.ts";

/** Loops around an effect that run through a list. */
interface Loops {
  /** The variable that each bound element is part of. */
  readonly roots: Readonly<Record<string, string>>;
  /** Variables that may be written only through a bound element. */
  readonly lists: readonly string[];
  /** Variables that say which list is meant, and so must not be written at all. */
  readonly indices: readonly string[];
}

export function checkEffects(effects: readonly Effect[], path: string, ask: Ask): void {
  checkAll(effects, path, ask, { roots: {}, lists: [], indices: [] });
}

function checkAll(effects: readonly Effect[], path: string, ask: Ask, loops: Loops): void {
  effects.forEach((effect, i) => {
    checkEffect(effect, `${path}/${i}`, ask, loops);
  });
}

function checkEffect(effect: Effect, path: string, ask: Ask, loops: Loops): void {
  const place = (e: Place, at: string, kind?: Sort["kind"]) =>
    checkPlace(e, `${path}/${at}`, kind, ask, loops);
  switch (effect.kind) {
    case "assign": {
      const sort = place(effect.target, "target");
      if (sort !== null) checkExpr(effect.value, loosened(sort), `${path}/value`, ask);
      return;
    }
    case "append":
    case "remove": {
      const list = place(effect.list, "list", "list");
      if (list?.kind === "list") checkExpr(effect.value, loosened(list.of), `${path}/value`, ask);
      return;
    }
    case "pop":
    case "clear":
      place(effect.list, "list", "list");
      return;
    case "drop": {
      if (place(effect.list, "list", "list") === null) return;
      const inner = checkRange({ elements: effect.list }, effect.as, path, ask);
      if (inner !== null) checkExpr(effect.where, boolean, `${path}/where`, inner);
      return;
    }
    case "splice": {
      const from = place(effect.from, "from", "list");
      const to = place(effect.to, "to", "list");
      if (from?.kind !== "list" || to?.kind !== "list") return;
      if (!sameSort(from.of, to.of))
        report(ask, path, `a ${describeSort(from)} is spliced to a ${describeSort(to)}`);
      const written = rootOf(effect.to, loops);
      if (written !== null && indicesOf(effect.from, loops).includes(written))
        report(ask, `${path}/from`, `which list this is depends on ${written}, which the splice writes`);
      return;
    }
    case "include":
    case "exclude": {
      const set = place(effect.set, "set", "set");
      if (set?.kind === "set")
        checkExpr(effect.value, { kind: "id", of: set.of, nullable: true }, `${path}/value`, ask);
      return;
    }
    case "when":
      checkExpr(effect.test, boolean, `${path}/test`, ask);
      checkAll(effect.then, `${path}/then`, ask, loops);
      checkAll(effect.else, `${path}/else`, ask, loops);
      return;
    case "each": {
      const inner = checkRange(effect.in, effect.as, path, ask);
      if (inner === null) return;
      checkAll(effect.do, `${path}/do`, inner, inside(effect, `${path}/in`, ask, loops));
    }
  }
}

/** Checks something that is written. Returns its sort; null where it has none or must not be written. */
function checkPlace(
  place: Place,
  path: string,
  kind: Sort["kind"] | undefined,
  ask: Ask,
  loops: Loops,
): Sort | null {
  const sort = kind === undefined ? checkExpr(place, null, path, ask) : checkKind(place, kind, path, ask);
  if (sort === null) return null;
  const root = rootOf(place, loops);
  if (root === null) {
    report(
      ask,
      path,
      "this is written, but it is not a variable, a part of one, or an element that a loop binds",
    );
    return null;
  }
  if (loops.indices.includes(root)) {
    report(ask, path, `${root} is written in a loop through a list that is chosen by it`);
    return null;
  }
  if (loops.lists.includes(root) && !isBound(place)) {
    report(ask, path, `${root} is written in a loop through a list of it, other than by the loop's element`);
    return null;
  }
  return sort;
}

/** The loops inside this one. */
function inside(effect: Effect & { readonly kind: "each" }, path: string, ask: Ask, loops: Loops): Loops {
  const { [effect.as]: _hidden, ...roots } = loops.roots;
  if ("of" in effect.in) return { ...loops, roots };
  const { elements } = effect.in;
  const root = rootOf(elements, loops);
  if (root === null) {
    report(ask, `${path}/elements`, "a loop runs through a variable or a part of one");
    return { ...loops, roots };
  }
  const sort = sortOf(elements, ask.scope);
  // A loop through a set is settled when it starts, so the set may change.
  if (sort.kind !== "list") return { ...loops, roots };
  return {
    // Individuals are read, never written.
    roots: sort.of.kind === "id" ? roots : { ...roots, [effect.as]: root },
    lists: [...loops.lists, root],
    indices: [...loops.indices, ...indicesOf(elements, loops)],
  };
}

/** The variable that is written where this place is; null where it is not a place. */
function rootOf(place: ExprData, loops: Loops): string | null {
  switch (place.kind) {
    case "var":
      return place.name;
    case "bound":
      return own(loops.roots, place.name) ?? null;
    case "get":
      return rootOf(place.array, loops);
    case "field":
      return rootOf(place.record, loops);
    default:
      return null;
  }
}

function isBound(place: ExprData): boolean {
  if (place.kind === "get") return isBound(place.array);
  return place.kind === "field" ? isBound(place.record) : place.kind === "bound";
}

/** The variables that say which part of its root a place is. */
function indicesOf(place: ExprData, loops: Loops): readonly string[] {
  if (place.kind === "get") return [...indicesOf(place.array, loops), ...variablesIn(place.index, loops)];
  return place.kind === "field" ? indicesOf(place.record, loops) : [];
}

/** Every variable that is read in some data, also by way of a bound element. */
function variablesIn(node: unknown, loops: Loops): readonly string[] {
  if (typeof node !== "object" || node === null) return [];
  const { kind, name } = node as { readonly kind?: unknown; readonly name?: unknown };
  if (typeof name === "string") {
    if (kind === "var") return [name];
    const root = kind === "bound" ? own(loops.roots, name) : undefined;
    if (root !== undefined) return [root];
  }
  return Object.values(node).flatMap((part) => variablesIn(part, loops));
}
