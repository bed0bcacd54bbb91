/** The simulated machine: a clock, the scan list, the pointers, and the log that grows. */
import type { EventName, ProbeName, RecordKind, SimulatedEvent } from "./event.ts";
import type { Faults } from "./faults.ts";
import { baseOf, placeOf, rawPointer } from "./pages.ts";
import type { Random } from "./random.ts";
import { createRuns } from "./runs.ts";
import { CONSTANTS, type SimulatedPatch, type Tuning } from "./throttle.ts";
import type { Behaviour } from "./workload.ts";

export const US = 1000;
export const MS = 1e6;

/** Values of the knobs; the simulated daemon is given room to sleep, so that a log is not all starts of visits that are not due. */
export const KNOBS = { scan_sleep_ms: 100, mms_to_scan: 8, top_tier_nodes: [0] } as const;

/** A task that shows events. */
export interface Task {
  readonly comm: string;
  readonly pid: number;
  readonly cpu: number;
}

/** An mm on the scan list. */
export interface Slot {
  readonly mm: string;
  readonly behaviour: Behaviour;
  tuning: Tuning;
  /** Nanoseconds. */
  nextScan: number;
  /** Where its memory begins; see pages.ts. */
  readonly base: number;
  /** Addresses of the pages that wait for migration. */
  queue: number[];
  /** How many pages its scans have found accessed so far. */
  found: number;
  /** Its prctl scale; 0 for one that is not scanned. */
  scale: number;
  exiting: boolean;
  scans: number;
  /** Where its scans resume; null as long as nothing is wrong with that. */
  stuckAt: number | null;
  /** Visits that pass it over until then, nanoseconds. */
  hiddenUntil: number;
}

export interface World {
  now: number;
  enabled: boolean;
  /** scan_sleep_ms. */
  sleepMs: number;
  /** When the sleep of the scanner ends, nanoseconds. */
  wakesAt: number;
  /** What new mms start with, milliseconds. */
  scanPeriod: number;
  readonly patch: SimulatedPatch;
  readonly random: Random;
  readonly faults: Faults;
  readonly slots: Slot[];
  /** Position of the slot that is visited next. */
  cursor: number;
  visiting: Slot | null;
  /** A slot that is gone and is visited once more. */
  ghost: Slot | null;
  /** A slot of which one entry is migrated too late. */
  held: Slot | null;
  /** A page of an mm that is gone, to be promoted. */
  late: { readonly slot: Slot; readonly page: number } | null;
  readonly scanner: Task;
  readonly migrator: Task;
  /** Shows an event of an mm if the model has a run with it. */
  readonly show: (task: Task, name: EventName, slot: Slot, args?: Args) => boolean;
  /** The same without asking the model: for faults. */
  readonly force: (task: Task, name: EventName, slot: Slot, args?: Args) => void;
  /** The first half of {@link show}: whether the model has a run with the event, which it takes then. */
  readonly takes: (name: EventName, slot: Slot, args?: Args) => boolean;
  /** What is recorded besides. */
  readonly records: ReadonlySet<RecordKind>;
  /** Prctl scale with which an mm begins. */
  readonly scale: number;
  /** Shows a kprobe, if its kind is recorded. */
  readonly probe: (kind: RecordKind, task: Task, name: ProbeName, args: Args) => void;
  /** Writes a mark, if marks are recorded. */
  readonly mark: (task: Task, text: string) => void;
  /** Shows an event of the scheduler. */
  readonly sched: (task: Task, name: EventName, args: Args) => void;
  /** Puts a new mm on the list and shows its enter. */
  readonly enter: (task: Task, behaviour: Behaviour) => Slot;
  /** Takes a slot from the list. */
  readonly remove: (slot: Slot) => void;
  /** The exit of the mm has returned: its pointer may be used again. */
  readonly release: (slot: Slot) => void;
  /** What was shown since the last call. */
  readonly shown: () => readonly SimulatedEvent[];
}

type Args = Readonly<Record<string, string | number>>;

/** Nanoseconds since boot at which a simulation begins. */
const BOOT = 100e9;
/** Freed pointers are used again after so many nanoseconds. */
const REST = 5 * MS;

export interface WorldOptions {
  readonly records: ReadonlySet<RecordKind>;
  readonly scale: number;
}

