/** What a random expression or effect may refer to. */
import { type Actor, bind, type ExprData, type Scope, type Sort } from "../../models/language/index.ts";
import { type Draw, pick } from "./draw.ts";

export interface Surroundings {
  readonly draw: Draw;
  readonly scope: Scope;
  /** Actors whose program points may be read; none outside properties. */
  readonly actors: readonly Actor[];
  /** The variable that a bound element of a list is part of. */
  readonly roots: Readonly<Record<string, string>>;
  /** Variables that must not be written as a whole, since a loop runs through a list in them. */
  readonly looped: readonly string[];
  /** Variables that must not be written at all, since they say which list a loop runs through. */
  readonly fixed: readonly string[];
}

/** Something that can be read. */
export interface Source {
  readonly sort: Sort;
  /** The variable that is written where this is; null where it cannot be written. */
  readonly root: string | null;
  /** True for an element of the list that a loop runs through, or a part of one. */
  readonly bound: boolean;
  /** Size is the depth of the expressions inside. */
  readonly build: (size: number) => ExprData;
}

/** Draws an expression for a sort; passed in because expressions and sources contain each other. */
export type DrawExpr = (want: Sort, size: number, s: Surroundings) => ExprData;

/** Everything that can be read, whole and in parts. */
export function sourcesOf(s: Surroundings, expr: DrawExpr): readonly Source[] {
  const variables = Object.entries(s.scope.variables).map(
    ([name, { sort }]): Source => ({ sort, root: name, bound: false, build: () => ({ kind: "var", name }) }),
  );
  const bound = Object.entries(s.scope.bound).map(
    ([name, sort]): Source => ({
      sort,
      root: sort.kind === "id" ? null : (s.roots[name] ?? null),
      bound: true,
      build: () => ({ kind: "bound", name }),
    }),
  );
  return [...variables, ...bound].flatMap((source) => withParts(source, s, expr));
}

function withParts(source: Source, s: Surroundings, expr: DrawExpr): readonly Source[] {
  const { sort, build } = source;
  switch (sort.kind) {
    case "array": {
      const index: Sort = { kind: "id", of: sort.index, nullable: true };
      const element: Source = {
        ...source,
        sort: sort.of,
        build: (size) => ({ kind: "get", array: build(size), index: expr(index, size - 1, s) }),
      };
      return [source, ...withParts(element, s, expr)];
    }
    case "record": {
      const fields = Object.entries(sort.fields).map(
        ([field, of]): Source => ({
          ...source,
          sort: of,
          build: (size) => ({ kind: "field", record: build(size), field }),
        }),
      );
      return [source, ...fields];
    }
    case "list": {
      const of: Sort = sort.of.kind === "id" ? { ...sort.of, nullable: true } : sort.of;
      const head: Source = {
        sort: of,
        root: null,
        bound: false,
        build: (size) => ({ kind: "head", list: build(size) }),
      };
      const next: Source = {
        ...head,
        build: (size) => ({ kind: "next", list: build(size), after: expr(loosened(sort.of), size - 1, s) }),
      };
      return [source, ...withParts(head, s, expr), ...withParts(next, s, expr)];
    }
    default:
      return [source];
  }
}

/** A source that can be written. */
export interface PlaceSource extends Source {
  readonly root: string;
}

export function placesOf(s: Surroundings, expr: DrawExpr): readonly PlaceSource[] {
  return sourcesOf(s, expr).filter(
    (source): source is PlaceSource =>
      source.root !== null &&
      !s.fixed.includes(source.root) &&
      (source.bound || !s.looped.includes(source.root)),
  );
}

/** The sort that a compared or written value may have. */
export function loosened(sort: Sort): Sort {
  return sort.kind === "id" ? { ...sort, nullable: true } : sort;
}

/** Binds a name that may hide another one. */
export function bindName(s: Surroundings, sort: Sort, root: string | null): readonly [string, Surroundings] {
  const name = pick(s.draw, ["p", "q", "self"]);
  const { [name]: _hidden, ...roots } = s.roots;
  return [
    name,
    { ...s, scope: bind(s.scope, name, sort), roots: root === null ? roots : { ...roots, [name]: root } },
  ];
}
