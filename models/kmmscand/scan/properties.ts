/** What the way through the address spaces has to keep. */
import {
  add,
  and,
  at,
  type Bool,
  contains,
  type Expr,
  eq,
  exists,
  forall,
  ge,
  get,
  greatest,
  gt,
  type Id,
  implies,
  is,
  isNone,
  le,
  ne,
  not,
  or,
  type Property,
  sub,
} from "../../language/index.ts";
import type { Has } from "./features.ts";
import { lengthOf, type Memory, patience, type Scope, scanSize, span, walkable } from "./memory.ts";

const resting = ["scan_mm_slot:pick"];
const visiting = ["scan_mm_slot:find", "for_each_vma:vma", "pte_entry:visit", "for_each_vma:account"];

export function scanProperties(v: Memory, has: Has, scope: Scope): readonly Property[] {
  return [
    ...walkProperties(v),
    ...turnProperties(v, scope),
    ...budgetProperties(v, has),
    {
      id: "A05",
      kind: "invariant",
      title: "The address to resume at lies in a VMA of the same mm, or at its end",
      says: "scanctrl.address is left over from another mm",
      defects: ["D42"],
      holds: forall("mm", "x", (x) => or(eq(get(v.slot_address, x), 0), liesIn(v, x))),
      premise: exists("mm", "x", (x) => gt(get(v.slot_address, x), 0)),
    },
    {
      id: "A05.list",
      kind: "assertion",
      title: "Entries are handed over for the mm that they belong to",
      says: "entries of one mm are left on scan_list and handed over for the next one",
      defects: ["D48"],
      on: [{ actor: "kmmscand", steps: ["stop", ...(has("listSplicedAtEnd") ? ["next"] : [])] }],
      holds: or(isNone(v.scan_list), eq(v.scan_list, v.cursor)),
      premise: not(isNone(v.scan_list)),
    },
    {
      id: "A05.resume",
      kind: "invariant",
      title: "The next scan of an mm resumes where this one has stopped",
      says: "the address that is kept lies before or behind the page that the scan has come to",
      defects: ["D40", "D41", "D42"],
      holds: implies(
        at("kmmscand", resting),
        forall("mm", "x", (x) => eq(get(v.slot_address, x), get(v.reached, x))),
      ),
    },
    {
      id: "A05.afresh",
      ...daemon(["pick"]),
      title: "A visit begins with nothing of the one before but the address",
      says: "what the visit before has counted or found is taken for that of this one",
      holds: and(isNone(v.vma), eq(v.page, 0), eq(v.scanned, 0), not(v.extended), not(v.accessed)),
    },
    {
      id: "A01",
      ...daemon(["stop", "next", "extend"]),
      title: "Entries are handed over where accessed pages were found, and nowhere else",
      says: "an accessed page has no entry, or an entry no accessed page",
      holds: eq(v.found, not(isNone(v.scan_list))),
    },
    {
      id: "B01",
      kind: "invariant",
      title: "One scan visits no more pages than scan_size has",
      says: "mmap_lock is held for as long as a VMA is large, or the address space is",
      defects: ["D49", "D50", "D51", "D52"],
      holds: le(v.visited, scanSize),
    },
    {
      id: "B02",
      kind: "invariant",
      title: "The walk of one VMA visits no more pages than the size in force",
      says: "a large VMA is walked whole, without a point to reschedule at",
      defects: ["D51"],
      holds: or(v.extended, le(v.unbroken, scanSize)),
      premise: gt(v.unbroken, 0),
    },
    {
      id: "L02",
      kind: "invariant",
      title: "Every populated page is visited within a bounded number of scans",
      says: "the scans of an mm come by the same pages again and again, and never at this one",
      defects: ["D40", "D41", "D42", "D43"],
      holds: le(v.since, patience(scope)),
      premise: and(not(isNone(v.watched))),
    },
  ];
}

