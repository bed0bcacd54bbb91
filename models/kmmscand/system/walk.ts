/** The walk of one mm and its page-table entry callback: the daemon's reading of what is hot. */
import {
  add,
  and,
  append,
  type Bool,
  chosen,
  contains,
  type Effect,
  type Expr,
  each,
  emits,
  eq,
  exclude,
  exists,
  field,
  get,
  type Id,
  include,
  includes,
  isNone,
  lt,
  not,
  or,
  point,
  recordOf,
  set,
  step,
  when,
} from "../../language/index.ts";
import type { EntryFields } from "../migration-entry.ts";
import { one } from "../mm-list/properties.ts";
import type { Points } from "../points.ts";
import { countAdded } from "./counters.ts";
import type { Has } from "./features.ts";
import { isNamed } from "./folio.ts";
import type { Scope, Shared } from "./shared-memory.ts";
import { listOfMm, servesSlots, waitingWith } from "./waiting.ts";

/** get_mm_slot: the first entry of an mm finds no migration slot. */
const insertSlot = (v: Shared): Effect =>
  when(not(contains(v.kmigrated_list, v.cursor)), [append(v.kmigrated_list, v.cursor)]);

/** Fewer entries are allocated than there can be: kzalloc finds memory. */
export function roomForEntry(v: Shared, has: Has, scope: Scope): Expr<Bool> {
  const waiting = waitingWith(v, has, v.cursor);
  const flying = servesSlots(has)
    ? eq(field(v.in_flight, "mm"), v.cursor)
    : not(isNone(field(v.in_flight, "folio")));
  // v0 drains the list before the next visit: no entry is in flight during a walk.
  const allocated = has("separateMigrateThread") ? add(waiting, one(flying)) : waiting;
  return lt(allocated, scope.queue);
}

/** The folio lies in the mm under scan, and the walk has not come to it yet. */
export const toVisit = (v: Shared, folio: Expr<Id<"folio">>): Expr<Bool> =>
  and(eq(get(v.folio_mm, folio), v.cursor), not(includes(v.walked, folio)));

/**
 * Each folio that the mm maps is visited at most once, in any order. The callback runs under the page-table lock, so a visit is
 * one step; within it the order is the kernel's:
 *
 *     v = ptep_get; accessed bit set? clear it and PG_idle, set PG_young; accessed? queue; set PG_idle
 *
 * v3 sets PG_idle first, so that it ends clear where the bit was set, and asks what it was before.
 */
export function walkPoints(v: Shared, has: Has, scope: Scope): Points {
  const folio = chosen("folio", "folio");
  const ahead = (f: Expr<Id<"folio">>) => toVisit(v, f);
  const slow = not(get(v.toptier, folio));
  const thread = has("separateMigrateThread");
  const slots = servesSlots(has);
  const room = roomForEntry(v, has, scope);
  const bit = get(v.pte_young, folio);
  const young = or(get(v.pg_young, folio), bit);
  const idle = has("firstScanIgnoresUntouched") ? not(bit) : and(get(v.pg_idle, folio), not(bit));
  const hot = has("youngNotTakenForAccess") ? not(idle) : or(not(idle), young);
  const accessed = has("secondAccess") ? and(hot, not(get(v.pg_idle, folio))) : hot;
  const skips = thread && has("queueSkipsListed");
  const listed = skips ? isNamed(v, has, folio) : or();
  // Where PG_young makes no difference it stays as it was.
  const settledYoung = has("youngFlagCleared") || has("youngNotTakenForAccess") ? false : young;
  const flags: readonly Effect[] = [
    set(get(v.pg_young, folio), settledYoung),
    ...(has("secondAccess")
      ? [set(get(v.pg_idle, folio), not(bit)), set(bit, false)]
      : [set(bit, false), set(get(v.pg_idle, folio), true)]),
    set(get(v.visited, folio), true),
    set(get(v.touched, folio), false),
    include(v.walked, folio),
  ];
  const choose = { folio: "folio" };
  const ends = {
    do: [each("folio", "f", (f) => [exclude(v.walked, f)]), set(get(v.mmap_lock, v.cursor), "free")],
    to: "scan_mm_slot:advance",
    emits: emits("kmem_scan_mm_end", { mm: v.cursor }),
  };
  return {
    "scan_mm_slot:walk": point(
      step("queue", "accessed, slow tier: add it to the migration list", {
        choose,
        when: and(ahead(folio), slow, accessed, ...(skips ? [not(listed)] : []), room),
        do: [
          ...(slots ? [insertSlot(v)] : []),
          append(listOfMm(v, has, v.cursor), recordOf<EntryFields>({ mm: v.cursor, folio, stale: false })),
          countAdded(v, has, v.cursor, scope),
          ...flags,
        ],
        why: has("folioPinnedWhileQueued")
          ? "the entry keeps its reference to the folio"
          : "folio_put before the callback returns: the entry owns no reference",
      }),
      step("kzalloc_fails", "accessed, slow tier, kzalloc fails: not queued", {
        choose,
        when: and(ahead(folio), slow, accessed, ...(skips ? [not(listed)] : []), not(room)),
        do: flags,
      }),
      ...(skips
        ? [
            step("queued_already", "accessed, slow tier, but queued already", {
              choose,
              when: and(ahead(folio), slow, accessed, listed),
              do: flags,
            }),
          ]
        : []),
      step("idle", "not accessed: set PG_idle", {
        choose,
        when: and(ahead(folio), slow, not(accessed)),
        do: flags,
      }),
      step("toptier", "already in the top tier: only counted", {
        choose,
        when: and(ahead(folio), not(slow)),
        do: [include(v.walked, folio)],
      }),
      step("end", "no VMA left: the scan ends; mmap_read_unlock", {
        when: not(exists("folio", "f", ahead)),
        ...ends,
      }),
      step("enough", "scan_size is passed: the scan ends; mmap_read_unlock", {
        when: exists("folio", "f", ahead),
        ...ends,
        why: "the folios of later VMAs are left for another visit, like those behind a hole",
      }),
    ),
  };
}
