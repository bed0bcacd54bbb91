/** What may be said of an entry between the visit that queues it and the promotion that consumes it. */
import {
  and,
  at,
  type Bool,
  chosen,
  type Expr,
  eq,
  exists,
  field,
  forall,
  get,
  gt,
  head,
  type Id,
  implies,
  includes,
  individual,
  is,
  isEmpty,
  isNone,
  le,
  length,
  ne,
  not,
  or,
  type Property,
  self,
} from "../../language/index.ts";
import { isOf, isReferenced, names, someQueued } from "./entries.ts";
import type { Has } from "./features.ts";
import { downAt } from "./owner.ts";
import type { Scope, Shared } from "./shared-memory.ts";

type Mm = Expr<Id<"mm">>;

/** Steps of promote_folio that take a reference to the folio. */
const refers = ["source_slow", "source_toptier", "same_node"] as const;
/** Those that isolate it, or try to. */
const isolates = ["not_isolated", "folio_moved", "folio_busy"] as const;

export function migrationProperties(v: Shared, has: Has, scope: Scope): readonly Property[] {
  const flying = v.in_flight;
  const folio = field(flying, "folio");
  const found = chosen("folio", "folio");
  const taken = has("migrationSlots") ? v.served : field(head(v.migrate_list), "mm");
  const findable = Math.min(scope.folios, scope.visit);
  const inFlight = (x: Mm) => and(eq(field(flying, "mm"), x), not(isNone(folio)));
  const queued = (x: Mm) => someQueued(v, isOf(x));
  const down = (x: Mm) => at("owner", downAt, x);
  const premise = exists("mm", "x", down);
  const promotes = (...steps: readonly string[]) => ({ on: [{ actor: "migrator", steps }] });
  return [
    {
      id: "S05",
      kind: "assertion",
      title: "An entry acts on the folio it was made for",
      says: "promote_folio reads the flags of, or moves, a folio that was freed since it was queued and may be another's by now",
      defects: has("queueSkipsListed") ? ["D02"] : ["D02", "D04"],
      ...promotes(
        "flags_invalid",
        "not_lru",
        ...(has("hotPageTested") ? ["flags_cold"] : []),
        "flags_valid",
        ...refers,
        ...isolates,
      ),
      holds: not(field(flying, "stale")),
    },
    {
      id: "S06",
      kind: "invariant",
      title: "The mm of an entry is not torn down while the entry is queued or in flight",
      says: "the migrator works for an mm whose page tables, VMAs and mm_struct are being freed",
      defects: ["D09", "D10", "D16"],
      holds: forall("mm", "x", (x) => implies(down(x), not(or(queued(x), inFlight(x))))),
      premise,
    },
    {
      id: "S06.queued",
      kind: "invariant",
      title: "No queued entry names an mm that is being torn down",
      says: "the exit found its slot being scanned and left the migration list as it was",
      defects: ["D10"],
      holds: forall("mm", "x", (x) => implies(down(x), not(queued(x)))),
      premise,
    },
    {
      id: "S06.inflight",
      kind: "invariant",
      title: "No entry of an mm that is being torn down is in flight",
      says: "the exit goes on to exit_mmap while promote_folio works on an entry of the mm",
      defects: ["D09", "D10", "D16"],
      holds: forall("mm", "x", (x) => implies(down(x), not(inFlight(x)))),
      premise,
    },
    {
      id: "S06.target",
      kind: "assertion",
      title: "The target node is read of an mm that still exists",
      says: "the migrator takes mmap_lock and reads target_node in an mm_struct that has been freed",
      defects: ["D13", "D16"],
      ...promotes(has("targetReadWithEntry") ? "take" : "read_target"),
      holds: gt(get(v.mm_count, has("targetReadWithEntry") ? taken : field(flying, "mm")), 0),
    },
    {
      id: "S07",
      kind: "assertion",
      title: "Promotion reads page tables only under the mmap_lock of their mm",
      says: "pmd_off follows upper levels that munmap or exit_mmap may be freeing",
      defects: ["D11"],
      ...promotes("pmd_present", "pmd_gone", "no_pte_table"),
      holds: eq(v.migrator_reads, field(flying, "mm")),
    },
    {
      id: "S07.torn",
      kind: "assertion",
      title: "Promotion reads no page tables that exit_mmap is freeing, or has freed",
      says: "pmd_off reads freed memory: the exit has not waited for the entry in flight, or has left it to be taken",
      // Either of two fixes does: an exit that waits, or a promotion that holds mmap_lock and has seen users.
      ...(has("promoteHoldsMmapLock") ? {} : { defects: ["D09", "D10", "D16"] }),
      ...promotes("pmd_present", "pmd_gone", "no_pte_table"),
      // exit_mmap takes mmap_lock for write before it frees page tables.
      holds: not(exists("mm", "x", (x) => and(eq(field(flying, "mm"), x), down(x), ne(v.migrator_reads, x)))),
    },
    {
      id: "S08",
      kind: "assertion",
      title: "A folio is isolated only if the mm of the entry still maps it",
      says: "the page-table entry is locked and never read: it may map another folio by now, or none",
      defects: ["D12"],
      ...promotes(...isolates),
      holds: eq(get(v.folio_mm, folio), field(flying, "mm")),
    },
    {
      id: "S16",
      kind: "assertion",
      title: "A reference is taken only to a folio that has one",
      says: "folio_get raises the count of a free page from 0",
      defects: ["D03"],
      ...promotes(...refers),
      holds: or(not(isNone(get(v.folio_mm, folio))), isReferenced(v, has, folio)),
    },
    {
      id: "B05",
      kind: "assertion",
      title: "No folio is queued while an entry names it, so the lists are bounded by the folios",
      says: "a folio is queued again in every scan: the first copy moves it, and the others name the page that it has left",
      defects: ["D04"],
      on: [{ actor: "kmmscand", steps: ["queue"] }],
      holds: not(or(names(found)(flying), someQueued(v, names(found)))),
    },
    {
      id: "B05.length",
      kind: "invariant",
      title: "No migration list is longer than what one visit can find",
      says: "the list grows from scan to scan while the migrator is behind, to whatever memory there is",
      defects: ["D46"],
      holds: and(
        le(length(v.migrate_list), findable),
        forall("mm", "x", (x) => le(length(get(v.slot_list, x)), findable)),
      ),
    },
    {
      id: "L03",
      kind: "leadsTo",
      title: "Every mm with queued entries is served in the end",
      says: "the migrator serves another mm for ever",
      defects: ["D45"],
      // The mms are interchangeable, so the first speaks for all.
      from: queuedForMigrator(v, individual("mm", 0)),
      to: or(eq(v.cur_migrate_mm, individual("mm", 0)), not(queuedForMigrator(v, individual("mm", 0)))),
    },
    ...countProperties(v, has),
    ...(has("migrationSlots") ? slotProperties(v, has, scope) : []),
  ];
}

