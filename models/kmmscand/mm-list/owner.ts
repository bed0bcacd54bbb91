/** The task that makes an mm by fork or exec, runs on it, and takes it down: one life of one mm. */
import {
  type Actor,
  actor,
  add,
  append,
  type Bool,
  type Effect,
  type Expr,
  emits,
  eq,
  finalPoint,
  get,
  type NamedStep,
  point,
  self,
  set,
  step,
  sub,
} from "../../language/index.ts";
import type { Has } from "../features.ts";
import type { Points } from "../points.ts";
import { exitPointsOf, traceSteps } from "./exit.ts";
import type { SlotMemory } from "./shared-memory.ts";

const mmput = exitPointsOf("__mmput");
const execError = exitPointsOf("bprm_mm_init");

/** The slot is listed and does not hold its reference yet. */
export const enteringAt = ["dup_mmap:mmgrab", "bprm_mm_init:mmgrab"] as const;
/** The mm holds none of its own references: it does not exist yet, or no more. */
export const withoutMmAt = ["task:start", "task:gone"] as const;
/** fork failed half-way: some VMAs of the tree are missing. */
export const incompleteAt = ["dup_mmap:failed"] as const;
/** A task asks for mmap_write_lock inside __kmmscand_exit. */
export const barrierAt = (has: Has<"execEntersAfterStack">): readonly string[] =>
  has("execEntersAfterStack") ? [mmput.barrier] : [mmput.barrier, execError.barrier];
/** The page tables are being or have been taken down, or the mm is gone altogether. */
export const tornDownAt = ["exit_mmap:unmap", "task:gone"] as const;

/** fork or exec has made the mm and is not over; the error path of an early exec ends in mmdrop with mm_users left at 1. */
export const beginningAt = (has: Has<"execEntersAfterStack">): readonly string[] => [
  ...writeHeldAt(has),
  ...incompleteAt,
];
/** A fork or exec holds the mmap_lock of the new mm for write. */
export const writeHeldAt = (has: Has<"execEntersAfterStack">): readonly string[] => [
  ...enteringAt,
  "dup_mmap:copy",
  "bprm_mm_init:stack",
  "bprm_mm_init:unlock",
  ...(has("execEntersAfterStack") ? [] : Object.values(execError)),
];
/** The last mmput is under way. */
export const endingAt = [...Object.values(mmput), "exit_mmap:unmap"] as const;

type HasOwnerFeature = Has<"execEntersAfterStack" | "forkEntersAfterDup" | "exitIsTraced">;

/** What a model puts into the life of an mm. */
export interface Life {
  /** The points of a call of __kmmscand_exit. */
  readonly exit: (caller: string, then: string) => Points;
  /** Its first step, where the last mmput makes the call. */
  readonly lookup: (caller: string, then: string, given: Expr<Bool>) => readonly NamedStep[];
  /** What exit_mmap does to the folios of the mm. */
  readonly unmapAll: readonly Effect[];
  /** What it waits for before. */
  readonly unmapWhen?: Expr<Bool>;
  /** mm_slot_alloc may find no memory: such an mm is never listed. */
  readonly slotAllocationFails: boolean;
  /** What else listing a slot does. */
  readonly listed?: readonly Effect[];
  /** Nobody holds mm_lock over several steps. */
  readonly mmLockFree?: Expr<Bool>;
}

const noMemory = "mm_slot_alloc finds no memory: the daemon never hears of the mm";

