/** Forks, execs and exits, and the writer of knobs. */
import { migrateArgs, promoteLate } from "./migrator.ts";
import { promotion, rawPointer } from "./pages.ts";
import type { Process } from "./scanner.ts";
import type { Behaviour, Workload } from "./workload.ts";
import { KNOBS, MS, type Slot, type Task, US, type World } from "./world.ts";

/** An exit that takes so long is one that hangs, for all that a log can show. */
const HUNG = 12_000 * MS;

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
  if (world.patch !== "v0" && workload.writesKnobs && world.records.has("marks")) start(scaled(world));
  if (world.faults.awaits("S17")) start(failingFork(world));
  if (world.faults.awaits("S04")) start(failingExec(world));
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
  if (world.faults.awaits("L04") && child.pid > 102) return yield* hang(world, asShell, forked, "L04");
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
  if (entry) promotion(world, slot, slot.base, 0);
  const page = yield* entryToPromote(world, slot);
  yield* exit(world, child, slot);
  if (page !== null) {
    yield 80 * US;
    world.late = { slot, page };
    if (world.patch !== "v0") promoteLate(world);
  }
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
    if (slot.queue.length > 0 && world.visiting !== slot) return true;
    yield 2 * MS;
  }
  return false;
}

/** Waits for an entry in the queue, if its promotion is to begin after the end of the mm. */
function* entryToPromote(world: World, slot: Slot): Generator<number, number | null, undefined> {
  for (let n = 0; n < 4000 && world.faults.awaits("F03"); n++) {
    const [page] = slot.queue;
    if (page !== undefined && world.visiting !== slot) return page;
    yield MS / 2;
  }
  return null;
}

/** The exit hook: its event is shown first, then it waits for a visit to end. */
function* exit(world: World, task: Task, slot: Slot): Process {
  const { faults } = world;
  const waits = (): boolean => world.visiting === slot && !faults.awaits("S03");
  while (waits()) yield 50 * US;
  slot.exiting = true;
  enterExit(world, task, slot);
  yield world.random.int(5, 30) * US;
  while (waits()) yield 50 * US;
  world.remove(slot);
  const isSlow = faults.awaits("B04");
  if (isSlow) {
    faults.begun("B04");
    yield HUNG;
  }
  yield world.random.int(20, 60) * US;
  world.probe("exit", task, "exit_ret", {});
  world.release(slot);
  if (isSlow) faults.happened("B04");
}

function enterExit(world: World, task: Task, slot: Slot): void {
  const isShown = world.patch !== "v0" && world.takes("kmem_mm_exit", slot);
  world.probe("exit", task, "exit", { mm: rawPointer(slot.mm) });
  if (isShown) world.force(task, "kmem_mm_exit", slot);
}

/** Enters the exit hook and never returns. */
function* hang(world: World, task: Task, slot: Slot, fault: string): Process {
  while (world.visiting === slot) yield 50 * US;
  slot.exiting = true;
  enterExit(world, task, slot);
  world.remove(slot);
  world.faults.begun(fault);
  yield HUNG;
  world.faults.happened(fault);
}

const nothing: Behaviour = { comm: "sh", life: null, accessed: () => 0, large: false };

/** An exec that fails: the task gives up the mm that it has just entered, with the mmap lock in its hands. */
function* failingExec(world: World): Process {
  yield 3000 * MS;
  const task: Task = { comm: "sh", pid: 91, cpu: 1 };
  const slot = world.enter(task, nothing);
  yield 40 * US;
  yield* hang(world, task, slot, "S04");
}

/** A fork that fails, slowly: the daemon scans the mm before it is given up. */
function* failingFork(world: World): Process {
  yield 3000 * MS;
  const task: Task = { comm: "sh", pid: 92, cpu: 1 };
  const slot = world.enter(task, nothing);
  slot.nextScan = world.now;
  for (let n = 0; n < 2000 && slot.scans === 0; n++) yield MS;
  if (slot.scans > 0) world.faults.happened("S17");
  yield* exit(world, task, slot);
}

/** A task that takes itself from the scans by prctl, and forks; from v2 on the child would not inherit that (D71). */
function* scaled(world: World): Process {
  const task: Task = { comm: "scaled", pid: 93, cpu: 1 };
  const child: Task = { ...task, pid: 94 };
  const behaviour = { ...nothing, comm: task.comm };
  const tell = (pid: number, scale: number): void =>
    world.mark({ ...task, pid }, `prctl set rc=0 get=${scale} pid=${pid}`);
  yield 1000 * MS;
  const slot = world.enter(task, behaviour);
  yield 100 * US;
  world.sched(task, "sched_process_exec", { filename: "/usr/bin/scaled", pid: task.pid, old_pid: task.pid });
  yield 5 * MS;
  while (world.visiting === slot) yield 50 * US;
  slot.scale = 0;
  tell(task.pid, 0);
  yield 1000 * MS;
  if (world.patch !== "v1" && !world.faults.awaits("A09")) return;
  const forked = world.enter(task, behaviour);
  forked.scale = 0;
  yield 60 * US;
  const { comm, pid } = task;
  world.sched(task, "sched_process_fork", { comm, pid, child_comm: comm, child_pid: child.pid });
  if (!world.faults.awaits("A09")) return tell(child.pid, 0);
  forked.scale = 1;
  for (let n = 0; n < 4000 && forked.scans === 0; n++) yield MS;
  if (forked.scans > 0) world.faults.happened("A09");
}

const ADMINISTRATOR: Task = { comm: "sh", pid: 90, cpu: 3 };

/** Turns the daemon off and on, gives new mms other scan periods, and writes what is refused; with a mark around each. */
export function* knobWriter(world: World): Process {
  const { mark } = world;
  /** One write; what `value` is refused for leaves `now` as it was. */
  function* store(name: string, value: string, old: number, now: number, rc = 0): Process {
    mark(ADMINISTRATOR, `set ${name}=${value} old=${old}`);
    yield 20 * US;
    mark(ADMINISTRATOR, `done ${name} rc=${rc} now=${now}`);
  }
  for (;;) {
    yield world.random.int(500, 3000) * MS;
    const isKept = !world.faults.awaits("A08");
    if (!isKept) world.faults.happened("A08");
    yield* store("mms_to_scan", "many", KNOBS.mms_to_scan, isKept ? KNOBS.mms_to_scan : 0, 1);
    yield* longSleep(world, store);
    yield world.random.int(1000, 5000) * MS;
    world.enabled = false;
    yield* store("scan_enabled", "0", 1, 0);
    yield world.random.int(200, 1500) * MS;
    world.enabled = true;
    yield* store("scan_enabled", "1", 0, 1);
    const old = world.scanPeriod;
    world.scanPeriod = 1000 + 500 * world.random.int(0, 4);
    yield* store("mm_scan_period_ms", String(world.scanPeriod), old, world.scanPeriod);
  }
}

/** The sleep in progress is long, and goes on when a shorter one is asked for. */
function* longSleep(
  world: World,
  store: (name: string, value: string, old: number, now: number) => Process,
): Process {
  if (!world.faults.awaits("L06")) return;
  const short = world.sleepMs;
  world.sleepMs = 2000;
  yield* store("scan_sleep_ms", "2000", short, 2000);
  while (world.wakesAt - world.now < 1000 * MS) yield 100 * MS;
  world.sleepMs = short;
  yield* store("scan_sleep_ms", String(short), 2000, short);
  world.faults.happened("L06");
  yield 2500 * MS;
}
