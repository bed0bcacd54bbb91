/** Which way each thread takes, and why: what a step of the migration list may count on, and what it leaves behind. */
import {
  and,
  at,
  choose,
  chosen,
  contains,
  type Expr,
  eq,
  exists,
  field,
  forall,
  get,
  gt,
  type Id,
  implies,
  includes,
  is,
  isEmpty,
  isNone,
  ne,
  not,
  or,
  type Property,
  self,
} from "../../language/index.ts";
import { assertion } from "../assertion.ts";
import { visitedProperties } from "../common-properties.ts";
import { someQueued } from "./entries.ts";
import type { Has } from "./features.ts";
import { type Shared, type Way, ways } from "./shared-memory.ts";

type Mm = Expr<Id<"mm">>;

export function wayProperties(v: Shared, has: Has): readonly Property[] {
  return [
    ...visitProperties(v),
    ...queueProperties(v, has),
    ...promotionProperties(v, has),
    ...exitProperties(v, has),
    ...(has("migrationSlots") ? slotProperties(v, has) : []),
  ];
}

/** The scanner: what it looks at, and whom it passes over. */
function visitProperties(v: Shared): readonly Property[] {
  return [
    {
      id: "S13.work",
      ...assertion("kmmscand", "work"),
      title: "A slot is looked for only where has_work has seen one",
      says: "the daemon looks for a slot on an empty list",
      holds: not(isEmpty(v.scan_list)),
    },
    ...visitedProperties(v),
  ];
}

/** What an entry is made of, and what must not become of its folio. */
function queueProperties(v: Shared, has: Has): readonly Property[] {
  const folio = chosen("folio", "folio");
  return [
    {
      id: "A05.queued",
      ...assertion("kmmscand", "queue"),
      title: "An entry is made of a folio that the mm under scan maps",
      says: "the entry names an mm and a folio that have nothing to do with each other",
      holds: eq(get(v.folio_mm, folio), v.cursor),
    },
    {
      id: "S15.queued",
      ...assertion("kmmscand", "queue"),
      title: "Only a folio of the slow tier is queued",
      says: "a folio that lies in the top tier is queued for promotion",
      holds: not(get(v.toptier, folio)),
    },
    {
      id: "S05.freed",
      kind: "invariant",
      title: "No folio is freed while an entry names it",
      says: "the entry owns no reference: its folio is freed, and may be another's by the time the migrator comes to it",
      defects: has("queueSkipsListed") ? ["D02"] : ["D02", "D04"],
      holds: not(
        or(
          field(v.in_flight, "stale"),
          someQueued(v, (e) => field(e, "stale")),
        ),
      ),
    },
  ];
}

/** KMMSCAND_ and KSCAND_ codes of promote_folio, once more, in the order of the lists; 1 is NULL_MM. */
const codes: readonly Way[] = [
  "exiting",
  "invalidFolio",
  "notLru",
  "sourceNode",
  "sameNode",
  "pteGone",
  "pmdGone",
  "noPteTable",
];

/** v2 and v3 have NOT_HOT_PAGE before LRU_ISOLATION_ERR, v1 has no such code. */
function codeOf(way: Way, has: Has): number {
  if (way === "moved") return 0;
  if (way === "again") return -11;
  const late: readonly Way[] =
    has("hotPageTested") || has("idleEntriesDropped") ? ["notHot", "notIsolated"] : ["notIsolated"];
  return 2 + [...codes, ...late].indexOf(way);
}

/** promote_folio: each refusal has its cause and its code. */
function promotionProperties(v: Shared, has: Has): readonly Property[] {
  const folio = field(v.in_flight, "folio");
  const mm = field(v.in_flight, "mm");
  const mapped = not(isNone(get(v.folio_mm, folio)));
  const toptier = get(v.toptier, folio);
  return [
    {
      id: "S05.valid",
      ...assertion("migrator", "not_lru", ...(has("hotPageTested") ? ["flags_cold"] : []), "flags_valid"),
      title: "Only a mapped folio passes the first check of its flags",
      says: "promotion goes on with a folio that nobody maps, or refuses it for what is checked later",
      holds: mapped,
    },
    {
      id: "S15.source",
      ...assertion("migrator", "source_slow"),
      title: "Promotion goes on only with a folio of the slow tier",
      says: "a folio that lies in the top tier already is promoted",
      holds: not(toptier),
    },
    {
      id: "A02.refused",
      ...assertion("migrator", "flags_invalid", "source_toptier"),
      title: "A folio is refused only where it is not mapped, or lies in the top tier",
      says: "a mapped folio of the slow tier is refused, and counted as failed",
      holds: choose(at("migrator", ["promote_folio:flags"]), not(mapped), toptier),
    },
    {
      id: "A02.gone",
      ...assertion("migrator", "pmd_gone", "no_pte_table", ...(has("promoteChecksPte") ? ["pte_gone"] : [])),
      title: "A missing page-table entry, or its table, is reported only where the mm does not map the folio",
      says: "an entry whose folio is still mapped is refused, and counted as failed",
      holds: ne(get(v.folio_mm, folio), mm),
    },
    {
      id: "A02.code",
      kind: "invariant",
      title: "promote_folio returns 0 for a success, and for a refusal the code of the check that refuses",
      says: "the trace shows an rc that belongs to another outcome",
      holds: and(...ways.map((way) => implies(is(v.outcome, way), eq(v.ret, codeOf(way, has))))),
    },
    {
      id: "S18.meant",
      ...assertion("migrator", "exiting_mm", ...(has("migrationSlots") ? ["stopped"] : [])),
      title: "The migrator turns away from an mm only where that mm exits",
      says: "the exit of one mm makes the migrator give up an entry of another, which lives",
      defects: ["D18", "D69"],
      holds: eq(get(v.mm_users, v.cur_migrate_mm), 0),
    },
    ...(has("scanFindsIdle")
      ? [
          {
            id: "A04.promoted",
            ...assertion("migrator", "folio_moved"),
            title: "What is promoted was in use when a visit last looked at it",
            says: "a folio is moved that a visit has found idle since it was queued",
            holds: not(includes(v.idle, folio)),
          },
        ]
      : []),
    ...(has("promoteHoldsMmapLock")
      ? [
          {
            id: "S07.users",
            ...assertion("migrator", "mm_locked"),
            title: "Promotion goes on only in an mm that has users as its mmap_lock is taken",
            says: "page tables are read of an mm that is exiting",
            holds: gt(get(v.mm_users, mm), 0),
          },
        ]
      : []),
  ];
}

