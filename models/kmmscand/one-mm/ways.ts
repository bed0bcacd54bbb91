/** Which way each thread takes, and why: what a step may count on. */
import { and, at, eq, is, isNone, not, or, type Property } from "../../language/index.ts";
import { assertion } from "../assertion.ts";
import type { Has } from "./features.ts";
import { type Memory, otherMm, thisMm } from "./memory.ts";
import type { Names } from "./names.ts";

export function wayProperties(v: Memory, has: Has, names: Names): readonly Property[] {
  return [...visitWays(v, has, names), ...migratorWays(v, has, names), ...exitWays(v, has, names)];
}

/** The scanner: which slot, and whether it is visited. */
function visitWays(v: Memory, has: Has, names: Names): readonly Property[] {
  const steps = (...named: readonly string[]) => assertion(names.scanner, ...named);
  const promotes = migratesIn(names, has);
  return [
    {
      id: "S01.pick",
      ...steps("pick", "rest"),
      title: "Only a listed slot is visited, or comes to be next",
      says: "the daemon visits an mm that has no slot",
      holds: v.listed,
    },
    {
      id: "L01.order",
      ...steps("rest", "visit_other", "scan_other"),
      title: "Nobody else is visited while the cursor is on this mm",
      says: "this mm is passed over",
      holds: isNone(v.cursor),
    },
    {
      id: "S04.trylock",
      ...steps("trylock"),
      title: "mmap_read_trylock succeeds only where nobody writes",
      says: "the mm is walked while its VMAs change",
      holds: is(v.mmap_lock, "free"),
    },
    {
      id: "S03.alive",
      ...steps("alive"),
      title: "Only an mm that has users is scanned",
      says: "the page tables of a dying mm are walked",
      holds: v.mm_users,
    },
    {
      id: "L01.exiting",
      ...steps("exiting"),
      title: "Only an mm without users is taken for an exiting one",
      says: "a live mm is not scanned",
      holds: not(v.mm_users),
    },
    ...(has("scaleTurnsOff")
      ? [
          {
            id: "A09.users",
            ...steps("turned_off"),
            title: "The scale is read of an mm that has users",
            says: "pte_scan_scale of a dying mm decides",
            holds: v.mm_users,
          },
        ]
      : []),
    ...(has("eventsWithoutTask")
      ? []
      : [
          {
            id: "S13.shown",
            kind: "assertion" as const,
            on: [
              { actor: names.scanner, steps: ["start"] },
              { actor: promotes, steps: ["promoted", "refused"] },
            ],
            title: "Events that read mm->owner are shown only where it is a task",
            says: "a trace event dereferences NULL",
            holds: v.owner,
          },
          {
            id: "S13.unseen",
            kind: "assertion" as const,
            on: [
              { actor: names.scanner, steps: ["start_unseen", "end_unseen"] },
              { actor: promotes, steps: ["oops"] },
            ],
            title: "An event is missing only where mm->owner is NULL",
            says: "a visit is not shown although its mm has an owner",
            holds: not(v.owner),
          },
        ]),
    ...(has("separateMigrateThread")
      ? [
          {
            id: "A03.splice",
            ...steps("splice"),
            title: "What is queued was accessed",
            says: "folios are queued that nobody has accessed",
            holds: v.accessed,
          },
        ]
      : []),
    {
      id: "L04.collect",
      ...steps("collect"),
      title: "A slot is collected when its mm has no users, and only once",
      says: "the slot of a live mm is freed, or one that is free already",
      holds: and(v.listed, not(v.mm_users)),
    },
    {
      id: "L04.move_on",
      ...steps("move_on"),
      title: "The cursor moves on from a live mm only",
      says: "the slot of a dead mm is not collected, and its mm_struct leaks",
      holds: v.mm_users,
    },
  ];
}

/** The thread that promotes. */
function migratesIn(names: Names, has: Has): string {
  return has("separateMigrateThread") ? names.migrator : names.scanner;
}

