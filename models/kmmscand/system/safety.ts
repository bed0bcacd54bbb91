/** Safety properties: who may look at what, and when. */
import {
  add,
  and,
  at,
  type Bool,
  choose,
  contains,
  type Expr,
  eq,
  exists,
  field,
  forall,
  get,
  gt,
  type Id,
  type Int,
  implies,
  is,
  isEmpty,
  isNone,
  not,
  or,
  type Property,
} from "../../language/index.ts";
import type { Has } from "./features.ts";
import { barrierAt, enteringAt, incompleteAt, tornDownAt, withoutMmAt } from "./owner.ts";
import type { Shared } from "./shared-memory.ts";
import { walkingAt } from "./walk.ts";

export function safetyProperties(v: Shared, has: Has): readonly Property[] {
  const walks = (x: Expr<Id<"mm">>) => and(at("kmmscand", walkingAt), eq(v.cursor, x));
  return [
    {
      id: "S01",
      kind: "invariant",
      title: "The cursor points to a slot of the scan list",
      says: "scan_mm_slot would use a slot that has been unlinked and freed",
      holds: or(isNone(v.cursor), contains(v.scan_list, v.cursor)),
      premise: not(isNone(v.cursor)),
    },
    {
      id: "S02",
      kind: "invariant",
      title: "Each scan slot holds exactly one reference to its mm",
      says: "mmgrab and mmdrop of the daemon do not balance: an mm is leaked, or freed while its slot is listed",
      holds: forall("mm", "x", (x) => {
        const own = not(at("owner", withoutMmAt, x));
        const listed = and(contains(v.scan_list, x), not(at("owner", enteringAt, x)));
        const unlinked = is(get(v.slot_found, x), "unlinked");
        return eq(get(v.mm_count, x), add(one(own), add(one(listed), one(unlinked))));
      }),
      premise: not(isEmpty(v.scan_list)),
    },
    {
      id: "S03",
      kind: "invariant",
      title: "Page tables are walked under mmap_lock, and never while they are taken down",
      says: "the daemon reads page tables that exit_mmap is freeing",
      holds: forall("mm", "x", (x) =>
        implies(walks(x), and(is(get(v.mmap_lock, x), "read"), not(at("owner", tornDownAt, x)))),
      ),
      premise: at("kmmscand", walkingAt),
    },
    {
      id: "S04",
      kind: "invariant",
      title: "No task asks for an mmap_lock that it holds for write",
      says: "the task waits for itself: it hangs in __kmmscand_exit, and the mm stays locked for ever",
      defects: ["D01"],
      holds: forall("mm", "x", (x) => not(and(at("owner", barrierAt(has), x), writes(v, x)))),
      premise: exists("mm", "x", (x) => at("owner", barrierAt(has), x)),
    },
    {
      id: "S05",
      kind: "assertion",
      title: "An entry acts on the folio it was made for",
      says: "promote_folio reads the flags of, or moves, a folio that was freed since it was queued and may be another's by now",
      defects: ["D02", "D04"],
      on: [
        {
          actor: "kmmscand",
          steps: ["flags_valid", "flags_invalid", "not_isolated", "folio_moved", "folio_busy"],
        },
      ],
      holds: not(field(v.in_flight, "stale")),
    },
    {
      id: "S10",
      kind: "assertion",
      title: "The daemon takes and releases the mmap_lock of an mm that exists",
      says: "the lock lies in freed memory, or is released by one who does not hold it",
      on: [
        { actor: "kmmscand", steps: ["trylock", "trylock_fails", "exiting", "too_early", "end", "enough"] },
      ],
      holds: and(
        gt(get(v.mm_count, v.cursor), 0),
        or(at("kmmscand", ["scan_mm_slot:trylock"]), is(get(v.mmap_lock, v.cursor), "read")),
      ),
    },
    {
      id: "S13",
      kind: "assertion",
      title: "A slot is picked only from a list that has one",
      says: "scan_mm_slot takes the list head itself for a slot and follows its garbage mm pointer",
      defects: ["D28"],
      on: [{ actor: "kmmscand", steps: ["pick"] }],
      holds: not(and(isNone(v.cursor), isEmpty(v.scan_list))),
    },
    {
      id: "S17",
      kind: "invariant",
      title: "An mm whose VMA tree is not complete is never walked",
      says: "the daemon follows the placeholder entries that a failed dup_mmap leaves in the tree",
      defects: ["D27"],
      holds: forall("mm", "x", (x) => not(and(walks(x), at("owner", incompleteAt, x)))),
      premise: exists("mm", "x", (x) => at("owner", incompleteAt, x)),
    },
  ];
}

export const one = (test: Expr<Bool>): Expr<Int> => choose<Int>(test, { kind: "int", value: 1 }, 0);

/** Only the task of the mm itself takes its mmap_lock for write. */
const writes = (v: Shared, x: Expr<Id<"mm">>) => is(get(v.mmap_lock, x), "write");
