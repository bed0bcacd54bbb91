/** The task of the mm: fork or exec, run, exit; then the mm_struct is used for the next one. */
import { type Actor, actor, add, type Effect, eq, not, point, set, step, sub } from "../../language/index.ts";
import type { Events } from "./events.ts";
import { exitOf, exitPoints } from "./exit.ts";
import type { Has } from "./features.ts";
import type { Memory } from "./memory.ts";
import type { Names } from "./names.ts";

/** The page tables are being or have been taken down, or there is no mm. */
export const tornDownAt = ["exit_mmap:unmap", "task:gone", "task:start"] as const;

export function owner(v: Memory, has: Has, names: Names, events: Events): Actor {
  const late = has("forkEntersAfterDup");
  const mmput = exitOf(names, "mmput");
  const execError = exitOf(names, "exec");
  const unlock = set(v.mmap_lock, "free");
  const dropCount = set(v.mm_count, sub(v.mm_count, 1));
  const made: readonly Effect[] = [set(v.mm_users, true), set(v.mm_count, 1), set(v.owner, true)];
  const locked: readonly Effect[] = [...made, set(v.mmap_lock, "write")];
  const list = set(v.listed, true);
  const entered = events.note("entered");
  const grab = set(v.mm_count, add(v.mm_count, 1));
  const why =
    "the slot is visible before the event; mmap_lock is held, so a visit that comes between shows nothing";
  return actor({
    name: "owner",
    doc: "The task of the mm. Its mm_struct, and with it the pointer, is used again and again.",
    fairness: "none",
    initial: "task:start",
    points: {
      "task:start": point(
        step("fork", "fork: mm_alloc, mmap_write_lock; dup_mmap", {
          do: late ? locked : [...locked, list],
          to: late ? "dup_mmap:copy" : `${names.enter}:fork_mmgrab`,
          ...(late ? {} : { why }),
        }),
        step("exec", "exec: mm_alloc, mmap_write_lock; enter lists the slot", {
          do: [...locked, list],
          to: `${names.enter}:exec_mmgrab`,
          why,
        }),
        step("untracked", "an mm without slot: no memory, or fork fails early", { do: made, to: "task:run" }),
      ),
      [`${names.enter}:fork_mmgrab`]: point(
        step("fork_mmgrab", "mmgrab for the slot; trace", {
          do: [...(late ? [grab, unlock] : [grab]), ...entered],
          to: late ? "task:run" : "dup_mmap:copy",
          emits: events.enter,
        }),
      ),
      "dup_mmap:copy": point(
        step("copied", "every VMA is copied", {
          do: [late ? list : unlock],
          to: late ? `${names.enter}:fork_mmgrab` : "task:run",
          ...(late ? { why } : {}),
        }),
        step("copy_fails", "copying fails half-way; mmap_write_unlock", {
          do: [unlock],
          to: "dup_mmap:failed",
        }),
      ),
      "dup_mmap:failed": point(
        step("mmput_failed", "fork fails: mmput, mm_users drops to 0", {
          do: [set(v.mm_users, false)],
          to: mmput.first(has),
        }),
      ),
      [`${names.enter}:exec_mmgrab`]: point(
        step("exec_mmgrab", "mmgrab for the slot; trace", {
          do: [grab, ...entered],
          to: "bprm_mm_init:stack",
          emits: events.enter,
        }),
      ),
      "bprm_mm_init:stack": point(
        step("inserted", "the stack VMA is inserted; mmap_write_unlock", { do: [unlock], to: "task:run" }),
        step("insert_fails", "inserting the stack VMA fails", {
          to: execError.first(has),
          why: `${names.exit} is called with mmap_lock held for write (D01)`,
        }),
      ),
      "task:run": point(
        step("owner_cleared", "exit_mm: no task owns the mm any more", {
          when: v.owner,
          do: [set(v.owner, false)],
        }),
        step("mmput", "the last mmput: mm_users drops to 0", {
          when: not(v.owner),
          do: [set(v.mm_users, false)],
          to: mmput.first(has),
        }),
      ),
      ...exitPoints(v, has, mmput, events, "exit_mmap:unmap"),
      ...exitPoints(v, has, execError, events, "bprm_mm_init:unlock"),
      "bprm_mm_init:unlock": point(
        step("exec_failed", "mmap_write_unlock; exec fails: mmdrop", {
          do: [unlock, dropCount],
          to: "task:gone",
        }),
      ),
      "exit_mmap:unmap": point(
        step("unmap_all", "exit_mmap: free the page tables; mmdrop", { do: [dropCount], to: "task:gone" }),
      ),
      "task:gone": point(
        step("reuse", "the slab hands the mm_struct to the next mm", {
          when: eq(v.mm_count, 0),
          do: [set(v.mm_users, false), set(v.owner, false), ...events.note("nothing")],
          to: "task:start",
        }),
      ),
    },
  });
}
