/** Which sort may stand where another is needed. */
import { integer } from "../int-range.ts";
import type { Sort } from "../sort.ts";

export const boolean: Sort = { kind: "bool" };

/** The sort that a compared or written value may have: ranges of integers and none are judged when running. */
export function loosened(sort: Sort): Sort {
  if (sort.kind === "int") return integer;
  return sort.kind === "id" ? { ...sort, nullable: true } : sort;
}

/** True where a value of sort `given` may stand where `wanted` is needed. */
export function suits(given: Sort, wanted: Sort): boolean {
  if (given.kind === "int") return wanted.kind === "int";
  if (given.kind === "id") {
    return wanted.kind === "id" && given.of === wanted.of && (wanted.nullable || !given.nullable);
  }
  // The rest is copied and compared as a whole, so it must agree in every range and in the order of fields and values.
  return sameSort(given, wanted);
}

export function sameSort(a: Sort, b: Sort): boolean {
  switch (a.kind) {
    case "bool":
      return b.kind === "bool";
    case "int":
      return b.kind === "int" && a.min === b.min && a.max === b.max;
    case "enum":
      return b.kind === "enum" && sameNames(a.values, b.values);
    case "id":
      return b.kind === "id" && a.of === b.of && a.nullable === b.nullable;
    case "set":
      return b.kind === "set" && a.of === b.of;
    case "list":
      return b.kind === "list" && a.capacity === b.capacity && sameSort(a.of, b.of);
    case "array":
      return b.kind === "array" && a.index === b.index && sameSort(a.of, b.of);
    case "record": {
      if (b.kind !== "record" || !sameNames(Object.keys(a.fields), Object.keys(b.fields))) return false;
      const others = Object.values(b.fields);
      return Object.values(a.fields).every((field, i) => {
        const other = others[i];
        return other !== undefined && sameSort(field, other);
      });
    }
  }
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => name === b[i]);
}
