/** What holds at every step of the migration list: who holds what, what the counts say, and that everybody gets on. */
import {
  add,
  and,
  at,
  type Bool,
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
  individual,
  is,
  isNone,
  not,
  or,
  type Property,
} from "../../language/index.ts";
import { mappedByLiving } from "../common-properties.ts";
import { cursorListed, mmIsFreed, one } from "../mm-list/properties.ts";
import { isOf, names, someQueued } from "./entries.ts";
import type { Has } from "./features.ts";
import type { Shared } from "./shared-memory.ts";

type Mm = Expr<Id<"mm">>;
/** The actor stands at one of those of the points that this version has. */
export type Here = (actor: string, points: readonly string[]) => Expr<Bool>;

const unlessTracked = ["task:start", "task:gone"] as const;

/** Where the daemon holds mmap_lock for read. */
const readsAt = [
  "scan_mm_slot:users_test",
  "scan_mm_slot:walk",
  "get_mm_slot:lookup",
  "get_mm_slot:alloc",
  "get_mm_slot:guard",
  "get_mm_slot:lock",
  "get_mm_slot:insert",
  "scan_mm_slot:no_slot",
  "scan_mm_slot:null_slot",
  "scan_mm_slot:splice",
] as const;
const holdsAt = ["promote_folio:pmd", "promote_folio:isolate"] as const;
const promotesAt = ["promote_folio:get", ...holdsAt] as const;
const accountAt = ["migrate_folio:account", "kmigrated_migrate_mm:account"] as const;
const targetAt = ["migrate_folio:target", "kmigrated_migrate_mm:target"] as const;
const flightAt = [
  ...targetAt,
  "promote_folio:flags",
  "promote_folio:mmap_lock",
  ...promotesAt,
  ...accountAt,
] as const;
const betweenSlots = ["kmigrated:has_work", "kmigrated_migrate_folio:pick"] as const;
const migratorRests = ["kmigrated:has_work", "migrate_folio:take"] as const;

/** The visit is under way: between the two mm_lock sections. */
const visitAt = ["scan_mm_slot:trylock", ...readsAt, "scan_mm_slot:advance"] as const;
const walkAt = readsAt.slice(1);

/** Each has taken what it holds, and gives it back. */
function holdProperties(v: Shared, has: Has, here: Here): readonly Property[] {
  const turns = has("migrationSlots") && has("migratorTakesTurns");
  return [
    cursorListed(v),
    {
      id: "S01.scanned",
      kind: "invariant",
      title: "is_scanned is set between the two mm_lock sections of a visit, and nowhere else",
      says: "an exit frees the slot that is being scanned, or leaves one to a daemon that does not come back",
      holds: eq(v.is_scanned, here("kmmscand", visitAt)),
    },
    {
      id: "S02",
      kind: "invariant",
      title: "Each scan slot holds exactly one reference to its mm",
      says: "mmgrab and mmdrop of the daemon do not balance: an mm is leaked, or freed while its slot is listed",
      holds: forall("mm", "x", (x) =>
        eq(
          get(v.mm_count, x),
          add(one(not(at("owner", unlessTracked, x))), one(or(contains(v.scan_list, x), eq(v.collected, x)))),
        ),
      ),
    },
    {
      id: "S02.users",
      kind: "invariant",
      title: "A program runs on an mm as long as that has users",
      says: "mm_users says that a dying mm is live, or that a live one is dying",
      holds: forall("mm", "x", (x) =>
        and(
          eq(get(v.running, x), gt(get(v.mm_users, x), 0)),
          implies(get(v.running, x), at("owner", ["task:run"], x)),
        ),
      ),
    },
    {
      id: "S10",
      kind: "invariant",
      title: "mmap_lock and the reference to the folio are given back by who has taken them",
      says: "the daemon or the migrator has gone on and holds a lock or a folio still, or gave it back too early",
      holds: and(
        forall("mm", "x", (x) =>
          eq(is(get(v.mmap_lock, x), "read"), and(here("kmmscand", readsAt), eq(v.cursor, x))),
        ),
        eq(v.folio_held, at("migrator", holdsAt)),
        has("promoteHoldsMmapLock")
          ? eq(not(isNone(v.migrator_reads)), at("migrator", promotesAt))
          : isNone(v.migrator_reads),
      ),
    },
    {
      id: "A01.flight",
      kind: "invariant",
      title: "An entry is in flight from its unlinking to its account, and cur_mm is set as long",
      says: "the migrator has finished with an entry or a slot and goes on as if it had not",
      holds: and(
        eq(not(isNone(field(v.in_flight, "folio"))), here("migrator", flightAt)),
        ...(turns
          ? [
              eq(isNone(v.served), here("migrator", betweenSlots)),
              eq(v.cur_migrate_mm, v.served),
              or(eq(v.ret, 0), here("migrator", accountAt)),
            ]
          : []),
      ),
    },
  ];
}

