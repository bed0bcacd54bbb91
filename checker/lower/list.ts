/** List operations on symbolic values. Lists that are flat are shifted and masked as one number. */
import type { Identities, Sort } from "../../models/language/index.ts";
import {
  and,
  type BoolNode,
  binary,
  compare,
  constant,
  extract,
  fromBool,
  type IntNode,
  ite,
  no,
  not,
  or,
} from "./node.ts";
import { bitsOf, lengthBits, zeroValue } from "./shape.ts";
import {
  as,
  choose,
  equal,
  lengthOf,
  listFrom,
  literal,
  offsetOf,
  partsOf,
  type Symbolic,
  toCode,
} from "./value.ts";

type ListSort = Sort & { readonly kind: "list" };

export function listSort(list: Symbolic): ListSort {
  if (list.sort.kind !== "list") throw new Error("a list was expected: the model was not checked");
  return list.sort;
}

/** True where element `index` is within the length. */
export function isWithin(list: Symbolic, index: number): BoolNode {
  return compare("lt", constant(index), lengthOf(list));
}

/** True where there is no room for another element. */
export function isFull(list: Symbolic): BoolNode {
  return compare("eq", lengthOf(list), constant(listSort(list).capacity));
}

export function append(list: Symbolic, value: Symbolic, identities: Identities): Symbolic {
  const { of } = listSort(list);
  const length = lengthOf(list);
  const element = as(value, of);
  if (list.form === "packed") {
    const at = offsetOf(length, bitsOf(of, identities), lengthBits(list.sort));
    const added = binary("bitor", list.node, binary("shl", toCode(element, identities), at));
    return { ...list, node: binary("add", added, constant(1)) };
  }
  const parts = partsOf(list, identities).map((part, i) =>
    choose(compare("eq", length, constant(i)), element, part, identities),
  );
  return listFrom(list.sort, binary("add", length, constant(1)), parts, identities);
}

/** The list without its first element; an empty list stays empty. */
export function pop(list: Symbolic, identities: Identities): Symbolic {
  const { of } = listSort(list);
  const length = lengthOf(list);
  if (list.form === "packed") {
    const bits = bitsOf(of, identities);
    const base = lengthBits(list.sort);
    const rest = binary("shl", binary("shr", list.node, constant(base + bits)), constant(base));
    const popped = binary("bitor", rest, binary("sub", length, constant(1)));
    return { ...list, node: ite(compare("eq", length, constant(0)), list.node, popped) };
  }
  return removeAt(list, constant(0), compare("lt", constant(0), length), identities);
}

/** The list without the element at `position` where `present`. */
function removeAt(list: Symbolic, position: IntNode, present: BoolNode, identities: Identities): Symbolic {
  const { of } = listSort(list);
  const elements = partsOf(list, identities);
  const parts = elements.map((element, i) =>
    choose(
      and(present, compare("le", position, constant(i))),
      elements[i + 1] ?? literal(zeroValue(of, identities), of, identities),
      element,
      identities,
    ),
  );
  return listFrom(list.sort, binary("sub", lengthOf(list), fromBool(present)), parts, identities);
}

/** Position of the first element equal to `value`, and whether there is one. */
export function find(
  list: Symbolic,
  value: Symbolic,
  identities: Identities,
): { readonly position: IntNode; readonly present: BoolNode } {
  const hits = partsOf(list, identities).map((element, i) =>
    and(isWithin(list, i), equal(element, as(value, element.sort), identities)),
  );
  return {
    position: hits.reduceRight<IntNode>((rest, hit, i) => ite(hit, constant(i), rest), constant(hits.length)),
    present: hits.reduce<BoolNode>(or, no),
  };
}

/** The list without the first element equal to `value`. */
export function remove(list: Symbolic, value: Symbolic, identities: Identities): Symbolic {
  const { position, present } = find(list, value, identities);
  if (list.form !== "packed") return removeAt(list, position, present, identities);
  const bits = bitsOf(listSort(list).of, identities);
  const base = lengthBits(list.sort);
  const at = offsetOf(position, bits, base);
  // Bits below the element stay, those above move down over it, and the length shrinks by one.
  const below = binary("bitand", list.node, binary("sub", binary("shl", constant(1), at), constant(1)));
  const rest = extract(list.node, constant(base), bits * listSort(list).capacity);
  const past = offsetOf(position, bits, bits);
  const above = binary("shl", binary("shr", rest, past), at);
  const removed = binary("sub", binary("bitor", below, above), constant(1));
  return { ...list, node: ite(present, removed, list.node) };
}

/** The list without the elements for which `gone` is true. */
export function drop(
  list: Symbolic,
  gone: (element: Symbolic) => BoolNode,
  identities: Identities,
): Symbolic {
  const { of } = listSort(list);
  const zero = literal(zeroValue(of, identities), of, identities);
  const elements = partsOf(list, identities);
  let kept: readonly Symbolic[] = elements.map(() => zero);
  let length: IntNode = constant(0);
  elements.forEach((element, i) => {
    const keep = and(isWithin(list, i), not(gone(element)));
    const at = length;
    kept = kept.map((slot, k) =>
      k > i ? slot : choose(and(keep, compare("eq", at, constant(k))), element, slot, identities),
    );
    length = { ...binary("add", at, fromBool(keep)), lo: 0, hi: i + 1 } as IntNode;
  });
  return listFrom(list.sort, length, kept, identities);
}

/** `to` followed by the elements of `from`; the caller checks that they fit. */
export function concatenate(to: Symbolic, from: Symbolic, identities: Identities): Symbolic {
  const { of } = listSort(to);
  let parts = partsOf(to, identities);
  partsOf(from, identities).forEach((element, i) => {
    const at = binary("add", lengthOf(to), constant(i));
    parts = parts.map((slot, k) =>
      choose(and(isWithin(from, i), compare("eq", at, constant(k))), as(element, of), slot, identities),
    );
  });
  return listFrom(to.sort, binary("add", lengthOf(to), lengthOf(from)), parts, identities);
}

export function emptyList(sort: Sort, identities: Identities): Symbolic {
  return literal([], sort, identities);
}
