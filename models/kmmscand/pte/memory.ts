/** One folio, the entries that map it, and what the scanner keeps about it. */
import { arrayOf, bool, declare, idOrNone, oneOf, type Value } from "../../language/index.ts";
import type { Has } from "./features.ts";

export function memory(ptes: number, has: Has) {
  const each = (value: Value): Value => Array.from({ length: ptes }, () => value);
  return declare({
    kind: {
      sort: oneOf("unmapped", "anon", "file", "ksm", "huge", "toptier"),
      initial: "unmapped",
      doc: "what the folio is; huge: anonymous, mapped by a PMD; all but toptier lie in the slow tier",
    },
    swapped: { sort: bool, initial: false, doc: "the entries are swap entries" },
    pte_young: { sort: arrayOf("pte", bool), initial: each(false), doc: "the accessed bit of each entry" },
    pg_idle: { sort: bool, initial: false, doc: "PG_idle, or the scanner's own mark" },
    pg_young: { sort: bool, initial: false, doc: "PG_young" },
    bitmap_idle: {
      sort: bool,
      initial: false,
      doc: "PG_idle as the idle page bitmap shows it: the mark of the scanner as well, unless that has a flag of its own",
    },
    handed_on: {
      sort: bool,
      initial: false,
      doc: "somebody else cleared an accessed bit since the last visit",
    },
    visited: {
      sort: bool,
      initial: false,
      doc: "a visit has judged the folio since it was mapped",
      history: !has("firstVisitMarksOnly") || !has("secondAccess"),
    },
    walking: {
      sort: bool,
      initial: false,
      doc: "the walk is inside the folio, with the page-table lock held",
    },
    contended: { sort: bool, initial: false, doc: "folio_trylock fails in this walk" },
    next_pte: { sort: idOrNone("pte"), initial: null, doc: "the entry that the walk comes to" },
    address: {
      sort: idOrNone("pte"),
      initial: null,
      doc: "the entry at whose address page_idle_clear_pte_refs clears the accessed bit; none: this VMA maps the folio nowhere there",
    },
    queued: { sort: bool, initial: false, doc: "this walk has queued the folio", history: true },
    asked: {
      sort: oneOf("nothing", "may_sleep", "at_once"),
      initial: "nothing",
      doc: "how this walk has asked kzalloc for memory: GFP_KERNEL may sleep, GFP_NOWAIT fails at once",
      history: true,
    },
    counted: {
      sort: bool,
      initial: false,
      doc: "this walk has counted an access in the top tier",
      history: true,
    },
    split: { sort: bool, initial: false, doc: "the scanner has split a huge PMD", history: true },
    used: {
      sort: bool,
      initial: false,
      doc: "accessed since it was mapped, which reclaim wants to know",
      history: true,
    },
    since_marked: {
      sort: oneOf("unmarked", "idle", "used"),
      initial: "unmarked",
      doc: "whether the folio was accessed since somebody marked it in the idle page bitmap",
      history: true,
    },
    touched: { sort: bool, initial: false, doc: "accessed since the last visit", history: true },
    touched_before: { sort: bool, initial: false, doc: "accessed in the window before", history: true },
  });
}

export type Memory = ReturnType<typeof memory>["v"];
