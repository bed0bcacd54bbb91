/** Migration of queued entries, and the thread that does it from v1 on. */
import { type Odd, promotion } from "./pages.ts";
import type { Process } from "./scanner.ts";
import { MS, type Slot, US, type World } from "./world.ts";

/** isolation failed, by version. */
const LRU_ISOLATION_ERR = { v0: 6, v1: 10, v2: 11, v3: 11 } as const;
const EAGAIN = -11;
/** An mm of which nothing is migrated for so long is taken for one that is not served. */
const NEGLECT = 6000 * MS;
/** Entries in a queue that is taken for one that grows for ever. */
const LONG_QUEUE = 65_536;

/** Entries that wait for the migration thread. */
function waiting(world: World): number {
  return world.slots.reduce((sum, slot) => sum + slot.queue.length, 0);
}

/** Takes one entry from the queue and shows its migration. */
export function migrateOne(world: World, slot: Slot): void {
  const { patch, random, faults } = world;
  const isOdd = ["F02", "S05", "S08"].some((id) => faults.awaits(id));
  const rc = isOdd || random.oneIn(30) ? EAGAIN : random.oneIn(60) ? LRU_ISOLATION_ERR[patch] : 0;
  const wrong = faults.awaits("A10") && slot.scans > 1;
  const outcome = isOdd ? oddOutcome(world) : { rc: wrong ? 42 : rc, returns: wrong ? 42 : rc, odd: {} };
  if (faults.awaits("F04")) {
    faults.happened("F04");
    outcome.rc = outcome.returns === 0 ? EAGAIN : 0;
  }
  const args = migrateArgs(world, outcome.rc);
  if (!world.takes("kmem_scan_mm_migrate", slot, args)) {
    slot.queue = [];
    return;
  }
  if (wrong) faults.happened("A10");
  promotion(world, slot, slot.queue.shift() ?? slot.base, outcome.returns, outcome.odd);
  world.force(world.migrator, "kmem_scan_mm_migrate", slot, args);
  if (slot.queue.length > 0 || !faults.awaits("P02")) return;
  faults.happened("P02");
  // Two are within what vmstat may be behind the log.
  for (let n = 0; n < 2; n++) {
    world.now += 5 * US;
    world.force(world.migrator, "kmem_scan_mm_migrate", slot, migrateArgs(world, 0));
  }
}

interface Outcome {
  /** What the migrate event prints. */
  rc: number;
  /** What the promotion returns. */
  readonly returns: number;
  readonly odd: Odd;
}

/** The entry is stale: refused as the version does it, or migrated all the same. */
function oddOutcome({ patch, faults }: World): Outcome {
  const id = ["F02", "S05", "S08"].find((one) => faults.awaits(one)) ?? "";
  faults.happened(id);
  if (id === "S05") {
    const invalid = patch === "v0" ? 2 : 3;
    return { rc: invalid, returns: invalid, odd: { refcount: 0, mapcount: -1 } };
  }
  if (id === "S08") return { rc: 0, returns: 0, odd: { mapcount: -1 } };
  return { rc: 0, returns: 0, odd: patch === "v0" ? { vmaOf: "0xffff888100000001" } : { refcount: 0 } };
}

/** Promotes what belongs to an mm that is gone. */
export function promoteLate(world: World): void {
  if (world.late === null) return;
  const { slot, page } = world.late;
  world.late = null;
  world.faults.happened("F03");
  promotion(world, slot, page, 0);
  world.force(world.migrator, "kmem_scan_mm_migrate", slot, migrateArgs(world, 0));
}

export function migrateArgs({ patch, faults }: World, rc: number): Readonly<Record<string, number>> {
  if (patch === "v0") return { rc };
  const elsewhere = rc === 0 && faults.awaits("S15");
  if (elsewhere) faults.happened("S15");
  const counts = patch === "v3" ? { msuccess: rc === 0 ? 1 : 0, mfailed: rc === 0 ? 0 : 1 } : {};
  return { rc, node: elsewhere ? 1 : 0, ...counts };
}

/**
 * Polls every 40 ms. In v1 the list is one; from v2 on each mm has its own, and the cursor stays with the first mm
 * that it finds as long as that mm lives (D45).
 */
export function* migrator(world: World): Process {
  let served: Slot | null = null;
  let starved: Slot | null = null;
  let neglected = 0;
  let migrated = 0;
  for (;;) {
    yield (40 + world.random.int(0, 4)) * MS;
    const perMm = world.patch !== "v1";
    if (starved !== null && world.now - neglected > NEGLECT) world.faults.happened("L03");
    if (served === null || !world.slots.includes(served)) served = null;
    const slots: readonly Slot[] = perMm && served !== null ? [served] : [...world.slots];
    for (const slot of slots) {
      if (slot.queue.length === 0 || slot === world.visiting || slot === starved) continue;
      if (world.faults.awaits("L03") && slot.behaviour.life === null && slot.scans > 1) {
        world.faults.begun("L03");
        starved = slot;
        neglected = world.now;
        continue;
      }
      while (slot.queue.length > 0 && !slot.exiting) {
        yield world.random.int(4, 12) * US;
        if (slot.queue.length === 0 || slot.exiting) continue;
        migrateOne(world, slot);
        migrated++;
      }
      if (migrated > 0 && world.faults.awaits("B05")) {
        world.faults.begun("B05");
        while (waiting(world) <= LONG_QUEUE) yield 100 * MS;
        world.faults.happened("B05");
        return;
      }
      if (!perMm) continue;
      served = slot;
      break;
    }
  }
}
