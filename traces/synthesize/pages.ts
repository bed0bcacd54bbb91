/** The memory of simulated mms, and what the kprobes of the recording script show of it. */
import type { ProbeName } from "./event.ts";
import type { Slot, World } from "./world.ts";

export const PAGE = 4096;
/** The pages that are accessed in turn, and those that never are, a VMA each. */
const WARM = 4096;
const COLD = 12;
/** Where the cold VMA begins in the memory of an mm, and memory that is not of any other. */
const COLD_AT = 0x1000_0000;
const FOREIGN_AT = 0x2000_0000;

/** Where the memory of the nth mm begins. */
export const baseOf = (n: number): number => 0x7f00_0000_0000 + (n % 256) * 0x4000_0000;

/** An address as a kprobe prints it. */
export const hex = (address: number): string => `0x${address.toString(16)}`;

/** The address of which a trace event prints a hash. */
export const rawPointer = (digits: string): string => `0xffff8881${digits.slice(-8)}`;

const PRESENT_ACCESSED = "067";
const PRESENT_CLEAR = "047";
const SWAPPED = "e00";

/** A page-table entry: the frame of a page, and the bits. */
const entryOf = (address: number, bits: string): string =>
  `0x8${((address / PAGE) % 0x1000_0000).toString(16).padStart(12, "0")}${bits}`;

export const coldPages = ({ base }: Slot): readonly number[] => range(base + COLD_AT, COLD);

/** The next pages of an mm to be accessed. */
export function warmPages(slot: Slot, count: number): readonly number[] {
  const from = slot.found;
  slot.found += count;
  return Array.from({ length: count }, (_, i) => slot.base + ((from + i) % WARM) * PAGE);
}

/** Pages that were never looked at. */
export const newPages = ({ base, scans }: Slot, count: number): readonly number[] =>
  range(base + FOREIGN_AT + scans * COLD * PAGE, count);

const range = (from: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => from + i * PAGE);

/** What a walk looks at. */
export interface Looks {
  readonly accessed: readonly number[];
  /** Of these the accessed bit is clear. */
  readonly clear: readonly number[];
  readonly swapped: readonly number[];
  /** Bytes of a VMA in front of all others, 0 for none. */
  readonly before: number;
}

/** The walk of the page tables of one visit. */
export function walk(world: World, slot: Slot, { accessed, clear, swapped, before }: Looks): void {
  const { base } = slot;
  if (before > 0) vma(world, slot, 0x10_0000_0000, before);
  vma(world, slot, base, WARM * PAGE);
  for (const page of accessed) look(world, slot, page, PRESENT_ACCESSED);
  vma(world, slot, base + COLD_AT, COLD * PAGE);
  for (const page of clear) look(world, slot, page, PRESENT_CLEAR);
  for (const page of swapped) look(world, slot, page, SWAPPED);
}

function vma({ probe, scanner }: World, { mm, base }: Slot, from: number, length: number): void {
  const args = { vma: vmaOf(base), vm_start: hex(from), vm_end: hex(from + length), mm: rawPointer(mm) };
  probe("walk", scanner, "walk_vma", args);
}

function look({ probe, scanner }: World, { mm, base }: Slot, page: number, bits: string): void {
  const args = { pte: entryOf(page, bits), addr: hex(page), vma: vmaOf(base), mm: rawPointer(mm) };
  probe("pte", scanner, "pte_entry", args);
  probe("pte", scanner, "pte_entry_ret", { rc: 0 });
}

/** Something about the entry that is not as it should be. */
export interface Odd {
  readonly refcount?: number;
  readonly mapcount?: number;
  /** The vma belongs to this mm. */
  readonly vmaOf?: string;
}

/** A promotion up to its return; the migrate event of the daemon follows. */
export function promotion(world: World, slot: Slot, page: number, rc: number, odd: Odd = {}): void {
  const { migrator, probe, sched, patch, records } = world;
  if (!records.has("promote")) return;
  probe("promote", migrator, "promote", entry(patch, slot, page, odd));
  if (rc === 0 || rc < 0) {
    const counts = {
      nr_succeeded: rc === 0 ? 1 : 0,
      nr_failed: rc === 0 ? 0 : 1,
      nr_thp_succeeded: 0,
      nr_thp_failed: 0,
    };
    const rest = { nr_thp_split: 0, nr_split: 0, mode: "MIGRATE_ASYNC", reason: "numa_misplaced" };
    sched(migrator, "mm_migrate_pages", { ...counts, ...rest });
    world.now += 1000;
  }
  probe("promote", migrator, "promote_ret", { rc });
}

/** The arguments that the recording script asks for: from v2 on the entry alone. */
function entry(
  patch: World["patch"],
  { mm, base }: Slot,
  page: number,
  odd: Odd,
): Readonly<Record<string, string | number>> {
  const info = { info: `0xffff88800${((page / PAGE) % 0x10_0000).toString(16).padStart(5, "0")}c0` };
  if (patch === "v2" || patch === "v3") return info;
  const folio = {
    folio: `0xffffea000${((page / PAGE) % 0x10_0000).toString(16).padStart(5, "0")}40`,
    flags: "0x13ff000000320828",
    mapping: "0xffff888000b858f1",
    index: hex(page / PAGE),
    mapcount: odd.mapcount ?? 0,
    refcount: odd.refcount ?? 1,
  };
  const own = rawPointer(mm);
  if (patch === "v1") return { ...info, dest: 0, mm: own, ...folio, addr: hex(page) };
  return { ...info, mm: own, vma: vmaOf(base), ...folio, vm_start: hex(base), vm_mm: odd.vmaOf ?? own };
}

const vmaOf = (base: number): string =>
  `0xffff8880${(base / 0x4000_0000).toString(16).padStart(6, "0").slice(-6)}c0`;

/** Where a kprobe stands, or returns to. */
export function placeOf(name: ProbeName, isLater: boolean): string {
  const prefix = isLater ? "kscand" : "kmmscand";
  switch (name) {
    case "enter":
    case "exit":
      return `__${prefix}_${name}+0x0/0x180`;
    case "exit_ret":
      return `__mmput+0x3d/0x100 <- __${prefix}_exit`;
    case "walk_vma":
      return `${prefix}_walk_page_vma+0x0/0x70`;
    case "pte_entry":
      return "hot_vma_idle_pte_entry+0x0/0x1d0";
    case "pte_entry_ret":
      return "walk_pgd_range+0x746/0x7c0 <- hot_vma_idle_pte_entry";
    case "promote":
      return `${prefix}_promote_folio+0x0/0x320`;
    case "promote_ret":
      return `${prefix}_migrate_folio+0x154/0x260 <- ${prefix}_promote_folio`;
  }
}
