/** scan_mm_slot: from VMA to VMA, from entry to entry. */
import {
  type Actor,
  actor,
  add,
  and,
  type Bool,
  choose,
  type Effect,
  type Expr,
  eq,
  ge,
  get,
  greatest,
  gt,
  head,
  type Int,
  individual,
  is,
  isNone,
  le,
  least,
  lt,
  type NamedStep,
  next,
  not,
  or,
  point,
  set,
  step,
  sub,
  when,
} from "../../language/index.ts";
import type { Has } from "./features.ts";
import {
  addressOf,
  budgetOf,
  lengthOf,
  type Memory,
  patience,
  type Scope,
  scanSize,
  span,
  walkable,
} from "./memory.ts";

export function scanner(v: Memory, has: Has, scope: Scope): Actor {
  const mine = get(v.vmas, v.cursor);
  const begin = get(v.start, v.vma);
  const end = add(begin, lengthOf(v, v.vma));
  const address = get(v.slot_address, v.cursor);
  const some = not(isNone(v.vma));
  const hole = and(is(get(v.shape, v.vma), "hole"), eq(v.page, 1));
  const behind = set(v.vma, next(mine, v.vma));
  const inside = ge(v.page, walkable(v, v.vma));
  const from = has("resumesWhereItStopped") ? greatest(sub(address, begin), 0) : 0;
  const passes: readonly Effect[] = [set(v.last_visited, add(begin, v.page)), comes(v, add(v.page, 1))];
  return actor({
    name: "kmmscand",
    doc: "Visits the mms in turn, each from where the visit before has stopped.",
    initial: "scan_mm_slot:pick",
    points: {
      "scan_mm_slot:pick": point(
        step("pick", "mm_lock, mmap_read_trylock: the slot at the cursor", {
          when: not(isNone(v.watched)),
          do: [set(v.vma, head(mine))],
          to: "scan_mm_slot:find",
        }),
      ),
      "scan_mm_slot:find": point(
        step("below", "a VMA below the address to resume at", {
          when: and(some, le(end, address)),
          do: [behind],
        }),
        step("found", has("firstVmaKept") ? "the first VMA to scan" : "vma_next takes the first VMA away", {
          when: not(and(some, le(end, address))),
          do: has("firstVmaKept") ? [] : [behind],
          to: "for_each_vma:vma",
        }),
      ),
      "for_each_vma:vma": point(
        step("out_of_vmas", "no VMA left: resume at 0", {
          when: not(some),
          do: [set(get(v.reached, v.cursor), 0), ...leave(v, has, scope, { kind: "int", value: 0 })],
          to: "scan_mm_slot:pick",
        }),
        step("filtered", "the VMA is passed over", {
          when: and(some, is(get(v.shape, v.vma), "filtered")),
          do: [set(v.page, lengthOf(v, v.vma)), comes(v, lengthOf(v, v.vma))],
          to: "for_each_vma:account",
        }),
        step("walk", has("resumesWhereItStopped") ? "walk the VMA" : "walk the VMA from vm_start", {
          when: and(some, not(is(get(v.shape, v.vma), "filtered"))),
          do: [set(v.page, from)],
          to: "pte_entry:visit",
        }),
      ),
      "pte_entry:visit": point(
        step("walked", "the walk reaches the end of the VMA", {
          when: inside,
          do: [comes(v, v.page)],
          to: "for_each_vma:account",
        }),
        step(
          "none",
          has("holesPassed") ? "an empty entry: go on" : "an empty entry: return 1, the walk ends",
          {
            when: and(not(inside), hole),
            do: [...passes, set(v.page, has("holesPassed") ? add(v.page, 1) : span)],
            ...(has("holesPassed") ? {} : { to: "for_each_vma:account" }),
          },
        ),
        ...visits(v, has, and(not(inside), not(hole)), passes),
      ),
      "for_each_vma:account": point(...accounts(v, has, scope, behind)),
    },
  });
}