/** What becomes of folios, and of an mm that is taken down. */
function folioProperties(v: Shared, has: Has, here: Here): readonly Property[] {
  const folio = field(v.in_flight, "folio");
  const stale = field(v.in_flight, "stale");
  const mapped = (f: Expr<Id<"folio">>) => not(isNone(get(v.folio_mm, f)));
  const doubled = (x: Mm) => and(isOf(x)(v.in_flight), someQueued(v, names(folio)));
  return [
    mappedByLiving(v, unlessTracked),
    {
      id: "S15",
      kind: "invariant",
      title: "A folio lies in the top tier from its promotion until it is freed, and no other one does",
      says: "promotion returns 0 and has moved nothing, or a free folio counts as promoted",
      holds: and(
        forall("folio", "f", (f) => implies(get(v.toptier, f), mapped(f))),
        or(not(is(v.outcome, "moved")), stale, not(mapped(folio)), get(v.toptier, folio)),
      ),
    },
    {
      id: "L02.walked",
      kind: "invariant",
      title: "A new walk has passed no folio yet",
      says: "the scanner passes over a folio because an earlier walk has seen it",
      holds: or(here("kmmscand", walkAt), not(exists("folio", "f", (f) => includes(v.walked, f)))),
    },
    ...(has("queueSkipsListed")
      ? [
          {
            id: "B05.once",
            kind: "invariant" as const,
            title: "An entry that is in flight has left its list",
            says: "the migrator takes the same entry again and again",
            holds: not(exists("mm", "x", doubled)),
          },
        ]
      : []),
  ];
}

/** Everybody gets on: the mms are interchangeable, so the first speaks for all. */
function progressProperties(v: Shared, here: Here, exits: readonly string[]): readonly Property[] {
  const mm = individual("mm", 0);
  const listed = contains(v.scan_list, mm);
  /** A cleanup waits for the migrator to turn away from a slot that it can pick again meanwhile. */
  const waits = ["D08", "D16"];
  return [
    {
      id: "L01.again",
      kind: "leadsTo",
      title: "A listed mm is visited again, unless it leaves",
      says: "the daemon goes round without ever coming to the mm",
      // Where it holds back, it waits for entries that the migrator never comes to.
      defects: ["D45"],
      from: listed,
      to: or(and(eq(v.cursor, mm), at("kmmscand", ["scan_mm_slot:trylock"])), not(listed)),
    },
    { ...mmIsFreed(v), defects: waits },
    {
      id: "B04",
      kind: "leadsTo",
      title: "An exit that has begun comes to its end",
      says: "the task never returns from __mmput",
      defects: waits,
      from: at("owner", exits, mm),
      to: at("owner", ["task:gone"], mm),
    },
    {
      id: "DEADLOCK",
      kind: "deadlock",
      title: "Nothing stops before every mm is gone",
      says: "a thread waits for what never comes",
      final: and(
        forall("mm", "x", (x) => at("owner", ["task:gone"], x)),
        at("kmmscand", ["do_scan:has_work"]),
        here("migrator", migratorRests),
      ),
    },
  ];
}

/** A folio of a running mm that is found accessed in a visit, and has no entry yet. */
function promotable(v: Shared): Property {
  const inUse = (f: Expr<Id<"folio">>) =>
    and(
      exists("mm", "x", (x) => and(eq(get(v.folio_mm, f), x), get(v.running, x))),
      not(or(names(f)(v.in_flight), someQueued(v, names(f)))),
    );
  const promoted = exists("folio", "f", (f) => get(v.toptier, f));
  return {
    id: "L02.promoted",
    kind: "alwaysPossible",
    title: "A folio that is in use can still be promoted",
    says: "a folio is lost: whatever happens, it stays in the slow tier",
    from: and(not(promoted), exists("folio", "f", inUse)),
    goal: promoted,
  };
}

/** @param points - the program points of an actor */
export function lifeProperties(
  v: Shared,
  has: Has,
  points: (actor: string) => readonly string[],
): readonly Property[] {
  const here: Here = (actor, names) =>
    at(
      actor,
      names.filter((name) => points(actor).includes(name)),
    );
  const exits = points("owner").filter((name) => !["task:start", "task:run", "task:gone"].includes(name));
  return [
    ...holdProperties(v, has, here),
    ...folioProperties(v, has, here),
    ...progressProperties(v, here, exits),
    promotable(v),
  ];
}
