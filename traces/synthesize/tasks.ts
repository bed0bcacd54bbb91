/** Forks, execs and exits, and the writer of knobs. */
import { migrateArgs } from "./migrator.ts";
import type { Process } from "./scanner.ts";
import type { Behaviour, Workload } from "./workload.ts";
import { MS, type Slot, type Task, US, type World } from "./world.ts";

const SHELL: Task = { comm: "sh", pid: 100, cpu: 1 };

/** Starts the tasks of a workload, each as a process of its own. */
export function* spawner(world: World, workload: Workload, start: (process: Process) => void): Process {
  let pid = 101;
  const spawn = function* (behaviour: Behaviour): Process {
    const child: Task = { comm: behaviour.comm, pid, cpu: pid % 2 === 0 ? 3 : 1 };
    pid++;
    const forked = world.enter(SHELL, { ...behaviour, comm: "sh", accessed: () => 0, large: false });
    yield 60 * US;
    world.sched(SHELL, "sched_process_fork", {
      comm: SHELL.comm,
      pid: SHELL.pid,
      child_comm: SHELL.comm,
      child_pid: child.pid,
    });
    start(lifeOf(world, child, forked, behaviour));
  };
  for (const behaviour of workload.first) {
    yield* spawn(behaviour);
    yield world.random.int(400, 1500) * US;
  }
  const { later } = workload;
  while (later !== null) {
    yield later.every(world.random) * MS;
    yield* spawn(later.behaviour);
  }
}

/** The child execs, lives and exits. */
function* lifeOf(world: World, child: Task, forked: Slot, behaviour: Behaviour): Process {
  const { random } = world;
  const asShell = { ...child, comm: SHELL.comm };
  yield random.int(200, 900) * US;
  const slot = world.enter(asShell, behaviour);
  if (world.faults.awaits("M01") && world.patch !== "v0" && child.pid > 102) {
    world.faults.happened("M01");
    yield 200 * US;
    world.force(asShell, "kmem_mm_enter", slot);
  }
  yield random.int(80, 200) * US;
  yield* exit(world, asShell, forked);
  world.sched(child, "sched_process_exec", {
    filename: `/usr/bin/${behaviour.comm}`,
    pid: child.pid,
    old_pid: child.pid,
  });
  haunt(world, forked);
  if (behaviour.life === null) return;
  yield behaviour.life(random) * MS;
  const entry = yield* entryToOutlive(world, slot);
  yield* exit(world, child, slot);
  world.sched(child, "sched_process_exit", { comm: child.comm, pid: child.pid, prio: 120 });
  if (!entry) return haunt(world, slot);
  yield 80 * US;
  world.faults.happened("S06");
  world.force(world.migrator, "kmem_scan_mm_migrate", slot, migrateArgs(world, 0));
}

/** The daemon still has the slot in hand, and visits it. */
function haunt(world: World, slot: Slot): void {
  if (world.faults.awaits("P03") && world.patch !== "v0" && world.visiting === null) world.ghost ??= slot;
}

/** Waits for an entry in the queue, if one is to outlive the mm. */
function* entryToOutlive(world: World, slot: Slot): Generator<number, boolean, undefined> {
  for (let n = 0; n < 4000 && world.faults.awaits("S06"); n++) {
    if (slot.queued > 0 && world.visiting !== slot) return true;
    yield 2 * MS;
  }
  return false;
}

/** The exit hook: its event is shown first, then it waits for a visit to end. */
function* exit(world: World, task: Task, slot: Slot): Process {
  while (world.visiting === slot) yield 50 * US;
  slot.exiting = true;
  if (world.patch !== "v0") world.show(task, "kmem_mm_exit", slot);
  yield world.random.int(5, 30) * US;
  while (world.visiting === slot) yield 50 * US;
  world.remove(slot);
  yield world.random.int(20, 60) * US;
}

/** Turns the daemon off and on, and gives new mms other scan periods. */
export function* knobWriter(world: World): Process {
  for (;;) {
    yield world.random.int(3000, 8000) * MS;
    world.enabled = false;
    yield world.random.int(200, 1500) * MS;
    world.enabled = true;
    world.scanPeriod = 1000 + 500 * world.random.int(0, 4);
  }
}