export function owner(v: SlotMemory, has: HasOwnerFeature, life: Life): Actor {
  const mm = self("mm");
  const unlock = set(get(v.mmap_lock, mm), "free");
  const dropCount = set(get(v.mm_count, mm), sub(get(v.mm_count, mm), 1));
  const runs: readonly Effect[] = [unlock, set(get(v.running, mm), true)];
  const allocate: readonly Effect[] = [
    set(get(v.mm_users, mm), 1),
    set(get(v.mm_count, mm), 1),
    set(get(v.mmap_lock, mm), "write"),
  ];
  const list: readonly Effect[] = [append(v.scan_list, mm), ...(life.listed ?? [])];
  const grab = set(get(v.mm_count, mm), add(get(v.mm_count, mm), 1));
  const entered = emits("kmem_mm_enter", { mm });
  const enters = "__kmmscand_enter, mm_lock: the slot is listed before it holds a reference";
  const forkLate = has("forkEntersAfterDup");
  const execLate = has("execEntersAfterStack");
  const untracked = (name: string, description: string, effects: readonly Effect[], to: string) =>
    life.slotAllocationFails ? [step(name, description, { do: effects, to, why: noMemory })] : [];
  const exits = eq(get(v.mm_users, mm), 0);
  const traced = has("exitIsTraced");
  const lists = life.mmLockFree === undefined ? {} : { when: life.mmLockFree };
  return actor({
    name: "owner",
    doc: "The task of one mm: fork or exec, run, exit.",
    forEach: "mm",
    initial: "task:start",
    points: {
      "task:start": point(
        step("fork", "fork: mm_alloc, mmap_write_lock of the new mm; dup_mmap", {
          ...(forkLate ? {} : lists),
          do: forkLate ? allocate : [...allocate, ...list],
          to: forkLate ? "dup_mmap:copy" : "dup_mmap:mmgrab",
          ...(forkLate ? {} : { why: enters }),
        }),
        ...(forkLate
          ? []
          : untracked("fork_nomem", "fork: the same, without a scan slot", allocate, "dup_mmap:copy")),
        step("exec", "exec: mm_alloc, mmap_write_lock of the new mm", {
          ...(execLate ? {} : lists),
          do: execLate ? allocate : [...allocate, ...list],
          to: execLate ? "bprm_mm_init:stack" : "bprm_mm_init:mmgrab",
          ...(execLate ? {} : { why: enters }),
        }),
        ...(execLate
          ? []
          : untracked("exec_nomem", "exec: the same, without a scan slot", allocate, "bprm_mm_init:stack")),
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
          ...(forkLate ? lists : {}),
          do: forkLate ? list : runs,
          to: forkLate ? "dup_mmap:mmgrab" : "task:run",
          ...(forkLate ? { why: enters } : {}),
        }),
        ...(forkLate
          ? untracked("copied_nomem", "every VMA is copied; there is no scan slot", runs, "task:run")
          : []),
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
          ...(traced ? { emits: emits("kmem_mm_exit", { mm }) } : {}),
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
          ...(execLate ? lists : {}),
          do: execLate ? list : runs,
          to: execLate ? "bprm_mm_init:mmgrab" : "task:run",
          ...(execLate ? { why: enters } : {}),
        }),
        ...(execLate
          ? untracked("inserted_nomem", "the stack VMA is inserted; there is no scan slot", runs, "task:run")
          : []),
        step("insert_fails", "inserting the stack VMA fails", {
          to: execLate ? "bprm_mm_init:unlock" : execError.lookup,
          ...(execLate ? {} : { why: "__kmmscand_exit is called with mmap_lock held for write" }),
          ...(traced && !execLate ? { emits: emits("kmem_mm_exit", { mm }) } : {}),
        }),
      ),
      ...(execLate ? {} : life.exit("bprm_mm_init", "bprm_mm_init:unlock")),
      "bprm_mm_init:unlock": point(
        step("exec_failed", "mmap_write_unlock; exec fails: mmdrop", {
          do: [unlock, dropCount],
          to: "task:gone",
        }),
      ),
      "task:run": point(
        ...(traced ? traceSteps(mmput.lookup, exits) : life.lookup("__mmput", "exit_mmap:unmap", exits)),
      ),
      ...life.exit("__mmput", "exit_mmap:unmap"),
      "exit_mmap:unmap": point(
        step("unmap_all", "exit_mmap: unmap all, free the page tables; mmdrop", {
          ...(life.unmapWhen === undefined ? {} : { when: life.unmapWhen }),
          do: [...life.unmapAll, dropCount],
          to: "task:gone",
        }),
      ),
      "task:gone": finalPoint,
    },
  });
}
