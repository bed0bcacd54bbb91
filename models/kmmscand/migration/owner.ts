/** The task of one mm: it appears with its slot listed, runs, and takes the mm down. */
import {
  type Actor,
  actor,
  and,
  append,
  emits,
  eq,
  finalPoint,
  get,
  is,
  isNone,
  ne,
  point,
  self,
  set,
  step,
  sub,
} from "../../language/index.ts";
import { lookupSteps, traceSteps } from "../mm-list/exit.ts";
import { unmapAll } from "./entries.ts";
import type { Has } from "./features.ts";
import { globalCleanup } from "./global-list.ts";
import type { Shared } from "./shared-memory.ts";
import { cleanupPoints } from "./slot-cleanup.ts";

/** The page tables are being or have been taken down. */
export const downAt = ["exit_mmap:unmap", "task:gone"] as const;

export function owner(v: Shared, has: Has): Actor {
  const mm = self("mm");
  const then = "exit_mmap:unmap";
  const slots = has("migrationSlots");
  const cleanup = slots ? "__mmput:lookup_slot" : "__mmput:cleanup";
  const drop = set(get(v.mm_count, mm), sub(get(v.mm_count, mm), 1));
  const cleansLast = has("cleanupAfterBarrier");
  // collect_mm_slot cleans up with mm_lock held.
  const mmLockFree = isNone(v.collected);
  const outcomes = {
    unlinked: { do: [drop], to: cleanup },
    left: { do: [], to: "__mmput:barrier" },
    untracked: { to: cleanup },
  };
  return actor({
    name: "owner",
    doc: "The task of one mm: enter, run, exit.",
    forEach: "mm",
    initial: "task:start",
    points: {
      "task:start": point(
        step("enter", "fork or exec: __kmmscand_enter; the task runs", {
          when: mmLockFree,
          do: [
            set(get(v.mm_users, mm), 1),
            set(get(v.mm_count, mm), 2),
            append(v.scan_list, mm),
            set(get(v.running, mm), true),
          ],
          to: "task:run",
          emits: emits("kmem_mm_enter", { mm }),
        }),
      ),
      "task:run": point(...traceSteps("__mmput:lookup", eq(get(v.mm_users, mm), 0))),
      "__mmput:lookup": point(
        ...lookupSteps(v, (feature) => feature === "exitFreesRestingSlot", outcomes, mmLockFree),
      ),
      "__mmput:barrier": point(
        step("barrier", "mmap_write_lock, mmap_write_unlock: no reader is left", {
          when: and(is(get(v.mmap_lock, mm), "free"), ne(v.migrator_reads, mm)),
          to: cleansLast ? cleanup : then,
          ...(cleansLast
            ? {}
            : { why: "the daemon is left to clean the migration list, after the teardown" }),
        }),
      ),
      ...(slots
        ? renamed(cleanupPoints(v, has, "__mmput", mm, [], then))
        : { [cleanup]: globalCleanup(v, has, then) }),
      "exit_mmap:unmap": point(
        step("unmap_all", "exit_mmap: unmap all, free the page tables; mmdrop", {
          when: ne(v.migrator_reads, mm),
          do: [unmapAll(v, has, mm), drop],
          to: "task:gone",
        }),
      ),
      "task:gone": finalPoint,
    },
  });
}

/** The lookup of the scan slot comes first, so that of the migration slot has a name of its own. */
function renamed(points: ReturnType<typeof cleanupPoints>): ReturnType<typeof cleanupPoints> {
  return Object.fromEntries(
    Object.entries(points).map(([name, data]) => [
      name === "__mmput:lookup" ? "__mmput:lookup_slot" : name,
      data,
    ]),
  );
}