/** Migration, by whichever thread. */
function migratorWays(v: Memory, has: Has, names: Names): readonly Property[] {
  const thread = migratesIn(names, has);
  const steps = (...named: readonly string[]) => assertion(thread, ...named);
  // Without a thread of its own, the migrator has one list.
  const perMm = has("queuePerMm") && has("separateMigrateThread");
  const takes = ["take", "take_last", ...(perMm ? [] : ["drop_last"])];
  const here = or(isNone(v.migrate_cursor), eq(v.migrate_cursor, thisMm));
  const list: readonly Property[] = perMm
    ? [
        {
          id: "S12.pick",
          ...steps("pick_this"),
          title: "The list that is served exists, and is next",
          says: "the migrator serves a list that is freed, or not its turn",
          holds: and(v.migrate_slot, here),
        },
        {
          id: "L03.pick",
          ...steps("pick_other"),
          title: "The migrator goes to another mm only where it is with none",
          says: "the list of this mm is left with entries",
          holds: isNone(v.migrate_cursor),
        },
        {
          id: "S12.other",
          ...steps("other_exits", "migrate_other"),
          title: "Entries of another mm are migrated while the cursor is there",
          says: "the migrator serves two lists at once",
          holds: eq(v.migrate_cursor, otherMm),
        },
        {
          id: "L03.done",
          ...steps("list_done"),
          title: "A list is left when it is empty, or an exit wants it",
          says: "entries wait although the migrator is at their list",
          holds: or(not(v.queued), v.clean_list),
        },
        {
          id: "S18.take",
          ...steps("take", "take_last"),
          title: "No entry is taken from a list that an exit wants",
          says: "the migrator goes on with entries of an exiting mm",
          holds: not(v.clean_list),
        },
      ]
    : [];
  return [
    {
      id: "S13.entry",
      ...steps(...takes),
      title: "An entry is taken only where there is one",
      says: "the migrator takes an entry from an empty list",
      holds: v.queued,
    },
    ...(has("separateMigrateThread")
      ? []
      : [
          {
            id: "L03.drained",
            ...steps("drained"),
            title: "The daemon goes on only when the list is empty",
            says: "entries wait for another visit",
            holds: not(v.queued),
          },
        ]),
    ...list,
    {
      id: "A01.last",
      kind: "reachable",
      title: "The last entry of a live mm can be the one in flight",
      says: "an entry stays queued while it is promoted",
      goal: and(
        at(thread, [`${names.promote}:account`]),
        not(v.queued),
        at("owner", ["task:run"]),
        at(names.scanner, [
          `${names.doScan}:next`,
          ...(thread === names.scanner ? [`${names.promote}:account`] : []),
        ]),
      ),
    },
  ];
}

/** The exit hook. */
function exitWays(v: Memory, has: Has, names: Names): readonly Property[] {
  const steps = (...named: readonly string[]) => assertion("owner", ...named);
  const here = eq(v.cursor, thisMm);
  const busy = has("exitFreesRestingSlot") ? and(here, v.is_scanned) : here;
  const perMm = has("queuePerMm");
  return [
    {
      id: "S13.cleared",
      ...steps("mmput"),
      title: "The last mmput comes after mm->owner is cleared",
      says: "mm->owner is a task that has ended",
      holds: not(v.owner),
    },
    {
      id: "S13.clears",
      ...steps("owner_cleared"),
      title: "exit_mm clears an owner that is there",
      says: "mm->owner is cleared twice",
      holds: v.owner,
    },
    {
      id: "S01.unlink",
      ...steps("unlink"),
      title: "An exit unlinks a listed slot that the daemon is not at",
      says: "a slot is unlinked twice, or during a visit",
      holds: and(v.listed, not(busy)),
    },
    {
      id: "L04.leave",
      ...steps("leave"),
      title: "A slot is left to the daemon only while that is at it",
      says: "nobody frees the slot, or two do",
      holds: and(v.listed, busy),
    },
    {
      id: "L04.untracked",
      ...steps("untracked_exit"),
      title: "Only an mm without a slot is passed over by its exit",
      says: "the slot stays listed when the mm is gone",
      holds: not(v.listed),
    },
    {
      id: "S06.cleaned",
      kind: "assertion",
      on: [
        { actor: "owner", steps: ["cleaned"] },
        { actor: names.scanner, steps: ["collect"] },
      ],
      title: "A cleanup that finds entries waits for the one that is in flight",
      says: "the migrator goes on with an entry of an mm that is taken down, as nobody waits for it",
      // The fix is one that this model has not: an exit that waits for the migrator.
      ...(has("separateMigrateThread") && !perMm ? { defects: ["D09"] } : {}),
      holds: not(and(v.queued, v.cur_migrate_mm)),
    },
    ...(perMm
      ? [
          {
            id: "S06.emptied",
            ...steps("cleaned"),
            title: "A migration list is freed at once only when it is empty",
            says: "entries of an mm outlive it",
            holds: not(v.queued),
          },
          {
            id: "S06.waited",
            ...steps("migrator_left"),
            title: "A migration list is freed when the migrator has left it",
            says: "the migrator goes on on a freed list",
            holds: not(v.cur_migrate_mm),
          },
        ]
      : []),
    {
      id: "S04.barrier",
      ...steps("barrier"),
      title: "The barrier is passed when nobody holds mmap_lock",
      says: "page tables are freed under a walker",
      holds: is(v.mmap_lock, "free"),
    },
    {
      id: "S02.reuse",
      ...steps("reuse"),
      title: "An mm_struct is used again when nobody has a reference",
      says: "the slot of a dead mm comes to be that of another",
      holds: eq(v.mm_count, 0),
    },
  ];
}
