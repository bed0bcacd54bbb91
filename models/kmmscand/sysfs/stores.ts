/** The administrator: one store after the other, each with the checks of its function. */
import { type Actor, actor, each, get, point, set, step } from "../../language/index.ts";
import type { Has } from "./features.ts";
import { greatestPeriod, leastPeriod, type Memory } from "./memory.ts";

export function stores(v: Memory, has: Has): Actor {
  const period = (name: string, text: string, value: number, stored: number) =>
    step(name, text, {
      do: [
        set(v.period_stored, stored),
        set(v.mm_scan_period_ms, Math.min(Math.max(value, leastPeriod), greatestPeriod)),
        each("mm", "m", (m) => [set(get(v.scanned_since, m), false)]),
      ],
    });
  return actor({
    name: "sysfs",
    doc: "Stores any value in scan_enabled, mm_scan_period_ms or target_node.",
    fairness: "none",
    initial: "store:idle",
    points: {
      "store:idle": point(
        step("enable", "scan_enabled_store: 1", {
          do: [set(v.enabled_stored, true), set(v.scan_enabled, true)],
        }),
        step("disable", "scan_enabled_store: 0", {
          do: [set(v.enabled_stored, false), set(v.scan_enabled, false)],
        }),
        step("refuse", "scan_enabled_store: 2 gives -EINVAL, at once", { to: "store:refused" }),
        period("period_0", "mm_scan_period_ms_store: below the range", leastPeriod - 1, leastPeriod),
        period("period_least", "mm_scan_period_ms_store: the least period", leastPeriod, leastPeriod),
        period(
          "period_greatest",
          "mm_scan_period_ms_store: the greatest period",
          greatestPeriod,
          greatestPeriod,
        ),
        period("period_huge", "mm_scan_period_ms_store: above the range", greatestPeriod + 1, greatestPeriod),
        step("node", "target_node_store: a number is read", {
          do: has("nodeValidatedFirst") ? [] : [set(v.expire_written, true)],
          to: "target_node_store:validate",
        }),
      ),
      "target_node_store:validate": point(
        step("node_refused", "node_is_toptier says no: -EINVAL", { to: "store:refused" }),
        step("node_stored", "node_is_toptier says yes", {
          do: [set(v.expire_written, false)],
          to: "store:idle",
        }),
      ),
      "store:refused": point(
        step("einval", "the store ends with -EINVAL", {
          do: [set(v.expire_written, false)],
          to: "store:idle",
        }),
      ),
    },
  });
}
