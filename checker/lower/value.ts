/**
 * Symbolic values: what an expression of any sort is in terms of scalar nodes.
 *
 * A scalar is an integer node (integers as they are, other sorts by code) or a boolean node. A composite is packed into
 * one node while it is flat and was read from a flat range; else it is in parts.
 */
import { type Identities, type Sort, sizeOf, type Value } from "../../models/language/index.ts";
import {
  and,
  type BoolNode,
  binary,
  compare,
  constant,
  extract,
  fromBool,
  type IntNode,
  insert,
  ite,
  iteBool,
  nonzero,
  yes,
} from "./node.ts";
import {
  bitsOf,
  encode,
  isFlat,
  lengthBits,
  partOffsets,
  partSorts,
  partValues,
  zeroValue,
} from "./shape.ts";

export type Symbolic =
  | { readonly form: "bool"; readonly sort: Sort; readonly node: BoolNode }
  | { readonly form: "int"; readonly sort: Sort; readonly node: IntNode }
  | { readonly form: "packed"; readonly sort: Sort; readonly node: IntNode }
  | {
      readonly form: "parts";
      readonly sort: Sort;
      /** A list's length; constant 0 for records and arrays. */
      readonly length: IntNode;
      readonly parts: readonly Symbolic[];
    };

export const boolean: Sort = { kind: "bool" };

export function ofBool(node: BoolNode): Symbolic {
  return { form: "bool", sort: boolean, node };
}

export function ofInt(node: IntNode, sort: Sort): Symbolic {
  return { form: "int", sort, node };
}

/** The boolean of a boolean value. */
export function truth(value: Symbolic): BoolNode {
  if (value.form !== "bool") throw new Error("a boolean was expected: the model was not checked");
  return value.node;
}

/** The integer of an integer value, or the code of another scalar. */
export function scalar(value: Symbolic): IntNode {
  if (value.form !== "int") throw new Error("a scalar was expected: the model was not checked");
  return value.node;
}

/** The value with this flat code. */
export function fromCode(node: IntNode, sort: Sort, identities: Identities): Symbolic {
  switch (sort.kind) {
    case "bool":
      return { form: "bool", sort, node: nonzero(node) };
    case "int": {
      const value = binary("add", node, constant(sort.min));
      return { form: "int", sort, node: narrowed(value, sort.min, sort.max) };
    }
    case "enum":
      return { form: "int", sort, node: narrowed(node, 0, sort.values.length - 1) };
    case "id":
      return {
        form: "int",
        sort,
        node: narrowed(node, 0, sizeOf(identities, sort.of) - (sort.nullable ? 0 : 1)),
      };
    case "set":
      return { form: "int", sort, node };
    default:
      return { form: "packed", sort, node };
  }
}

/** The same node with tighter bounds: codes beyond the last value never occur in a state. */
function narrowed(node: IntNode, lo: number, hi: number): IntNode {
  if (node.op === "const" || (node.lo >= lo && node.hi <= hi)) return node;
  return { ...node, lo: Math.max(lo, node.lo), hi: Math.min(hi, node.hi) } as IntNode;
}

/** The flat code of a value. */
export function toCode(value: Symbolic, identities: Identities): IntNode {
  switch (value.form) {
    case "bool":
      return fromBool(value.node);
    case "int":
      return value.sort.kind === "int" ? binary("sub", value.node, constant(value.sort.min)) : value.node;
    case "packed":
      return value.node;
    case "parts": {
      const offsets = partOffsets(value.sort, identities);
      return value.parts.reduce(
        (code, part, i) =>
          binary("bitor", code, binary("shl", toCode(part, identities), constant(offsets[i]!))),
        value.length,
      );
    }
  }
}

/** A constant of the sort. */
export function literal(value: Value, sort: Sort, identities: Identities): Symbolic {
  if (isFlat(sort, identities)) return fromCode(constant(encode(value, sort, identities)), sort, identities);
  const values = partValues(value, sort);
  return {
    form: "parts",
    sort,
    length: constant(sort.kind === "list" ? values.length : 0),
    parts: partSorts(sort, identities).map((part, i) =>
      literal(values[i] ?? zeroValue(part, identities), part, identities),
    ),
  };
}

/** The value as one of another sort of the same kind: a nullable individual, a wider integer range. */
export function as(value: Symbolic, sort: Sort): Symbolic {
  return { ...value, sort };
}

/** Part `index` of a composite. */
export function partOf(value: Symbolic, index: number, identities: Identities): Symbolic {
  if (value.form === "parts") return value.parts[index]!;
  const sort = partSorts(value.sort, identities)[index]!;
  const at = constant(partOffsets(value.sort, identities)[index]!);
  return fromCode(extract(codeOf(value), at, bitsOf(sort, identities)), sort, identities);
}

function codeOf(value: Symbolic): IntNode {
  if (value.form !== "packed") throw new Error("a composite was expected: the model was not checked");
  return value.node;
}

/** All parts of a composite. */
export function partsOf(value: Symbolic, identities: Identities): readonly Symbolic[] {
  return partSorts(value.sort, identities).map((_, i) => partOf(value, i, identities));
}

