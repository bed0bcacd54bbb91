/** A change in the fewest words: what a list gained or lost, which field of a record is another, else old -> new. */
import type { Change } from "../checker/check.ts";
import { type Model, type Sort, same, type Value } from "../models/index.ts";
import { sortOfPlace, valueText } from "./value-text.ts";

/** `mm_lock: free -> mm0`, `migrate_list: + {mm: mm0}`, `in_flight.mm: none -> mm0, .folio: none -> folio1`. */
export function changeText({ name, before, after }: Change, model: Model): string {
  const sort = sortOfPlace(name, model);
  const short = sort === null ? null : shortText(name, before, after, sort);
  return short ?? `${name}: ${arrow(before, after, sort)}`;
}

function arrow(before: Value, after: Value, sort: Sort | null): string {
  return `${valueText(before, sort)} -> ${valueText(after, sort)}`;
}

/** Null where the whole value says it best. */
function shortText(name: string, before: Value, after: Value, sort: Sort): string | null {
  if (sort.kind === "record") return recordText(name, before, after, sort);
  if (!Array.isArray(before) || !Array.isArray(after)) return null;
  if (sort.kind === "set") {
    const gone = before.filter((value) => !after.includes(value));
    const come = after.filter((value) => !before.includes(value));
    const text = (sign: string, values: Value) => `${sign} ${valueText(values, sort).slice(1, -1)}`;
    return `${name}: ${[gone.length > 0 ? text("-", gone) : "", come.length > 0 ? text("+", come) : ""].filter(Boolean).join(", ")}`;
  }
  return sort.kind === "list" ? listText(name, before, after, sort.of) : null;
}

function listText(name: string, before: readonly Value[], after: readonly Value[], of: Sort): string | null {
  const text = (value: Value | undefined) => valueText(value ?? null, of);
  if (after.length === before.length + 1 && before.every((value, i) => same(value, after[i] as Value))) {
    return `${name}: + ${text(after.at(-1))}`;
  }
  if (after.length === before.length - 1) {
    const gone = before.findIndex((value, i) => i === after.length || !same(value, after[i] as Value));
    if (same(before.toSpliced(gone, 1), after)) return `${name}: - ${text(before[gone])}`;
  }
  if (after.length !== before.length || of.kind !== "record") return null;
  const parts = before.flatMap((value, i) => {
    const other = after[i] as Value;
    return same(value, other) ? [] : [recordText(i === 0 ? `${name}[0]` : `[${i}]`, value, other, of) ?? ""];
  });
  return parts.length === 0 || parts.includes("") ? null : parts.join(", ");
}

function recordText(
  name: string,
  before: Value,
  after: Value,
  sort: Sort & { readonly kind: "record" },
): string | null {
  if (typeof before !== "object" || typeof after !== "object" || before === null || after === null)
    return null;
  const [old, now] = [before, after] as readonly Readonly<Record<string, Value>>[];
  const parts = Object.entries(sort.fields).flatMap(([field, of]) => {
    const [a, b] = [old?.[field] ?? null, now?.[field] ?? null];
    return same(a, b) ? [] : [`.${field}: ${arrow(a, b, of)}`];
  });
  return parts.length === 0 ? null : `${name}${parts.join(", ")}`;
}
