/** hot_vma_idle_pte_entry: the walk of one folio, entry by entry, with the flag order of each version. */
import {
  type Actor,
  actor,
  and,
  type Bool,
  choose,
  type Effect,
  type Expr,
  each,
  eq,
  exists,
  get,
  type Id,
  individual,
  is,
  isNone,
  type NamedStep,
  not,
  or,
  point,
  set,
  step,
  when,
} from "../../language/index.ts";
import type { Has } from "./features.ts";
import type { Memory } from "./memory.ts";

const first = individual("pte", 0);

export function scanner(v: Memory, has: Has, ptes: number): Actor {
  const mapped = not(is(v.kind, "unmapped"));
  const lockable = is(v.kind, "file", "ksm");
  const begin: readonly Effect[] = [
    ...(has("pmdEntryJudged") ? [] : [when(is(v.kind, "huge"), splitPmd(v))]),
    set(v.walking, true),
    ...comesTo(v, has, first),
  ];
  const free = not(v.walking);
  return actor({
    name: "kmmscand",
    doc: "The walk of the VMA that maps the folio, again and again.",
    initial: "walk_page_vma:walk",
    points: {
      "walk_page_vma:walk": point(
        step(
          "walk",
          has("pmdEntryJudged")
            ? "the walk comes to the folio"
            : "the walk comes to the folio; a huge PMD is split",
          {
            when: and(mapped, free),
            do: begin,
            to: "pte_entry:visit",
          },
        ),
        has("busyFolioLeftAlone")
          ? step("busy", "folio_trylock fails: leave everything as it is", { when: and(lockable, free) })
          : step("walk_busy", "the walk comes to the folio, whose lock is held", {
              when: and(lockable, free, not(v.swapped)),
              do: [...begin, set(v.contended, true)],
              to: "pte_entry:visit",
              why: "folio_trylock will fail, and the accessed bit stays set",
            }),
      ),
      "pte_entry:visit": point(...visits(v, has, ptes), done(v)),
    },
  });
}

function splitPmd(v: Memory): readonly Effect[] {
  return [
    set(v.kind, "anon"),
    set(v.split, true),
    each("pte", "p", (p) => [set(get(v.pte_young, p), get(v.pte_young, first))]),
  ];
}

/** The walk leaves the folio: the window closes. */
function done(v: Memory): NamedStep {
  return step("done", "the walk leaves the folio", {
    when: isNone(v.next_pte),
    do: [
      set(v.touched_before, v.touched),
      set(v.visited, not(v.swapped)),
      ...[v.touched, v.queued, v.counted, v.walking, v.contended].map((flag) => set(flag, false)),
      set(v.asked, "nothing"),
    ],
    to: "walk_page_vma:walk",
  });
}

function visits(v: Memory, has: Has, ptes: number): readonly NamedStep[] {
  const here = not(isNone(v.next_pte));
  const advance = comesTo(v, has, behind(v, has, ptes));
  const present = and(here, not(v.swapped));
  const slow = and(present, not(is(v.kind, "toptier")));
  const top = and(present, is(v.kind, "toptier"));
  const found = bitSet(v, has);
  const bit = or(found, v.handed_on);
  const cleared = and(bit, not(v.contended));
  const young = or(v.pg_young, cleared);
  // The flags of the folio after the accessed bit was looked at.
  const idle = has("firstScanIgnoresUntouched") ? not(cleared) : and(v.pg_idle, not(cleared));
  const accessed = has("youngNotTakenForAccess") ? not(idle) : or(not(idle), young, bit);
  const before = and(not(v.pg_idle), ...(has("firstVisitMarksOnly") ? [v.visited] : []));
  const hot = has("secondAccess") ? and(accessed, before) : accessed;
  const counts = has("targetChosenByScan");
  const counted = has("toptierJudgedByBit") ? bit : or(accessed, young, bit);
  const shown = (marked: Expr<Bool>) =>
    has("ownFlags")
      ? when(and(found, not(v.contended)), [set(v.bitmap_idle, false)])
      : set(v.bitmap_idle, marked);
  const flags = (marked: Expr<Bool>): readonly Effect[] => [
    shown(marked),
    when(
      not(v.contended),
      [
        set(v.pg_young, has("youngFlagCleared") ? false : young),
        set(v.pg_idle, marked),
        clearBits(v, has),
        set(v.handed_on, false),
      ],
      [set(v.pg_idle, marked)],
    ),
    ...advance,
  ];
  const settled = has("secondAccess") ? idle : and();
  const atTop = has("toptierMarkedIdle") ? and() : idle;
  return [
    has("presentTested")
      ? step("not_present", "the entry is not present: pass on", {
          when: and(here, v.swapped),
          do: advance,
        })
      : step("decode", "a swap entry is decoded as if it were a page", {
          when: and(here, v.swapped),
          do: advance,
        }),
    step("queue", "hot, slow tier: queue the folio", {
      when: and(slow, hot),
      do: [
        set(v.queued, true),
        set(v.asked, has("allocatesWithoutSleeping") ? "at_once" : "may_sleep"),
        ...flags(settled),
      ],
    }),
    step("idle", "not hot", { when: and(slow, not(hot)), do: flags(settled) }),
    ...(counts
      ? [
          step("toptier_accessed", "top tier, accessed: counted for its node", {
            when: and(top, counted),
            do: [set(v.counted, true), ...flags(atTop)],
          }),
          step("toptier", "top tier, not accessed", { when: and(top, not(counted)), do: flags(atTop) }),
        ]
      : [step("toptier", "top tier: passed over", { when: top, do: flags(atTop) })]),
  ];
}

/** The walk comes to an entry, or to the end of the folio. The index of a folio that KSM has merged says nothing about this VMA. */
function comesTo(v: Memory, has: Has, pte: Expr<Id<"pte">>): readonly Effect[] {
  const none: Expr<Id<"pte">> = { kind: "none" };
  const computed = choose(is(v.kind, "ksm"), none, v.next_pte);
  return [set(v.next_pte, pte), set(v.address, has("callbackAddressUsed") ? v.next_pte : computed)];
}

/** Whether the visit finds an accessed bit: that of its entry, or any of the folio's. */
function bitSet(v: Memory, has: Has): Expr<Bool> {
  if (has("folioJudgedOnce")) return exists("pte", "p", (p) => get(v.pte_young, p));
  return get(v.pte_young, v.next_pte);
}

function clearBits(v: Memory, has: Has): Effect {
  const concerned = (p: Expr<Id<"pte">>) => (has("folioJudgedOnce") ? and() : eq(p, v.next_pte));
  return each("pte", "p", (p) => [when(concerned(p), [set(get(v.pte_young, p), false)])]);
}

/** The entry after this one; a huge PMD is one entry, and a folio that is judged once is passed as a whole. */
function behind(v: Memory, has: Has, ptes: number): Expr<Id<"pte">> {
  const none: Expr<Id<"pte">> = { kind: "none" };
  if (ptes < 2 || has("folioJudgedOnce")) return none;
  return choose(and(eq(v.next_pte, first), not(is(v.kind, "huge"))), individual("pte", 1), none);
}