/** The migrator can see an entry of the mm. */
const queuedForMigrator = (v: Shared, mm: Mm) =>
  or(
    not(isEmpty(get(v.slot_list, mm))),
    and(not(isEmpty(v.migrate_list)), someQueued(v, isOf(mm)), isEmpty(v.scan_list_entries)),
  );

/** A01 and A02: what the counters miss, and what they count twice. */
function countProperties(v: Shared, has: Has): readonly Property[] {
  const mm = field(head(v.migrate_list), "mm");
  const slots = has("migrationSlots");
  return [
    {
      id: "A01",
      kind: "assertion",
      title: "No valid entry is lost uncounted",
      says: slots
        ? "the entries that could not be spliced away are leaked, and the list head lies in a freed slot"
        : "the dirty flag of one mm's exit costs another mm a valid entry, neither migrated nor failed",
      defects: ["D69", "D22"],
      on: slots ? [{ actor: "owner", steps: ["free_slot"] }] : [{ actor: "migrator", steps: ["drop_dirty"] }],
      holds: slots ? isEmpty(get(v.slot_list, self("mm"))) : or(isNone(mm), eq(get(v.mm_users, mm), 0)),
    },
    {
      id: "A02",
      kind: "assertion",
      title: "migrated counts only an entry that was promoted",
      says: "migrated grows for an entry whose mm is NULL, because ret is left over from the entry before",
      defects: ["D70"],
      on: [{ actor: "migrator", steps: ["migrated"] }],
      holds: is(v.outcome, "moved"),
    },
    {
      id: "A02.failed",
      kind: "assertion",
      title: "migrate_failed counts only an entry that was not promoted",
      says: "a folio has been moved, and migrate_failed grows",
      on: [{ actor: "migrator", steps: ["failed"] }],
      holds: not(is(v.outcome, "moved")),
    },
  ];
}

/** Bytes on x86-64: mm_slot, the lock, the list head; the final scan slot of v2, which has no lock. */
function slotFits(has: Has, { lockdep }: Scope): Expr<Bool> {
  const migrationSlot = 40 + (lockdep ? 64 : 8) + 16;
  const scanSlot = 88;
  return le(migrationSlot, has("slotCacheOfItsOwn") ? migrationSlot : scanSlot);
}

