/** The thread `kmmscand` as far as the scan list is concerned: which mm it visits, and when it holds what. */
import {
  type Actor,
  actor,
  contains,
  type Expr,
  each,
  emits,
  exclude,
  get,
  type Id,
  include,
  isEmpty,
  not,
  point,
  set,
  step,
  when,
} from "../../language/index.ts";
import type { HasListFeature } from "./features.ts";
import type { ListMemory } from "./shared-memory.ts";
import { advancePoints, type Visit, visitPoints } from "./visit.ts";

/** Points at which the daemon is inside the page tables of the mm at the cursor. */
export const walkingAt = ["scan_mm_slot:walk"] as const;

/** @param delay - numa_balancing_scan_delay is longer than a fork or exec takes */
export function daemon(v: ListMemory, has: HasListFeature, delay: boolean): Actor {
  const mm = v.cursor;
  const forget = (x: Expr<Id<"mm">>) => [each("mm", "y", (y) => [exclude(get(v.since, x), y)])];
  const visit: Visit = {
    then: "do_scan:enabled_test",
    picked: [
      each("mm", "x", (x) => [when(contains(v.scan_list, x), [include(get(v.since, x), mm)], forget(x))]),
      ...forget(mm),
    ],
    ...(has("firstScanDelayed") && delay ? { due: get(v.running, mm) } : {}),
  };
  return actor({
    name: "kmmscand",
    doc: "The scanner thread: one visit after the other, and a sleep.",
    initial: "do_scan:enabled_test",
    points: {
      "do_scan:enabled_test": point(
        step("give_up", "scanning is disabled: return", {
          when: not(v.scan_enabled),
          to: "kmmscand:disabled",
        }),
        step("enabled", "scanning is enabled: look for work", {
          when: v.scan_enabled,
          to: "do_scan:has_work",
        }),
      ),
      "do_scan:has_work": point(
        step("work", "has_work: the scan list is not empty", {
          when: not(isEmpty(v.scan_list)),
          to: "scan_mm_slot:pick",
          why: "list_empty is read without mm_lock: the list may change before pick",
        }),
        step("no_work", "has_work: the scan list is empty", {
          when: isEmpty(v.scan_list),
          to: "do_scan:enabled_test",
        }),
      ),
      ...visitPoints(v, has, visit),
      "scan_mm_slot:walk": point(
        step("end", "the scan ends; mmap_read_unlock", {
          do: [set(get(v.mmap_lock, mm), "free")],
          to: "scan_mm_slot:advance",
          emits: emits("kmem_scan_mm_end", { mm }),
        }),
      ),
      ...advancePoints(v, has, visit),
      "kmmscand:disabled": point(
        step("wait_enabled", "scanning is disabled: cpu_relax, wait_work", { when: not(v.scan_enabled) }),
        step("sleep", "leave the loop; wait_work sleeps for scan_sleep_ms", {
          when: v.scan_enabled,
          to: "do_scan:enabled_test",
        }),
      ),
    },
  });
}
