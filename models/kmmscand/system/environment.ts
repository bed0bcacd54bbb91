/** Who does not belong to the series but decides what happens to it: none of these is obliged to move. */
import {
  type Actor,
  actor,
  and,
  chosen,
  eq,
  finalPoint,
  get,
  include,
  is,
  isNone,
  not,
  point,
  self,
  set,
  step,
} from "../../language/index.ts";
import { memoryManagement } from "../memory-management.ts";
import type { Has } from "./features.ts";
import { isNamed, isPinned, unmap } from "./folio.ts";
import { keepsVma } from "./migrate.ts";
import type { Shared } from "./shared-memory.ts";

const choose = { folio: "folio" };

/** The program that runs on an mm. */
export function application(v: Shared, has: Has): Actor {
  const mm = self("mm");
  const folio = chosen("folio", "folio");
  const running = get(v.running, mm);
  return actor({
    name: "application",
    doc: "The program on an mm: maps folios, touches them, exits when it likes.",
    forEach: "mm",
    environment: true,
    initial: "application:run",
    points: {
      "application:run": point(
        step("map", "a free folio of the slow tier is mapped, untouched", {
          choose,
          when: and(running, isNone(get(v.folio_mm, folio)), not(isPinned(v, has, folio))),
          do: [set(get(v.folio_mm, folio), mm)],
          why: "fork and fault-around map pages that nobody has accessed",
        }),
        step("touch", "the processor sets the accessed bit", {
          choose,
          when: and(
            running,
            eq(get(v.folio_mm, folio), mm),
            not(get(v.toptier, folio)),
            not(get(v.pte_young, folio)),
          ),
          do: [set(get(v.pte_young, folio), true), set(get(v.touched, folio), true)],
        }),
        step("exit", "do_exit: mmput, mm_users drops to 0", {
          when: running,
          do: [set(get(v.running, mm), false), set(get(v.mm_users, mm), 0)],
        }),
      ),
    },
  });
}

export function memory(v: Shared, has: Has): Actor {
  const why = has("folioPinnedWhileQueued")
    ? "a queued folio is not freed: the entry still holds it"
    : "the folio can be reused while an entry still names it";
  if (!keepsVma(has)) return memoryManagement(v.folio_mm, (folio) => unmap(v, has, folio), why);
  return memoryManagement(v.folio_mm, (folio) => unmap(v, has, folio), why, {
    when: (folio) => and(isNamed(v, has, folio), is(get(v.mmap_lock, get(v.folio_mm, folio)), "free")),
    do: (folio) => [include(v.vma_freed, folio), ...unmap(v, has, folio)],
  });
}

/** Whoever stops the thread: in the posted code only a failing init, in a module its unload. */
export function stopper(v: Shared): Actor {
  return actor({
    name: "stopper",
    doc: "Calls kthread_stop once.",
    fairness: "none",
    initial: "kthread_stop:idle",
    points: {
      "kthread_stop:idle": point(
        step("kthread_stop", "kthread_stop: ask the thread to stop", {
          do: [set(v.should_stop, true)],
          to: "kthread_stop:wait",
        }),
      ),
      "kthread_stop:wait": finalPoint,
    },
  });
}
