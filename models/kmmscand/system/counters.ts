/**
 * The vmstat counters, as far as a property needs them. They only grow in the kernel; what can be wrong about them is
 * their balance, so the model keeps the difference: added, less what became of the entries.
 */
import {
  add,
  type Effect,
  eq,
  field,
  get,
  greatest,
  head,
  isNone,
  least,
  or,
  set,
  sub,
  when,
} from "../../language/index.ts";
import type { Scope, Shared } from "./shared-memory.ts";

/** nr_kmmscand_migadded++. Stays at its bound once the balance is lost, which A01 has reported by then. */
export function countAdded(v: Shared, { queue }: Scope): Effect {
  return set(v.outstanding, least(add(v.outstanding, 1), queue + 1));
}

/** nr_kmmscand_migrated++ or nr_kmmscand_migrate_failed++, or an entry discarded on purpose. */
export function countSettled(v: Shared): Effect {
  return set(v.outstanding, greatest(sub(v.outstanding, 1), 0));
}

/** The first entry is dropped uncounted: on purpose if its mm exits, else it is lost and the balance shows it. */
export function countDropped(v: Shared): Effect {
  const mm = field(head(v.migrate_list), "mm");
  return when(or(isNone(mm), eq(get(v.mm_users, mm), 0)), [countSettled(v)]);
}
