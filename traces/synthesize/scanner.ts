/** The scanner: visits round robin, sleeps between its cycles, and in v0 migrates what it found. */
import { migrateOne, promoteLate } from "./migrator.ts";
import { coldPages, newPages, walk, warmPages } from "./pages.ts";
import { CONSTANTS, tuned } from "./throttle.ts";
import { KNOBS, MS, type Slot, US, type World } from "./world.ts";

/** An actor: it yields the nanoseconds until it goes on. */
export type Process = Generator<number, void, undefined>;

export function* scanner(world: World): Process {
  yield 2 * MS;
  for (;;) {
    const last = yield* cycle(world);
    if (skipsSleep(world, last)) continue;
    const rest = world.sleepMs * MS + world.random.int(0, 2000) * US;
    world.wakesAt = world.now + rest;
    yield rest;
  }
}

/** @returns how the last visit of the cycle ended, null if there was none */
function* cycle(world: World): Generator<number, Visit | null, undefined> {
  let last: Visit | null = null;
  let allIdle = true;
  for (let n = 0; n < KNOBS.mms_to_scan && world.enabled; n++) {
    const slot = nextSlot(world);
    if (slot === null) continue;
    const visit = yield* visitOf(world, slot);
    if (visit === "scanned") allIdle = false;
    last = visit;
    if (visit === "scanned" && world.faults.awaits("P05")) return visit;
    yield world.random.int(2, 9) * US;
  }
  return last === "gated" && allIdle ? "idle" : last;
}

/** `idle`: no visit of the whole cycle found anything due. */
type Visit = "unseen" | "gated" | "scanned" | "idle";

/** P05 shows where the cycle before found something, B03 where neither it nor the next one does. */
function skipsSleep({ faults, slots, now }: World, last: Visit | null): boolean {
  const soon = slots.some((slot) => slot.nextScan <= now + MS);
  const id = last === "scanned" ? "P05" : last === "idle" && !soon ? "B03" : null;
  if (id === null || !faults.awaits(id)) return false;
  faults.happened(id);
  return true;
}

function nextSlot(world: World): Slot | null {
  const { slots, ghost } = world;
  if (ghost !== null) {
    world.ghost = null;
    return ghost;
  }
  if (world.cursor >= slots.length) world.cursor = 0;
  return slots[world.cursor++] ?? null;
}

function* visitOf(world: World, slot: Slot): Generator<number, Visit, undefined> {
  if (slot.exiting && world.slots.includes(slot)) {
    world.remove(slot);
    return "unseen";
  }
  if (isHidden(world, slot) || slot.scale === 0) return "unseen";
  if (!world.show(world.scanner, "kmem_scan_mm_start", slot)) return "unseen";
  if (slot.exiting) {
    world.faults.happened("P03");
    return "gated";
  }
  world.visiting = slot;
  if (!isDue(world, slot)) {
    yield world.random.int(3, 9) * US;
    world.visiting = null;
    return "gated";
  }
  const found = yield* scan(world, slot);
  world.visiting = null;
  if (world.patch === "v0" && found) yield* drain(world, slot);
  return "scanned";
}

function* scan(world: World, slot: Slot): Generator<number, boolean, undefined> {
  const { random, faults, patch } = world;
  const accessed = slot.behaviour.accessed(random, Math.floor(world.now / 1e9));
  yield (random.int(150, 400) + accessed) * US;
  if (faults.awaits("B01") && slot.behaviour.life === null && slot.scans > 0) {
    faults.happened("B01");
    yield 5 * (250 + (250 * slot.tuning.size) / 2 ** 30) * MS;
  }
  const outlives = yield* outliveExit(world, slot);
  const pages = walked(world, slot, accessed);
  if (outlives) return false;
  const total = pages.length;
  if (patch === "v0" && slot.exiting) return false;
  if (world.held !== null && world.held !== slot) {
    world.force(world.scanner, "kmem_scan_mm_migrate", world.held, { rc: 0 });
    world.held = null;
    yield 5 * US;
  }
  if (slot.scans === 0 && faults.awaits("A06") && slot.behaviour.life === null) {
    faults.happened("A06");
    slot.tuning = { ...slot.tuning, period: CONSTANTS[patch].longest + 500 };
  }
  const { period, size } = slot.tuning;
  const node = patch === "v0" ? {} : { node: 0 };
  const start = resumeAddress(world, slot);
  const args = { start, total, scan_period: period, scan_size: size, ...node };
  if (!world.show(world.scanner, "kmem_scan_mm_end", slot, args)) return false;
  slot.scans++;
  slot.queue.push(...pages);
  slot.tuning = tuned(patch, slot.tuning, total, slot.scale);
  slot.nextScan = world.now + slot.tuning.period * MS;
  if (slot.scans > 1 && faults.awaits("A07")) offLaw(world, slot);
  return true;
}

