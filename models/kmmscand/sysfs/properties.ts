/** What a store and a prctl promise. */
import {
  and,
  chosen,
  eq,
  exists,
  forall,
  ge,
  get,
  gt,
  implies,
  le,
  not,
  type Property,
  self,
} from "../../language/index.ts";
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
      id: "A08.stored",
      kind: "invariant",
      title: "What is in force is what was stored last, brought into its range",
      says: "a store has returned without an error, and another value is in force",
      holds: and(eq(v.scan_enabled, v.enabled_stored), eq(v.mm_scan_period_ms, v.period_stored)),
    },
    {
      id: "A08.enabled",
      ...scanning,
      title: "Nothing is scanned while scan_enabled is 0",
      says: "an mm is scanned although scanning has been disabled",
      holds: v.scan_enabled,
    },
    {
      id: "A08.slot",
      kind: "invariant",
      title: "A slot has the period that was in force as it was made, or as a scan has read it",
      says: "the slot of a new mm has a period that nobody has set",
      holds: forall("mm", "x", (x) => eq(get(v.scan_period, x), get(v.period_due, x))),
    },
    {
      id: "A08.period",
      ...scanning,
      title: "From the second scan after a store of mm_scan_period_ms on, an mm has the new period",
      says: "an mm that was there before the store keeps the period that it began with",
      defects: [],
      holds: implies(get(v.scanned_since, mm), eq(get(v.scan_period, mm), v.mm_scan_period_ms)),
    },
    {
      id: "S01.listed",
      kind: "invariant",
      title: "Each mm that fork has made has a slot, and no other one",
      says: "the mm of a child is not on the scan list, or a slot has no mm",
      holds: forall("mm", "x", (x) => eq(get(v.listed, x), get(v.made, x))),
    },
    {
      id: "S13.slot",
      ...scanning,
      title: "Only an mm that has a slot is scanned",
      says: "the scanner takes an mm that is not on its list",
      holds: get(v.listed, mm),
    },
    {
      id: "S02.caller",
      kind: "assertion",
      title: "Only a process that is there forks, execs or sets its scale",
      says: "a slot is made for, or a scale set in, an mm that nobody has",
      on: [
        { actor: "owner", steps: ["fork", "exec", ...(has("scaleTurnsOff") ? ["prctl_0", "prctl_1"] : [])] },
      ],
      holds: get(v.listed, self("mm")),
    },
    {
      id: "S02.child",
      kind: "assertion",
      title: "fork makes a new mm",
      says: "the child enters an mm that has a slot already",
      on: [{ actor: "owner", steps: ["fork"] }],
      holds: not(get(v.listed, chosen("child", "mm"))),
    },
    {
      id: "L06.scan",
      kind: "alwaysPossible",
      title: "Whatever is stored, an mm can come to be scanned after it",
      says: "nothing is scanned any more, and no store or prctl changes that",
      goal: exists("mm", "x", (x) => get(v.scanned_since, x)),
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
          {
            id: "A09.on",
            kind: "invariant",
            title:
              "A process has its scans turned off only by prctl, its own or that of one it was forked from",
            says: "a process that has asked for its scans, or for a new program, is not scanned",
            holds: forall("mm", "x", (x) => implies(not(get(v.turned_off, x)), gt(get(v.scale, x), 0))),
          } as const,
        ]
      : []),
  ];
}
