/** Values in words: `mm0`, `none`, `{mm0, mm1}`, `[folio0]`; the JSON value alone does not say which identity it is. */
import type { Model, Sort, Value } from "../models/index.ts";

/** A value of a sort as people write it. A value that does not fit its sort is shown as JSON. */
export function valueText(value: Value, sort: Sort | null): string {
  if (sort === null) return typeof value === "string" ? value : JSON.stringify(value);
  switch (sort.kind) {
    case "bool":
    case "int":
    case "enum":
      return String(value);
    case "id":
      return value === null ? "none" : `${sort.of}${String(value)}`;
    case "set":
      return `{${elements(value, { kind: "id", of: sort.of, nullable: false })}}`;
    case "list":
      return `[${elements(value, sort.of)}]`;
    case "array":
      return Array.isArray(value)
        ? value.map((v: Value, i) => `${sort.index}${i}: ${valueText(v, sort.of)}`).join(", ")
        : JSON.stringify(value);
    case "record":
      return typeof value === "object" && value !== null
        ? `{${Object.entries(value)
            .flatMap(([name, v]) => fieldText(name, v, sort.fields[name] ?? null))
            .join(", ")}}`
        : JSON.stringify(value);
  }
}

/** A flag of a record is named where it is set, and left out where it is not. */
function fieldText(name: string, value: Value, sort: Sort | null): readonly string[] {
  if (sort?.kind !== "bool") return [`${name}: ${valueText(value, sort)}`];
  return value === true ? [name] : [];
}

function elements(value: Value, of: Sort): string {
  return Array.isArray(value) ? value.map((v: Value) => valueText(v, of)).join(", ") : JSON.stringify(value);
}

/** A place named as in a change: a variable, then `[mm0]`, `[2]` or `.field`, as often as needed. */
interface Place {
  readonly variable: string;
  readonly parts: readonly string[];
}

function parsePlace(name: string): Place {
  const [, variable = name, rest = ""] = /^([^[.]+)(.*)$/su.exec(name) ?? [];
  return { variable, parts: [...rest.matchAll(/\[([^\]]*)\]|\.([^[.]+)/gu)].map(([part]) => part) };
}

/** The variable that a change's name reaches into. */
export function variableOf(name: string): string {
  return parsePlace(name).variable;
}

/** The sort of a place; null where the model has no such place. */
export function sortOfPlace(name: string, model: Model): Sort | null {
  const { variable, parts } = parsePlace(name);
  let sort = model.variables[variable]?.sort ?? null;
  for (const part of parts) {
    if (part.startsWith(".")) {
      sort = sort?.kind === "record" ? (sort.fields[part.slice(1)] ?? null) : null;
    } else {
      sort = sort?.kind === "array" || sort?.kind === "list" ? sort.of : null;
    }
  }
  return sort;
}

/** The value at a place; undefined where the context has no such place. */
export function valueAt(name: string, context: Readonly<Record<string, Value>>): Value | undefined {
  const { variable, parts } = parsePlace(name);
  let value: Value | undefined = context[variable];
  for (const part of parts) {
    if (typeof value !== "object" || value === null) return undefined;
    if (part.startsWith(".")) {
      value = (value as Readonly<Record<string, Value>>)[part.slice(1)];
    } else {
      const index = /(\d+)\]$/.exec(part)?.[1];
      value = Array.isArray(value) && index !== undefined ? (value[Number(index)] as Value) : undefined;
    }
  }
  return value;
}
