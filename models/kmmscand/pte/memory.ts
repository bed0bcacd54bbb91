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
    touched: { sort: bool, initial: false, doc: "accessed since the last visit", history: true },
    touched_before: { sort: bool, initial: false, doc: "accessed in the window before", history: true },
  });
}

export type Memory = ReturnType<typeof memory>["v"];