/** The exit of an mm. */
function exitProperties(v: Shared, has: Has): readonly Property[] {
  const mm = self("mm");
  /** The daemon has yet to collect the mm, or is at it. */
  const left = (x: Mm) => or(contains(v.scan_list, x), eq(v.collected, x));
  const over = (x: Mm) => and(at("owner", ["task:gone"], x), not(left(x)));
  const premise = exists("mm", "x", over);
  const waits = (x: Mm) => at("owner", ["__mmput:barrier"], x);
  return [
    {
      id: "S02.left",
      kind: "invariant",
      title: "An exit leaves its slot only to a daemon that is scanning it",
      says: "the exit goes on although nobody comes to collect the slot that it has left on the list",
      holds: forall("mm", "x", (x) =>
        implies(and(waits(x), contains(v.scan_list, x)), and(eq(v.cursor, x), v.is_scanned)),
      ),
      premise: exists("mm", "x", waits),
    },
    {
      id: "S10.barrier",
      ...assertion("owner", "barrier"),
      title: "mmap_lock is taken for write only while nobody reads",
      says: "the exit does not wait for the daemon or the migrator to leave the page tables",
      holds: and(is(get(v.mmap_lock, mm), "free"), ne(v.migrator_reads, mm)),
    },
    ...(has("migrationSlots")
      ? [
          {
            id: "S10.gone",
            kind: "invariant" as const,
            title: "An mm that is gone and collected has left no migration slot",
            says: "the migration slot is leaked, or is still listed or pointed to after its mm is gone",
            defects: ["D15", "D16"],
            holds: forall("mm", "x", (x) =>
              implies(
                over(x),
                not(or(get(v.slot_live, x), contains(v.kmigrated_list, x), eq(v.kmigrated_cursor, x))),
              ),
            ),
            premise,
          },
          {
            id: "S18.gone",
            kind: "invariant" as const,
            title: "A request to stop does not outlive the exit that made it",
            says: "clean_list stays set for an mm that is gone",
            holds: forall("mm", "x", (x) => implies(over(x), not(includes(v.clean_list, x)))),
            premise,
          },
        ]
      : []),
  ];
}

/** v2 and v3: the migration slots. */
function slotProperties(v: Shared, has: Has): readonly Property[] {
  const list = get(v.slot_list, v.served);
  const atEnd = has("migratorTakesTurns") ? or() : is(v.successor, "head", "freed");
  const destroys = has("entriesFreedAtOnce") ? ["destroy"] : ["kmalloc", "kmalloc_fails"];
  return [
    {
      id: "S13.slots",
      ...assertion("migrator", "slots_listed"),
      title: "A migration slot is looked for only where has_work has seen one",
      says: "the migrator looks for a slot on an empty list",
      holds: not(isEmpty(v.kmigrated_list)),
    },
    {
      id: "S11.read",
      kind: "assertion",
      title: "The list of migration slots is read under kscand_migrate_lock only",
      says: "somebody looks a slot up, or picks one, while another holds the lock and changes the list",
      on: [
        { actor: "migrator", steps: ["serve", ...(has("migratorRechecksList") ? ["none_listed"] : [])] },
        { actor: "kmmscand", steps: ["found", "not_found"] },
        { actor: "owner", steps: ["slot_found", "no_slot"] },
      ],
      holds: is(v.kscand_migrate_lock, "free"),
    },
    {
      id: "S18.heeded",
      ...assertion("migrator", "take", "served"),
      title: "The migrator stops as soon as it sees that an exit has asked it to",
      says: "the migrator goes on with a slot that an exit is waiting to free",
      holds: not(includes(v.clean_list, v.served)),
    },
    {
      id: "L03.left",
      ...assertion("migrator", "served"),
      title: "The migrator is done with a slot only behind its last entry",
      says: "entries are left on the list, and the migrator turns to another slot",
      holds: or(isEmpty(list), atEnd),
    },
    {
      id: "A01.destroyed",
      ...assertion("owner", ...destroys),
      title: "Entries are discarded, and the migrator is asked to stop, only where there are some",
      says: "an exit asks the migrator to stop and has nothing to discard",
      holds: not(isEmpty(get(v.slot_list, self("mm")))),
    },
    {
      id: "S18.idle",
      kind: "invariant",
      title: "The migrator is asked to stop only by an exit that has found it at work for its mm",
      says: "an exit sets clean_list although the migrator does not work for its mm",
      holds: forall("mm", "x", (x) => implies(includes(v.clean_list, x), includes(v.asked, x))),
      premise: exists("mm", "x", (x) => includes(v.clean_list, x)),
    },
  ];
}
