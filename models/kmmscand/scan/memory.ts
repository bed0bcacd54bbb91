/** The address spaces, the slots, and the locals of one visit. */
import {
  add,
  arrayOf,
  bool,
  choose,
  declare,
  type Expr,
  get,
  type Id,
  type Int,
  id,
  idOrNone,
  int,
  is,
  listOf,
  lt,
  oneOf,
  type Value,
} from "../../language/index.ts";

import type { Has } from "./features.ts";

/** Pages that a VMA may span; VMA n begins at n times as many. */
export const span = 3;
/** scan_size in pages. */
export const scanSize = 2;

export interface Scope {
  readonly mms: number;
  /** VMAs of the first mm; the second one has two large ones behind. */
  readonly vmas: number;
}

/** nr_to_scan at the start of a visit: the pages of scan_size, or more than any walk here uses up. */
export const budgetOf = (has: Has) =>
  has("walkCountsPages") && !has("pageBudget") ? scanSize + 1 : scanSize;

/** Scans of an mm within which each of its pages has to come up: each one passes scan_size pages, or a VMA. */
export const patience = ({ vmas }: Scope) => 2 * vmas + 1;

/** VMAs of both mms. */
export const vmasOf = ({ mms, vmas }: Scope) => vmas + 2 * (mms - 1);

export function memory(scope: Scope, has: Has) {
  const { mms, vmas } = scope;
  const all = vmasOf(scope);
  const own = Array.from({ length: vmas }, (_, i) => i);
  const lists: Value = mms === 2 ? [own, [vmas, vmas + 1]] : [own];
  const address = int(0, all * span + 1);
  return declare({
    vmas: {
      sort: arrayOf("mm", listOf(id("vma"), mms === 2 ? Math.max(vmas, 2) : vmas)),
      initial: lists,
      doc: "the VMAs of each mm, in order",
    },
    start: {
      sort: arrayOf("vma", int(0, all * span)),
      initial: Array.from({ length: all }, (_, i) => i * span),
      doc: "vm_start in pages",
    },
    shape: {
      sort: arrayOf("vma", oneOf("unset", "small", "large", "tail", "hole", "filtered")),
      initial: Array.from({ length: all }, (_, i) => (i < vmas ? "unset" : "large")),
      doc: "small: one page; the others span three: large, all populated; tail, only the first, no page table behind; hole, an empty entry in the middle; filtered, never walked",
    },
    watched: { sort: idOrNone("vma"), initial: null, doc: "the VMA of the page that is watched" },
    watched_page: { sort: int(0, span - 1), initial: 0, doc: "the page that is watched, any populated one" },
    slot_address: {
      sort: arrayOf("mm", address),
      initial: Array.from({ length: mms }, () => 0),
      doc: "address of each scan slot",
    },
    cursor: { sort: id("mm"), initial: 0, doc: "the mm that is visited" },
    vma: { sort: idOrNone("vma"), initial: null, doc: "vma of the loop" },
    page: { sort: int(0, span), initial: 0, doc: "the entry that the walk comes to" },
    last_visited: {
      sort: address,
      initial: 0,
      doc: "scanctrl.address: the last entry visited, of any mm",
      history: has("resumesWhereItStopped"),
    },
    scanned: { sort: int(0, scanSize), initial: 0, doc: "vma_scanned_size in pages, up to scan_size" },
    to_scan: {
      sort: int(0, scanSize + 1),
      initial: budgetOf(has),
      doc: "nr_to_scan; more than scan_size stands for what no walk uses up",
    },
    extended: { sort: bool, initial: false, doc: "the size of this scan is SCAN_SIZE_MAX" },
    accessed: {
      sort: bool,
      initial: false,
      doc: "this scan has found accessed pages",
      history: has("sizeNotExtended"),
    },
    scan_list: {
      sort: idOrNone("mm"),
      initial: null,
      doc: "the mm of the entries on scan_list; none while it is empty",
    },
    visited: { sort: int(0, scanSize + 1), initial: 0, doc: "pages visited in this scan", history: true },
    unbroken: {
      sort: int(0, scanSize + 1),
      initial: 0,
      doc: "pages visited in the walk of one VMA, which has no point to reschedule at",
      history: true,
    },
    passed: {
      sort: int(0, scanSize),
      initial: 0,
      doc: "length of the VMAs that this scan has left behind, up to scan_size",
      history: true,
    },
    reached: {
      sort: arrayOf("mm", address),
      initial: Array.from({ length: mms }, () => 0),
      doc: "the address that the scans of each mm have come to",
      history: true,
    },
    found: {
      sort: bool,
      initial: false,
      doc: "accessed pages were found since entries were handed over",
      history: true,
    },
    visited_before: {
      sort: idOrNone("mm"),
      initial: null,
      doc: "the mm of the visit before",
      history: true,
    },
    since: {
      sort: int(0, patience(scope) + 1),
      initial: 0,
      doc: "scans of its mm since the watched page came up",
      history: true,
    },
  });
}

export type Memory = ReturnType<typeof memory>["v"];

/** Pages from vm_start to vm_end. */
export function lengthOf(v: Memory, vma: Expr<Id<"vma">>): Expr<Int> {
  return choose<Int>(is(get(v.shape, vma), "small"), { kind: "int", value: 1 }, span);
}

/** Where a walk stands before this entry of the VMA: at its end where no page table is left. */
export function addressOf(v: Memory, vma: Expr<Id<"vma">>, page: Expr<Int>): Expr<Int> {
  return add(get(v.start, vma), choose<Int>(lt(page, walkable(v, vma)), page, lengthOf(v, vma)));
}

/** Entries that the walk meets: as far as there are page tables. */
export function walkable(v: Memory, vma: Expr<Id<"vma">>): Expr<Int> {
  return choose<Int>(is(get(v.shape, vma), "small", "tail"), { kind: "int", value: 1 }, span);
}
