/** The task that makes an mm by fork or exec, runs on it, and takes it down: one life of one mm. */
import {
  type Actor,
  actor,
  add,
  append,
  type Effect,
  emits,
  eq,
  finalPoint,
  get,
  point,
  self,
  set,
  step,
  sub,
} from "../../language/index.ts";
import { exitPoints, exitPointsOf, lookupSteps } from "./exit.ts";
import type { Has } from "./features.ts";
import { unmapAll } from "./folio.ts";
import type { Shared } from "./shared-memory.ts";

const mmput = exitPointsOf("__mmput");
const execError = exitPointsOf("bprm_mm_init");

/** The slot is listed and does not hold its reference yet. */
export const enteringAt = ["dup_mmap:mmgrab", "bprm_mm_init:mmgrab"] as const;
/** The mm holds none of its own references: it does not exist yet, or no more. */
export const withoutMmAt = ["task:start", "task:gone"] as const;
/** fork failed half-way: some VMAs of the tree are missing. */
export const incompleteAt = ["dup_mmap:failed"] as const;
/** A task asks for mmap_write_lock inside __kmmscand_exit. */
export const barrierAt = (has: Has): readonly string[] =>
  has("execEntersAfterStack") ? [mmput.barrier] : [mmput.barrier, execError.barrier];
/** The page tables are being or have been taken down, or the mm is gone altogether. */
export const tornDownAt = ["exit_mmap:unmap", "task:gone"] as const;

export function owner(v: Shared, has: Has): Actor {
  const mm = self("mm");
  const unlock = set(get(v.mmap_lock, mm), "free");
  const dropCount = set(get(v.mm_count, mm), sub(get(v.mm_count, mm), 1));
  const runs: readonly Effect[] = [unlock, set(get(v.running, mm), true)];
  const allocate: readonly Effect[] = [
    set(get(v.mm_users, mm), 1),
    set(get(v.mm_count, mm), 1),
    set(get(v.mmap_lock, mm), "write"),
  ];
  const list = append(v.scan_list, mm);
  const grab = set(get(v.mm_count, mm), add(get(v.mm_count, mm), 1));
  const entered = emits("kmem_mm_enter", { mm });
  const enters = "__kmmscand_enter, mm_lock: the slot is listed before it holds a reference";
  const forkLate = has("forkEntersAfterDup");
  const execLate = has("execEntersAfterStack");
  return actor({
    name: "owner",
    doc: "The task of one mm: fork or exec, run, exit.",
    forEach: "mm",
    initial: "task:start",
    points: {
      "task:start": point(
        step("fork", "fork: mm_alloc, mmap_write_lock of the new mm; dup_mmap", {
          do: forkLate ? allocate : [...allocate, list],
          to: forkLate ? "dup_mmap:copy" : "dup_mmap:mmgrab",
          ...(forkLate ? {} : { why: enters }),
        }),
        step("exec", "exec: mm_alloc, mmap_write_lock of the new mm", {
          do: execLate ? allocate : [...allocate, list],
          to: execLate ? "bprm_mm_init:stack" : "bprm_mm_init:mmgrab",
          ...(execLate ? {} : { why: enters }),
        }),
      ),
      "dup_mmap:mmgrab": point(
        step("fork_mmgrab", "__kmmscand_enter: mmgrab for the slot", {
          do: forkLate ? [grab, ...runs] : [grab],
          to: forkLate ? "task:run" : "dup_mmap:copy",
          emits: entered,
        }),
      ),
      "dup_mmap:copy": point(
        step("copied", "every VMA is copied", {
          do: forkLate ? [list] : runs,
          to: forkLate ? "dup_mmap:mmgrab" : "task:run",
          ...(forkLate ? { why: enters } : {}),
        }),
        step("copy_fails", "copying fails half-way; mmap_write_unlock", {
          do: [unlock],
          to: "dup_mmap:failed",
          why: "the tree is not complete, and mm_users is still 1",
        }),
      ),
      "dup_mmap:failed": point(
        step("mmput_failed", "fork fails: mmput, mm_users drops to 0", {
          do: [set(get(v.mm_users, mm), 0)],
          to: mmput.lookup,
        }),
      ),
      "bprm_mm_init:mmgrab": point(
        step("exec_mmgrab", "__kmmscand_enter: mmgrab for the slot", {
          do: execLate ? [grab, ...runs] : [grab],
          to: execLate ? "task:run" : "bprm_mm_init:stack",
          emits: entered,
        }),
      ),
      "bprm_mm_init:stack": point(
        step("inserted", "the stack VMA is inserted", {
          do: execLate ? [list] : runs,
          to: execLate ? "bprm_mm_init:mmgrab" : "task:run",
          ...(execLate ? { why: enters } : {}),
        }),
        step("insert_fails", "inserting the stack VMA fails", {
          to: execLate ? "bprm_mm_init:unlock" : execError.lookup,
          ...(execLate ? {} : { why: "__kmmscand_exit is called with mmap_lock held for write" }),
        }),
      ),
      ...(execLate ? {} : exitPoints(v, has, "bprm_mm_init", "bprm_mm_init:unlock")),
      "bprm_mm_init:unlock": point(
        step("exec_failed", "mmap_write_unlock; exec fails: mmdrop", {
          do: [unlock, dropCount],
          to: "task:gone",
        }),
      ),
      "task:run": point(...lookupSteps(v, has, "__mmput", eq(get(v.mm_users, mm), 0))),
      ...exitPoints(v, has, "__mmput", "exit_mmap:unmap"),
      "exit_mmap:unmap": point(
        step("unmap_all", "exit_mmap: unmap all, free the page tables; mmdrop", {
          do: [unmapAll(v, has, mm), dropCount],
          to: "task:gone",
        }),
      ),
      "task:gone": finalPoint,
    },
  });
}
