/** JSON pointers into plain data: reading, replacing, listing. */

export function split(pointer: string): readonly string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

export function valueAt(whole: unknown, pointer: string): unknown {
  return split(pointer).reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null ? (at as Record<string, unknown>)[key] : undefined),
    whole,
  );
}

/** A copy with another value at the pointer; undefined removes what is there. */
export function withValueAt<T>(whole: T, pointer: string, value: unknown): T {
  // By way of JSON, since a structured clone would keep nodes shared.
  const copy: { whole: T } = JSON.parse(JSON.stringify({ whole }));
  const keys = ["whole", ...split(pointer)];
  let at: unknown = copy;
  for (const key of keys.slice(0, -1)) at = (at as Record<string, unknown>)[key];
  const last = keys[keys.length - 1] ?? "";
  const holder = at as Record<string, unknown>;
  if (value !== undefined) {
    Object.defineProperty(holder, last, { value, configurable: true, enumerable: true, writable: true });
  } else if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else delete holder[last];
  return copy.whole;
}

/** Pointers of a value and of everything in it. */
export function pointersIn(value: unknown, at = ""): readonly string[] {
  if (typeof value !== "object" || value === null) return [at];
  const parts = Object.entries(value).flatMap(([key, part]) =>
    pointersIn(part, `${at}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`),
  );
  return [at, ...parts];
}
