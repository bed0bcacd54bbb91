/** What a store and a prctl promise. */
import { and, chosen, eq, ge, get, implies, le, not, type Property } from "../../language/index.ts";
import type { Has } from "./features.ts";
import { greatestPeriod, leastPeriod, type Memory } from "./memory.ts";

export function sysfsProperties(v: Memory, has: Has): readonly Property[] {
  const scanning = { kind: "assertion", on: [{ actor: "kmmscand", steps: ["scan"] }] } as const;
  const mm = chosen("mm", "mm");
  return [
    {
      id: "A06",
      kind: "invariant",
      title: "mm_scan_period_ms stays in its range",
      says: "a period below the least or above the greatest is stored",
      holds: and(ge(v.mm_scan_period_ms, leastPeriod), le(v.mm_scan_period_ms, greatestPeriod)),
    },
    {
      id: "A08",
      kind: "assertion",
      title: "A store that is refused changes nothing",
      says: "target_node_store returns -EINVAL and has set sleep_expire to 0",
      defects: ["D75"],
      on: [{ actor: "sysfs", steps: ["einval"] }],
      holds: not(v.expire_written),
    },
    {
      id: "A08.period",
      ...scanning,
      title: "From the second scan after a store of mm_scan_period_ms on, an mm has the new period",
      says: "an mm that was there before the store keeps the period that it began with",
      defects: [],
      holds: implies(get(v.scanned_since, mm), eq(get(v.scan_period, mm), v.mm_scan_period_ms)),
    },
    ...(has("scaleTurnsOff")
      ? [
          {
            id: "A09",
            ...scanning,
            title: "A process that has set the scale to 0 is not scanned, nor is one that it forks",
            says: "the child of a process that has turned its scans off is scanned",
            defects: ["D71"],
            holds: not(get(v.turned_off, mm)),
          } as const,
        ]
      : []),
  ];
}