/** A list's length. */
export function lengthOf(value: Symbolic): IntNode {
  if (value.form === "parts") return value.length;
  const bits = lengthBits(value.sort);
  const capacity = value.sort.kind === "list" ? value.sort.capacity : 0;
  return narrowed(extract(codeOf(value), constant(0), bits), 0, capacity);
}

/** Element `index` of an array, for an index that may be known only when running; none gives `otherwise`. */
export function elementAt(
  array: Symbolic,
  index: Symbolic,
  otherwise: Symbolic | null,
  identities: Identities,
): Symbolic {
  const node = scalar(index);
  const sorts = partSorts(array.sort, identities);
  const size = sorts.length;
  if (node.op === "const") {
    return node.value < size ? partOf(array, node.value, identities) : otherwise!;
  }
  const sort = sorts[0]!;
  const found =
    array.form === "packed"
      ? fromCode(
          extract(array.node, offsetOf(node, bitsOf(sort, identities), 0), bitsOf(sort, identities)),
          sort,
          identities,
        )
      : pick(node, partsOf(array, identities), identities);
  const nullable = index.sort.kind === "id" && index.sort.nullable;
  return nullable && otherwise !== null
    ? choose(compare("lt", node, constant(size)), found, otherwise, identities)
    : found;
}

/** Bit offset of element `index` where elements of `bits` bits start at `base`. */
export function offsetOf(index: IntNode, bits: number, base: number): IntNode {
  return binary("add", binary("mul", index, constant(bits)), constant(base));
}

/** The element at a running index below their number, by comparison. */
function pick(index: IntNode, elements: readonly Symbolic[], identities: Identities): Symbolic {
  return elements
    .slice(0, -1)
    .reduceRight(
      (rest, element, i) => choose(compare("eq", index, constant(i)), element, rest, identities),
      elements.at(-1)!,
    );
}

/** `test ? a : b`, part by part. */
export function choose(test: BoolNode, a: Symbolic, b: Symbolic, identities: Identities): Symbolic {
  if (a === b || test.op === "true") return a;
  if (test.op === "false") return b;
  if (a.form === "bool" && b.form === "bool") return { ...a, node: iteBool(test, a.node, b.node) };
  if (a.form === "int" && b.form === "int") return { ...a, node: ite(test, a.node, b.node) };
  if (a.form === "packed" && b.form === "packed") return { ...a, node: ite(test, a.node, b.node) };
  const [left, right] = [partsOf(a, identities), partsOf(b, identities)];
  return {
    form: "parts",
    sort: a.sort,
    length: a.sort.kind === "list" ? ite(test, lengthOf(a), lengthOf(b)) : constant(0),
    parts: left.map((part, i) => choose(test, part, right[i]!, identities)),
  };
}

/** Equality of two values of one sort. */
export function equal(a: Symbolic, b: Symbolic, identities: Identities): BoolNode {
  if (a.form === "bool" && b.form === "bool") return compare("eq", fromBool(a.node), fromBool(b.node));
  if (a.form === "int" && b.form === "int") return compare("eq", a.node, b.node);
  if (a.form === "packed" && b.form === "packed") return compare("eq", a.node, b.node);
  const [left, right] = [partsOf(a, identities), partsOf(b, identities)];
  const lengths = a.sort.kind === "list" ? compare("eq", lengthOf(a), lengthOf(b)) : yes;
  return left.reduce((all, part, i) => and(all, equal(part, right[i]!, identities)), lengths);
}

/** The composite with part `index` replaced, for a fixed index. */
export function withPart(whole: Symbolic, index: number, part: Symbolic, identities: Identities): Symbolic {
  const sort = partSorts(whole.sort, identities)[index]!;
  if (whole.form === "packed") {
    const at = constant(partOffsets(whole.sort, identities)[index]!);
    return {
      ...whole,
      node: insert(whole.node, at, bitsOf(sort, identities), toCode(as(part, sort), identities)),
    };
  }
  if (whole.form !== "parts") throw new Error("a composite was expected: the model was not checked");
  return { ...whole, parts: whole.parts.with(index, as(part, sort)) };
}

/** The array with the element at a running index replaced; the index must be below its size. */
export function withElement(
  array: Symbolic,
  index: IntNode,
  element: Symbolic,
  identities: Identities,
): Symbolic {
  const sorts = partSorts(array.sort, identities);
  if (index.op === "const") {
    return index.value < sorts.length ? withPart(array, index.value, element, identities) : array;
  }
  const sort = sorts[0]!;
  const value = as(element, sort);
  if (array.form === "packed") {
    const bits = bitsOf(sort, identities);
    return { ...array, node: insert(array.node, offsetOf(index, bits, 0), bits, toCode(value, identities)) };
  }
  if (array.form !== "parts") throw new Error("an array was expected: the model was not checked");
  return {
    ...array,
    parts: array.parts.map((part, i) => choose(compare("eq", index, constant(i)), value, part, identities)),
  };
}

/** A list from its length and its elements; those beyond the length must be zero. */
export function listFrom(
  sort: Sort,
  length: IntNode,
  elements: readonly Symbolic[],
  identities: Identities,
): Symbolic {
  const parts: Symbolic = { form: "parts", sort, length, parts: elements };
  return isFlat(sort, identities) ? { form: "packed", sort, node: toCode(parts, identities) } : parts;
}
