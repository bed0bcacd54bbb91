/** The values that sysfs and prctl write, and what has been made of them. */
import { arrayOf, bool, declare, int, type Value } from "../../language/index.ts";
import type { Has } from "./features.ts";

/** SCAN_PERIOD_MIN and SCAN_PERIOD_MAX; a number to be stored may lie one below or above. */
export const leastPeriod = 1;
export const greatestPeriod = 2;

export function memory(mms: number, has: Has) {
  const each = (value: Value): Value => Array.from({ length: mms }, () => value);
  const period = int(leastPeriod - 1, greatestPeriod + 1);
  return declare({
    scan_enabled: { sort: bool, initial: true, doc: "scan_enabled" },
    mm_scan_period_ms: { sort: period, initial: leastPeriod, doc: "mm_scan_period_ms" },
    listed: {
      sort: arrayOf("mm", bool),
      initial: Array.from({ length: mms }, (_, mm) => mm === 0),
      doc: "the mm is there, and has a slot",
    },
    scan_period: { sort: arrayOf("mm", period), initial: each(leastPeriod), doc: "the period of the slot" },
    scale: {
      sort: arrayOf("mm", int(0, 1)),
      initial: each(1),
      doc: "pte_scan_scale: 0, or anything else",
    },
    enabled_stored: {
      sort: bool,
      initial: true,
      doc: "scan_enabled should be this, after the store that was made last",
      history: true,
    },
    period_stored: {
      sort: period,
      initial: leastPeriod,
      doc: "mm_scan_period_ms should be this, after the store that was made last",
      history: true,
    },
    period_due: {
      sort: arrayOf("mm", period),
      initial: each(leastPeriod),
      doc: "the slot should have this period: the one in force as it was made or, where a scan reads it, last scanned",
      history: true,
    },
    made: {
      sort: arrayOf("mm", bool),
      initial: Array.from({ length: mms }, (_, mm) => mm === 0),
      doc: "the mm is the first one, or fork has made it",
      history: true,
    },
    expire_written: {
      sort: bool,
      initial: false,
      doc: "the store under way has written sleep_expire",
      history: true,
    },
    scanned_since: {
      sort: arrayOf("mm", bool),
      initial: each(false),
      doc: "scanned since the period was last stored",
      history: true,
    },
    turned_off: {
      sort: arrayOf("mm", bool),
      initial: each(false),
      doc: "the process, or one that it was forked from, has set the scale to 0",
      history: has("scaleTurnsOff"),
    },
  });
}

export type Memory = ReturnType<typeof memory>["v"];
