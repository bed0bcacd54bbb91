/** The life of a folio: mapped into an mm, unmapped, freed, reused. */
import {
  type Bool,
  type Effect,
  type Expr,
  each,
  eq,
  field,
  get,
  type Id,
  not,
  or,
  set,
  when,
} from "../../language/index.ts";
import type { Has } from "./features.ts";
import type { Shared } from "./shared-memory.ts";
import { eachWaiting, someWaiting } from "./waiting.ts";

type Folio = Expr<Id<"folio">>;

/** An entry, queued or in flight, owns a reference to the folio. */
export function isPinned(v: Shared, has: Has, folio: Folio): Expr<Bool> {
  return has("folioPinnedWhileQueued") ? isNamed(v, has, folio) : or();
}

/** An entry, queued or in flight, names the folio. */
export function isNamed(v: Shared, has: Has, folio: Folio): Expr<Bool> {
  return or(eq(field(v.in_flight, "folio"), folio), isQueued(v, has, folio));
}

/** A waiting entry names the folio. */
export function isQueued(v: Shared, has: Has, folio: Folio): Expr<Bool> {
  return someWaiting(v, has, (e) => eq(field(e, "folio"), folio));
}

/** Waiting entries that name the folio are stale. */
export function makeQueuedStale(v: Shared, has: Has, folio: Folio): Effect {
  return eachWaiting(v, has, (e) => [when(eq(field(e, "folio"), folio), [set(field(e, "stale"), true)])]);
}

/** Takes the folio out of its mm; without another reference it is freed, and every entry that names it is stale. */
export function unmap(v: Shared, has: Has, folio: Folio): readonly Effect[] {
  return [
    when(not(isPinned(v, has, folio)), [
      makeQueuedStale(v, has, folio),
      when(eq(field(v.in_flight, "folio"), folio), [set(field(v.in_flight, "stale"), true)]),
    ]),
    set(get(v.folio_mm, folio), null),
    ...clearFlags(v, folio),
  ];
}

/** The folio's flags are again what a new folio has. */
function clearFlags(v: Shared, folio: Folio): readonly Effect[] {
  return [...clearAccess(v, folio), set(get(v.toptier, folio), false)];
}

/** What is known of accesses: nobody asks any more once the folio is in the top tier, or unmapped. */
export function clearAccess(v: Shared, folio: Folio): readonly Effect[] {
  return [
    set(get(v.pte_young, folio), false),
    set(get(v.pg_idle, folio), false),
    set(get(v.pg_young, folio), false),
    set(get(v.visited, folio), false),
    set(get(v.touched, folio), false),
  ];
}

/** zap of exit_mmap: takes every folio out of the mm. */
export function unmapAll(v: Shared, has: Has, mm: Expr<Id<"mm">>): Effect {
  return each("folio", "f", (f) => [when(eq(get(v.folio_mm, f), mm), unmap(v, has, f))]);
}
