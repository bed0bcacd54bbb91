/**
 * Where the values of a model are in Promela: every scalar that a sort contains is a variable, or an array of them where
 * it is inside arrays or lists. `queue` of records with a field `mm` is `queue_mm[capacity]` and `queue_length`.
 *
 * Codes: false/true 0/1; integers as they are, or from their minimum where that is negative; enumeration values and
 * individuals by position, none behind the last individual; sets as bit masks. Beyond a list's length everything is 0.
 */
import { type Identities, type Sort, sizeOf, type Value } from "../../../models/language/index.ts";
import type { TakeName } from "../names.ts";

/** A Promela variable. */
export interface Column {
  readonly name: string;
  readonly type: string;
  /** Elements of the array; null for a single one. */
  readonly size: number | null;
  readonly initial: readonly number[];
}

/** The columns of a sort, in its form. */
export type Shape =
  | { readonly kind: "scalar"; readonly sort: Sort; readonly column: string; readonly indexed: boolean }
  | { readonly kind: "record"; readonly sort: Sort; readonly fields: Readonly<Record<string, Shape>> }
  | {
      readonly kind: "list";
      readonly sort: Sort & { readonly kind: "list" };
      readonly length: Shape & { readonly kind: "scalar" };
      readonly of: Shape;
    }
  | {
      readonly kind: "array";
      readonly sort: Sort & { readonly kind: "array" };
      readonly size: number;
      readonly of: Shape;
    };

/** The code of a scalar value. */
export function encode(value: Value, sort: Sort, identities: Identities): number {
  switch (sort.kind) {
    case "bool":
      return value === true ? 1 : 0;
    case "int":
      return (value as number) - baseOf(sort);
    case "enum":
      return sort.values.indexOf(value as string);
    case "id":
      return value === null ? sizeOf(identities, sort.of) : (value as number);
    default:
      return (value as readonly number[]).reduce((mask, member) => mask | (1 << member), 0);
  }
}

/** What is subtracted from an integer to store it: arrays of Promela cannot start with a negative number. */
export function baseOf(sort: Sort): number {
  return sort.kind === "int" ? Math.min(sort.min, 0) : 0;
}

/** The smallest type of Promela that has room. */
export function typeFor(max: number): string {
  if (max <= 255) return "byte";
  return max <= 32767 ? "short" : "int";
}

function typeOf(sort: Sort, identities: Identities): string {
  switch (sort.kind) {
    case "bool":
      return "bool";
    case "int":
      return typeFor(sort.max - baseOf(sort));
    case "enum":
      return typeFor(sort.values.length);
    case "id":
      return typeFor(sizeOf(identities, sort.of));
    case "set":
      return typeFor(2 ** sizeOf(identities, sort.of) - 1);
    default:
      return "byte";
  }
}

/** Lays out a variable; `values` are those of all its copies where it is inside arrays or lists. */
export function layOut(
  name: string,
  sort: Sort,
  values: readonly (Value | undefined)[],
  indexed: boolean,
  identities: Identities,
  take: TakeName,
): { readonly shape: Shape; readonly columns: readonly Column[] } {
  const inner = (suffix: string, of: Sort, all: readonly (Value | undefined)[], inside: boolean) =>
    layOut(`${name}${suffix}`, of, all, inside, identities, take);
  switch (sort.kind) {
    case "record": {
      const fields = Object.entries(sort.fields).map(([field, of]) => {
        const parts = values.map((value) => (value as Readonly<Record<string, Value>> | undefined)?.[field]);
        return [field, inner(`_${field}`, of, parts, indexed)] as const;
      });
      const shapes = Object.fromEntries(fields.map(([field, { shape }]) => [field, shape]));
      return {
        shape: { kind: "record", sort, fields: shapes },
        columns: fields.flatMap(([, part]) => part.columns),
      };
    }
    case "array": {
      const size = sizeOf(identities, sort.index);
      const of = inner("", sort.of, elements(values, size), true);
      return { shape: { kind: "array", sort, size, of: of.shape }, columns: of.columns };
    }
    case "list": {
      const lengths = values.map((value) => (value as readonly Value[] | undefined)?.length ?? 0);
      const count: Sort = { kind: "int", min: 0, max: sort.capacity };
      const of = inner("", sort.of, elements(values, sort.capacity), true);
      const length = inner("_length", count, lengths, indexed);
      if (length.shape.kind !== "scalar") throw new Error("a length is a scalar");
      return {
        shape: { kind: "list", sort, length: length.shape, of: of.shape },
        columns: [...of.columns, ...length.columns],
      };
    }
    default: {
      const column = take(name);
      const initial = values.map((value) => (value === undefined ? 0 : encode(value, sort, identities)));
      return {
        shape: { kind: "scalar", sort, column, indexed },
        columns: [
          { name: column, type: typeOf(sort, identities), size: indexed ? initial.length : null, initial },
        ],
      };
    }
  }
}

function elements(values: readonly (Value | undefined)[], size: number): readonly (Value | undefined)[] {
  return values.flatMap((value) =>
    Array.from({ length: size }, (_, i) => (value as readonly Value[] | undefined)?.[i]),
  );
}