/** The slot's address lies behind the start of a VMA of the mm, and not behind its end. */
function liesIn(v: Memory, mm: Expr<Id<"mm">>): Expr<Bool> {
  const address = get(v.slot_address, mm);
  return exists("vma", "w", (w) =>
    and(
      contains(get(v.vmas, mm), w),
      gt(address, get(v.start, w)),
      le(address, add(get(v.start, w), lengthOf(v, w))),
    ),
  );
}

const daemon = (steps: readonly string[]) =>
  ({ kind: "assertion", on: [{ actor: "kmmscand", steps }] }) as const;

/** What is looked at, and in which order. */
function walkProperties(v: Memory): readonly Property[] {
  const begin = get(v.start, v.vma);
  const shape = get(v.shape, v.vma);
  return [
    {
      id: "S14",
      ...daemon(["hot", "cold"]),
      title: "Only populated entries are judged, of VMAs that the filter lets pass",
      says: "an empty entry is taken for a page, or one of a VMA that is none of the daemon's business",
      holds: or(
        is(shape, "large"),
        and(is(shape, "small", "tail", "hole"), eq(v.page, 0)),
        and(is(shape, "hole"), eq(v.page, 2)),
      ),
    },
    {
      id: "L02.below",
      ...daemon(["filtered", "walk"]),
      title: "A scan passes over the VMAs below the address to resume at",
      says: "a VMA that has been passed counts once more, and the scan stops earlier",
      holds: gt(add(begin, lengthOf(v, v.vma)), get(v.slot_address, v.cursor)),
    },
    {
      id: "L02.again",
      ...daemon(["hot", "cold"]),
      title: "No page is visited again before the end of the address space",
      says: "a scan begins before the page that the one before has come to, and what is behind has to wait",
      defects: ["D41", "D42"],
      holds: ge(add(begin, v.page), get(v.reached, v.cursor)),
    },
  ];
}

/** Who is visited, and that each visit ends. */
function turnProperties(v: Memory, { mms, vmas }: Scope): readonly Property[] {
  return [
    {
      id: "L01",
      ...daemon(["pick"]),
      title: "No mm is visited twice while another one waits for its turn",
      says: "the cursor stays where it is",
      holds: mms === 1 ? and() : ne(v.visited_before, v.cursor),
    },
    {
      id: "B01.end",
      kind: "leadsTo",
      title: "A visit comes to its end and gives mmap_lock back",
      says: "the scan goes round in one address space for ever, with mmap_lock held",
      from: at("kmmscand", visiting),
      to: at("kmmscand", resting),
    },
    {
      id: "DEADLOCK",
      kind: "deadlock",
      title: "The daemon goes round for ever, unless there is no page to watch",
      says: "nothing can move any more",
      final: and(
        at("application", ["mmap:watch"]),
        forall("vma", "x", (x) => or(is(get(v.shape, x), "filtered"), ge(get(v.start, x), vmas * span))),
      ),
    },
  ];
}

/** When a scan stops, and what it goes by. */
function budgetProperties(v: Memory, has: Has): readonly Property[] {
  const left = greatest(sub(scanSize, v.visited), 0);
  const whole = ge(v.page, walkable(v, v.vma));
  return [
    ...(has("walkCountsPages")
      ? [
          {
            id: "B01.budget",
            ...daemon(["hot", "cold", "stop", "next", "extend"]),
            title: "nr_to_scan says how many pages of scan_size are left to visit",
            says: "nr_to_scan counts bytes: the walk is never cut short",
            defects: ["D49"],
            holds: eq(v.to_scan, left),
          },
        ]
      : []),
    {
      id: "L02.stop",
      ...daemon(["stop"]),
      title: "A scan stops only where its size is used up or the VMAs that it has passed amount to it",
      says: "the scan visits fewer pages than it may, and the others wait for another one",
      holds: or(ge(v.visited, scanSize), and(whole, ge(add(v.passed, lengthOf(v, v.vma)), scanSize))),
    },
    {
      id: "B01.counted",
      kind: "invariant",
      title: "vma_scanned_size says what the scan has passed",
      says: "the scan goes by a wrong size",
      holds: eq(v.scanned, v.passed),
    },
  ];
}
