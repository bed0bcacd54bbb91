/** What an exit may cost others, and itself, while it cleans the migration list. */
import {
  and,
  at,
  type Expr,
  eq,
  everyElement,
  field,
  isNone,
  ne,
  not,
  or,
  type Property,
  type Rec,
  self,
} from "../../language/index.ts";
import type { EntryFields } from "../migration-entry.ts";
import { spins } from "./cleanup.ts";
import type { Has } from "./features.ts";
import type { Shared } from "./shared-memory.ts";
import { listOfMm, migratesIn, servesSlots } from "./waiting.ts";

/** Steps of an exit from which cleanup_migration_list returns. */
export function cleanupReturns(has: Has): readonly string[] {
  const slots = servesSlots(has);
  const empty = has("migrationSlots") && !(slots && has("cleanupWaitsForInFlight")) ? ["nothing_queued"] : [];
  return ["cleaned", ...empty, ...(slots ? ["no_slot"] : [])];
}

/** The mm of an entry is NULL once its own exit has cleaned. */
const ofNoOther = (e: Expr<Rec<EntryFields>>) => or(isNone(field(e, "mm")), eq(field(e, "mm"), self("mm")));

export function cleanupProperties(v: Shared, has: Has): readonly Property[] {
  const slots = servesSlots(has);
  const collects = slots && has("collectCleansQueue") && !has("cleanupAfterBarrier");
  return [
    {
      id: "S06.inflight",
      kind: "assertion",
      title: "cleanup_migration_list returns only when no entry of the mm is in flight",
      says: "the exit goes on to exit_mmap while promote_folio works on the last entry of the mm",
      defects: slots ? ["D16"] : has("separateMigrateThread") ? ["D09"] : ["D07"],
      on: [{ actor: "owner", steps: cleanupReturns(has) }],
      holds: ne(field(v.in_flight, "mm"), self("mm")),
    },
    {
      id: "B02",
      kind: "assertion",
      title: "Nobody spins until another task has done what may sleep",
      says: "cleanup spins until the promotion is over, and that may sleep: on one processor it never comes to run",
      defects: ["D08"],
      on: [
        { actor: "owner", steps: [spins(has) ? "spin" : "cleaned"] },
        ...(spins(has) && collects ? [{ actor: "kmmscand", steps: ["spin"] }] : []),
      ],
      holds: spins(has) ? not(at(migratesIn(has), ["promote_folio:isolate"])) : and(),
    },
    {
      id: "B02.list",
      kind: "assertion",
      title: "An exit walks entries of its own mm only",
      says: "migrate_lock is held while every exit walks what was queued for all mms",
      defects: ["D36"],
      on: [{ actor: "owner", steps: [slots ? "drain" : "cleaned"] }],
      holds: everyElement(listOfMm(v, has, self("mm")), "e", ofNoOther),
    },
  ];
}