/** S09: which spinlocks a thread holds where it allocates. collect_mm_slot runs with mm_lock held. */
function sleepsNowhereAtomic(v: Shared, has: Has): Property {
  const frees = has("entriesFreedAtOnce");
  const scanner = at("kmmscand", [
    "get_mm_slot:alloc",
    ...(frees || has("cleanupAfterBarrier") ? [] : ["collect_mm_slot:kmalloc"]),
  ]);
  const exits = (x: Mm) => (frees ? or() : at("owner", ["__mmput:kmalloc"], x));
  return {
    id: "S09",
    kind: "invariant",
    title: "Nobody who holds a spinlock is about to allocate with GFP_KERNEL",
    says: "the allocation may sleep in atomic context",
    defects: ["D19"],
    holds: and(
      implies(scanner, and(ne(v.kscand_migrate_lock, "scanner"), isNone(v.collected))),
      forall("mm", "x", (x) => implies(exits(x), not(get(v.slot_lock, x)))),
    ),
    premise: or(scanner, exists("mm", "x", exits)),
  };
}

function slotProperties(v: Shared, has: Has, scope: Scope): readonly Property[] {
  const served = get(v.slot_live, v.served);
  /** An exit, and collect_mm_slot where that cleans up as well: the same steps, but no mm of its own to speak of. */
  const exits = (...steps: readonly string[]) => [{ actor: "owner", steps }];
  const cleaners = (...steps: readonly string[]) =>
    has("cleanupAfterBarrier") ? exits(...steps) : [...exits(...steps), { actor: "kmmscand", steps }];
  const scans = (...steps: readonly string[]) => ({ on: [{ actor: "kmmscand", steps }] });
  return [
    sleepsNowhereAtomic(v, has),
    {
      id: "S10.freed",
      kind: "assertion",
      title: "The migrator uses a migration slot that exists",
      says: "the lock and the list that kmigrated_migrate_mm goes back to lie in a freed slot",
      defects: ["D16"],
      on: [{ actor: "migrator", steps: ["take", "stopped", "served"] }],
      holds: served,
    },
    {
      id: "S10.unlock",
      kind: "assertion",
      title: "cleanup unlocks a lock that exists",
      says: "the slot was freed with its lock held, and is unlocked afterwards",
      defects: ["D14"],
      on: has("slotFreedAfterUnlock") ? exits("free_slot") : exits("unlock_slot"),
      holds: get(v.slot_live, self("mm")),
    },
    {
      id: "S10.size",
      kind: "assertion",
      title: "A migration slot fits the object that it is allocated in",
      says: "the cache was made for scan slots: the end of the slot lies in the next object",
      defects: ["D23"],
      ...scans("mm_slot_alloc"),
      holds: slotFits(has, scope),
    },
    {
      id: "S10.twice",
      kind: "assertion",
      title: "kscand_migrate_lock is released once for each time it is taken",
      says: "the guard unlocks what was unlocked by hand: nobody holds the lock, or somebody else does",
      defects: ["D20"],
      ...(has("slotAllocatedUnlocked")
        ? scans("insert_slot")
        : scans("mm_slot_alloc", "mm_slot_alloc_fails", "guard_unlocks")),
      holds: is(v.kscand_migrate_lock, "scanner"),
    },
    {
      id: "S11",
      kind: "assertion",
      title: "The list of migration slots and its cursor change under kscand_migrate_lock only",
      says: "cleanup unlinks the slot under the slot's own lock, while others look it up, insert beside it or traverse the list",
      defects: ["D15"],
      on: cleaners("reset_cursor", "unlink_slot"),
      holds: is(v.kscand_migrate_lock, "cleanup"),
    },
    {
      id: "S12",
      kind: "assertion",
      title: "The remembered successor is still on the list when the migrator goes on to it",
      says: "list_for_each_entry_safe follows an entry that an exit has spliced away and freed",
      defects: ["D17"],
      on: [{ actor: "migrator", steps: ["take", "stopped", "served"] }],
      holds: not(is(v.successor, "freed")),
    },
    {
      id: "S13",
      kind: "assertion",
      title: "A migration slot is locked only if there is one",
      says: "get_mm_slot returned NULL for want of memory, and the lock in it is taken all the same",
      defects: ["D21"],
      ...scans("splice_to_slot", ...(has("slotResultChecked") ? [] : ["lock_null_slot"])),
      holds: get(v.slot_live, v.cursor),
    },
    {
      id: "S13.migrator",
      kind: "assertion",
      title: "The migrator picks a slot only from a list that has one",
      says: "kmigrated takes the list head itself for a slot",
      defects: ["D28"],
      on: [{ actor: "migrator", steps: ["serve"] }],
      holds: not(and(isNone(v.kmigrated_cursor), isEmpty(v.kmigrated_list))),
    },
    {
      id: "S18",
      kind: "invariant",
      title: "A request to stop stays until the exit that made it takes it back",
      says: "clean_list was set for one mm, and the exit of another has reset it: the migrator goes on with what was spliced away",
      defects: ["D18"],
      holds: forall("mm", "x", (x) => implies(includes(v.asked, x), includes(v.clean_list, x))),
      premise: exists("mm", "x", (x) => includes(v.asked, x)),
    },
  ];
}
