/** Values: whether they fit a sort, whether they are the same, and how they are put in order. */
import { own } from "./own.ts";
import { type Identities, type Sort, sizeOf, type Value } from "./sort.ts";

/** What does not fit into the sort, in words; null where the value fits. */
export function misfit(value: Value, sort: Sort, identities: Identities): string | null {
  const text = () => (Object.is(value, -0) ? "-0" : (JSON.stringify(value) ?? String(value)));
  switch (sort.kind) {
    case "bool":
      return typeof value === "boolean" ? null : text();
    case "int":
      return isWithin(value, sort.min, sort.max) ? null : text();
    case "enum":
      return typeof value === "string" && sort.values.includes(value) ? null : text();
    case "id":
      if (value === null) return sort.nullable ? null : "none";
      return isWithin(value, 0, sizeOf(identities, sort.of) - 1) ? null : text();
    case "set":
      if (!Array.isArray(value)) return text();
      if (value.some((member, i) => i > 0 && !(value[i - 1] < member)))
        return `${text()}, which does not ascend`;
      return misfitElements(value, { kind: "id", of: sort.of, nullable: false }, identities);
    case "list":
      if (!Array.isArray(value)) return text();
      if (value.length > sort.capacity) return `${value.length} elements`;
      return misfitElements(value, sort.of, identities);
    case "array":
      if (!Array.isArray(value) || value.length !== sizeOf(identities, sort.index)) return text();
      return misfitElements(value, sort.of, identities);
    case "record":
      return isRecord(value) ? misfitFields(value, sort, identities) : text();
  }
}

/** True for an integer of the range; -0 is not one, since it prints like 0 and is not the same. */
function isWithin(value: Value, min: number, max: number): boolean {
  return (
    typeof value === "number" &&
    Number.isInteger(value) &&
    !Object.is(value, -0) &&
    value >= min &&
    value <= max
  );
}

function isRecord(value: Value): value is Readonly<Record<string, Value>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function misfitFields(
  value: Readonly<Record<string, Value>>,
  sort: Sort & { readonly kind: "record" },
  identities: Identities,
): string | null {
  for (const [name, of] of Object.entries(sort.fields)) {
    const field = own(value, name);
    if (field === undefined) return `a record without ${name}`;
    const wrong = misfit(field, of, identities);
    if (wrong !== null) return `${wrong} in ${name}`;
  }
  const extra = Object.keys(value).find((name) => own(sort.fields, name) === undefined);
  return extra === undefined ? null : `a record with ${extra}`;
}

function misfitElements(values: readonly Value[], of: Sort, identities: Identities): string | null {
  for (const value of values) {
    const wrong = misfit(value, of, identities);
    if (wrong !== null) return wrong;
  }
  return null;
}

/** Structural equality of values. */
export function same(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((e, i) => same(e, b[i] as Value));
  const left = Object.entries(a);
  return (
    left.length === Object.keys(b).length &&
    left.every(([name, value]) => same(value, (b as Record<string, Value>)[name] as Value))
  );
}

/** The fitting value with the fields of its records in the sort's order, so that equal values print alike. */
export function inOrder(value: Value, sort: Sort): Value {
  if (sort.kind === "record") {
    const fields = value as Readonly<Record<string, Value>>;
    return Object.fromEntries(
      Object.entries(sort.fields).map(([name, of]) => [name, inOrder(fields[name] as Value, of)]),
    );
  }
  if (sort.kind !== "list" && sort.kind !== "array") return value;
  return (value as readonly Value[]).map((element) => inOrder(element, sort.of));
}
