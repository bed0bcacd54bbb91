/** Where entries wait to be promoted: on the one list of v0 and v1, or on the list of their mm. */
import {
  type Bool,
  type Effect,
  type Expr,
  each,
  eachElement,
  eq,
  exists,
  field,
  get,
  type Id,
  type Int,
  type List,
  length,
  type Rec,
  someElement,
} from "../../language/index.ts";
import type { EntryFields } from "../migration-entry.ts";
import type { Has } from "./features.ts";
import type { Shared } from "./shared-memory.ts";

type Entry = Expr<Rec<EntryFields>>;
type Mm = Expr<Id<"mm">>;

/** A thread of its own migrates from migration slots: v2 and v3. */
export const servesSlots = (has: Has): boolean => has("separateMigrateThread") && has("migrationSlots");

/** The actor that migrates. */
export const migratesIn = (has: Has) => (has("separateMigrateThread") ? "migrator" : "kmmscand");

/** The list on which entries of the mm are queued. */
export function listOfMm(v: Shared, has: Has, mm: Mm): Expr<List<Rec<EntryFields>>> {
  return servesSlots(has) ? get(v.slot_list, mm) : v.migrate_list;
}

/** Some waiting entry satisfies the condition. */
export function someWaiting(v: Shared, has: Has, test: (e: Entry) => Expr<Bool>): Expr<Bool> {
  if (!servesSlots(has)) return someElement(v.migrate_list, "e", test);
  return exists("mm", "slot", (x) => someElement(get(v.slot_list, x), "e", test));
}

/** Effects on each waiting entry. */
export function eachWaiting(v: Shared, has: Has, effects: (e: Entry) => readonly Effect[]): Effect {
  if (!servesSlots(has)) return eachElement(v.migrate_list, "e", effects);
  return each("mm", "slot", (x) => [eachElement(get(v.slot_list, x), "e", effects)]);
}

/** Some waiting entry names the mm. */
export function someWaitingOf(v: Shared, has: Has, mm: Mm): Expr<Bool> {
  return someElement(listOfMm(v, has, mm), "e", (e) => eq(field(e, "mm"), mm));
}

/** How many entries wait where those of the mm do. */
export function waitingWith(v: Shared, has: Has, mm: Mm): Expr<Int> {
  return length(listOfMm(v, has, mm));
}
