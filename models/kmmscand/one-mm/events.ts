/** The trace events of each version, with the arguments that tell something; an argument left out may be anything. */
import {
  type Effect,
  type Emission,
  type Expr,
  type ExprData,
  emits,
  type Id,
  set,
} from "../../language/index.ts";
import type { Has } from "./features.ts";
import { type Memory, thisMm } from "./memory.ts";

/** Numbers stand for 0 and not 0. */
type Flag = 0 | 1;

const flag = (value: Flag): ExprData => ({ kind: "int", value });

export interface Events {
  readonly enter: Emission;
  readonly exit: Emission;
  readonly start: (mm?: Expr<Id<"mm">>) => Emission;
  /** `total`: whether the scan found accessed folios; of another mm it may be anything. */
  readonly end: (total?: Flag) => Emission;
  readonly endOf: (mm: Expr<Id<"mm">>) => Emission;
  readonly migrate: (rc: Flag) => Emission;
  readonly migrateOf: (mm: Expr<Id<"mm">>) => Emission;
  /** What the history keeps of an event of this mm; nothing where no property is asked. */
  readonly note: (last: "nothing" | "entered" | "started") => readonly Effect[];
}

/** @param judged - properties are asked */
export function eventsOf(v: Memory, has: Has, judged: boolean): Events {
  const task = has("eventsWithoutTask") ? {} : { comm: v.owner };
  const node = has("nodeIsTraced") ? { node: flag(0) } : {};
  const counts = has("countsAreTraced") ? { msuccess: flag(0), mfailed: flag(0) } : {};
  const end = (mm: Expr<Id<"mm">>, args: Readonly<Record<string, ExprData>> = {}) =>
    emits("kmem_scan_mm_end", { ...task, mm, ...args, ...node });
  const migrate = (mm: Expr<Id<"mm">>, args: Readonly<Record<string, ExprData>> = {}) =>
    emits("kmem_scan_mm_migrate", { ...task, mm, ...args, ...node, ...counts });
  return {
    enter: emits("kmem_mm_enter", { ...task, mm: thisMm }),
    exit: emits("kmem_mm_exit", { mm: thisMm }),
    start: (mm = thisMm) => emits("kmem_scan_mm_start", { ...task, mm }),
    end: (total) => end(thisMm, total === undefined ? {} : { total: flag(total) }),
    endOf: (mm) => end(mm),
    migrate: (rc) => migrate(thisMm, { rc: flag(rc) }),
    migrateOf: (mm) => migrate(mm),
    note: (last) => (judged ? [set(v.traced, last)] : []),
  };
}
