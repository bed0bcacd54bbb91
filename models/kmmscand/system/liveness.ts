/** What must happen in the end, and where a run may end. */
import {
  and,
  at,
  type Expr,
  eq,
  exists,
  field,
  forall,
  get,
  type Id,
  individual,
  isEmpty,
  isNone,
  not,
  or,
  type Property,
} from "../../language/index.ts";
import { mmIsFreed } from "../mm-list/properties.ts";
import type { Has } from "./features.ts";
import { isNamed } from "./folio.ts";
import type { Shared } from "./shared-memory.ts";
import { servesSlots, someWaitingOf } from "./waiting.ts";

/** An accessed folio of a running mm that has no entry yet, while nobody keeps the daemon from its work. */
function promotable(v: Shared, has: Has): Property {
  const accessed = (f: Expr<Id<"folio">>) =>
    and(
      exists("mm", "x", (x) => and(eq(get(v.folio_mm, f), x), get(v.running, x))),
      get(v.pte_young, f),
      not(isNamed(v, has, f)),
    );
  const promoted = exists("folio", "f", (f) => get(v.toptier, f));
  return {
    id: "L02.promoted",
    kind: "alwaysPossible",
    title: "A folio that is accessed can still be promoted",
    says: "a folio is lost: whatever happens, it stays in the slow tier",
    from: and(v.scan_enabled, not(v.should_stop), not(promoted), exists("folio", "f", accessed)),
    goal: promoted,
  };
}

export function livenessProperties(v: Shared, has: Has): readonly Property[] {
  const exited = at("kmmscand", ["kmmscand:exited"]);
  const queueEmpty = and(isEmpty(v.migrate_list), isNone(field(v.in_flight, "folio")));
  // v0 drains the list after each visit. A thread of its own may always find it refilled; the mms are interchangeable.
  const mm = individual("mm", 0);
  const queued = someWaitingOf(v, has, mm);
  const consumed = has("separateMigrateThread")
    ? { from: queued, to: or(eq(v.cur_migrate_mm, mm), not(queued)) }
    : { from: not(queueEmpty), to: queueEmpty };
  return [
    {
      id: "L03",
      kind: "leadsTo",
      title: "Every queued entry is consumed",
      says: servesSlots(has)
        ? "the migrator serves another mm for ever"
        : "entries stay on the migration list for ever",
      ...(servesSlots(has) ? { defects: ["D45"] } : {}),
      ...consumed,
    },
    promotable(v, has),
    mmIsFreed(v),
    {
      id: "L05",
      kind: "leadsTo",
      title: "A stop request ends the thread",
      says: "kthread_stop waits for ever, while the daemon spins in the loop for scan_enabled",
      defects: ["D55"],
      from: v.should_stop,
      to: exited,
    },
    {
      id: "DEADLOCK",
      kind: "deadlock",
      title: "Everything that is stuck has finished: the thread has exited and every task is gone",
      says: "a task or the daemon waits for something that cannot happen any more",
      defects: ["D01"],
      final: and(
        exited,
        forall("mm", "x", (x) => at("owner", ["task:gone"], x)),
      ),
    },
  ];
}
