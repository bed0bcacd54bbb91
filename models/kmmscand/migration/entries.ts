/** Entries, wherever they are: on the scanner's own list, on a migration list, or in flight. */
import {
  and,
  type Bool,
  type Effect,
  type Expr,
  each,
  eachElement,
  eq,
  exclude,
  exists,
  field,
  get,
  type Id,
  not,
  or,
  type Rec,
  set,
  someElement,
  when,
} from "../../language/index.ts";
import type { EntryFields } from "../migration-entry.ts";
import type { Has } from "./features.ts";
import type { Shared } from "./shared-memory.ts";

type Folio = Expr<Id<"folio">>;
type Mm = Expr<Id<"mm">>;
type Entry = Expr<Rec<EntryFields>>;

/** Some entry that waits satisfies the condition. */
export function someQueued(v: Shared, test: (e: Entry) => Expr<Bool>): Expr<Bool> {
  return or(
    someElement(v.scan_list_entries, "e", test),
    someElement(v.migrate_list, "e", test),
    exists("mm", "slot", (x) => someElement(get(v.slot_list, x), "e", test)),
  );
}

export const names = (folio: Folio) => (e: Entry) => eq(field(e, "folio"), folio);
export const isOf = (mm: Mm) => (e: Entry) => eq(field(e, "mm"), mm);

/** An entry owns a reference to the folio. */
export function isPinned(v: Shared, has: Has, folio: Folio): Expr<Bool> {
  if (!has("folioPinnedWhileQueued")) return or();
  return or(names(folio)(v.in_flight), someQueued(v, names(folio)));
}

/** The folio has a reference besides that of its mapping. */
export function isReferenced(v: Shared, has: Has, folio: Folio): Expr<Bool> {
  return or(isPinned(v, has, folio), and(v.folio_held, names(folio)(v.in_flight)));
}

/** Every entry that names the folio is stale: it was freed. */
export function makeStale(v: Shared, folio: Folio): readonly Effect[] {
  const mark = (e: Entry) => [when(names(folio)(e), [set(field(e, "stale"), true)])];
  return [
    eachElement(v.scan_list_entries, "e", mark),
    eachElement(v.migrate_list, "e", mark),
    each("mm", "slot", (x) => [eachElement(get(v.slot_list, x), "e", mark)]),
    ...mark(v.in_flight),
  ];
}

/** Takes the folio out of its mm; without another reference it is freed. */
export function unmap(v: Shared, has: Has, folio: Folio): readonly Effect[] {
  return [
    when(not(isReferenced(v, has, folio)), makeStale(v, folio)),
    set(get(v.folio_mm, folio), null),
    set(get(v.toptier, folio), false),
    ...(has("scanFindsIdle") ? [exclude(v.idle, folio)] : []),
  ];
}

/** zap of exit_mmap: takes every folio out of the mm. */
export function unmapAll(v: Shared, has: Has, mm: Mm): Effect {
  return each("folio", "f", (f) => [when(eq(get(v.folio_mm, f), mm), unmap(v, has, f))]);
}
