/** Which way the daemon takes, and why: what a step may count on, and what it leaves behind. */
import {
  and,
  at,
  type Expr,
  eq,
  exists,
  type Id,
  isEmpty,
  isNone,
  not,
  or,
  type Property,
} from "../../language/index.ts";
import { storesDone } from "../administrator.ts";
import { assertion } from "../assertion.ts";
import { visitedProperties } from "../common-properties.ts";
import type { Has } from "./features.ts";
import type { Scope, Shared } from "./shared-memory.ts";

type Mm = Expr<Id<"mm">>;

export function wayProperties(v: Shared, has: Has, scope: Scope): readonly Property[] {
  return [...loopProperties(v, has, scope), ...visitProperties(v, has)];
}

/** The main loop, and do_scan. */
function loopProperties(v: Shared, has: Has, { stores }: Scope): readonly Property[] {
  const goesOn = and(v.scan_enabled, not(v.should_stop));
  return [
    {
      id: "L05.asked",
      ...assertion("kmmscand", "stop"),
      title: "The daemon ends only where it was asked to stop",
      says: "the daemon ends, and nothing is scanned any more",
      holds: v.should_stop,
    },
    {
      id: "A08.enabled",
      ...assertion("kmmscand", "enabled"),
      title: "Work is looked for only while scanning is enabled and nobody has asked to stop",
      says: "the daemon visits mms although scanning has been disabled, or a stop requested",
      holds: goesOn,
    },
    {
      id: "L06.given_up",
      ...assertion("kmmscand", "give_up"),
      title: "do_scan gives up only where scanning is disabled or a stop requested",
      says: "the daemon goes to sleep although scanning is enabled",
      holds: not(goesOn),
    },
    {
      id: "A08.loop",
      ...assertion("kmmscand", "sleep"),
      title: "The loop for scan_enabled is left only where it is set, or to stop",
      says: "the daemon leaves the loop while scanning is disabled",
      holds: has("disabledLoopTestsStop") ? or(v.scan_enabled, v.should_stop) : v.scan_enabled,
    },
    {
      id: "A08.stored",
      kind: "invariant",
      title: "scan_enabled has the value that was stored last",
      says: "a store of scan_enabled has no effect",
      holds: eq(v.scan_enabled, at("sysfs", storesDone(stores, true))),
    },
    {
      id: "S13.work",
      ...assertion("kmmscand", "work"),
      title: "A slot is looked for only where has_work has seen one",
      says: "the daemon looks for a slot on an empty list",
      holds: not(isEmpty(v.scan_list)),
    },
    {
      id: "L01.work",
      ...assertion("kmmscand", "no_work", ...(has("pickRechecksList") ? ["none_left"] : [])),
      title: "Nothing is visited only where the list is empty",
      says: "the daemon passes over an mm that is listed",
      holds: isEmpty(v.scan_list),
    },
  ];
}

/** The points between the two mm_lock sections of a visit. */
const visitAt = [
  "scan_mm_slot:trylock",
  "scan_mm_slot:users_test",
  "scan_mm_slot:walk",
  "scan_mm_slot:advance",
] as const;

/** One visit without the walk. */
function visitProperties(v: Shared, has: Has): readonly Property[] {
  const begun = (x: Mm) => and(not(eq(x, v.cursor)), not(at("owner", ["task:start"], x)));
  return [
    ...(has("exitFreesRestingSlot")
      ? [
          {
            id: "S01.scanned",
            kind: "invariant" as const,
            title: "is_scanned is set between the two mm_lock sections of a visit, and nowhere else",
            says: "an exit frees the slot that is being scanned, or leaves one to a daemon that does not come back",
            holds: eq(v.is_scanned, at("kmmscand", visitAt)),
          },
        ]
      : []),
    {
      id: "L01.rests",
      ...assertion("kmmscand", "pick"),
      title: "Between visits the cursor rests only on a slot that others have gone before",
      says: "the cursor stays on the slot that has just been visited",
      holds: or(isNone(v.cursor), exists("mm", "x", begun)),
    },
    ...visitedProperties(v),
  ];
}
