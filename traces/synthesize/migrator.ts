/** Migration of queued entries, and the thread that does it from v1 on. */
import type { Process } from "./scanner.ts";
import { MS, type Slot, US, type World } from "./world.ts";

/** isolation failed, by version. */
const LRU_ISOLATION_ERR = { v0: 6, v1: 10, v2: 11, v3: 11 } as const;
const EAGAIN = -11;

/** Takes one entry from the queue and shows its migration. */
export function migrateOne(world: World, slot: Slot): void {
  const { patch, random, faults } = world;
  const rc = random.oneIn(30) ? EAGAIN : random.oneIn(60) ? LRU_ISOLATION_ERR[patch] : 0;
  const wrong = faults.awaits("A10") && slot.scans > 1;
  if (!showMigration(world, slot, wrong ? 42 : rc)) {
    slot.queued = 0;
    return;
  }
  if (wrong) faults.happened("A10");
  slot.queued--;
  if (slot.queued > 0 || !faults.awaits("P02")) return;
  faults.happened("P02");
  for (let n = 0; n < 3; n++) {
    world.now += 5 * US;
    world.force(world.migrator, "kmem_scan_mm_migrate", slot, migrateArgs(world, 0));
  }
}

function showMigration(world: World, slot: Slot, rc: number): boolean {
  return world.show(world.migrator, "kmem_scan_mm_migrate", slot, migrateArgs(world, rc));
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
  for (;;) {
    yield (40 + world.random.int(0, 4)) * MS;
    const perMm = world.patch !== "v1";
    if (served === null || !world.slots.includes(served)) served = null;
    const slots: readonly Slot[] = perMm && served !== null ? [served] : [...world.slots];
    for (const slot of slots) {
      if (slot.queued === 0 || slot === world.visiting) continue;
      while (slot.queued > 0 && !slot.exiting) {
        yield world.random.int(4, 12) * US;
        if (slot.queued > 0 && !slot.exiting) migrateOne(world, slot);
      }
      if (!perMm) continue;
      served = slot;
      break;
    }
  }
}
