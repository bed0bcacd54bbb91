/**
 * The vmstat counters, as far as a property needs them. They only grow in the kernel; what can be wrong about them is
 * their balance, so the model keeps the difference: added, less what became of the entries.
 */
import {
  add,
  type Effect,
  type Expr,
  eq,
  field,
  get,
  greatest,
  head,
  type Id,
  type Int,
  isNone,
  least,
  length,
  or,
  set,
  sub,
  when,
} from "../../language/index.ts";
import type { Has } from "./features.ts";
import type { Scope, Shared } from "./shared-memory.ts";
import { servesSlots } from "./waiting.ts";

type Mm = Expr<Id<"mm">>;

const balance = (v: Shared, has: Has, mm: Mm) =>
  servesSlots(has) ? get(v.outstanding_of, mm) : v.outstanding;

/** nr_kmmscand_migadded++. Stays at its bound once the balance is lost, which A01 has reported by then. */
export function countAdded(v: Shared, has: Has, mm: Mm, { queue }: Scope): Effect {
  const count = balance(v, has, mm);
  return set(count, least(add(count, 1), queue + 1));
}

/** nr_kmmscand_migrated++ or nr_kmmscand_migrate_failed++, or an entry discarded on purpose. */
export function countSettled(v: Shared, has: Has, mm: Mm): Effect {
  return settle(balance(v, has, mm), 1);
}

/** v2, v3: all that waits on the list of a mm is discarded at its exit. */
export function countDiscarded(v: Shared, mm: Mm): Effect {
  return settle(get(v.outstanding_of, mm), length(get(v.slot_list, mm)));
}

const settle = (count: Expr<Int>, by: Expr<Int> | number) => set(count, greatest(sub(count, by), 0));

/** The first entry is dropped uncounted: on purpose if its mm exits, else it is lost and the balance shows it. */
export function countDropped(v: Shared): Effect {
  const mm = field(head(v.migrate_list), "mm");
  return when(or(isNone(mm), eq(get(v.mm_users, mm), 0)), [settle(v.outstanding, 1)]);
}
