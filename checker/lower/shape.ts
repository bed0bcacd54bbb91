/**
 * How a value of a sort becomes bits.
 *
 * A sort that fits {@link flatBits} bits is *flat*: one unsigned number, its code. Wider arrays, lists and records are
 * kept in parts. Codes: false/true 0/1, integers from their minimum, enumeration values and individuals by position with
 * none behind the last individual, sets as masks; records field after field; arrays element after element; lists their
 * length and then their elements, zero beyond the length, so that equal values have equal codes.
 */
import { defaultValue, type Identities, type Sort, sizeOf, type Value } from "../../models/language/index.ts";

/** Widest flat value: a non-negative 32-bit integer. */
export const flatBits = 31;

/** Bits that tell `values` values apart. */
export function bitsFor(values: number): number {
  return values <= 1 ? 0 : 32 - Math.clz32(values - 1);
}

/** The same function, which works out only once what it says of a sort: lowering asks it of few sorts, again and again. */
function once<T>(of: (sort: Sort, identities: Identities) => T): (sort: Sort, identities: Identities) => T {
  const known = new WeakMap<Identities, WeakMap<Sort, { readonly value: T }>>();
  return (sort, identities) => {
    const values = known.get(identities) ?? new WeakMap<Sort, { readonly value: T }>();
    known.set(identities, values);
    const found = values.get(sort) ?? { value: of(sort, identities) };
    values.set(sort, found);
    return found.value;
  };
}

/** The sorts of the parts of a composite: record fields, array elements, list elements (the length apart). */
export const partSorts = once((sort, identities): readonly Sort[] => {
  switch (sort.kind) {
    case "record":
      return Object.values(sort.fields);
    case "array":
      return Array.from({ length: sizeOf(identities, sort.index) }, () => sort.of);
    case "list":
      return Array.from({ length: sort.capacity }, () => sort.of);
    default:
      return [];
  }
});

/** Bits of a list's length; 0 for other sorts. */
export function lengthBits(sort: Sort): number {
  return sort.kind === "list" ? bitsFor(sort.capacity + 1) : 0;
}

/** Bits of a value of the sort, its parts packed without gaps. */
export const bitsOf = once((sort, identities): number => {
  switch (sort.kind) {
    case "bool":
      return 1;
    case "int":
      return bitsFor(sort.max - sort.min + 1);
    case "enum":
      return bitsFor(sort.values.length);
    case "id":
      return bitsFor(sizeOf(identities, sort.of) + (sort.nullable ? 1 : 0));
    case "set":
      return sizeOf(identities, sort.of);
    default:
      return partSorts(sort, identities).reduce(
        (bits, part) => bits + bitsOf(part, identities),
        lengthBits(sort),
      );
  }
});

export function isFlat(sort: Sort, identities: Identities): boolean {
  return bitsOf(sort, identities) <= flatBits;
}

/** Where each part of a flat composite starts, in bits. */
export const partOffsets = once((sort, identities): readonly number[] => {
  let offset = lengthBits(sort);
  return partSorts(sort, identities).map((part) => {
    const start = offset;
    offset += bitsOf(part, identities);
    return start;
  });
});

/** The code of a flat value. */
export function encode(value: Value, sort: Sort, identities: Identities): number {
  switch (sort.kind) {
    case "bool":
      return value === true ? 1 : 0;
    case "int":
      return (value as number) - sort.min;
    case "enum":
      return sort.values.indexOf(value as string);
    case "id":
      return value === null ? sizeOf(identities, sort.of) : (value as number);
    case "set":
      return (value as readonly number[]).reduce((mask, member) => mask | (1 << member), 0);
    default: {
      const offsets = partOffsets(sort, identities);
      const sorts = partSorts(sort, identities);
      const length = sort.kind === "list" ? (value as readonly Value[]).length : 0;
      return partValues(value, sort).reduce(
        (code: number, part, i) => code | (encode(part, sorts[i]!, identities) << offsets[i]!),
        length,
      );
    }
  }
}

/** The value of a flat code. */
export function decode(code: number, sort: Sort, identities: Identities): Value {
  switch (sort.kind) {
    case "bool":
      return code === 1;
    case "int":
      return code + sort.min;
    case "enum":
      return sort.values[code]!;
    case "id":
      return code === sizeOf(identities, sort.of) ? null : code;
    case "set":
      return Array.from({ length: sizeOf(identities, sort.of) }, (_, i) => i).filter((i) => (code >>> i) & 1);
    default: {
      const offsets = partOffsets(sort, identities);
      const parts = partSorts(sort, identities).map((part, i) => {
        const bits = bitsOf(part, identities);
        return decode((code >>> offsets[i]!) & (2 ** bits - 1), part, identities);
      });
      return assemble(parts, sort, sort.kind === "list" ? code & (2 ** lengthBits(sort) - 1) : 0);
    }
  }
}

/** The parts of a composite value, in order; those of a list as many as it has. */
export function partValues(value: Value, sort: Sort): readonly Value[] {
  return sort.kind === "record"
    ? Object.keys(sort.fields).map((name) => (value as Record<string, Value>)[name]!)
    : (value as readonly Value[]);
}

/** The composite value with these parts; `length` counts for a list. */
export function assemble(parts: readonly Value[], sort: Sort, length: number): Value {
  if (sort.kind === "record") {
    return Object.fromEntries(Object.keys(sort.fields).map((name, i) => [name, parts[i]!]));
  }
  return sort.kind === "list" ? parts.slice(0, length) : parts;
}

/** The value whose code is zero in every part; what stands beyond the end of a list. */
export function zeroValue(sort: Sort, identities: Identities): Value {
  if (sort.kind === "id") return 0;
  if (sort.kind === "record") {
    return Object.fromEntries(
      Object.entries(sort.fields).map(([name, field]) => [name, zeroValue(field, identities)]),
    );
  }
  return defaultValue(sort, identities);
}
