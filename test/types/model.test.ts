/**
 * What TypeScript refuses in a typed model. The compiler is the judge: `npm run check` fails where it accepts a line below
 * a refusal, and where it refuses another.
 */
import { expect, test } from "vitest";
import {
  add,
  and,
  append,
  arrayOf,
  bool,
  choose,
  chosen,
  contains,
  count,
  declare,
  eq,
  exists,
  field,
  get,
  head,
  id,
  idOrNone,
  include,
  includes,
  individual,
  int,
  is,
  isNone,
  length,
  listOf,
  lt,
  ne,
  next,
  not,
  oneOf,
  record,
  recordOf,
  self,
  set,
  setOf,
  someElement,
  splice,
  when,
} from "../../models/language/index.ts";

const { v } = declare({
  flag: { sort: bool, initial: false, doc: "" },
  n: { sort: int(0, 3), initial: 0, doc: "" },
  color: { sort: oneOf("red", "green"), initial: "red", doc: "" },
  cursor: { sort: idOrNone("mm"), initial: null, doc: "" },
  folios: { sort: setOf("folio"), initial: [], doc: "" },
  queue: { sort: listOf(id("folio"), 2), initial: [], doc: "" },
  entries: { sort: listOf(record({ mm: id("mm"), done: bool }), 2), initial: [], doc: "" },
  owner: { sort: arrayOf("folio", id("mm")), initial: [], doc: "" },
});
const mm = self("mm");
const folio = individual("folio", 0);

/** Unknown variables: the compiler refuses them, and so does the handle when it is asked. */
const variables = () => [
  v.flag,
  // @ts-expect-error: no such variable
  v.flags,
];

/** Ill-sorted expressions. */
const expressions = [
  and(v.flag, not(v.flag)),
  lt(add(v.n, 1), 3),
  eq(v.cursor, null),
  choose(v.flag, v.n, 2),
  exists("mm", "m", (m) => eq(m, v.cursor)),
  someElement(v.entries, "e", (e) => field(e, "done")),
  count("mm", "m", (m) => ne(m, mm)),
  next(v.queue, folio),
  // @ts-expect-error: an integer is not a boolean
  not(v.n),
  // @ts-expect-error: a boolean is not an integer
  add(v.flag, 1),
  // @ts-expect-error: an integer is compared with a boolean
  eq(v.n, true),
  // @ts-expect-error: an integer is never none
  isNone(v.n),
  // @ts-expect-error: the branches differ
  choose(v.flag, v.n, true),
  // @ts-expect-error: only a list has a length
  length(v.n),
  // @ts-expect-error: only a list has a head
  head(v.folios),
  // @ts-expect-error: no such field
  someElement(v.entries, "e", (e) => field(e, "start")),
  // @ts-expect-error: the condition is an integer
  exists("mm", "m", () => v.n),
];

/** Enumerations. */
const enumerations = [
  is(v.color, "red", "green"),
  eq(v.color, "red"),
  // @ts-expect-error: no such value
  is(v.color, "blue"),
  // @ts-expect-error: no such value
  eq(v.color, "blue"),
  // @ts-expect-error: only an enumeration has values
  is(v.n, "red"),
];

/** Identities. */
const identities = [
  eq(v.cursor, mm),
  includes(v.folios, folio),
  get(v.owner, folio),
  contains(v.queue, chosen("f", "folio")),
  // @ts-expect-error: a folio is not an mm
  eq(v.cursor, folio),
  // @ts-expect-error: the set is one of folios
  includes(v.folios, mm),
  // @ts-expect-error: the array is indexed by folios
  get(v.owner, mm),
  // @ts-expect-error: the list is one of folios
  contains(v.queue, chosen("m", "mm")),
];

/** Effects. */
const effects = [
  set(v.color, "green"),
  set(v.cursor, null),
  set(get(v.owner, folio), mm),
  append(v.entries, recordOf({ mm, done: true })),
  when(v.flag, [include(v.folios, folio)]),
  // @ts-expect-error: no such value
  set(v.color, "blue"),
  // @ts-expect-error: an integer is not a boolean
  set(v.flag, 1),
  // @ts-expect-error: an mm is not a folio
  append(v.queue, mm),
  // @ts-expect-error: the field is missing
  append(v.entries, recordOf({ mm })),
  // @ts-expect-error: the field is a boolean
  append(v.entries, recordOf({ mm, done: 1 })),
  // @ts-expect-error: the field is an mm
  append(v.entries, recordOf({ mm: folio, done: true })),
  // @ts-expect-error: the lists have other elements
  splice(v.queue, v.entries),
  // @ts-expect-error: the set is one of folios
  include(v.folios, mm),
  // @ts-expect-error: an integer is not a condition
  when(v.n, []),
];

test("a typed handle stands for each declared variable, and for no other", () => {
  expect(variables).toThrow("unknown variable flags; declared are flag, n,");
});

test("the constructors make plain data, also of what the compiler refuses", () => {
  const made = [...expressions, ...enumerations, ...identities, ...effects];
  expect(JSON.parse(JSON.stringify(made))).toEqual(made);
  expect(made.every(({ kind }) => typeof kind === "string")).toBe(true);
});
