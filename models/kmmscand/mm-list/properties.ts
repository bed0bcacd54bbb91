/** What the scan list promises: its slots exist and are pinned, and every mm has its turn. */
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
  forall,
  get,
  gt,
  head,
  type Id,
  type Int,
  implies,
  includes,
  individual,
  is,
  isEmpty,
  isNone,
  not,
  or,
  type Property,
} from "../../language/index.ts";
import { walkingAt } from "./daemon.ts";
import type { HasListFeature } from "./features.ts";
import { lifeProperties } from "./life.ts";
import {
  barrierAt,
  beginningAt,
  endingAt,
  enteringAt,
  incompleteAt,
  tornDownAt,
  withoutMmAt,
} from "./owner.ts";
import type { ListMemory, SlotMemory } from "./shared-memory.ts";

type Mm = Expr<Id<"mm">>;

export const one = (test: Expr<Bool>): Expr<Int> => choose<Int>(test, { kind: "int", value: 1 }, 0);

/** The slot of S01; every model of the daemon asks it. */
export function cursorListed(v: SlotMemory): Property {
  return {
    id: "S01",
    kind: "invariant",
    title: "The cursor points to a slot of the scan list",
    says: "scan_mm_slot would use a slot that has been unlinked and freed",
    holds: or(isNone(v.cursor), contains(v.scan_list, v.cursor)),
    premise: not(isNone(v.cursor)),
  };
}

/**
 * S02.
 *
 * @param unlinked - an exit has unlinked the slot and not yet dropped its reference
 */
export function slotsHoldOneReference(v: SlotMemory, unlinked?: (x: Mm) => Expr<Bool>): Property {
  return {
    id: "S02",
    kind: "invariant",
    title: "Each scan slot holds exactly one reference to its mm",
    says: "mmgrab and mmdrop of the daemon do not balance: an mm is leaked, or freed while its slot is listed",
    holds: forall("mm", "x", (x) => {
      const own = not(at("owner", withoutMmAt, x));
      const listed = and(contains(v.scan_list, x), not(at("owner", enteringAt, x)));
      const ofSlot = unlinked === undefined ? one(listed) : add(one(listed), one(unlinked(x)));
      return eq(get(v.mm_count, x), add(one(own), ofSlot));
    }),
    premise: not(isEmpty(v.scan_list)),
  };
}

/** S03 and S17: what is walked. */
export function walkProperties(v: SlotMemory): { readonly s03: Property; readonly s17: Property } {
  const walks = (x: Mm) => and(at("kmmscand", walkingAt), eq(v.cursor, x));
  return {
    s03: {
      id: "S03",
      kind: "invariant",
      title: "Page tables are walked under mmap_lock, and never while they are taken down",
      says: "the daemon reads page tables that exit_mmap is freeing",
      holds: forall("mm", "x", (x) =>
        implies(walks(x), and(is(get(v.mmap_lock, x), "read"), not(at("owner", tornDownAt, x)))),
      ),
      premise: at("kmmscand", walkingAt),
    },
    s17: {
      id: "S17",
      kind: "invariant",
      title: "An mm whose VMA tree is not complete is never walked",
      says: "the daemon follows the placeholder entries that a failed dup_mmap leaves in the tree",
      defects: ["D27"],
      holds: forall("mm", "x", (x) => not(and(walks(x), at("owner", incompleteAt, x)))),
      premise: exists("mm", "x", (x) => at("owner", incompleteAt, x)),
    },
  };
}

/** S04: only the task of the mm itself takes its mmap_lock for write. */
export function noSelfDeadlock(v: SlotMemory, barriers: readonly string[]): Property {
  const writes = (x: Mm) => is(get(v.mmap_lock, x), "write");
  return {
    id: "S04",
    kind: "invariant",
    title: "No task asks for an mmap_lock that it holds for write",
    says: "the task waits for itself: it hangs in __kmmscand_exit, and the mm stays locked for ever",
    defects: ["D01"],
    holds: forall("mm", "x", (x) => not(and(at("owner", barriers, x), writes(x)))),
    premise: exists("mm", "x", (x) => at("owner", barriers, x)),
  };
}

/** S13: list_entry needs an entry. */
export function pickHasSlot(v: SlotMemory): Property {
  return {
    id: "S13",
    kind: "assertion",
    title: "A slot is picked only from a list that has one",
    says: "scan_mm_slot takes the list head itself for a slot and follows its garbage mm pointer",
    defects: ["D28"],
    on: [{ actor: "kmmscand", steps: ["pick"] }],
    holds: not(and(isNone(v.cursor), isEmpty(v.scan_list))),
  };
}

/** L04. The mms are interchangeable, so the first speaks for all. */
export function mmIsFreed(v: SlotMemory): Property {
  const mm = individual("mm", 0);
  return {
    id: "L04",
    kind: "leadsTo",
    title: "An mm without users is freed in the end",
    says: "a scan slot keeps its reference: the mm_struct and its page directory are never freed",
    defects: ["D47"],
    from: and(eq(get(v.mm_users, mm), 0), gt(get(v.mm_count, mm), 0)),
    to: eq(get(v.mm_count, mm), 0),
  };
}

export function listProperties(v: ListMemory, has: HasListFeature, stores: number): readonly Property[] {
  const { s03, s17 } = walkProperties(v);
  const mm = individual("mm", 0);
  const begun = at("owner", [...beginningAt(has), ...endingAt], mm);
  const listed = contains(v.scan_list, mm);
  const pickedNow = and(eq(v.cursor, mm), at("kmmscand", ["scan_mm_slot:trylock"]));
  const next = choose(isNone(v.cursor), head(v.scan_list), v.cursor);
  return [
    cursorListed(v),
    slotsHoldOneReference(v),
    s03,
    noSelfDeadlock(v, barrierAt(has)),
    pickHasSlot(v),
    s17,
    {
      id: "L01",
      kind: "assertion",
      title: "No mm is visited twice while another one waits for its turn",
      says: "the order of visits begins anew at the head of the list, and mms at its tail wait longer than a round",
      defects: ["D44"],
      on: [{ actor: "kmmscand", steps: ["pick"] }],
      holds: forall("mm", "x", (x) =>
        implies(and(contains(v.scan_list, x), not(eq(next, x))), not(includes(get(v.since, x), next))),
      ),
    },
    {
      id: "L01.again",
      kind: "leadsTo",
      title: "A listed mm is visited again, unless it leaves or scanning is disabled",
      says: "the daemon goes round without ever coming to the mm",
      from: and(listed, v.scan_enabled),
      to: or(pickedNow, not(listed), not(v.scan_enabled)),
    },
    mmIsFreed(v),
    {
      id: "B04",
      kind: "leadsTo",
      title: "A fork, exec or exit that has begun comes to its end",
      says: "the task never returns from __kmmscand_exit",
      defects: ["D01"],
      from: begun,
      to: at("owner", ["task:run", "task:gone"], mm),
    },
    ...lifeProperties(v, has, stores),
  ];
}