function visits(v: Memory, has: Has, here: Expr<Bool>, passes: readonly Effect[]): readonly NamedStep[] {
  const counts = has("walkCountsPages");
  const last = counts ? and(le(v.to_scan, 1), not(v.extended)) : or();
  /** More than scan_size stays that. */
  const counted = choose<Int>(gt(v.to_scan, scanSize), v.to_scan, greatest(sub(v.to_scan, 1), 0));
  const watched = and(eq(v.vma, v.watched), eq(v.page, v.watched_page));
  const looks: readonly Effect[] = [
    ...passes,
    when(watched, [set(v.since, 0)]),
    set(v.visited, least(add(v.visited, 1), scanSize + 1)),
    set(v.unbroken, least(add(v.unbroken, 1), scanSize + 1)),
    ...(counts ? [set(v.to_scan, counted)] : []),
    set(v.page, add(v.page, 1)),
  ];
  const queues = [
    when(isNone(v.scan_list), [set(v.scan_list, v.cursor)]),
    set(v.accessed, true),
    set(v.found, true),
  ];
  const visit = (name: string, description: string, effects: readonly Effect[]) => [
    step(name, `${description}; nr_to_scan is used up`, {
      when: and(here, last),
      do: [...effects, ...looks],
      to: "for_each_vma:account",
    }),
    step(name, description, { when: here, do: [...effects, ...looks] }),
  ];
  return [...visit("hot", "accessed: an entry for scan_list", queues), ...visit("cold", "not accessed", [])];
}

/** What follows the walk of one VMA. */
function accounts(v: Memory, has: Has, scope: Scope, behind: Effect): readonly NamedStep[] {
  const total = add(v.scanned, lengthOf(v, v.vma));
  const spent = or(ge(total, scanSize), ...(has("walkCountsPages") ? [eq(v.to_scan, 0)] : []));
  const over = and(spent, not(v.extended));
  const extends_ = has("sizeNotExtended") ? or() : and(over, v.accessed);
  const stops = and(over, not(extends_), ...(has("stopsOnceOverBudget") ? [] : [not(isNone(v.scan_list))]));
  const counted = [
    set(v.scanned, least(total, scanSize)),
    set(v.passed, least(add(v.passed, lengthOf(v, v.vma)), scanSize)),
    set(v.unbroken, 0),
  ];
  const hands = [set(v.scan_list, { kind: "none" }), set(v.found, false)];
  const stopped = addressOf(v, v.vma, v.page);
  const resume = has("resumesWhereItStopped") ? stopped : add(v.last_visited, 1);
  return [
    step("stop", "the size is passed: hand over, resume here", {
      when: stops,
      do: [...hands, ...leave(v, has, scope, resume)],
      to: "scan_mm_slot:pick",
    }),
    step("extend", "many accessed pages: the size becomes the largest one", {
      when: and(extends_, lt(v.page, walkable(v, v.vma)), ...(has("walkCountsPages") ? [] : [or()])),
      do: [set(v.extended, true), set(v.unbroken, 0)],
      to: "pte_entry:visit",
    }),
    step("extend", "many accessed pages: the size becomes the largest one", {
      when: extends_,
      do: [...counted, set(v.extended, true), ...(has("splicedBeforeExtension") ? hands : []), behind],
      to: "for_each_vma:vma",
    }),
    step(
      "next",
      has("listSplicedAtEnd") ? "hand over; the next VMA" : "the next VMA; nothing is handed over",
      {
        when: and(not(stops), not(extends_)),
        do: [...counted, ...(has("listSplicedAtEnd") ? hands : []), behind],
        to: "for_each_vma:vma",
      },
    ),
  ];
}

/** The address is stored, mmap_lock released, the cursor moves on, and the locals are forgotten. */
function leave(v: Memory, has: Has, scope: Scope, address: Expr<Int>): readonly Effect[] {
  const other = choose(
    eq(v.cursor, individual("mm", 0)),
    individual("mm", scope.mms - 1),
    individual("mm", 0),
  );
  return [
    set(get(v.slot_address, v.cursor), address),
    when(eq(v.cursor, individual("mm", 0)), [set(v.since, least(add(v.since, 1), patience(scope) + 1))]),
    set(v.visited_before, v.cursor),
    set(v.cursor, other),
    set(v.vma, { kind: "none" }),
    set(v.page, 0),
    set(v.scanned, 0),
    set(v.to_scan, budgetOf(has)),
    set(v.extended, false),
    set(v.accessed, false),
    set(v.visited, 0),
    set(v.unbroken, 0),
    set(v.passed, 0),
  ];
}

/** History: the scan has come to this entry of the VMA. */
function comes(v: Memory, page: Expr<Int>): Effect {
  return set(get(v.reached, v.cursor), addressOf(v, v.vma, page));
}
