/** Steps that no run of a shipped model takes, points that none enters and premises that never come true, each with its reason. */
import type { Patch } from "../../models/index.ts";

interface Excuse {
  readonly model: string;
  /** All where left out. */
  readonly patches?: readonly Patch[];
  /** `actor.step at point`, some alternative of the step there; or `actor point`, a point that is never entered. */
  readonly steps?: readonly string[];
  /** Ids of properties that hold vacuously. */
  readonly vacuous?: readonly string[];
  readonly why: string;
}

const selfDeadlock = "the exec that fails finds its slot listed and waits for itself for ever (D01)";
const short = "it takes a second entry, and here are one folio and a list of one entry";
const otherMm = "the cursor rests on a slot that is not scanned only where there is another mm";
const noStore = "without a store nobody writes a setting or asks for a wake-up";
const noOops = "the threads that are stopped have been started";
const noSlot = "a failed fork has no slot, and this exit comes of nothing else";

/** At the sizes at which test/checker/shipped.test.ts explores. */
export const excuses: readonly Excuse[] = [
  {
    model: "system",
    patches: ["v0"],
    steps: [
      "kmmscand.take_null at migrate_folio:take",
      "kmmscand.migrated at migrate_folio:account",
      "kmmscand.failed at migrate_folio:account",
      "owner.spin at __mmput:cleanup",
    ],
    vacuous: ["B02", "S06.unnamed"],
    why: short,
  },
  {
    model: "system",
    patches: ["fixed"],
    steps: ["kmmscand.take_null at migrate_folio:take", "kmmscand.discard at migrate_folio:account"],
    vacuous: ["S06.unnamed", "A01.discarded"],
    why: short,
  },
  {
    model: "system",
    patches: ["v0", "fixed"],
    steps: ["kmmscand.kzalloc_fails at scan_mm_slot:walk"],
    why: "the list is drained after each visit, so that it has room for the one folio",
  },
  {
    model: "system",
    patches: ["v1"],
    steps: ["migrator.migrated at migrate_folio:take", "migrator.failed at migrate_folio:take"],
    why: short,
  },
  {
    model: "system",
    patches: ["v1", "v2", "v3"],
    steps: ["migrator.exiting_mm at promote_folio:flags", "migrator.source_toptier at promote_folio:isolate"],
    why: short,
  },
  {
    model: "system",
    patches: ["v0", "v1", "v2", "v3"],
    steps: ["owner.untracked at bprm_mm_init:lookup", "owner.barrier at bprm_mm_init:barrier"],
    why: selfDeadlock,
  },
  {
    model: "system",
    patches: ["v0"],
    steps: ["owner.spin at bprm_mm_init:cleanup"],
    why: "the mm of an exec that fails has never run, so no entry names it",
  },
  {
    model: "system",
    patches: ["v0", "v1"],
    steps: ["owner.cleaned at bprm_mm_init:cleanup"],
    why: "its slot was found, and no list has entries: some of its alternatives",
  },
  {
    model: "system",
    patches: ["v2", "v3"],
    steps: [
      "owner.no_slot at bprm_mm_init:cleanup",
      "owner.nothing_queued at bprm_mm_init:cleanup",
      "owner.drain at bprm_mm_init:cleanup",
      "owner.spin at bprm_mm_init:wait",
      "owner.cleaned at bprm_mm_init:wait",
      "owner bprm_mm_init:wait",
    ],
    why: "the mm of an exec that fails has never run, so it has no migration slot",
  },
  {
    model: "system",
    patches: ["v2", "v3"],
    steps: ["owner.nothing_queued at __mmput:cleanup", "owner.cleaned at __mmput:wait"],
    why: "where the daemon has collected the scan slot, it has taken the migration slot down, too",
  },
  {
    model: "system",
    patches: ["v1", "v2", "v3"],
    steps: ["owner.unlink at bprm_mm_init:lookup", "owner.unlink at __mmput:lookup"],
    why: otherMm,
  },
  { model: "system", patches: ["fixed"], steps: ["owner.unlink at task:run"], why: otherMm },
  {
    model: "system",
    patches: ["fixed"],
    steps: ["owner.unlink at __mmput:lookup", "owner.leave at __mmput:lookup"],
    why: noSlot,
  },
  {
    model: "mm-list",
    steps: ["kmmscand.sleep at kmmscand:disabled"],
    why: "one store switches scanning off, and no other one on again",
  },
  {
    model: "mm-list",
    patches: ["v0", "v1", "v2", "v3"],
    steps: ["owner.barrier at bprm_mm_init:barrier"],
    why: selfDeadlock,
  },
  {
    model: "mm-list",
    patches: ["fixed"],
    steps: ["owner.unlink at __mmput:lookup", "owner.leave at __mmput:lookup"],
    why: noSlot,
  },
  {
    model: "migration",
    steps: ["kmmscand.trylock_fails at scan_mm_slot:trylock"],
    why: "whoever takes mmap_lock for write over several steps is in other models",
  },
  { model: "migration", steps: ["owner.unlink at __mmput:lookup"], why: otherMm },
  {
    model: "migration",
    patches: ["fixed"],
    steps: ["migrator.exiting_mm at promote_folio:flags", "migrator.source_toptier at promote_folio:get"],
    why: "it takes a second entry, and one folio is not queued twice",
  },
  {
    model: "one-mm",
    steps: ["owner.untracked_exit at exec_lookup", "owner.barrier at exec_barrier"],
    why: selfDeadlock,
  },
  {
    model: "one-mm",
    steps: ["owner.cleaned at exec_cleanup"],
    why: "its slot was found, and from v1 on one that is being scanned is left to the daemon, cleanup included",
  },
  {
    model: "one-mm",
    patches: ["p1", "v1", "v2", "v3"],
    steps: ["owner.cleaned at mmput_cleanup"],
    why: "an exit that leaves its slot to the daemon leaves the cleanup to it, too",
  },
  {
    model: "one-mm",
    patches: ["v2", "v3"],
    steps: [
      "owner.migrator_left at mmput_cleanup_wait",
      "owner.splice_away at exec_cleanup",
      "owner.migrator_left at exec_cleanup_wait",
      "owner exec_cleanup_wait",
    ],
    why: "only an mm that has run, and whose slot the exit has unlinked, has entries to wait for",
  },
  {
    model: "daemon",
    steps: [
      "kmmscand.again at do_scan:count",
      "kmmscand.wait_enabled at kmmscand:disabled",
      "kmmscand.no_sleep at wait_work:read",
      "kmmscand.leave at wait_event:tested",
    ],
    why: noStore,
  },
  { model: "daemon", patches: ["v0"], steps: ["kmmscand.workless at wait_work:read"], why: noStore },
  { model: "daemon", patches: ["v0", "p1", "v1", "v2", "v3"], vacuous: ["L06.kept"], why: noStore },
  {
    model: "daemon",
    patches: ["v0", "p1", "v1", "fixed"],
    steps: ["stopper.stop_scanner at stop_kmmscand:call", "stopper kthread_stop:oops"],
    why: noOops,
  },
  {
    model: "daemon",
    patches: ["p1", "v1", "fixed"],
    steps: ["stopper.stop_migrator at stop_kmmmigrated:call"],
    why: noOops,
  },
  {
    model: "daemon",
    patches: ["v2", "v3"],
    steps: [
      "init.stop_migrator at kmmscand_init:stop_kmmmigrated",
      "init.stop_scanner at kmmscand_init:stop_kmmscand",
      "init.stopped at kmmscand_init:stopping",
      "init kmmscand_init:stop_kmmmigrated",
      "init kmmscand_init:stop_kmmscand",
      "init kmmscand_init:stopping",
    ],
    why: "init does not see that a thread was not started (D34)",
  },
  {
    model: "scan",
    steps: [
      "application.watch_0 at mmap:watch",
      "application.watch_1 at mmap:watch",
      "application.watch_2 at mmap:watch",
    ],
    why: "the last VMA is that of the second mm; a page of the first is watched",
  },
  {
    model: "scan",
    steps: ["kmmscand.extend at for_each_vma:account"],
    why: "only v0 and p1 extend a scan, and they do so behind a VMA",
  },
  {
    model: "scan",
    patches: ["v0", "p1", "v1", "v2", "v3"],
    steps: ["kmmscand.hot at pte_entry:visit", "kmmscand.cold at pte_entry:visit"],
    why: "the walk does not end where nr_to_scan is used up: there is none, or it counts bytes (D49)",
  },
  {
    model: "sysfs",
    steps: ["owner.fork at task:run"],
    why: "nobody forks itself, and the first mm is there from the beginning",
  },
  {
    model: "two-phase-commit",
    steps: [
      "manager.receive-commit at working",
      "manager.receive-abort at committed",
      "manager.receive-commit at aborted",
    ],
    why: "commit means that all are prepared, and nobody decides twice: what the protocol is for",
  },
  {
    model: "kmm",
    steps: ["scanner.scan at S3"],
    why: "there is one mm, so no folio of another one to skip",
  },
];

/** `owner(mm0).fork(mm1) at task:run` as excuses name it; without the name of the function where that differs by version. */
export const withoutIndividuals = (label: string) =>
  label.replaceAll(/\(\w+\)/g, "").replace(/__k\w+_exit:((?:exec|mmput)_)/, "$1");