/** Walks the page tables; the pages that it queues. */
function walked(world: World, slot: Slot, accessed: number): readonly number[] {
  const { faults } = world;
  const lives = slot.behaviour.life === null && slot.scans > 0;
  const happens = (id: string): boolean => {
    if (!lives || !faults.awaits(id)) return false;
    faults.happened(id);
    return true;
  };
  const warm = warmPages(slot, accessed);
  const cold = coldPages(slot);
  const unseen = happens("A03") ? newPages(slot, cold.length) : [];
  const wrong = happens("A04") ? cold : happens("F01") ? cold.slice(0, 1) : [];
  walk(world, slot, {
    accessed: warm,
    clear: [...cold, ...unseen],
    swapped: happens("S14") ? newPages(slot, 1) : [],
    before: happens("P04") ? slot.tuning.size + 2 ** 32 : 0,
  });
  return [...warm, ...unseen, ...wrong];
}

/** The visit goes on until the exit of its mm has ended, for that does not wait for it. */
function* outliveExit(world: World, slot: Slot): Generator<number, boolean, undefined> {
  if (!world.faults.awaits("S03") || slot.behaviour.life === null || slot.scans === 0) return false;
  for (let n = 0; n < 1000 && world.slots.includes(slot); n++) yield MS;
  if (world.slots.includes(slot)) return false;
  world.faults.happened("S03");
  yield 200 * US;
  return true;
}

/** The period is another than the law gives, and is kept to. */
function offLaw({ faults, patch, now }: World, slot: Slot): void {
  const { period } = slot.tuning;
  if (period + 100 > CONSTANTS[patch].longest) return;
  faults.happened("A07");
  slot.tuning = { ...slot.tuning, period: period + 100 };
  slot.nextScan = now + (period + 100) * MS;
}

function isDue(world: World, slot: Slot): boolean {
  const left = slot.nextScan - world.now;
  if (left <= 0) return true;
  if (!world.faults.awaits("P01") || slot.scans < 2 || left > (slot.tuning.period * MS) / 2) return false;
  world.faults.happened("P01");
  return true;
}

function isHidden({ faults, now }: World, slot: Slot): boolean {
  if (faults.awaits("L01") && slot.scans > 1 && slot.behaviour.life === null) {
    faults.happened("L01");
    slot.hiddenUntil = now + 6000 * MS;
  }
  return now < slot.hiddenUntil;
}

/** A large mm is not done with in one scan. */
function resumeAddress({ faults, slots }: World, slot: Slot): number {
  if (faults.awaits("L02") && slot.behaviour.life === null && slot.scans > 0) {
    faults.happened("L02");
    slot.stuckAt = slot.base + 0x20_0000;
  }
  const other = faults.awaits("A05") ? slots.find((one) => one !== slot && one.scans > 0) : undefined;
  if (other !== undefined && slot.behaviour.life === null && slot.scans > 0) {
    faults.happened("A05");
    return other.base + 0x20_0000;
  }
  if (slot.stuckAt !== null) return slot.stuckAt;
  return slot.behaviour.large && slot.scans % 2 === 0 ? slot.base + (1 + (slot.scans % 7)) * 0x20_0000 : 0;
}

function* drain(world: World, slot: Slot): Process {
  promoteLate(world);
  while (slot.queue.length > 0 && !slot.exiting) {
    yield world.random.int(4, 12) * US;
    if (slot.exiting || slot.queue.length === 0) return;
    if (slot.queue.length === 1 && slot.behaviour.life === null && world.faults.awaits("M01")) {
      world.faults.happened("M01");
      world.held = slot;
      slot.queue = [];
      return;
    }
    migrateOne(world, slot);
  }
}