export function createWorld(
  patch: SimulatedPatch,
  random: Random,
  faults: Faults,
  { records, scale }: WorldOptions,
): World {
  const runs = createRuns(patch);
  const isFirst = patch === "v0";
  const perMm = patch === "v2" || patch === "v3";
  const scanner = { comm: perMm ? "kscand" : "kmmscand", pid: 37, cpu: 0 };
  const free: { readonly mm: string; readonly since: number }[] = [];
  const used = new Set<string>();
  let entered = 0;
  let log: SimulatedEvent[] = [];

  const push = ({ comm, pid, cpu }: Task, name: EventName, args: Args): void => {
    log.push({ name, ns: world.now, cpu, comm, pid, args });
  };

  function probe(kind: RecordKind, { comm, pid, cpu }: Task, name: ProbeName, args: Args): void {
    if (!records.has(kind)) return;
    log.push({ name, ns: world.now, cpu, comm, pid, args, place: placeOf(name, perMm) });
    world.now += US;
  }

  function force(task: Task, name: EventName, slot: Slot, args: Args = {}): void {
    const { mm } = slot;
    push(task, name, isFirst ? { comm: slot.behaviour.comm, mm, ...args } : { mm, ...args });
  }

  function show(task: Task, name: EventName, slot: Slot, args: Args = {}): boolean {
    if (!takes(name, slot, args)) return false;
    force(task, name, slot, args);
    return true;
  }

  function takes(name: EventName, slot: Slot, args: Args = {}): boolean {
    return runs.take(slot.mm, name, Number(args["total"] ?? args["rc"] ?? 0));
  }

  function pointer(): string {
    const at = free.findIndex(({ since }) => world.now - since >= REST);
    const again = at < 0 || random.oneIn(3) ? undefined : free.splice(at, 1)[0];
    return again?.mm ?? freshPointer();
  }

  function freshPointer(): string {
    for (;;) {
      const mm = random.int(0x1000_0000, 0xffff_ffff).toString(16).padStart(16, "0");
      if (used.has(mm)) continue;
      used.add(mm);
      return mm;
    }
  }

  function enter(task: Task, behaviour: Behaviour): Slot {
    const constants = CONSTANTS[patch];
    const mm = pointer();
    const slot: Slot = {
      mm,
      behaviour,
      tuning: { period: world.scanPeriod, size: constants.firstSize, delta: 0 },
      nextScan: world.now + constants.delay * MS,
      base: baseOf(entered++),
      queue: [],
      found: 0,
      scale,
      exiting: false,
      scans: 0,
      stuckAt: null,
      hiddenUntil: 0,
    };
    const known = takes("kmem_mm_enter", slot) ? slot : { ...slot, mm: freshPointer() };
    if (known !== slot) takes("kmem_mm_enter", known);
    probe("exit", task, "enter", { mm: rawPointer(known.mm) });
    force(task, "kmem_mm_enter", known);
    world.slots.push(known);
    return known;
  }

  function remove(slot: Slot): void {
    const at = world.slots.indexOf(slot);
    if (at < 0) return;
    world.slots.splice(at, 1);
    if (at < world.cursor) world.cursor--;
    slot.queue = [];
  }

  function release(slot: Slot): void {
    // What is to be seen of an mm that is gone must not be taken for the next one.
    if (["F03", "P03", "S03", "S06"].some(faults.awaits)) return;
    free.push({ mm: slot.mm, since: world.now });
  }

  const world: World = {
    now: BOOT,
    enabled: true,
    sleepMs: KNOBS.scan_sleep_ms,
    wakesAt: 0,
    scanPeriod: 2000,
    patch,
    random,
    faults,
    slots: [],
    cursor: 0,
    visiting: null,
    ghost: null,
    held: null,
    late: null,
    scanner,
    migrator: isFirst ? scanner : { comm: perMm ? "kmigrated" : "kmmmigrated", pid: 38, cpu: 2 },
    show,
    force,
    takes,
    records,
    scale,
    probe,
    mark(task, text) {
      if (records.has("marks")) push(task, "tracing_mark_write", { buf: `kmmcheck: ${text}` });
    },
    sched: push,
    enter,
    remove,
    release,
    shown() {
      const since = log;
      log = [];
      return since;
    },
  };
  return world;
}
