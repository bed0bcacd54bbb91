/**
 * Sorts: the finite sets a variable ranges over.
 *
 * A sort is plain data (it may come from a JSON file). Its type parameter is a phantom that exists only at compile
 * time: it lets TypeScript reject an ill-sorted expression, while {@link ./check.ts} rejects the same at load time.
 */

/** Type-level tags; no value of these types exists. */
export interface Bool {
  readonly sort: "bool";
}
export interface Int {
  readonly sort: "int";
}
export interface Enum<V extends string> {
  readonly sort: "enum";
  readonly values: V;
}
export interface Id<N extends string> {
  readonly sort: "id";
  readonly of: N;
}
export interface IdSet<N extends string> {
  readonly sort: "set";
  readonly of: N;
}
export interface List<E> {
  readonly sort: "list";
  readonly of: E;
}
export interface Arr<N extends string, E> {
  readonly sort: "array";
  readonly index: N;
  readonly of: E;
}
export interface Rec<F> {
  readonly sort: "record";
  readonly fields: F;
}

/** A sort as data. Bounds are inclusive; `of` of an identity sort and `index` of an array name an identity of the model. */
export type Sort =
  | { readonly kind: "bool" }
  | { readonly kind: "int"; readonly min: number; readonly max: number }
  | { readonly kind: "enum"; readonly values: readonly string[] }
  | { readonly kind: "id"; readonly of: string; readonly nullable: boolean }
  | { readonly kind: "set"; readonly of: string }
  | { readonly kind: "list"; readonly of: Sort; readonly capacity: number }
  | { readonly kind: "record"; readonly fields: Readonly<Record<string, Sort>> }
  | { readonly kind: "array"; readonly index: string; readonly of: Sort };

declare const tag: unique symbol;

/** A sort with its compile-time tag. */
export type SortOf<T> = Sort & { readonly [tag]?: (t: T) => T };

/** The tag of a {@link SortOf}. */
export type TagOf<S> = S extends { readonly [tag]?: (t: infer T) => unknown } ? T : never;

export const bool: SortOf<Bool> = { kind: "bool" };

/** Integers `min..max`, both included; 32-bit ones, at most 2^31 values. */
export function int(min: number, max: number): SortOf<Int> {
  // Computed bounds may be -0, which is not the integer 0.
  return { kind: "int", min: min + 0, max: max + 0 };
}

/** One of the named values, in this order. */
export function oneOf<const V extends string>(...values: readonly V[]): SortOf<Enum<V>> {
  return { kind: "enum", values };
}

/** An individual of an identity declared by the model (`mm`, `folio`). */
export function id<const N extends string>(of: N): SortOf<Id<N>> {
  return { kind: "id", of, nullable: false };
}

/** An individual or none (a pointer that may be NULL). */
export function idOrNone<const N extends string>(of: N): SortOf<Id<N>> {
  return { kind: "id", of, nullable: true };
}

/** A set of individuals. */
export function setOf<const N extends string>(of: N): SortOf<IdSet<N>> {
  return { kind: "set", of };
}

/** A sequence of at most `capacity` elements; appending to a full one is an error of the model. */
export function listOf<E>(of: SortOf<E>, capacity: number): SortOf<List<E>> {
  return { kind: "list", of, capacity };
}

/** One value for each individual of `index`. */
export function arrayOf<const N extends string, E>(index: N, of: SortOf<E>): SortOf<Arr<N, E>> {
  return { kind: "array", index, of };
}

/** Named fields. */
export function record<F extends Readonly<Record<string, Sort>>>(
  fields: F,
): SortOf<Rec<{ [K in keyof F]: TagOf<F[K]> }>> {
  return { kind: "record", fields };
}

/**
 * A value as JSON: integers and individuals are numbers (individuals count from 0), none is `null`, enumeration values
 * are strings, a set is an ascending array of individuals, lists and arrays are arrays, records are objects.
 */
export type Value = boolean | number | string | null | readonly Value[] | { readonly [field: string]: Value };

/** Sizes of the model's identities: `{ mm: 2, folio: 2 }`. */
export type Identities = Readonly<Record<string, number>>;

/** The number of individuals of an identity; 0 for an unknown one (the load-time check reports those). */
export function sizeOf(identities: Identities, of: string): number {
  return identities[of] ?? 0;
}

/**
 * The value that reading beyond the end yields: `head` of an empty list, an array indexed by none. False, the least
 * integer, the first enumeration value, none where allowed (else individual 0), empty collections.
 */
export function defaultValue(sort: Sort, identities: Identities): Value {
  switch (sort.kind) {
    case "bool":
      return false;
    case "int":
      return sort.min;
    case "enum":
      return sort.values[0] ?? "";
    case "id":
      return sort.nullable ? null : 0;
    case "set":
    case "list":
      return [];
    case "record":
      return Object.fromEntries(
        Object.entries(sort.fields).map(([name, field]) => [name, defaultValue(field, identities)]),
      );
    case "array":
      return Array.from({ length: sizeOf(identities, sort.index) }, () => defaultValue(sort.of, identities));
  }
}

/** A sort in words, for messages: `mm or none`, `int 0..3`, `list of up to 2 folio`. */
export function describeSort(sort: Sort): string {
  switch (sort.kind) {
    case "bool":
      return "bool";
    case "int":
      return sort.max - sort.min === 2 ** 32 - 1 ? "int" : `int ${sort.min}..${sort.max}`;
    case "enum":
      return `one of ${sort.values.join(", ")}`;
    case "id":
      return sort.nullable ? `${sort.of} or none` : sort.of;
    case "set":
      return `set of ${sort.of}`;
    case "list":
      return `list of up to ${sort.capacity} ${describeSort(sort.of)}`;
    case "record": {
      const fields = Object.entries(sort.fields).map(([name, field]) => `${name}: ${describeSort(field)}`);
      return `record {${fields.join(", ")}}`;
    }
    case "array":
      return `array over ${sort.index} of ${describeSort(sort.of)}`;
  }
}
