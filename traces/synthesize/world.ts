/** The simulated machine: a clock, the scan list, the pointers, and the log that grows. */
import type { EventName, SimulatedEvent } from "./event.ts";
import type { Faults } from "./faults.ts";
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
  /** Entries that wait for migration. */
  queued: number;
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
  readonly scanner: Task;
  readonly migrator: Task;
  /** Shows an event of an mm if the model has a run with it. */
  readonly show: (task: Task, name: EventName, slot: Slot, args?: Args) => boolean;
  /** The same without asking the model: for faults. */
  readonly force: (task: Task, name: EventName, slot: Slot, args?: Args) => void;
  /** Shows an event of the scheduler. */
  readonly sched: (task: Task, name: EventName, args: Args) => void;
  /** Puts a new mm on the list and shows its enter. */
  readonly enter: (task: Task, behaviour: Behaviour) => Slot;
  /** Takes a slot from the list; its pointer may be used again. */
  readonly remove: (slot: Slot) => void;
  /** What was shown since the last call. */
  readonly shown: () => readonly SimulatedEvent[];
}

type Args = Readonly<Record<string, string | number>>;

/** Nanoseconds since boot at which a simulation begins. */
const BOOT = 100e9;
/** Freed pointers are used again after so many nanoseconds. */
const REST = 5 * MS;

export function createWorld(patch: SimulatedPatch, random: Random, faults: Faults): World {
  const runs = createRuns(patch);
  const isFirst = patch === "v0";
  const perMm = patch === "v2" || patch === "v3";
  const scanner = { comm: perMm ? "kscand" : "kmmscand", pid: 37, cpu: 0 };
  const free: { readonly mm: string; readonly since: number }[] = [];
  const used = new Set<string>();
  let log: SimulatedEvent[] = [];

  const push = ({ comm, pid, cpu }: Task, name: EventName, args: Args): void => {
    log.push({ name, ns: world.now, cpu, comm, pid, args });
  };

  function force(task: Task, name: EventName, slot: Slot, args: Args = {}): void {
    const { mm } = slot;
    push(task, name, isFirst ? { comm: slot.behaviour.comm, mm, ...args } : { mm, ...args });
  }

  function show(task: Task, name: EventName, slot: Slot, args: Args = {}): boolean {
    const value = Number(args["total"] ?? args["rc"] ?? 0);
    if (!runs.take(slot.mm, name, value)) return false;
    force(task, name, slot, args);
    return true;
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
      queued: 0,
      exiting: false,
      scans: 0,
      stuckAt: null,
      hiddenUntil: 0,
    };
    const entered = show(task, "kmem_mm_enter", slot) ? slot : { ...slot, mm: freshPointer() };
    if (entered !== slot) show(task, "kmem_mm_enter", entered);
    world.slots.push(entered);
    return entered;
  }

  function remove(slot: Slot): void {
    const at = world.slots.indexOf(slot);
    if (at < 0) return;
    world.slots.splice(at, 1);
    if (at < world.cursor) world.cursor--;
    slot.queued = 0;
    // What is to be seen of an mm that is gone must not be taken for the next one.
    if (faults.awaits("P03") || faults.awaits("S06")) return;
    free.push({ mm: slot.mm, since: world.now });
  }

  const world: World = {
    now: BOOT,
    enabled: true,
    scanPeriod: 2000,
    patch,
    random,
    faults,
    slots: [],
    cursor: 0,
    visiting: null,
    ghost: null,
    held: null,
    scanner,
    migrator: isFirst ? scanner : { comm: perMm ? "kmigrated" : "kmmmigrated", pid: 38, cpu: 2 },
    show,
    force,
    sched: push,
    enter,
    remove,
    shown() {
      const since = log;
      log = [];
      return since;
    },
  };
  return world;
}
