/** What to record of each version of the series: events, kprobes, and what cannot be decided without them. */

export const probePatches = ["v0", "p1", "v1", "v2", "v3"] as const;
export type ProbePatch = (typeof probePatches)[number];

/** An event that the kernel offers by itself. */
export interface WantedEvent {
  readonly system: string;
  readonly name: string;
  /** Properties that are not decided, or not fully, without it. */
  readonly without: string;
}

/** A kprobe; `args` may use A1 to A4 for the arguments of the function in the registers of the machine. */
export interface WantedProbe {
  readonly name: string;
  readonly type: "p" | "r";
  readonly function: string;
  readonly args: string;
  readonly without: string;
  /** True for one line a page-table entry, which costs much and needs a large buffer. */
  readonly costly?: true;
}

/** Name of the daemon's folder in sysfs, and prefix of its functions. */
export function daemonOf(patch: ProbePatch): "kmmscand" | "kscand" {
  return isEarly(patch) ? "kmmscand" : "kscand";
}

/** True before the daemon got the name it has from V2 on. */
function isEarly(patch: ProbePatch): boolean {
  return patch === "v0" || patch === "p1" || patch === "v1";
}

export function wantedEvents(patch: ProbePatch): readonly WantedEvent[] {
  const daemon = (name: string, without: string): WantedEvent => ({ system: "kmem", name, without });
  return [
    daemon("kmem_mm_enter", "A07, P02, P03: where a pointer is used again"),
    ...(patch === "v0" ? [] : [daemon("kmem_mm_exit", "B04, L03, P03, S06")]),
    daemon("kmem_scan_mm_start", "A10, B01, B03, L01, P01, P05"),
    daemon("kmem_scan_mm_end", "A06, A07, A10, B01, L02, P01, P02"),
    daemon("kmem_scan_mm_migrate", "A02, C01, F04, L03, P02, S06, S15"),
    { system: "migrate", name: "mm_migrate_pages", without: "F04: whether a folio moved" },
    { system: "sched", name: "sched_process_fork", without: "A09, S04, S17" },
    { system: "sched", name: "sched_process_exec", without: "A09, P03, S04, S17" },
    { system: "sched", name: "sched_process_exit", without: "B04, P03, S06" },
  ];
}

export function wantedProbes(patch: ProbePatch): readonly WantedProbe[] {
  const prefix = daemonOf(patch);
  return [
    {
      name: "enter",
      type: "p",
      function: `__${prefix}_enter`,
      args: "mm=A1:x64",
      without: "F01 to F03, P03: which raw pointer is which mm",
    },
    {
      name: "exit",
      type: "p",
      function: `__${prefix}_exit`,
      args: "mm=A1:x64",
      without: "B04, F03, L04, P03, S04",
    },
    {
      name: "exit_ret",
      type: "r",
      function: `__${prefix}_exit`,
      args: "",
      without: "B04, F03, L04, P03, S03, S04",
    },
    {
      name: "collect",
      type: "p",
      function: `${prefix}_collect_mm_slot`,
      args: "slot=A1:x64 mm=+32(A1):x64",
      without: "P03: slots that the daemon frees",
    },
    {
      name: "walk_vma",
      type: "p",
      function: `${prefix}_walk_page_vma`,
      args: "vma=A1:x64 vm_start=+0(A1):x64 vm_end=+8(A1):x64 mm=+16(A1):x64",
      without: "A05, L02, P04",
    },
    {
      name: "promote",
      type: "p",
      function: promoterOf(patch),
      args: PROMOTE[patch],
      without: "F01 to F04, S05, S08",
    },
    {
      name: "promote_ret",
      type: "r",
      function: promoterOf(patch),
      args: "rc=$retval:s32",
      without: "F02, F04, S08",
    },
    {
      name: "pte_entry",
      type: "p",
      function: "hot_vma_idle_pte_entry",
      args: "pte=+0(A1):x64 addr=A2:x64 vma=+24(A4):x64 mm=+8(A4):x64",
      without: "A03, A04, F01, S14",
      costly: true,
    },
    {
      name: "pte_entry_ret",
      type: "r",
      function: "hot_vma_idle_pte_entry",
      args: "rc=$retval:s32",
      without: "L02, S14",
      costly: true,
    },
  ];
}

/** The fields of struct folio that the monitors compare, from where the entry points to it. */
const folio = (at: number): string =>
  `folio=+${at}(A1):x64 flags=+0(+${at}(A1)):x64 mapping=+24(+${at}(A1)):x64 index=+32(+${at}(A1)):x64 mapcount=+48(+${at}(A1)):s32 refcount=+52(+${at}(A1)):s32`;

/** The entry of P1 and V1: a list head, then the mm, the folio and the address. */
const MM_FOLIO_ADDRESS = `info=A1:x64 dest=A2:s32 mm=+16(A1):x64 ${folio(24)} addr=+32(A1):x64`;

/**
 * V0 to V1 keep the mm in the entry, V2 and V3 hand it over beside it. There the entry is `struct kscand_migrate_info`
 * of mm/kscand.c: a list head, then the folio (V2) or its pfn (V3), then the address.
 */
const PROMOTE: Readonly<Record<ProbePatch, string>> = {
  v0: `info=A1:x64 mm=+16(A1):x64 vma=+24(A1):x64 ${folio(32)} vm_start=+0(+24(A1)):x64 vm_mm=+16(+24(A1)):x64`,
  p1: MM_FOLIO_ADDRESS,
  v1: MM_FOLIO_ADDRESS,
  v2: `info=A1:x64 mm=A2:x64 dest=A3:s32 ${folio(16)} addr=+24(A1):x64`,
  v3: "info=A1:x64 mm=A2:x64 dest=A3:s32 pfn=+16(A1):x64 addr=+24(A1):x64",
};

/** The function that promotes what one entry stands for; from V2 on the migrator has a prefix of its own. */
function promoterOf(patch: ProbePatch): string {
  return isEarly(patch) ? "kmmscand_promote_folio" : "kmigrated_promote_folio";
}
