/** Sorts as sets of TLA+, and values in it. */
import { type Identities, type Sort, sizeOf, type Value } from "../../../models/language/index.ts";
import { found, type Names } from "./environment.ts";

/** A string of TLA+; the names that the check allows need no escapes, values of enumerations may. */
export function quoted(text: string): string {
  return `"${text
    .replaceAll(/[^\x20-\x7e]+/g, " ")
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')}"`;
}

/** The set of all values of a sort. */
export function setText(sort: Sort, names: Names): string {
  switch (sort.kind) {
    case "bool":
      return "BOOLEAN";
    case "int":
      return `${integer(sort.min)} .. ${integer(sort.max)}`;
    case "enum":
      return `{${sort.values.map(quoted).join(", ")}}`;
    case "id": {
      const all = found(names.identities, sort.of);
      return sort.nullable ? `${all} \\cup {${found(names.nones, sort.of)}}` : all;
    }
    case "set":
      return `SUBSET ${found(names.identities, sort.of)}`;
    case "list":
      return `Lists(${setText(sort.of, names)}, ${sort.capacity})`;
    case "array":
      return `[${found(names.identities, sort.index)} -> ${setText(sort.of, names)}]`;
    case "record": {
      const fields = Object.entries(sort.fields).map(
        ([name, of]) => `${names.field(name)} : ${setText(of, names)}`,
      );
      return `[${fields.join(", ")}]`;
    }
  }
}

export function integer(value: number): string {
  return value < 0 ? `(-${-value})` : `${value}`;
}

export function valueText(value: Value, sort: Sort, names: Names, identities: Identities): string {
  const inner = (part: Value, of: Sort) => valueText(part, of, names, identities);
  switch (sort.kind) {
    case "bool":
      return value === true ? "TRUE" : "FALSE";
    case "int":
      return integer(value as number);
    case "enum":
      return quoted(value as string);
    case "id":
      return value === null ? found(names.nones, sort.of) : `${value as number}`;
    case "set":
      return `{${(value as readonly number[]).join(", ")}}`;
    case "list":
      return `<<${(value as readonly Value[]).map((part) => inner(part, sort.of)).join(", ")}>>`;
    case "record": {
      const fields = Object.entries(sort.fields).map(([name, of]) => {
        const part = found(value as Readonly<Record<string, Value>>, name);
        return `${names.field(name)} |-> ${inner(part, of)}`;
      });
      return `[${fields.join(", ")}]`;
    }
    case "array": {
      const parts = (value as readonly Value[]).map((part) => inner(part, sort.of));
      const [first = ""] = parts;
      const index = names.take("i");
      const cases = parts.map((part, i) => `${index} = ${i} -> ${part}`);
      const body = parts.every((part) => part === first) ? first : `CASE ${cases.join(" [] ")}`;
      return sizeOf(identities, sort.index) === 0
        ? "<<>>"
        : `[${index} \\in ${found(names.identities, sort.index)} |-> ${body}]`;
    }
  }
}
